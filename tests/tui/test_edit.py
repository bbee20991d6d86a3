"""A line edited in its place, through keys: taken when it is fine, told when it is not, the run as it was till then."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot

from core.data import LECTURE, Dataset
from core.descent import Descent
from core.epoch import TorchEngine
from core.listing import UNWRITTEN, Method, Phase
from core.state import Knobs, State
from core.tape import Tape
from core.trial.allowed import LONGEST
from core.trial.attempt import Attempt, try_line
from core.trial.process import TrialProcess
from core.trial.result import Fault, Trial
from tests.tui.stepper import opened, screen_text, until
from tui.app import Stepper
from tui.screens.edit import Edit

SIZES = [(120, 36), (80, 24), (40, 10)]
HALF = "gradient = torch.mean((W * x_train - y_train) * x_train)"


class AtOnce:
    """Tries lines where it stands: the process has tests of its own."""

    def __init__(self, data: Dataset, knobs: Knobs, report: Callable[[Attempt, Trial], object]) -> None:
        self._engine, self._data, self._report = TorchEngine(data), data, report

    def start(self) -> None:
        pass

    def try_line(self, attempt: Attempt) -> None:
        self._report(attempt, try_line(self._engine, self._data, attempt))

    def close(self) -> None:
        pass


class Never(AtOnce):
    """Loads torch for as long as a test lasts; it keeps what it was asked to try."""

    def try_line(self, attempt: Attempt) -> None:
        asked.append((self._report, attempt))


asked: list[tuple[Callable[[Attempt, Trial], object], Attempt]] = []


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked.clear()
    monkeypatch.setattr("tui.screens.edit.TrialProcess", AtOnce)


def a_stepper(method: Method = Method.MANUAL, program: str = "weight", blank: tuple[str, ...] = ()) -> Stepper:
    """The lecture's program with torch; some lines, by their names, still to be written."""
    knobs = replace(Knobs.of_lecture(program), method=method)
    for line in knobs.listing.lines(method):
        if line.name in blank:
            knobs = replace(knobs, listing=knobs.listing.with_line(line.number, UNWRITTEN))
    start = State((0.0,) * len(knobs.listing.parameters))
    return Stepper(Descent(knobs, LECTURE, Tape(start)), TorchEngine)


def editor(stepper: Stepper) -> Edit:
    assert isinstance(stepper.screen, Edit)
    return stepper.screen


async def write(pilot: Pilot[None], stepper: Stepper, text: str) -> None:
    """Type a text in place of the one that stands there, and press enter."""
    editor(stepper)._input.value = ""
    await pilot.press(*({" ": "space"}.get(character, character) for character in text), "enter")
    await pilot.pause()


def is_sound(stepper: Stepper) -> bool:
    """Every row of the screen is as wide as the screen."""
    rows = screen_text(stepper).split("\n")
    return {cell_len(row) for row in rows} == {stepper.size.width}


@pytest.mark.parametrize("size", SIZES)
async def test_a_gradient_line_is_typed_tried_and_taken(size: tuple[int, int]) -> None:
    stepper = a_stepper()
    async with opened(stepper, size) as pilot:
        await pilot.press("space", "enter", "enter", "enter")
        before = stepper.descent
        await pilot.press("e", "enter")
        assert editor(stepper)._input.value == before.knobs.listing.lines(Method.MANUAL)[4].text
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        assert stepper.descent.knobs.listing.lines(Method.MANUAL)[4].text == HALF
        assert stepper.descent.tick == before.tick
        assert stepper.descent.shown is not None
        assert stepper.descent.shown.gradient == pytest.approx((5.6 / 3,))
        assert "29: 0.5 x the gradient" in str(stepper.activity)
        assert "29*" in screen_text(stepper)
        assert is_sound(stepper)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_typed_lies_exactly_over_its_line(size: tuple[int, int]) -> None:
    stepper = a_stepper()
    async with opened(stepper, size) as pilot:
        before = next(row for row in screen_text(stepper).split("\n") if " 29 " in row)
        await pilot.press("e", "enter")
        await pilot.pause()
        edit = editor(stepper)
        assert edit._input.region.y == edit._lines.region.y + edit._lines.row
        await pilot.press("home")
        await pilot.pause()
        after = next(row for row in screen_text(stepper).split("\n") if " 29 " in row)
        column = before.index("gradient")
        assert after[column : column + 25] == before[column : column + 25]
        assert is_sound(stepper)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gradient = (W", "'(' was never closed"),
        ("import os", "import is not allowed"),
        ("gradient = x_train @ x_train", "RuntimeError: mat1 and mat2"),
        ("gradient = x_train", "has the shape (3, 1)"),
        ("gradient = W / 0", "gradient is nan or inf"),
        ("[@click=app.quit]q[/]", "Python can't read it"),
        ("gradient = 기울기", "기울기 is not known here"),
        ("", "a comment or nothing"),
    ],
)
async def test_what_is_the_matter_stands_under_the_line_and_the_run_stays(
    size: tuple[int, int], text: str, told: str
) -> None:
    stepper = a_stepper()
    async with opened(stepper, size) as pilot:
        await pilot.press("space", "e", "enter")
        before = stepper.descent
        await write(pilot, stepper, text)
        await until(pilot, lambda: told in " ".join(screen_text(stepper).replace("│", " ").split()))
        rows = screen_text(stepper).split("\n")
        assert editor(stepper)._lines.row < len(rows) - 1
        assert is_sound(stepper)
        await pilot.press("escape")
        await pilot.pause()
        assert stepper.descent is before
        assert len(stepper.screen_stack) == 1


