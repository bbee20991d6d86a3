"""What the plots draw of a run, as plain lines; their costs come from arithmetic instead of an engine."""

from array import array
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.descent import Descent, Tick
from core.knobs import Knobs
from core.lr import Lr
from core.measured import Measured
from core.program import Method, Program
from core.state import EpochColumns, EpochsRun, EpochTrace, Opened, Slot, State, Table, Weights
from tests.tui.panel_rows import complete, descent_at
from tui.drawing.text import Row
from tui.panels.contours import Contours
from tui.panels.costs import Costs
from tui.panels.curve import Curve
from tui.panels.fit import Fit
from tui.panels.gradient import Gradient
from tui.panels.panel import Panel
from tui.panels.plot import CostPlot, least, limits
from tui.panels.plots import plots_for
from tui.panels.slice import Slice
from tui.panels.weights import WeightsByEpoch

Cost = Callable[[Weights], float]


def lecture_cost(w: Weights) -> float:
    return 14 / 3 * (w[0] - 1) ** 2


class Drawn:
    """A panel drawn once: its rows, and what it wrote on its border and asked for."""

    def __init__(
        self,
        panel: type[Panel],
        descent: Descent,
        size: tuple[int, int] = (60, 14),
        cost: Cost | None = lecture_cost,
        zoomed: bool = False,
    ) -> None:
        drawn = panel()
        self.legend, self.asked = "", set[tuple[Weights, ...]]()

        def set_legend(legend: Row) -> None:
            self.legend = "".join(text for text, _style in legend)

        def costs(points: tuple[Weights, ...]) -> Weights | None:
            self.asked.add(points)
            return tuple(map(cost, points)) if cost else None

        drawn.set_legend = set_legend  # type: ignore[method-assign]
        if isinstance(drawn, CostPlot):
            drawn.costs = costs  # type: ignore[method-assign]
        drawn.set_reactive(Panel.descent, descent)
        drawn.set_reactive(Panel.zoomed, zoomed)
        self.rows = ["".join(text for text, _style in row) for row in drawn.draw(*size)]
        self.title = str(drawn.border_title)
        assert all(len(row) <= size[0] for row in self.rows)

    @property
    def text(self) -> str:
        return "\n".join(self.rows)


def bowl_run(start: Weights, epochs: int, bend: Weights, lr: float = 0.1) -> Descent:
    """A run down a bowl, sum of bend (w - 1)^2 / 2, with two weights or more; the table is left empty."""
    names = ("W", "b") if len(start) == 2 else tuple(f"W{number}" for number in range(1, len(start) + 1))
    slots = tuple(Slot(name, (1,)) for name in names)
    program = Program.read("bias_manual").with_lr(lr)
    columns, traces, w = EpochColumns(slots), [], start
    for epoch in range(epochs + 1):
        gradient = tuple(b * (each - 1) for b, each in zip(bend, w, strict=True))
        after = tuple(each - lr * g for each, g in zip(w, gradient, strict=True))
        cost = bowl(bend)(w)
        columns.cost.append(cost)
        columns.gradient.extend(gradient)
        columns.numbers.extend(array("f", after))
        traces.append(EpochTrace(epoch, program, (), w, None, (), (), cost, gradient, gradient, after))
        w = after
    opened = Opened(program, State(slots, start), slots)
    descent = Descent(Knobs(program)).answered(opened).answered(EpochsRun(0, (columns,), traces=tuple(traces[-2:])))
    return descent.goto(Tick(epochs, 0)).answered(Measured(minimum=(1.0,) * len(start), min_cost=0.0))


def bowl(bend: Weights) -> Cost:
    return lambda w: sum(b * (each - 1) ** 2 for b, each in zip(bend, w, strict=True)) / 2


# one weight


def test_the_point_its_tangent_and_the_update_are_drawn_as_soon_as_their_lines_have_run() -> None:
    start, cost, gradient, whole = (Drawn(Curve, descent_at(1, line)) for line in (0, 2, 4, 5))
    assert start.title == "1 cost(W)  ● now ○ before ╌ tangent"
    assert [drawn.text.count("○") for drawn in (start, cost, gradient, whole)] == [1, 1, 1, 2]
    assert cost.text != gradient.text
    assert "─" not in gradient.text
    assert "◀" in whole.text
    assert all(drawn.text.count("●") == drawn.text.count("+") == 1 for drawn in (start, cost, gradient, whole))


def test_until_the_costs_are_there_the_plot_has_its_axes_and_dots_only() -> None:
    descent = replace(descent_at(2, 1), measured=None)
    drawn = Drawn(Curve, descent, cost=None)
    assert drawn.text.count("○") == 2
    assert not any("⠁" <= character <= "⣿" for character in drawn.text)


