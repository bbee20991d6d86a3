"""SIGKILL at random moments: what a learner has done is there again, but for the last second of it at most.

GRADSTEP_KILLS=1000 kills a thousand times instead of a hundred: nine in ten times a small program that runs the real
autosave on made up stories, for that takes a tenth of the time, and else the program itself in its terminal.
"""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from core.data import LECTURE
from core.descent import PHASES, Descent
from core.epoch import TorchEngine
from core.session.opening import open_session
from core.session.recipe import Session
from core.session.replay import replayed
from core.session.shelf import Shelf
from core.session.writing import text_of
from tests.core.test_session import everything
from tests.fake_engine import FakeEngine
from tests.kills.story import story
from tests.tty.terminal import opened

KILLS = int(os.environ.get("GRADSTEP_KILLS", "100"))

LOST = 1.0
"""So many seconds of work may be missing."""


def work_and_be_killed(folder: Path, seed: int) -> tuple[list[tuple[int, float]], float]:
    """Have a worker killed at a random moment; the steps that it had said, and the moment."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.kills.worker", str(folder), str(seed)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout
    first = worker.stdout.readline()
    time.sleep(random.Random(seed).uniform(0, 2.5))
    killed = time.monotonic()
    worker.kill()
    said = [first, *worker.stdout]
    worker.wait()
    steps = [line.split() for line in said if line.endswith("\n")]
    return [(int(step), float(moment)) for step, moment in steps], killed


def recovered(folder: Path) -> Session | None:
    """The run that the next start finds, and that it leaves nothing else behind."""
    shelf = Shelf(folder)
    shelf.tidy()
    place = shelf.newest()
    kept = {place.path.name, place.path.with_suffix(".lock").name} if place else set()
    assert {path.name for path in (folder.iterdir() if folder.exists() else ())} == kept
    if place is None:
        return None
    place.release()
    return open_session(str(place.path)).session


def kill(folder: Path, seed: int) -> float:
    """The seconds of work that are missing after a kill; everything before is there to the bit."""
    steps, killed = work_and_be_killed(folder, seed)
    session = recovered(folder)
    last = steps[-1][0] + 1  # it may have been saved before it was said
    descents = list(islice(story(seed), last + 1))
    if session is None:
        worth = (step for step, descent in enumerate(descents) if Session.of(descent).is_worth_keeping)
        found = next(worth, len(descents)) - 1
    else:
        text = text_of(session)
        found = max(step for step, descent in enumerate(descents) if text_of(Session.of(descent)) == text)
        there = replayed(session, LECTURE, FakeEngine())
        assert everything(there.descent) == everything(descents[found])
    return max([killed - moment for step, moment in steps if step > found], default=0.0)


def test_a_worker_killed_at_any_moment_loses_a_second_at_most(tmp_path: Path) -> None:
    def run(seed: int) -> float:
        return kill(tmp_path / str(seed), seed)

    with ThreadPoolExecutor(3) as pool:
        missing = sorted(pool.map(run, range(KILLS - KILLS // 10)))
    print(
        f"{len(missing)} kills: missing {missing[len(missing) // 2]:.2f} s in the middle, {missing[-1]:.2f} s at most"
    )
    assert missing[-1] < LOST


def test_the_program_itself_is_killed_and_goes_on_where_it_was(tmp_path: Path) -> None:
    choose, engine = random.Random(1), TorchEngine(LECTURE)
    env = {"GRADSTEP_STATE": str(tmp_path)}
    expected, missing = 0, []
    for _ in range(max(1, KILLS // 10)):
        with opened(env=env) as terminal:
            terminal.wait_for("4.666667")
            if expected:
                terminal.wait_for(f"a goes on where you stopped: {time.strftime('%H:')}")
                terminal.wait_for(f"epoch {expected:,} ")
                terminal.press(b"a")
                terminal.wait_for(f"epoch {expected} · W")
            terminal.press(b"p+++" if choose.random() < 0.5 else b" " * choose.randint(1, 9))
            end, seen = time.monotonic() + choose.uniform(0.1, 1.5), {expected: time.monotonic()}
            while time.monotonic() < end:
                terminal.read(0.02)
                seen.setdefault(epoch_on(terminal.text), time.monotonic())
            killed = time.monotonic()
            terminal.process.kill()
            terminal.process.wait()
        session = recovered(tmp_path / "runs")
        expected = session.tick // PHASES if session else 0
        if session:
            there = replayed(session, LECTURE, engine).descent
            assert everything(there) == everything(Descent().goto(0, engine).goto(session.tick, engine))
        missing.append(max([killed - moment for epoch, moment in seen.items() if epoch > expected], default=0.0))
    print(f"{len(missing)} kills of the program: missing {max(missing):.2f} s at most")
    assert max(missing) < LOST


def epoch_on(screen: str) -> int:
    """The epoch that the header names."""
    return int(screen.partition("epoch ")[2].split()[0])