async def test_no_more_is_typed_or_pasted_than_is_told_to_be_too_long() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("e", "enter")
        edit = editor(stepper)
        edit._input.post_message(Paste("x" * 1000))
        await pilot.pause()
        await pilot.press(*"yyyy")
        assert len(edit._input.value) == LONGEST + 1
        stepper.set_focus(None)  # as a terminal's window that is left does
        await pilot.press(*"zzzz")
        assert len(edit._input.value) == LONGEST + 1
        await pilot.press("enter")
        await pilot.pause()
        assert "the line is too long" in screen_text(stepper)


@pytest.mark.parametrize("size", SIZES)
async def test_a_hundred_thousand_characters_pasted_are_refused(size: tuple[int, int]) -> None:
    stepper = a_stepper()
    async with opened(stepper, size) as pilot:
        await pilot.press("e", "enter")
        edit = editor(stepper)
        edit._input.value = ""
        edit._input.post_message(Paste("gradient = W + " * 7000))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "the line is too long" in screen_text(stepper)
        assert is_sound(stepper)


async def test_hidden_characters_that_are_pasted_are_written_out() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("e", "enter")
        edit = editor(stepper)
        edit._input.value = ""
        edit._input.post_message(Paste("W = \x1b[2J\u202e3\nW = 4"))
        await pilot.pause()
        assert edit._input.value == r"W = \x1b[2J\u202e3\nW = 4"
        assert "\x1b" not in screen_text(stepper)


async def test_keys_that_come_faster_than_the_editor_opens_and_closes_are_not_lost() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        keys = [
            "e",
            "enter",
            *("backspace",) * 60,
            *({" ": "space"}.get(c, c) for c in HALF),
            "enter",
            "enter",
            "enter",
        ]
        await pilot.press(*keys)
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        assert stepper.descent.knobs.listing.lines(Method.MANUAL)[4].text == HALF
        await pilot.press("e", "escape", "escape", "escape", "space")
        await until(pilot, lambda: stepper.descent.epoch == 1 or stepper.descent.tick > 4)
        assert len(stepper.screen_stack) == 1


async def test_while_a_line_is_tried_keys_are_answered_and_what_has_changed_meanwhile_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.screens.edit.TrialProcess", Never)
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        before = stepper.descent
        await pilot.press("e", "enter")
        await write(pilot, stepper, HALF)
        assert "trying it ..." in screen_text(stepper)
        await pilot.press("x", "enter")
        assert editor(stepper)._input.value == f"{HALF}x"
        report, attempt = asked.pop()
        report(attempt, Trial(attempt.number))
        await until(pilot, lambda: "Python can't read it" in screen_text(stepper))
        assert stepper.descent is before
        await pilot.press("backspace", "enter")
        report, attempt = asked.pop()
        report(attempt, Trial(attempt.number, Fault.TIME))
        await until(pilot, lambda: "takes longer than a second" in screen_text(stepper))
        assert stepper.descent is before


async def test_a_line_taken_is_forgotten_by_going_back_and_what_lay_ahead_is_the_ghost() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("space", "space", "space", "left", "left", "e", "enter")
        ran = stepper.descent.tape
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        assert stepper.descent.ghost is ran
        await pilot.press("left")
        await pilot.pause()
        assert not stepper.descent.knobs.listing.changed


async def test_an_edited_line_offers_its_own_text_and_the_same_text_changes_nothing() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("e", "enter")
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        taken = stepper.descent
        await pilot.press("e", "enter")
        assert editor(stepper)._input.value == HALF
        await pilot.press("enter")
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        assert stepper.descent is taken


