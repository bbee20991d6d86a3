from dataclasses import replace

from core.descent import Descent
from core.knobs import Knobs
from core.lr import Lr
from core.program import Method, Phase, Program
from tests.tui.panel_rows import complete, descent_at, rows
from tui.drawing import syntax
from tui.panels.code import Code


def index_of(program: Program, text: str) -> int:
    """The index of the line of the loop that contains a text."""
    return next(index for index, line in enumerate(program.lines) if text in line.text)


def edited(knobs: Knobs, before: str, after: str) -> Knobs:
    """Knobs with one line of the program exchanged."""
    program = knobs.program
    line = next(line for line in program.lines if line.text == before)
    return replace(knobs, program=program.with_statement(line.number, after))


def test_every_line_of_the_program_is_there_with_its_number() -> None:
    drawn = rows(Code, descent_at(0), 110, 40)
    text = Knobs.of().program.text_lines
    assert [int(row[1:4]) for row in drawn] == list(range(1, len(text) + 1))
    assert all(line in row for row, line in zip(drawn, text, strict=True))


def test_the_set_up_stands_with_the_values_it_has_made() -> None:
    drawn = rows(Code, descent_at(0), 80, 40)
    assert next(row for row in drawn if "torch.zeros" in row).endswith(" W 0.")
    assert next(row for row in drawn if " lr = " in row).endswith(" lr 0.1")


def test_a_turned_lr_stands_in_the_text_and_as_its_value() -> None:
    knobs = Knobs.of()
    drawn = rows(Code, complete(descent_at(1).with_knobs(knobs.with_lr(Lr.at(0.05)))), 80, 40)
    assert next(row for row in drawn if " lr = 0.05" in row).endswith(" lr 0.05")


def test_a_line_shows_its_value_once_it_has_run() -> None:
    program = Knobs.of().program
    line = index_of(program, "cost = ")
    drawn = rows(Code, descent_at(0, line + 1), 100, 40)
    assert [row for row in drawn if row[0] == "▶"] == [row for row in drawn if "cost = torch.mean" in row]
    assert next(row for row in drawn if "hypothesis = " in row).endswith(" 0.000 0.000 0.000")
    assert next(row for row in drawn if "cost = " in row).endswith(" 4.666667")
    assert not next(row for row in drawn if "gradient = " in row).endswith("-14.000")


def test_the_update_is_spelled_out() -> None:
    drawn = rows(Code, descent_at(1), 100, 40)
    assert next(row for row in drawn if "W -= " in row).endswith("W = 0 − 0.1 · (−14.000) = 1.400")
    assert next(row for row in drawn if "gradient = " in row).endswith(" -14.000")


def test_grad_is_shown_before_and_after_each_line_that_changes_it() -> None:
    knobs = Knobs.of(method=Method.OPTIM)
    drawn = rows(Code, descent_at(2, knobs=knobs), 100, 40)
    assert next(row for row in drawn if "zero_grad" in row).endswith("W.grad -9.333 → None")
    assert next(row for row in drawn if "backward" in row).endswith("W.grad None → +3.733")


def test_the_loop_is_in_view_where_the_program_is_longer_than_the_panel() -> None:
    program = Knobs.of().program
    loop = range(program.header.number, program.lines[-1].end + 1)
    for room in (len(loop), len(loop) + 3):
        numbers = [int(row[1:4]) for row in rows(Code, descent_at(1), 80, room)]
        assert set(loop) <= set(numbers)


def test_the_line_that_has_just_run_is_always_in_view() -> None:
    program = Knobs.of().program
    for line in range(1, len(program.lines)):
        assert sum(row[0] == "▶" for row in rows(Code, descent_at(1, line), 60, 5)) == 1


def test_an_edited_line_is_starred_and_a_placeholder_says_how_to_write_it() -> None:
    knobs = edited(Knobs.of(), "W -= lr * gradient", "W -= 0.5 * gradient")
    drawn = rows(Code, complete(Descent(knobs)), 80, 40)
    assert [row for row in drawn if row[4] == "*"] == [row for row in drawn if "W -= 0.5" in row]
    to_write = edited(Knobs.of(), "W -= lr * gradient", "...")
    assert any("write this line: e" in row for row in rows(Code, complete(Descent(to_write)), 80, 40))


def test_no_row_is_wider_than_the_panel() -> None:
    for width in range(12, 120, 9):
        assert max(map(len, rows(Code, descent_at(1), width, 40))) <= width


def test_a_text_is_coloured_line_by_line() -> None:
    syntax.load()
    lines = Knobs.of().program.text_lines
    coloured = syntax.colour_lines(lines)
    assert ["".join(text for text, _look in row) for row in coloured] == list(lines)
    assert coloured[0] == (("import", "keyword"), (" torch", "text"))
    turned = tuple(line.replace("lr = 0.1", "lr = 0.25") for line in lines)
    assert ("0.25", "number") in syntax.colour_lines(turned)[lines.index("lr = 0.1")]


def test_each_line_of_the_loop_has_its_phase() -> None:
    assert [line.phase for line in Knobs.of().program.lines][:2] == [Phase.HYPOTHESIS, Phase.COST]
