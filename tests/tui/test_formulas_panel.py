from dataclasses import replace

from core.knobs import Knobs
from core.program import Method
from tests.tui.panel_rows import complete, descent_at, rows
from tui.panels.formulas import Formulas, wrap_terms


def test_each_formula_stands_with_this_epochs_numbers_below_it() -> None:
    drawn = [row.strip() for row in rows(Formulas, descent_at(1), 60, 9)]
    assert drawn[0] == "cost(W) = 1/m Σ (Wx − y)²"
    assert drawn[1].endswith("= 4.666667")
    assert drawn[2] == "∇W = Σ (Wx − y)x"
    assert drawn[4:] == ["W := W − α∇W", "= 0 − 0.1 · (−14.000) = 1.400"]


def test_numbers_appear_with_the_lines_that_compute_them() -> None:
    program = Knobs.of(method=Method.OPTIM).program
    cost = next(index for index, line in enumerate(program.lines) if line.name == program.cost)
    drawn = rows(Formulas, descent_at(0, cost + 1, Knobs.of(method=Method.OPTIM)), 60, 9)
    assert sum("= 4.666667" in row for row in drawn) == 1
    assert not any("9.333" in row for row in drawn)


def test_less_room_gives_shorter_forms() -> None:
    assert len(rows(Formulas, descent_at(1), 100, 3)) == 3
    assert rows(Formulas, descent_at(1), 60, 1)[0].startswith("W = 0 − 0.1")


def test_a_line_of_the_learners_own_takes_its_formula_away() -> None:
    knobs = Knobs.of()
    line = next(line for line in knobs.program.lines if line.name == "gradient")
    own = replace(knobs, program=knobs.program.with_statement(line.number, "gradient = torch.tensor(-1.0)"))
    drawn = rows(Formulas, complete(descent_at(0).restarted(own)), 80, 9)
    assert "this gradient is another one: the program's line says it" in drawn


def test_lines_break_between_terms_alone() -> None:
    lines = wrap_terms(("cost(W) =", "1/m Σ", "(Wx − y)²", "= 4.666667"), 20)
    assert lines == ["cost(W) = 1/m Σ", "    (Wx − y)²", "    = 4.666667"]
