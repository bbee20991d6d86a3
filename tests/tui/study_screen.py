"""A stepper for the tests of its study features: the real screen on the fake engine, or on torch in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from core.descent import Descent
from core.edits import placeholder_line
from core.knobs import Knobs
from tests.fake_engine import FakeEngine
from tests.tui.conftest import until
from tui.app import GradstepApp
from tui.panels.panel import Panel
from tui.stepper import Stepper


@asynccontextmanager
async def a_stepper(
    knobs: Knobs | None = None, engine: Any = None, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[Stepper, Pilot[None]]]:
    """A stepper at the start of a run, its engine ready."""
    app = GradstepApp(Descent(knobs or Knobs.of()), engine or FakeEngine())
    async with app.run_test(size=size) as pilot:
        stepper = app.stepper
        await until(pilot, lambda: bool(stepper.descent.measured or placeholder_line(stepper.descent.program)))
        yield stepper, pilot


async def press(pilot: Pilot[None], stepper: Stepper, *keys: str) -> None:
    """Press keys one after the other, each after all that the one before has brought about."""
    app = pilot.app
    assert isinstance(app, GradstepApp)
    for key in keys:
        character = {"space": " "}.get(key, key if len(key) == 1 else None)
        app.post_message(Key(_character_to_key(key) if len(key) == 1 else key, character))
        await pilot._wait_for_screen()
        while not stepper.queue.is_idle or app._keys._waiting or app._keys._busy:
            await asyncio.sleep(0.005)
    await pilot.pause()


async def opened(pilot: Pilot[None], stepper: Stepper, key: str, dialog: type[Screen[Any]]) -> None:
    """Press a key that opens a dialog."""
    await press(pilot, stepper, key)
    await until(pilot, lambda: isinstance(stepper.app.screen, dialog))


def text_of(stepper: Stepper, panel: type[Widget]) -> str:
    """What a panel shows, as one line."""
    rows = [row for each in stepper.query(panel) if isinstance(each, Panel) and each.display for row in each._rows]
    return " ".join(" ".join("".join(text for text, _style in row) for row in rows).split())


def screen_text(stepper: Stepper) -> str:
    """What is on the screen, as plain lines."""
    screen = stepper.app.screen
    return "\n".join(strip.text for strip in screen._compositor.render_strips(screen.size))
