"""A line of the learner's own: typed in its place, tried in the engine, accepted or refused with a sentence."""

import asyncio
from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from core.edits import PLACEHOLDER
from core.knobs import Knobs
from core.program import Method
from core.requests import Open, Request
from core.state import EngineDied
from tests.core.in_process import ENGINE, descent_at
from tests.fake_engine import FakeEngine
from tests.tui.conftest import until
from tests.tui.study_screen import a_stepper, press, screen_text
from tui.screens.edit import Edit
from tui.screens.line_trial import LineError, TriedLine, try_line
from tui.stepper import Stepper

HALF = "gradient = torch.mean((W * x_train - y_train) * x_train)"


def tried(text: str, start: str = "", method: Method = Method.MANUAL, knobs: Knobs | None = None) -> TriedLine:
    """The statement that begins like this one exchanged and tried."""
    descent = descent_at(1, knobs or Knobs.of(method=method))
    program, start = descent.knobs.program, start or " ".join(text.split()[:2])
    line = next(line for line in (*program.setup, *program.lines) if line.text.startswith(start))
    edited = program.with_statement(line.number, text)
    return asyncio.run(try_line(ENGINE, descent, edited, line.number))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HALF, "0.5 x the gradient: torch.mean without the 2"),
        ("gradient = 2 * torch.mean((hypothesis - y_train) * x_train)", "this is the gradient: autograd says the same"),
        ("gradient = torch.sum((y_train - hypothesis) * x_train)", "-1.5 x the gradient = -m/2 for m = 3"),
        ("gradient = torch.mean(W * x_train - y_train)", "* x_train is missing, as in gradient = torch.mean((W *"),
        ("gradient = W * 3", "not the gradient: at W "),
        ("W -= 0.1 * gradient", "the line runs"),
        ("W -= 0 * gradient", "the update leaves W as it is"),
        ("cost = torch.mean(torch.abs(hypothesis - y_train))", "the line runs"),
    ],
)
def test_what_a_line_turns_out_to_be(text: str, sentence: str) -> None:
    assert sentence in str(tried(text).sentence)


def test_the_gradient_is_held_against_the_cost_that_stands_there() -> None:
    knobs = Knobs.of()
    number = next(line.number for line in knobs.program.lines if line.name == "cost")
    summed = knobs.program.with_statement(number, "cost = torch.sum((hypothesis - y_train) ** 2)")
    line = "gradient = 2 * torch.sum((W * x_train - y_train) * x_train)"
    assert "this is the gradient" in str(tried(line, knobs=knobs.with_program(summed)).sentence)


def test_the_run_keeps_its_place_unless_the_set_up_makes_something_else() -> None:
    assert tried("optimizer = optim.SGD([W], lr=0.15, momentum=0.9)", method=Method.OPTIM).keeps_place
    start = tried("W = torch.ones(1)")
    assert not start.keeps_place
    descent = descent_at(3, Knobs.of())
    assert (start.applied(descent).epoch, tried(HALF).applied(descent).epoch) == (0, 3)


@pytest.mark.parametrize(
    ("text", "sentence", "missing"),
    [
        ("cost = F.mse_loss(hypothesis, y_train)", "F is not there: enter once more adds import t", "import torch"),
        ("cost = nothing * W", "NameError: name 'nothing' is not defined", ""),
        ("hypothesis = x_train @ y_train", "RuntimeError: mat1 and mat2", ""),
        ("cost = (hypothesis - y_train) ** 2", "", ""),
    ],
)
def test_what_can_not_run_says_why(text: str, sentence: str, missing: str) -> None:
    with pytest.raises(LineError) as caught:
        tried(text)
    assert str(caught.value).startswith(sentence)
    assert caught.value.missing.startswith(missing)


class Slow(FakeEngine):
    """A program that is tried waits to be released; the first one is ended then."""

    def __init__(self) -> None:
        super().__init__()
        self.released, self.failing = asyncio.Event(), [EngineDied("it took longer than 2 seconds")]

    async def ask(self, request: Request[Any], limit: float | None = None) -> Any:
        if limit is not None and isinstance(request, Open):
            await self.released.wait()
            if self.failing:
                raise self.failing.pop()
        return await super().ask(request, limit)


def test_what_takes_too_long_is_said() -> None:
    engine, descent = Slow(), descent_at(1, Knobs.of())
    engine.released.set()
    with pytest.raises(LineError, match="stopped: it took longer than 2 seconds"):
        asyncio.run(try_line(engine, descent, descent.knobs.program, descent.knobs.program.lines[-1].number))


def editor(stepper: Stepper) -> Edit:
    assert isinstance(stepper.app.screen, Edit)
    return stepper.app.screen