def test_a_kink_looks_like_one() -> None:
    drawn = Drawn(Curve, descent_at(0), (25, 8), lambda w: abs(w[0] - 1) * 14 / 3)
    assert drawn.rows == [
        " │⠳⣄                   ⣠⠞",
        " │ ⠈⠣⡀               ⢀⠜⠁ ",
        "5┤   ⠙●             ⡴⠋   ",
        " │     ⠱⣄         ⣠⠎     ",
        " │      ⠈⠢⡀     ⢀⠔⠁      ",
        " │        ⠘⢆   ⡰⠃        ",
        "0┤          ⠑+⠊          ",
        "      0              2   ",
    ]


def test_stepping_asks_for_the_same_points_and_zooming_for_those_of_the_lecture() -> None:
    asked = set.union(*(Drawn(Curve, descent_at(epoch, 2)).asked for epoch in range(5)))
    assert len(asked) == 1
    zoomed = Drawn(Curve, descent_at(3), zoomed=True)
    (points,) = zoomed.asked
    assert (points[0], points[-1]) == ((-5.0,), (7.0,))
    assert 100 < len(points) <= 321


def test_a_run_that_breaks_away_is_at_the_rim_or_in_a_wider_plot() -> None:
    knobs = Knobs.of()
    descent = descent_at(60, knobs=knobs.with_lr(Lr.at(1.0)))
    assert "●" in Drawn(Curve, descent_at(9, knobs=knobs.with_lr(Lr.at(1.0)))).text
    assert Drawn(Curve, descent, cost=lambda w: float("inf")).rows


@pytest.mark.parametrize(
    ("values", "centre", "expected"),
    [
        ([0.0], 1.0, (-0.5, 2.5)),
        ([0.0, 1.4], 1.0000001, (-0.5, 2.5)),
        ([1.0], 1.0, (0.0, 2.0)),
        ([0.0, 10.0], None, (-2.0, 12.0)),
        ([float("nan")], None, (-1.0, 1.0)),
    ],
)
def test_limits_are_round_and_hold_the_values(
    values: list[float], centre: float | None, expected: tuple[float, float]
) -> None:
    assert limits(values, centre) == pytest.approx(expected)


def test_the_least_of_a_curve_lies_between_its_points() -> None:
    assert least([(x / 2, (x / 2 - 1.1) ** 2) for x in range(5)]) == pytest.approx((1.1, 0.01), abs=1e-6)
    assert least([(0.0, float("nan")), (1.0, 2.0), (2.0, 1.0)]) == (2.0, 1.0)
    assert least([]) is None


# two weights, and more


def test_contours_go_round_the_minimum_and_the_gradient_is_opposite_to_the_update() -> None:
    bend = (4.0, 2.0)
    drawn = Drawn(Contours, bowl_run((0.0, 0.0), 2, bend), (61, 20), bowl(bend))
    assert drawn.title == "1 cost: W →, b ↑"
    assert drawn.text.count("+") == drawn.text.count("●") == 1
    assert "↗" in drawn.text
    assert "↙" in drawn.text
    (points,) = drawn.asked
    assert len(points) <= 3000
    nothing = Drawn(Contours, bowl_run((0.0, 0.0), 2, bend), (61, 20), None)
    assert sum(map(ord, nothing.text)) < sum(map(ord, drawn.text))


def test_a_valley_narrower_than_the_grid_is_drawn_whole() -> None:
    def valley(w: Weights) -> float:
        return 1e4 * (w[0] - w[1]) ** 2 + (w[0] + w[1] - 2) ** 2

    drawn = Drawn(Contours, bowl_run((0.0, 0.0), 0, (1.0, 1.0)), (63, 21), valley)
    diagonal = [row[10:] for row in drawn.rows[4:16]]
    assert all(any("⠁" <= character <= "⣿" for character in row) for row in diagonal)


def test_with_more_weights_the_cost_along_the_update_says_how_far_the_least_is() -> None:
    bend = (1.0,) * 3
    drawn = Drawn(Slice, bowl_run((0.0, 0.0, 0.0), 1, bend), cost=bowl(bend))
    assert drawn.legend == "least cost at 10 x this update"
    assert drawn.text.count("●") == drawn.text.count("+") == 1
    assert len(drawn.asked) == 2
    over = Drawn(Slice, bowl_run((0.0, 0.0, 0.0), 1, bend, lr=5.0), cost=bowl(bend))
    assert over.legend == "least cost at 0.2 x this update"
    assert Drawn(Slice, bowl_run((0.0, 0.0, 0.0), 1, bend, lr=-0.1), cost=bowl(bend)).legend.startswith(
        "the cost grows"
    )


def test_an_update_of_0_has_no_way_to_be_drawn() -> None:
    assert "the weights stay" in Drawn(Slice, bowl_run((1.0, 1.0, 1.0), 1, (1.0,) * 3)).text


def test_each_weight_has_its_line_with_its_name_and_value() -> None:
    drawn = Drawn(WeightsByEpoch, bowl_run((0.0, 3.0), 5, (2.0, 2.0)))
    assert "W 0.672" in drawn.text
    assert "b 1.655" in drawn.text