async def test_lines_that_cannot_be_edited_say_why() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("e", *("up",) * 20, "enter")
        await pilot.pause()
        assert "the key w types a start" in screen_text(stepper)
        assert not editor(stepper)._typing
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "lr is a knob" in screen_text(stepper)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "this is a comment of the lecture" in screen_text(stepper)


async def test_the_optimizer_of_the_model_is_reached_above_the_loop() -> None:
    stepper = a_stepper(Method.OPTIM)
    async with opened(stepper) as pilot:
        await pilot.press("e", *("up",) * 20, "down", "enter")
        await pilot.pause()
        await write(pilot, stepper, "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)")
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        await pilot.press("space", "space")
        await until(pilot, lambda: stepper.descent.epoch == 2)
        assert stepper.descent.measured.remembers
        assert "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)" in screen_text(stepper)


@pytest.mark.parametrize("size", SIZES)
async def test_a_line_that_is_still_to_be_written_says_so_and_is_chosen_first(size: tuple[int, int]) -> None:
    stepper = a_stepper(blank=("cost",))
    async with stepper.run_test(size=size) as pilot:
        await until(pilot, lambda: stepper.conductor.is_warm)
        assert "· · · write this line: e" in screen_text(stepper)
        await pilot.press("e", "enter")
        assert editor(stepper)._input.value == ""
        await write(pilot, stepper, "cost = torch.mean((x_train * W - y_train) ** 2)")
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        await pilot.press("space")
        await until(pilot, lambda: stepper.descent.epoch == 1)
        assert stepper.descent.w == pytest.approx((1.4,))


async def test_two_lines_to_be_written_are_taken_one_after_the_other() -> None:
    stepper = a_stepper(blank=("gradient", "W"))
    async with opened(stepper) as pilot:
        await pilot.press("e", "enter")
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        unwritten = stepper.descent.knobs.listing.unwritten(Method.MANUAL)
        assert unwritten is not None
        assert unwritten.phase is Phase.UPDATE
        await pilot.press("e", "enter")
        await write(pilot, stepper, "W -= lr * gradient")
        await until(pilot, lambda: len(stepper.screen_stack) == 1)
        await pilot.press("space")
        await until(pilot, lambda: stepper.descent.epoch == 1)


async def test_a_click_on_a_lines_number_edits_it() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.click("Code", offset=(3, 4))
        await pilot.pause()
        assert editor(stepper)._lines.line.phase is Phase.COST


async def test_where_lines_may_not_be_edited_the_key_says_so_and_is_not_offered() -> None:
    stepper = a_stepper()
    stepper.withheld = frozenset({"edit"})
    async with opened(stepper) as pilot:
        await pilot.press("e")
        await pilot.pause()
        assert len(stepper.screen_stack) == 1
        assert "lines are edited at the program's own keyboard only" in screen_text(stepper)
        assert "Edit a line" not in [command.title for command in stepper.get_system_commands(stepper.screen)]
        await pilot.press("?")
        await pilot.pause()
        assert "Write a line of the program anew" not in str(stepper.screen.query_one("Static").render())


async def test_a_smaller_and_a_larger_terminal_keep_what_is_typed_over_its_line() -> None:
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("e", "enter", "1")
        for size in ((80, 24), (30, 8), (40, 10), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            edit = editor(stepper)
            await until(pilot, lambda edit=edit: edit._lines.region.size == edit._place().size)  # type: ignore[misc]
            assert edit._input.value.endswith("1")
            assert is_sound(stepper)


async def test_the_process_that_tries_is_begun_with_the_editor_and_ends_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.screens.edit.TrialProcess", TrialProcess)
    stepper = a_stepper()
    async with opened(stepper) as pilot:
        await pilot.press("e", "enter")
        process = editor(stepper)._process
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: len(stepper.screen_stack) == 1, seconds=60)
        assert "0.5 x the gradient" in str(stepper.activity)
        child = process._child
        assert child is not None
        await until(pilot, lambda: child.poll() is not None)


async def test_a_line_that_gives_two_names_their_gradients_is_shown_with_both() -> None:
    async with opened(stepper := a_stepper(program="weight_bias")) as pilot:
        await pilot.press("space", "e", "enter")
        await write(pilot, stepper, "gradient_W, gradient_b = torch.sum(error * x_train), torch.sum(error)")
        await pilot.press("enter", "enter", "enter")
        await pilot.pause()
        assert stepper.descent.phase is Phase.GRADIENT
        assert "gradient_W = +9.200   gradient_b = +4.200" in screen_text(stepper)
        assert is_sound(stepper)