async def write(pilot: Pilot[None], stepper: Stepper, text: str) -> None:
    """Type a text in place of the one that stands there, and press enter."""
    editor(stepper)._input.value = text
    await press(pilot, stepper, "enter")


@pytest.mark.parametrize("size", [(120, 36), (40, 12)])
async def test_a_gradient_line_is_typed_tried_and_accepted(size: tuple[int, int]) -> None:
    async with a_stepper(size=size) as (stepper, pilot):
        await press(pilot, stepper, "space", "e", "enter")
        edit = editor(stepper)
        assert edit._input.value == "gradient = torch.sum((W * x_train - y_train) * x_train)"
        assert edit._input.region.y == edit._lines.region.y + edit._lines.row
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: "0.5 x the gradient" in str(stepper.activity))
        assert HALF in stepper.descent.knobs.program.text
        assert stepper.descent.epoch == 1


async def test_what_is_the_matter_stands_under_the_line_and_the_run_stays() -> None:
    async with a_stepper(size=(80, 24)) as (stepper, pilot):
        await press(pilot, stepper, "space", "e", "enter")
        before = stepper.descent
        for text, sentence in [
            ("gradient = (W", "this is not Python: '(' was never closed"),
            ("cost = hypothesis ^ 2", "^ is not the power in Python: ** is"),
            ("", "the line is empty"),
            ("[@click=app.quit]q[/]", "this is not Python"),
        ]:
            await write(pilot, stepper, text)
            assert sentence in " ".join(screen_text(stepper).split())
        await press(pilot, stepper, "escape")
        assert stepper.descent is before


async def test_up_and_down_pass_over_comments_and_reach_the_set_up() -> None:
    async with a_stepper() as (stepper, pilot):
        await press(pilot, stepper, "e", *["down"] * 5)
        texts = []
        for _line in range(12):
            texts.append(editor(stepper)._lines.line.text.split(" ")[0])
            await press(pilot, stepper, "up")
        assert texts[:5] == ["W", "print('Epoch", "gradient", "cost", "hypothesis"]
        assert texts[-4:] == ["y_train", "x_train", "import", "import"]  # it is the first
        await press(pilot, stepper, *["down"] * 20, "up", "enter")
        assert editor(stepper)._input.value.startswith("print('Epoch {:4d}/{:} W: {:.3f}, Cost: {:.6f}'.format(epoch, ")


async def test_keys_wait_while_a_line_is_tried_and_one_that_takes_too_long_is_ended_and_can_be_mended() -> None:
    engine = Slow()
    async with a_stepper(engine=engine) as (stepper, pilot):
        await press(pilot, stepper, "e", "enter")
        await write(pilot, stepper, HALF)
        await press(pilot, stepper, "x", "space")
        assert "trying it ..." in screen_text(stepper)
        assert editor(stepper)._input.value == HALF
        engine.released.set()
        await until(pilot, lambda: "x " in editor(stepper)._input.value)
        await press(pilot, stepper, "backspace", "backspace", "enter")
        await until(pilot, lambda: HALF in stepper.descent.knobs.program.text)


async def test_enter_once_more_adds_the_import_that_is_missing() -> None:
    async with a_stepper(engine=ENGINE) as (stepper, pilot):
        await press(pilot, stepper, "space", "e", "up", "enter")
        await write(pilot, stepper, "cost = F.mse_loss(hypothesis, y_train)")
        await until(pilot, lambda: "enter once more adds import torch" in screen_text(stepper))
        await press(pilot, stepper, "enter")
        await until(pilot, lambda: stepper.queue.is_idle and "F.mse_loss" in stepper.descent.knobs.program.text)
        assert stepper.descent.knobs.program.text_lines[0] == "import torch.nn.functional as F"
        assert stepper.descent.epoch == 1


async def test_a_line_that_is_still_to_be_written_begins_empty_and_what_is_pasted_comes_on_one_line() -> None:
    knobs = Knobs.of()
    number = next(line.number for line in knobs.program.lines if line.name == "gradient")
    edited = knobs.with_program(knobs.program.with_statement(number, PLACEHOLDER))
    async with a_stepper(edited) as (stepper, pilot):
        await press(pilot, stepper, "e", "enter")
        edit = editor(stepper)
        assert (edit._lines.line.number, edit._input.value) == (number, "")
        edit._input.post_message(Paste("W = \x1b[2J\u202e3\nW = 4"))
        await pilot.pause()
        assert edit._input.value == r"W = \x1b[2J\u202e3\nW = 4"
        await write(pilot, stepper, HALF)
        await until(pilot, lambda: HALF in stepper.descent.knobs.program.text)
