"""Dialogs with a line to type into: keys that come in one burst with the key that opens one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Key

from tests.tui.stepper import a_stepper, opened, until
from tui.app import Stepper


def burst(stepper: Stepper, opening: str, typed: str) -> None:
    """All keys at once, as a terminal sends what was typed while the program was busy."""
    stepper.post_message(Key(opening, opening if len(opening) == 1 else None))
    for character in typed:
        stepper.post_message(Key({".": "full_stop"}.get(character, character), character))
    stepper.post_message(Key("enter", "\r"))


@pytest.mark.parametrize(
    ("opening", "typed", "done"),
    [
        ("l", "0.3", lambda stepper: stepper.descent.knobs.lr.value == 0.3),
        ("w", "5", lambda stepper: stepper.descent.tape.start.w == (5.0,)),
        ("k", "mine", lambda stepper: [kept.name for kept in stepper.descent.kept] == ["mine"]),
        ("o", "cars", lambda stepper: stepper.descent.data.name == "cars"),
        ("ctrl+s", "mine", lambda stepper: os.listdir() == ["mine.gradstep"]),
        ("ctrl+e", "mine.csv", lambda stepper: os.listdir() == ["mine.csv"]),
    ],
)
async def test_no_key_is_lost_while_a_dialog_opens_and_a_proposal_is_typed_over(
    opening: str, typed: str, done: Callable[[Stepper], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "space")
        burst(stepper, opening, typed)
        await until(pilot, lambda: done(stepper))
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
