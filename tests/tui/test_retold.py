"""Dialogs that nothing is typed into follow the key that exchanges the language, and keep what is chosen."""

import pytest
from textual.widgets import OptionList

from tests.tui.stepper import a_stepper, opened, screen_text, until
from tui.keys import HANGUL
from tui.screens.ask import Ask
from tui.screens.edit import Edit
from tui.screens.experiments import Experiments
from tui.screens.help import Help
from tui.screens.lessons import Lessons
from tui.screens.retold import Retold
from tui.screens.runs import RunList

DIALOGS: list[tuple[list[str], type[Retold]]] = [
    (["?"], Help),
    (["x", "down", "down"], Experiments),
    (["x", "enter"], Experiments),
    (["x", "enter", "down", "down"], Experiments),
    (["space", "space", "k", "enter", "r", "K", "down"], RunList),
    (["j", "down"], Lessons),
    (["j", "down", "r"], Lessons),
    (["e"], Edit),
    (["e", "up", "up"], Edit),
]


@pytest.mark.parametrize(("keys", "dialog"), DIALOGS)
@pytest.mark.parametrize("key", ["L", HANGUL["l"], "ctrl+l"])
async def test_a_dialog_is_told_in_the_other_language_and_back(key: str, keys: list[str], dialog: type[Retold]) -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press(*keys)
        await until(pilot, lambda: isinstance(stepper.screen, dialog))
        english, chosen = screen_text(stepper), highlighted(stepper.screen)
        await pilot.press(key)
        await until(pilot, lambda: "강의" in screen_text(stepper))
        assert screen_text(stepper) != english
        assert highlighted(stepper.screen) == chosen
        await pilot.press(key)
        await until(pilot, lambda: screen_text(stepper) == english)
        assert highlighted(stepper.screen) == chosen


def highlighted(dialog: object) -> list[int | None]:
    assert isinstance(dialog, Retold)
    return [options.highlighted for options in dialog.query(OptionList)]


async def test_the_help_stays_where_it_was_scrolled_to() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("?", "pagedown")
        await pilot.pause(0.5)
        assert isinstance(stepper.screen, Help)
        before = stepper.screen.query_one(".dialog").scroll_y
        await pilot.press("L")
        await pilot.pause(0.1)
        assert stepper.screen.query_one(".dialog").scroll_y == before > 0


async def test_in_hangul_mode_the_list_of_runs_and_the_other_language_are_reached_by_ctrl() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press(HANGUL["l"])  # with shift it is the same letter
        await until(pilot, lambda: isinstance(stepper.screen, Ask))
        await pilot.press("escape", "ctrl+l")
        await until(pilot, lambda: "epochs, as printed" not in screen_text(stepper))
        await pilot.press("ctrl+l", "space", "space", "k", "enter", "ctrl+k")
        await until(pilot, lambda: isinstance(stepper.screen, RunList))
        await pilot.press("escape", "y", "ctrl+y")
        await until(pilot, lambda: "level 2" in screen_text(stepper))
