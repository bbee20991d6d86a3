"""What is typed in one go, faster than any dialog opens or closes, does what it does when it is typed slowly."""

from collections.abc import Iterable

import pytest
from textual.events import Key, Paste

from tests.tui.stepper import a_stepper, opened, screen_text, until
from tui.app import Stepper
from tui.screens.help import Help

NAMES = {".": "full_stop", "\r": "enter", " ": "space", "\x1b": "escape", "?": "question_mark"}


def type_at_once(stepper: Stepper, text: Iterable[str]) -> None:
    for character in text:
        stepper.post_message(Key(NAMES.get(character, character), character if character >= " " else None))


@pytest.mark.parametrize(
    "text",
    ["l0.3\r ", "w5\r  ", "k\r ", "kmine\r  k\r", "x\r\r  ", "?\x1b  ", "f30\r", "efoo\x1b\x1b ", "ox\x1b  ", "j\x1b "],
)
async def test_all_that_is_typed_at_once_goes_where_it_belongs(text: str) -> None:
    async with opened(slow := a_stepper()) as pilot:
        for character in text:
            await pilot.press(NAMES.get(character, character))
            await pilot.pause(0.05)
        await until(pilot, lambda: not slow.running.is_far)
        wanted = what_is_there(slow)
    async with opened(fast := a_stepper()) as pilot:
        type_at_once(fast, text)
        await until(pilot, lambda: what_is_there(fast) == wanted)


def what_is_there(stepper: Stepper) -> tuple[object, ...]:
    descent = stepper.descent
    kept = [(run.name, len(run.tape)) for run in descent.kept]
    return len(stepper.screen_stack), descent.tick, descent.w, descent.knobs, kept


async def test_an_own_line_is_typed_and_left_at_once() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        type_at_once(stepper, "e\rxyz")
        await until(pilot, lambda: "* x_train)xyz" in screen_text(stepper))
        assert len(stepper.screen_stack) == 2


async def test_what_is_pasted_after_a_key_goes_into_what_that_key_opens() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        stepper.post_message(Key("l", "l"))
        stepper.post_message(Paste("0.4"))
        stepper.post_message(Key("enter", None))
        await until(pilot, lambda: stepper.descent.knobs.lr.value == 0.4)


async def test_a_flood_of_keys_is_worked_off() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        type_at_once(stepper, " " * 500)
        await until(pilot, lambda: stepper.descent.epoch == 500)


async def test_keys_that_come_before_the_first_frame_wait_for_it() -> None:
    stepper = a_stepper()
    stepper.call_later(type_at_once, stepper, "y?\x1b ")
    async with opened(stepper) as pilot:
        await until(pilot, lambda: stepper.prediction.on and len(stepper.screen_stack) == 1)
        assert "level 1" in screen_text(stepper)


async def test_a_dialog_that_is_not_there_yet_is_not_closed() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        for screen in (Help(set()), Help(set())):
            stepper.push_screen(screen)
            stepper.pop_screen()
            await until(pilot, lambda: stepper.screen.is_mounted)
        assert stepper.is_running
        await pilot.press("escape", "escape")
        assert len(stepper.screen_stack) == 1


async def test_what_comes_after_the_key_that_quits_is_not_carried_out() -> None:
    async with opened(stepper := a_stepper()):
        type_at_once(stepper, "q ?y ")
    assert (stepper.failure, stepper.return_code, stepper.descent.epoch) == (None, 0, 0)
