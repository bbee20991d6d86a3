"""cost along the update, for more weights than can be drawn: the plot of one weight, on the way of one epoch."""

from math import isfinite

from core.descent import Descent
from core.language import _
from core.program import Phase
from core.state import EpochTrace, Weights
from tui.drawing.charts import Point
from tui.drawing.scale import round_up
from tui.drawing.text import Row
from tui.panels.plot import CostPlot, curve_chart, draw_now, draw_tangent, least, spread

PROBES = (0.0, *(2.0**power for power in range(-8, 11)))
"""How many updates far the cost is asked for first, to find where it is least."""

MOST_POINTS = 120

MOST_NUMBERS = 160_000
"""How many numbers the points may have altogether: more would keep the keys waiting."""


class Slice(CostPlot):
    """The cost where the weights are, after the update, and beyond; along the axis 1 is this update."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.set_title(_("1 cost along the update  ● now ╌ tangent + least"))
        descent = self.descent
        trace = descent.trace or descent.current_trace
        if trace is None or not trace.w:
            return []
        if (why := _why_not(trace)) or len(trace.w) * len(PROBES) > MOST_NUMBERS:
            return [((why or _("too many weights to measure the cost along the update"), "dim"),)]
        curve = self._curve(trace)
        x = (curve[0][0], curve[-1][0]) if curve else (-0.5, 2.0)
        chart = curve_chart(x, curve, (trace.cost,), width, height).copy()
        if trace.true_gradient and (descent.trace is None or descent.has_run(Phase.GRADIENT)):
            rise = sum(g * (b - a) for g, a, b in zip(trace.true_gradient, trace.w, trace.w_next, strict=True))
            draw_tangent(chart, (0.0, trace.cost), rise)
        lowest = least(curve)
        self.set_legend(((_sentence(lowest[0], curve), "dim"),) if lowest else ())
        if lowest:
            chart.mark(lowest, "+", "good")
        if descent.has_run(Phase.UPDATE):
            chart.arrow(0.0, 1.0, trace.cost, "arrow")
            chart.mark((0.0, trace.cost), "○", "trail")
        draw_now(chart, _now(descent, trace, curve))
        return chart.rows()

    def _curve(self, trace: EpochTrace) -> tuple[Point, ...]:
        """The costs from a little before the weights to beyond where they are least; empty while they are not known."""
        probed = self.costs(_points(trace, PROBES))
        if probed is None:
            return ()
        costs = [cost if isfinite(cost) else float("inf") for cost in probed]
        high = round_up(2 * max(1.0, PROBES[costs.index(min(costs))]))
        count = min(MOST_POINTS, MOST_NUMBERS // len(trace.w))
        places = spread(-high / 4, high, count, 0.0, 1.0)
        found = self.costs(_points(trace, places))
        return tuple(zip(places, found, strict=True)) if found else ()


def _why_not(trace: EpochTrace) -> str:
    if not all(map(isfinite, (*trace.w, *trace.w_next))):
        return _("the weights are no finite numbers")
    return _("the update is 0: the weights stay") if trace.w == trace.w_next else ""


def _now(descent: Descent, trace: EpochTrace, curve: tuple[Point, ...]) -> Point:
    """Where the run is: after the update its cost is that of the next epoch, or the curve's."""
    if not descent.has_run(Phase.UPDATE):
        return 0.0, trace.cost
    return 1.0, dict(curve).get(1.0, descent.log.cost(trace.epoch + 1) if trace.epoch + 1 < len(descent.log) else 0.0)


def _points(trace: EpochTrace, places: tuple[float, ...]) -> tuple[Weights, ...]:
    update = [after - before for before, after in zip(trace.w, trace.w_next, strict=True)]
    return tuple(tuple(w + place * step for w, step in zip(trace.w, update, strict=True)) for place in places)


def _sentence(least_at: float, curve: tuple[Point, ...]) -> str:
    """How far it is to the least cost on this way."""
    if least_at >= curve[-1][0]:
        return _("the cost still falls at {times:,.0f} x this update").format(times=least_at)
    if least_at <= 0:
        return _("the cost grows along this update")
    return _("least cost at {times} x this update").format(times=f"{least_at:.3g}")
