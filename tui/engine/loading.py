"""Loading torch in a thread behind the first frame."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Event, Thread

from textual.message import Message

from core.data import Dataset
from core.language import Sentence
from core.listing import Method
from core.state import Engine, Knobs, State
from tui.complain import cannot_run, without_torch


@dataclass
class TorchReady(Message):
    """The engine can run a method."""

    data: Dataset
    engine: Engine
    method: Method


@dataclass
class TorchFailed(Message):
    """torch could not be loaded, or a method does not run."""

    data: Dataset
    reason: Sentence


class Loading:
    """The thread that makes an engine and runs an epoch of each method, the one in use first.

    The first optimizer imports as much again as torch itself, so that waits until `caught_up` is set: until the
    epochs that were asked for meanwhile are on the screen.
    """

    def __init__(self, load_engine: Callable[[Dataset], Engine], report: Callable[[Message], object]) -> None:
        self.caught_up = Event()
        self.failed: dict[Method, Sentence] = {}
        """Why a method can't run, where that is so."""
        self._abandoned = False
        self._load_engine = load_engine
        self._report = report

    def start(self, data: Dataset, knobs: Knobs, state: State) -> None:
        Thread(target=self._load, args=(data, knobs, state), name="load", daemon=True).start()

    def abandon(self) -> None:
        """Let the thread end: another table has taken the place of its own."""
        self._abandoned = True
        self.caught_up.set()

    def _load(self, data: Dataset, knobs: Knobs, state: State) -> None:
        try:
            engine = self._load_engine(data)
        except Exception as error:  # whatever a broken installation raises, the learner is told and the rest lives
            reason = Sentence(partial(without_torch, error))
            self.failed = dict.fromkeys(Method, reason)
            self._report(TorchFailed(data, reason))
            return
        for method in (knobs.method, knobs.method.other):
            if self._abandoned:
                return
            try:
                engine.run_epoch(replace(knobs, method=method, listing=knobs.listing.pristine), 0, State(state.w))
            except Exception as error:  # the other method may live
                self.failed[method] = Sentence(partial(cannot_run, method, error))
                self._report(TorchFailed(data, self.failed[method]))
            else:
                self._report(TorchReady(data, engine, method))
                self.caught_up.wait(timeout=1)
