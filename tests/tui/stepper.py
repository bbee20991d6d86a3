"""A stepper for tests: the real screen on a fake engine."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event

from textual.pilot import Pilot

from core.data import Dataset
from core.descent import Descent
from core.lr import Lr
from core.state import Engine, Knobs, State
from core.tape import Tape
from tests.fake_engine import FakeEngine
from tui.app import Stepper


def a_stepper(
    lr: float = 0.25, start: float = 0.0, load: Callable[[Dataset], Engine] = lambda data: FakeEngine()
) -> Stepper:
    """A stepper with an lr that halves the error of the fake engine's gradient each epoch."""
    return Stepper(Descent(Knobs.of_lecture().with_lr(Lr.at(lr)), tape=Tape(State((start,)))), load)


def held_back() -> tuple[Event, Callable[[Dataset], Engine]]:
    """An engine that takes as long to load as a test likes: it is there once the event is set."""
    loaded = Event()

    def load(data: Dataset) -> Engine:
        loaded.wait(10)
        return FakeEngine()

    return loaded, load


@asynccontextmanager
async def opened(stepper: Stepper, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[None]]:
    """The stepper on a screen of this size, its engine ready."""
    async with stepper.run_test(size=size) as pilot:
        await until(pilot, lambda: stepper.conductor.is_warm)
        yield pilot


async def until(pilot: Pilot[None], condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that another thread or a timer brings about."""
    for _ in range(int(seconds / 0.02)):
        await pilot.pause()
        if condition():
            return
        await pilot.pause(0.02)
    raise AssertionError("it did not come about in time")


def screen_text(stepper: Stepper) -> str:
    """What is on the screen, as plain lines."""
    return "\n".join(strip.text for strip in stepper.screen._compositor.render_strips(stepper.size))