@pytest.mark.parametrize(
    ("weights", "plots"),
    [
        (1, (Curve, Costs, Fit)),
        (2, (Contours, Costs, Fit)),
        (4, (Slice, WeightsByEpoch, Costs, Fit)),
        (7850, (Slice, WeightsByEpoch, Costs, Fit)),
    ],
)
def test_the_plots_suit_the_number_of_weights(weights: int, plots: tuple[type[Panel], ...]) -> None:
    assert plots_for(weights) == plots


# by epoch, and the runs beside


def test_where_the_lr_was_turned_the_costs_have_a_mark() -> None:
    descent = descent_at(3)
    assert "lr" not in Drawn(Costs, descent).title
    turned = complete(descent.with_knobs(descent.knobs.with_lr(Lr.at(0.12))))
    drawn = Drawn(Costs, complete(turned.goto(Tick(6, 0))))
    assert drawn.title == "2 cost by epoch (log), ↑↓ lr turned"
    assert drawn.text.count("↑") == 1
    assert "↑" not in Drawn(Costs, complete(turned.goto(Tick(2, 0)))).text


def test_the_previous_run_and_a_kept_one_lie_beside_with_their_marks() -> None:
    kept = descent_at(8).keep("first")
    home = complete(kept.goto(Tick(0, 0)))
    turned = complete(home.with_knobs(home.knobs.with_lr(Lr.at(0.02))))
    again = complete(turned.goto(Tick(5, 0)))
    restarted = complete(complete(again.restarted(again.knobs.with_lr(Lr.at(0.05)))).goto(Tick(3, 0)))
    drawn = Drawn(Costs, restarted)
    assert drawn.legend.split() == ["◌", "previous", "run", "▲", "first"]
    assert "◌" in drawn.text
    assert "▲" in drawn.text
    curve = Drawn(Curve, restarted)
    assert curve.text.count("▲") == 1
    assert "◌" in curve.text


# the data


def test_a_straight_hypothesis_reaches_the_rims_and_another_one_is_drawn_as_it_is() -> None:
    descent = descent_at(2)
    assert descent.current_trace is not None
    straight = Drawn(Fit, descent)
    assert straight.text.count("×") == 3
    assert straight.rows[-2][3] != " "
    bent = replace(descent.current_trace, hypothesis=((0.1,), (2.5,), (2.6,)))
    assert Drawn(Fit, replace(descent, traces=(bent,))).rows[-2][3:6] == "   "


def test_a_program_without_a_table_says_so() -> None:
    assert "no table" in Drawn(Fit, bowl_run((0.0, 0.0), 1, (1.0, 1.0))).text


# the gradient


def with_gradient(line: str) -> Knobs:
    program = Program.read("weight_manual")
    number = next(each.number for each in program.lines if each.name == "gradient")
    return Knobs(program.with_statement(number, f"gradient = {line}"))


@pytest.mark.parametrize(
    ("knobs", "total"),
    [
        (Knobs.of(), "gradient = sum = +5.600, 1.5 x the true gradient"),
        (Knobs.of(method=Method.OPTIM), "W.grad = 2/m x sum = +3.733"),
        (with_gradient("torch.mean((W * x_train - y_train) * x_train)"), "gradient = 1/m x sum"),
    ],
)
def test_the_factor_between_the_sum_of_the_points_and_the_gradient_is_shown(knobs: Knobs, total: str) -> None:
    drawn = Drawn(Gradient, descent_at(2, knobs=knobs), (70, 8))
    assert drawn.title == "4 gradient by point"
    assert total in drawn.rows[-1]


def test_the_columns_come_with_their_lines() -> None:
    columns = [len(Drawn(Gradient, descent_at(1, line), (70, 8)).rows[1].split()) for line in (1, 2, 3)]
    assert columns == [3, 4, 5]


def test_another_gradient_stands_by_parameter_with_autograds_beside() -> None:
    descent = descent_at(2)
    clamped = tuple(replace(trace, gradient=(-1.0,), true_gradient=(2.5,)) for trace in descent.traces)
    measured = replace(descent.measured or Measured(), gradient_ratio=float("nan"))
    drawn = Drawn(Gradient, replace(descent, traces=clamped, measured=measured), (70, 8))
    assert drawn.title == "4 gradient by parameter"
    assert drawn.rows[0].split() == ["value", "gradient", "by", "autograd", "update"]
    assert drawn.rows[1].split()[:4] == ["W", "1.400", "-1.000", "2.500"]
    assert drawn.rows[2].startswith("gradient; the true gradient: +2.500")


def test_many_weights_stand_as_parameters_with_their_sizes() -> None:
    run = bowl_run((0.0,) * 8, 1, (1.0,) * 8)
    big = Slot("layer", (2, 4))
    opened = Opened(run.knobs.program, run.log.start, (big,), (), Table())
    drawn = Drawn(Gradient, replace(run, opened=opened), (70, 6))
    assert drawn.rows[0].split() == ["|value|", "|gradient|", "|update|", "update/value"]
    assert drawn.rows[1].split()[:2] == ["layer", "2x4"]
