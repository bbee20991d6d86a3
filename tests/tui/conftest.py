"""A stepper for tests: the real screen on a fake engine."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from textual.events import Key
from textual.pilot import Pilot

from core.descent import Descent
from core.knobs import Knobs
from core.lr import Lr
from tests.fake_engine import FakeEngine
from tui.app import GradstepApp

KEY_NAMES = {".": "full_stop", "\r": "enter", " ": "space", "\x1b": "escape", "?": "question_mark"}


def an_app(lr: float = 0.1, engine: FakeEngine | None = None, descent: Descent | None = None) -> GradstepApp:
    """The app on a fake engine, with the lecture's program."""
    return GradstepApp(descent or Descent(Knobs.of().with_lr(Lr.at(lr))), engine or FakeEngine())


@asynccontextmanager
async def opened(app: GradstepApp, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[None]]:
    """The app on a screen of this size, its first epoch run and measured; its failure fails the test."""
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.stepper.queue.is_idle)
        yield pilot
    if app.failure:
        raise app.failure


async def press(app: GradstepApp, pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each after all that the one before has brought about."""
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: app.stepper.queue.is_idle)


async def until(pilot: Pilot[None], condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that a task or a timer brings about."""
    for _ in range(int(seconds / 0.02)):
        await pilot.pause()
        if condition():
            return
        await pilot.pause(0.02)
    raise AssertionError("it did not come about in time")


def type_at_once(app: GradstepApp, text: Iterable[str]) -> None:
    """Type faster than anything can be painted."""
    for character in text:
        app.post_message(Key(KEY_NAMES.get(character, character), character if character >= " " else None))


def screen_text(app: GradstepApp) -> str:
    """What is on the screen, as plain lines."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips(app.size))
