"""Loading torch in a thread behind the first frame."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Thread

from textual.message import Message

from core.data import Dataset
from core.listing import Method
from core.state import Engine, Knobs, State


@dataclass
class TorchReady(Message):
    """The engine can run a method."""

    engine: Engine
    method: Method


@dataclass
class TorchFailed(Message):
    """torch could not be loaded; Loading.failed says why."""


class Loading:
    """The thread that makes an engine and runs an epoch of each method, the one in use first.

    The first optimizer imports as much again as torch itself, so that waits until `caught_up` is set: until the
    epochs that were asked for meanwhile are on the screen.
    """

    def __init__(self, load_engine: Callable[[Dataset], Engine], report: Callable[[Message], object]) -> None:
        self.caught_up = Event()
        self.failed = ""
        """Why torch could not be loaded, where that is so."""
        self._load_engine = load_engine
        self._report = report

    def start(self, data: Dataset, knobs: Knobs) -> None:
        Thread(target=self._load, args=(data, knobs), name="load", daemon=True).start()

    def _load(self, data: Dataset, knobs: Knobs) -> None:
        try:
            engine = self._load_engine(data)
            for method in (knobs.method, knobs.method.other):
                engine.run_epoch(replace(knobs, method=method), 0, State())
                self._report(TorchReady(engine, method))
                self.caught_up.wait(timeout=1)
        except Exception as error:  # whatever a broken installation raises, the learner is told and the rest lives
            self.failed = (
                f"torch can't be loaded, so no epoch can run ({type(error).__name__}: {error}): pip install torch"
            )
            self._report(TorchFailed())
