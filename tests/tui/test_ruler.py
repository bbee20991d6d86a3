"""The ruler: its marks, its words, and a click."""

from dataclasses import replace
from math import nan

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from core.descent import Descent
from core.knobs import Knobs
from core.lr import Lr
from core.measured import LrResponse, Measured
from tests.tui.panel_rows import descent_at, rows
from tui.panels.ruler import Ruler

WIDTH = 110


def at_lr(lr: float) -> Descent:
    return descent_at(1, knobs=Knobs.of().with_lr(Lr.at(lr)))


def drawn(descent: Descent, width: int = WIDTH) -> str:
    return "\n".join(rows(Ruler, descent, width, 2))


def test_the_marks_are_the_programs_own() -> None:
    text = drawn(at_lr(0.1))
    line, labels = text.split("\n")
    assert "1/14 one step" in labels
    assert "1/7 edge" in labels
    assert line.index("┼") < line.index("●") < line.index("╂")
    assert "error x (-0.4) each epoch" in line


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (0.0, "stays: lr 0 learns nothing"),
        (0.02, "comes down one side and settles"),
        (1 / 14, "lands in one step"),
        (0.1, "swings across, and settles"),
        (0.15, "breaks away"),
    ],
)
def test_the_words_say_what_the_lr_does(lr: float, words: str) -> None:
    descent = at_lr(lr)
    assert descent.measured is not None
    if words == "lands in one step":  # as exactly as an engine in double measures it
        descent = replace(descent, measured=replace(descent.measured, error_factor=0.0))
    assert drawn(descent).rstrip().endswith(words)
    assert words in drawn(descent, 60)


NO_MARKS = Measured(error_factor=-0.4, flat_factor=-0.4, curvature=1.4, steepest=(1.0,))


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        (None, "being measured"),
        (replace(NO_MARKS, lr_response=LrResponse.UNUSED), "this program does not use lr"),
        (replace(NO_MARKS, error_factor=2.4, curvature=-14.0), "walks uphill: no lr holds it"),
        (replace(NO_MARKS, is_stateful=True), "the update includes earlier steps: no marks"),
        (replace(NO_MARKS, error_factor=nan), "each epoch shrinks the error by another factor"),
        (NO_MARKS, "swings across, and settles; not proportional to lr: no marks"),
    ],
)
def test_without_marks_one_sentence_says_why(measured: Measured | None, words: str) -> None:
    text = drawn(replace(at_lr(0.1), measured=measured))
    assert words in text
    assert "edge" not in text
    assert not set("┼╂●") & set(text)


def test_a_program_without_an_lr_says_so() -> None:
    descent = at_lr(0.1)
    program = descent.knobs.program
    number = next(line.number for line in program.setup if line.name == "lr")
    without = Knobs(program.with_statement(number, "lr = torch.tensor(0.1)"))
    assert without.lr is None
    assert "no lr to turn" in drawn(replace(descent, knobs=without, measured=NO_MARKS))


def test_several_weights_have_two_factors() -> None:
    measured = Measured(
        error_factor=-0.66,
        flat_factor=0.96,
        lr_response=LrResponse.PROPORTIONAL,
        one_step_lr=0.06,
        stability_limit=0.12,
        curvature=16.6,
        steepest=(0.9, 0.4),
    )
    text = drawn(replace(at_lr(0.1), measured=measured))
    assert "error x (-0.66) steepest, 0.96 flattest" in text
    assert "swings across; flattest halves in 17 epochs" in text


@pytest.mark.parametrize("width", [0, 5, 12, 20, 40, 75, 200])
def test_any_width_is_kept(width: int) -> None:
    assert all(len(row) <= max(width, 12) for row in rows(Ruler, at_lr(0.1), width, 2))


class RulerScreen(Screen[None]):
    """A screen that notes which lr is set."""

    def __init__(self) -> None:
        super().__init__()
        self.lrs: list[float] = []

    def compose(self) -> ComposeResult:
        ruler = Ruler()
        ruler.set_reactive(Ruler.descent, at_lr(0.1))
        yield ruler

    def action_set_lr(self, lr: float) -> None:
        self.lrs.append(lr)


async def test_a_click_sets_the_lr_and_on_a_mark_exactly_that() -> None:
    app: App[None] = App()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        screen = RulerScreen()
        await app.push_screen(screen)
        await pilot.pause()
        line = screen.query_one(Ruler)._rows[0]
        text = "".join(part for part, _style in line)
        for mark in ("┼", "╂", "├"):
            await pilot.click(Ruler, offset=(text.index(mark), 0))
        await pilot.click(Ruler, offset=(text.index("╂") + 3, 0))
        assert screen.lrs[:3] == pytest.approx([1 / 14, 1 / 7, 0.0])
        assert 1 / 7 < screen.lrs[3] < 0.2
