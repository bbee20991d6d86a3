"""SIGKILL at random moments: what a learner has done is there again, but for the last second of it at most.

GRADSTEP_KILLS=1000 kills a thousand times instead of a hundred.
"""

import asyncio
import os
import random
import signal
import time
from itertools import islice
from pathlib import Path

import pytest

from core.session.autosave_store import AutosaveStore
from core.session.opening import open_session
from core.session.replay import replay
from core.session.session import Session
from tests.core.test_session import everything
from tests.fake_engine import FakeEngine
from tests.kills.worker import story, work

KILLS = int(os.environ.get("GRADSTEP_KILLS", "100"))

LOST = 1.0
"""So many seconds of work may be missing."""


AT_ONCE = 4
"""So many work at the same time, each in a folder of its own."""


class Worker:
    """A forked worker, to be killed at a random moment: a new interpreter would take ten times as long."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        reader, writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            work(str(folder), seed, writer)
        os.close(writer)
        self._printed = open(reader, encoding="utf-8")  # noqa: SIM115 - `killed` closes it
        self._first = self._printed.readline()
        self.last_moment = time.monotonic() + random.Random(seed).uniform(0, 0.8)

    def killed(self) -> tuple[list[tuple[int, float]], float]:
        """The steps that it had told, and the moment."""
        time.sleep(max(0, self.last_moment - time.monotonic()))
        killed = time.monotonic()
        os.kill(self._pid, signal.SIGKILL)
        with self._printed:
            steps = [line.split() for line in (self._first, *self._printed) if line.endswith("\n")]
        os.waitpid(self._pid, 0)
        return [(int(step), float(moment)) for step, moment in steps], killed


def recovered(folder: Path) -> Session | None:
    """The run that the next start finds, and that it leaves nothing else behind."""
    store = AutosaveStore(folder)
    store.tidy()
    file = store.newest()
    kept = {file.path.name, file.path.with_suffix(".lock").name} if file else set()
    assert {path.name for path in (folder.iterdir() if folder.exists() else ())} == kept
    if file is None:
        return None
    file.release()
    return open_session(str(file.path)).session


def missing_after(worker: Worker, steps: list[tuple[int, float]], killed: float) -> float:
    """The seconds of work that are missing after a kill; everything before is there to the bit."""
    folder, seed = worker.folder, worker.seed
    session = recovered(folder)
    descents = list(islice(story(seed), steps[-1][0] + 2))  # the last one may have been saved before it was printed
    found = -1
    if session:
        at_place = (step for step, descent in enumerate(descents) if descent.tick == session.tick)
        found = max(step for step in at_place if Session.of(descents[step]) == session)
        there = asyncio.run(replay(session, FakeEngine()))
        assert everything(there.descent) == everything(descents[found])
    return max([killed - moment for step, moment in steps if step > found], default=0.0)


def test_a_worker_killed_at_any_moment_loses_a_second_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.session.file.STALE", 0)
    missing: list[float] = []
    for first in range(0, KILLS, AT_ONCE):
        workers = [Worker(tmp_path / str(seed), seed) for seed in range(first, min(first + AT_ONCE, KILLS))]
        ends = [(worker, *worker.killed()) for worker in sorted(workers, key=lambda each: each.last_moment)]
        missing += [missing_after(*end) for end in ends]
    missing.sort()
    print(f"{KILLS} kills: missing {missing[KILLS // 2]:.2f} s in the middle, {missing[-1]:.2f} s at most")
    assert missing[-1] < LOST
