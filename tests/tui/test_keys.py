"""Keys on other actions than usual: everything that names or answers to a key follows."""

import re
from collections import Counter

from tests.tui.stepper import a_stepper, opened, screen_text, until
from tui.drawing.signs import choose_plain
from tui.keys import KEYS, choose_keys, key_of
from tui.screens.help import Help


def test_every_action_has_an_id_of_its_own() -> None:
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", key.id) for key in KEYS)
    assert [name for name, count in Counter(key.id for key in KEYS).items() if count > 1] == []


def test_no_two_actions_have_the_same_key() -> None:
    assert [name for name, count in Counter(name for key in KEYS for name in key.usual).items() if count > 1] == []


async def test_an_action_answers_to_the_key_that_was_chosen_and_to_no_other() -> None:
    choose_keys({"next_epoch": ("x",), "experiments": (",",), "previous_epoch": ()})
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("x")
        assert stepper.descent.epoch == 1
        await pilot.press("space", "left", "b")
        assert stepper.descent.epoch == 1
        await pilot.press("ㅌ")  # x on a Korean keyboard
        assert stepper.descent.epoch == 2
        await pilot.press("comma")
        await until(pilot, lambda: "Experiments" in screen_text(stepper))
        await pilot.press("escape", "ctrl+q")
    assert not stepper.is_running


async def test_footer_help_and_palette_name_the_key_that_was_chosen() -> None:
    choose_keys({"next_epoch": ("f5", "j"), "lessons": ()})
    stepper = a_stepper()
    async with opened(stepper, (200, 100)) as pilot:
        footer = screen_text(stepper).splitlines()[-1]
        assert footer.startswith(" f5 epoch")
        assert " lessons" not in footer
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(stepper.screen, Help))
        assert re.search("  f5 j  Run one epoch", screen_text(stepper))
        await pilot.press("escape", "ctrl+p", *"next epoch")
        await until(pilot, lambda: "(f5 j)" in screen_text(stepper))


def test_a_sentence_names_the_key_in_use_or_the_way_without_one() -> None:
    assert (key_of("previous_epoch"), key_of("edit")) == ("←", "e")
    choose_keys({"previous_epoch": ("f2", "b"), "edit": ()})
    assert (key_of("previous_epoch"), key_of("edit")) == ("f2", "ctrl+p Edit a line")


async def test_a_hint_names_the_key_in_use() -> None:
    choose_keys({"next_epoch": ("f7",)})
    async with opened(stepper := a_stepper()):
        assert "f7 runs an epoch, enter a phase" in screen_text(stepper)


def test_where_there_are_no_arrows_a_key_is_named_by_its_word() -> None:
    choose_plain(True)
    assert all(key.shown.isascii() for key in KEYS)
    assert key_of("previous_epoch") == "left"
