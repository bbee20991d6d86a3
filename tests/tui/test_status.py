from dataclasses import replace
from math import nan

from core.descent import Descent
from core.knobs import Knobs
from core.lr import Lr
from core.measured import LrResponse, Measured
from core.program import Method
from tests.tui.panel_rows import descent_at, rows
from tui.panels.footer import Footer
from tui.panels.status import Status
from tui.panels.title import Title
from tui.panels.too_small import TooSmall


def status(descent: Descent, width: int = 160) -> str:
    return rows(Status, descent, width, 1)[0].strip()


def measured(descent: Descent, **changes: object) -> Descent:
    """A descent with other measurements."""
    return replace(descent, measured=replace(descent.measured or Measured(), **changes))  # type: ignore[arg-type]


def test_a_start_names_the_first_keys() -> None:
    assert status(descent_at(0)).startswith("space runs an epoch, enter a line")


def test_a_run_that_breaks_away_is_called_diverging_and_then_not_finite() -> None:
    knobs = Knobs.of().with_lr(Lr.at(1.0))
    assert status(descent_at(5, knobs=knobs)) == "diverging: the cost has grown 5 epochs in a row"
    assert "is inf at epoch 17: ← goes back, a smaller lr holds it" in status(descent_at(20, knobs=knobs))


def test_the_slides_last_digit_is_explained() -> None:
    sentence = status(descent_at(2, knobs=Knobs.of(method=Method.OPTIM)))
    assert sentence.startswith("≈ epoch 1: cost 0.746667 here, 0.746666 on the slide")


def test_an_lr_that_nothing_uses_is_named() -> None:
    descent = measured(descent_at(1), lr_response=LrResponse.UNUSED)
    assert status(descent) == "this program does not use lr: turning it changes nothing"


def test_a_table_that_leaves_a_direction_level_is_named() -> None:
    descent = measured(descent_at(1), max_curvature=0.0, min_curvature=0.0)
    assert status(descent) == "cost is level everywhere: no weight changes it"
    assert "level" not in status(measured(descent_at(1), min_curvature=nan))


def test_a_sum_over_many_rows_is_named() -> None:
    descent = measured(descent_at(1), gradient_ratio=25.0)
    assert descent.opened is not None
    table = replace(descent.opened.table, rows=50)
    descent = replace(descent, opened=replace(descent.opened, table=table))
    assert status(descent).startswith("torch.sum over 50 rows is 25 x the true gradient")
    assert status(descent, 60) == "sum over 50 rows is 25 x the true gradient; g: mean"


def test_the_title_says_what_runs_and_where() -> None:
    wide, narrow = (rows(Title, descent_at(3), width, 1)[0] for width in (130, 40))
    assert "x_train * W" in wide
    assert "3 rows · manual (sum) · lr 0.1" in wide
    assert wide.endswith("epoch 3 · W 1.064 · cost 0.019115 ")
    assert narrow.endswith("epoch 3 · W 1.064 ")


def test_the_footer_keeps_help_and_quit_where_there_is_little_room() -> None:
    wide, narrow = (rows(Footer, descent_at(0), width, 1)[0] for width in (160, 30))
    assert "sum/mean" in wide
    assert narrow.split()[-4:] == ["?", "help", "q", "quit"]


def test_a_screen_that_is_too_small_says_how_large_it_must_be() -> None:
    assert "40 x 10" in rows(TooSmall, descent_at(0), 60, 1)[0]
    assert rows(TooSmall, descent_at(0), 8, 1)[0] == "40 x 10"
