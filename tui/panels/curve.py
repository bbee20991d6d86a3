"""cost over W: the curve, the point, its tangent, the arrow of the update, and the trail of earlier points."""

from math import isfinite

from core.language import _
from core.program import Phase
from tui.drawing.charts import Point
from tui.drawing.text import Row
from tui.panels.overlays import Overlay, legend, weight_overlays
from tui.panels.plot import CostPlot, curve_chart, draw_now, draw_tangent, limits, spread

TRAIL = 40
"""How many earlier points are drawn."""

WHOLE = 6
"""The plot of the whole reaches this many times as far from the minimum as 0 lies: in the lecture from -5 to 7."""

MOST_POINTS = 320


class Curve(CostPlot):
    """The point walks down the curve, which the program's own lines made. Zoomed, it is the whole."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        title = _("1 {cost}({weight})  ● now ○ before ╌ tangent")
        self.set_title(title.format(cost=descent.knobs.program.cost or "cost", weight="".join(descent.names)))
        if len(descent.w) != 1 or width < 2:
            return []
        trail, runs = self._trail(), weight_overlays(descent)
        self.set_legend(legend(runs, width))
        minimum = self.minimum[0] if self.minimum else None
        low, high = self._limits(trail, runs, minimum)
        # with the minimum, so that a kink is one
        places = spread(low, high, min(2 * width, MOST_POINTS), *([] if minimum is None else [minimum]))
        costs = self.costs(tuple((w,) for w in places))
        curve = tuple(zip(places, costs, strict=True)) if costs else ()
        around = () if costs else (*(cost for _w, cost in trail), descent.cost)
        chart = curve_chart((low, high), curve, around, width, height).copy()
        trace = descent.trace
        if trace and trace.true_gradient and descent.has_run(Phase.GRADIENT):
            draw_tangent(chart, (trace.w[0], trace.cost), trace.true_gradient[0])
        if minimum is not None and descent.measured:
            chart.mark((minimum, descent.measured.min_cost), "+", "good")
        for run in runs:
            for point in self._beside(run):
                chart.mark(point, run.glyph, run.style)
        for point in trail:
            chart.mark(point, "○", "trail")
        if trace and descent.has_run(Phase.UPDATE):
            chart.arrow(trace.w[0], trace.w_next[0], trace.cost, "arrow")
        draw_now(chart, (descent.w[0], descent.cost))
        return chart.rows()

    def _trail(self) -> list[Point]:
        log, now = self.descent.log, min(self.descent.epoch, len(self.descent.log))
        return [(log.w(epoch)[0], log.cost(epoch)) for epoch in range(max(0, now - TRAIL), now)]

    def _beside(self, run: Overlay) -> list[Point]:
        """Where another run is: the ghost from where it was left, a kept one at the epoch of now."""
        now, last = self.descent.epoch, run.last
        epochs = range(run.since, min(last, run.since + TRAIL) + 1) if run.is_ghost else [min(now, last)]
        return [(run.log.w(epoch)[0], run.log.cost(epoch)) for epoch in epochs]

    def _limits(self, trail: list[Point], runs: tuple[Overlay, ...], minimum: float | None) -> tuple[float, float]:
        """The lecture's range of W, or a round one around the minimum that holds the run."""
        values = [self.descent.log.w(0)[0], self.descent.w[0], *(w for w, _cost in trail)]
        low, high = limits(values, minimum, (w for run in runs for w, _cost in self._beside(run) if isfinite(w)))
        if not self.zoomed:
            return low, high
        centre = (low + high) / 2
        return centre - WHOLE * (abs(centre) or 1), centre + WHOLE * (abs(centre) or 1)
