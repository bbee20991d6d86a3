"""A process of its own for trying lines, begun while the person types, stopped when a line takes too long."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread, Timer

from core.data import Dataset
from core.state import Knobs
from core.trial.attempt import Attempt
from core.trial.result import Fault, Trial

SECONDS = 1.5
"""How long a line may take."""

LOADING_SECONDS = 120.0
"""How long torch and the table may take to be there."""

ROOM = str(Path(__file__).parents[2])

CHILD = f"import sys; {ROOM!r} in sys.path or sys.path.insert(0, {ROOM!r}); from core.trial.child import run; run()"


class TrialProcess:
    """One thread that hands attempts over to a process and reports what has come of them, one after the other.

    `report` is called in that thread, with each attempt and its trial.
    """

    def __init__(self, data: Dataset, knobs: Knobs, report: Callable[[Attempt, Trial], object]) -> None:
        self._data = Dataset("", data.inputs, "", data.x, data.y)  # its texts may be sentences, which stay here
        self._knobs, self._report = knobs, report
        self._attempts: SimpleQueue[Attempt | None] = SimpleQueue()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = Event()

    def start(self) -> None:
        """Begin to load torch and the table."""
        Thread(target=self._serve, name="trial", daemon=True).start()

    def try_line(self, attempt: Attempt) -> None:
        """Have a line tried, as soon as the process is ready for it."""
        self._attempts.put(attempt)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed.set()
        self._attempts.put(None)
        if self._child is not None:
            self._child.kill()

    def _serve(self) -> None:
        child = self._begun()
        while (attempt := self._attempts.get()) is not None:
            if child is None:
                child = self._begun()
            trial = Trial(attempt.number, Fault.DIED) if child is None else self._tried(child, attempt)
            if not self._closed.is_set():
                self._report(attempt, trial)
            if trial.fault in (Fault.TIME, Fault.DIED, Fault.TABLE):
                self._end(child)
                child = None if self._closed.is_set() or trial.fault is Fault.DIED else self._begun()
        self._end(child)

    def _begun(self) -> subprocess.Popen[bytes] | None:
        """A process that has torch and the table; None where there can be none."""
        # a session of its own: it has no terminal, and the terminal's signals don't reach it
        child = self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        if self._closed.is_set():
            child.kill()
        try:
            _ask(child, (self._data, self._knobs), LOADING_SECONDS)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._end(child)
            return None
        return child

    def _tried(self, child: subprocess.Popen[bytes], attempt: Attempt) -> Trial:
        late = Event()
        try:
            trial = _ask(child, attempt, SECONDS, late)
        except (OSError, EOFError, pickle.UnpicklingError):
            return Trial(attempt.number, Fault.TIME if late.is_set() else Fault.DIED)
        assert isinstance(trial, Trial)
        return trial

    def _end(self, child: subprocess.Popen[bytes] | None) -> None:
        if child is not None:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                assert pipe is not None
                with suppress(OSError):  # what was still to be written to it
                    pipe.close()
            child.wait()


def _ask(child: subprocess.Popen[bytes], question: object, seconds: float, late: Event | None = None) -> object:
    """Hand something over and wait for the answer; after so many seconds the process is ended instead."""
    assert child.stdin is not None
    assert child.stdout is not None

    def end() -> None:
        if late is not None:
            late.set()
        child.kill()

    timer = Timer(seconds, end)
    timer.start()
    try:
        pickle.dump(question, child.stdin, pickle.HIGHEST_PROTOCOL)
        child.stdin.flush()
        return pickle.load(child.stdout)
    finally:
        timer.cancel()
