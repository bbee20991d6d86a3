from math import isfinite

from core.descent import Descent, Tick
from core.knobs import Knobs
from core.lr import Lr
from tests.tui.panel_rows import complete, descent_at, rows
from tui.panels.epochs import Epochs


def test_the_table_shows_the_lectures_rows_with_gradient_and_update() -> None:
    drawn = rows(Epochs, descent_at(3), 76, 10)
    assert drawn[0].split() == ["epoch", "method", "lr", "W", "cost", "gradient", "update", "lecture"]
    assert drawn[1].split() == ["0", "manual", "0.1", "0.000", "4.666667", "-14.000", "+1.400", "✓"]
    assert drawn[4].split() == ["▶", "3", "manual", "0.1", "1.064", "0.019115", "✓"]


def test_gradient_and_update_stay_where_there_is_little_room() -> None:
    drawn = rows(Epochs, descent_at(3), 38, 10)
    assert drawn[0].split() == ["epoch", "W", "cost", "grad", "update"]
    assert drawn[1].split() == ["0", "0.000", "4.666667", "-14.000", "+1.400", "✓"]
    assert max(map(len, drawn)) <= 38


def test_the_last_digit_of_a_cost_is_told_from_another_cost() -> None:
    knobs = Knobs.of().switched()
    assert [row[-1] for row in rows(Epochs, descent_at(2, knobs=knobs), 76, 4)[1:]] == ["✓", "≈", "✓"]


def test_an_epoch_shows_what_its_lines_have_computed() -> None:
    program = Knobs.of().program
    gradient = next(index for index, line in enumerate(program.lines) if line.name == "gradient")
    before, after = (rows(Epochs, descent_at(0, line), 76, 3)[1].split() for line in (gradient, gradient + 1))
    assert "-14.000" not in before
    assert "-14.000" in after


def test_digits_of_small_updates_stand_under_those_of_large_ones() -> None:
    drawn = rows(Epochs, descent_at(12), 76, 14)
    points = {row.rindex(".", 0, 66) for row in drawn[1:12]}
    assert len(points) == 1


def test_a_table_of_many_epochs_shows_the_place() -> None:
    descent = descent_at(500)
    drawn = rows(Epochs, descent, 60, 12)
    assert len(drawn) <= 12
    assert any(row.startswith("▶    500") or row.split()[:2] == ["▶", "500"] for row in drawn)


def test_the_ghost_stands_beside_the_run_and_below_it() -> None:
    descent = descent_at(5)
    descent = complete(descent.goto(Tick(2, 0)))
    changed = complete(descent.with_knobs(descent.knobs.with_lr(Lr.at(0.05))))
    drawn = rows(Epochs, complete(changed.goto(Tick(3, 0))), 100, 10)
    assert "◌ cost" in drawn[0]
    assert drawn[5].split()[:2] == ["◌", "4"]
    assert len({len(row) for row in drawn[3:5]}) <= 2


def test_a_run_that_breaks_away_keeps_its_columns() -> None:
    knobs = Knobs.of()
    drawn = rows(Epochs, descent_at(40, knobs=knobs.with_lr(Lr.at(1.0))), 60, 12)
    assert "nan" in drawn[-1]
    assert max(map(len, drawn)) <= 60


def test_a_run_that_has_not_begun_has_a_row() -> None:
    assert len(rows(Epochs, Descent(), 60, 12)) == 2
    assert isfinite(descent_at(0).cost)
