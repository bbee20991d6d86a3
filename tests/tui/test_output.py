from dataclasses import replace

from core.knobs import Knobs
from tests.tui.panel_rows import descent_at, rows
from tui.panels.output import Output


def test_an_epochs_output_appears_when_its_print_line_has_run() -> None:
    program = Knobs.of().program
    line = next(index for index, line in enumerate(program.lines) if line.text.startswith("print"))
    assert len(rows(Output, descent_at(2, line), 60, 9)) == 2
    drawn = rows(Output, descent_at(2, line + 1), 60, 9)
    assert drawn[-1].startswith("Epoch    2/10 W: 0.840, Cost: 0.119467")
    assert len(drawn) == 3


def test_the_rows_of_the_slide_are_ticked_also_where_the_last_digit_differs() -> None:
    assert [row[-1] for row in rows(Output, descent_at(3), 60, 9)] == ["✓", "≈", "✓"]


def test_the_last_rows_that_fit_are_shown() -> None:
    drawn = rows(Output, descent_at(200), 60, 4)
    assert [row.split()[1].split("/")[0] for row in drawn] == ["196", "197", "198", "199"]


def test_going_back_takes_the_output_away() -> None:
    descent = descent_at(5)
    assert len(rows(Output, descent.goto(descent.goto(descent.previous_epoch).previous_epoch), 60, 9)) == 3


def test_the_set_ups_output_comes_first_and_control_characters_are_visible() -> None:
    descent = descent_at(1)
    assert descent.opened is not None
    descent = replace(descent, opened=replace(descent.opened, output="loaded\n10%\r\x1b[31m100%\n"))
    drawn = rows(Output, descent, 60, 9)
    assert drawn[0].strip() == "loaded"
    assert drawn[1].strip() == "\\x1b[31m100%"
    assert drawn[2].startswith("Epoch    0/10")
