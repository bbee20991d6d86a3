"""Keys: each action once, the learner's own keys, and everything that names a key."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.tui.conftest import an_app, opened, press, screen_text, until
from tui.drawing.ascii import set_ascii_mode
from tui.keys import ACTIONS, HANGUL, key_of, set_own_keys


@pytest.fixture(autouse=True)
def _default_keys() -> Iterator[None]:
    yield
    set_own_keys({})
    set_ascii_mode(False)


def test_every_action_has_an_id_and_a_key_of_its_own() -> None:
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", action.id) for action in ACTIONS)
    for names in ([action.id for action in ACTIONS], [key for action in ACTIONS for key in action.default_keys]):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("key", ["space", "n", "right", ".", HANGUL["n"]])
async def test_a_forward_key_runs_an_epoch(key: str) -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, key)
        assert app.stepper.descent.epoch == 1
        assert "epoch 1 · W 1.400" in screen_text(app)


async def test_an_action_answers_to_the_learners_own_key_and_to_no_other() -> None:
    set_own_keys({"next_epoch": ("x",), "experiments": (",",), "previous_epoch": ()})
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "x", "space", "left", "b")
        assert app.stepper.descent.epoch == 1
        await press(app, pilot, "ㅌ")  # x on a Korean keyboard
        assert app.stepper.descent.epoch == 2
        assert screen_text(app).splitlines()[-1].startswith(" x epoch")


def test_a_sentence_names_the_key_in_use_or_the_way_without_one() -> None:
    assert (key_of("previous_epoch"), key_of("edit")) == ("←", "e")
    set_own_keys({"previous_epoch": ("f2", "b"), "edit": ()})
    assert (key_of("previous_epoch"), key_of("edit")) == ("f2", "ctrl+p Edit a line")


def test_where_there_are_no_arrows_a_key_is_named_by_its_word() -> None:
    set_ascii_mode(True)
    assert all(action.shown.isascii() for action in ACTIONS)
    assert key_of("previous_epoch") == "left"


async def test_the_palette_finds_an_action_by_its_name() -> None:
    async with opened(app := an_app()) as pilot:
        await pilot.press("ctrl+p", *"ten epochs forw")
        await until(pilot, lambda: "(pgdn)" in screen_text(app))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: app.stepper.descent.epoch == 10)
