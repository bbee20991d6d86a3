"""cost over W: the curve, the point, its tangent, the arrow of the update, and the trail of earlier points."""

from functools import lru_cache
from math import isfinite

from core.landscape import Landscape
from core.language import _
from core.listing import Phase
from tui.drawing.charts import Chart, Point, Scale, round_up
from tui.drawing.rows import Row
from tui.panels.panel import Panel
from tui.study.others import Other, legend, others_of, wider

TRAIL = 40
"""How many earlier points are drawn."""

WHOLE = 6
"""The picture of the whole reaches so many times as far from the minimum as 0 lies: in the lecture from -5 to 7."""


class Curve(Panel):
    """The point walks down the curve, which is the data's; the points on it are torch's. Zoomed, it is the whole."""

    def watch_zoomed(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(_("1 cost(W)  ● now ○ before ╌ tangent"))
        descent, land = self.descent, self.descent.landscape
        trail, others = self._trail(), others_of(descent)
        self.explain(legend(others, width))
        chart = _curve(land, *self._limits(trail, others), width, height).copy()
        shown, phase = descent.shown, descent.phase
        if shown and phase is not None and phase >= Phase.GRADIENT:
            rise = land.slope(shown.w)[0]
            chart.straight(lambda w: shown.cost + rise * (w - shown.w[0]), "line", dashed=True)
        for other in others:
            for point in self._beside(other):
                chart.mark(point, other.glyph, other.style)
        for point in trail:
            chart.mark(point, "○", "trail")
        if shown and phase is Phase.UPDATE:
            chart.arrow(shown.w[0], shown.w_next[0], shown.cost, "arrow")
        self._mark_now(chart)
        return chart.rows()

    def _mark_now(self, chart: Chart) -> None:
        """● where W is now; where that is outside, ◀ or ▶ at the rim."""
        w, now = self.descent.w[0], self.descent.cost
        point = (w, now if isfinite(now) else self.descent.landscape.cost((w,)))
        if isfinite(w) and chart.cell(point) is None:
            rim = min(max(w, chart.x.low), chart.x.high)
            chart.mark((rim, min(point[1], chart.y.high)), "▶" if w > chart.x.high else "◀", "point")
        chart.mark(point, "●", "point")

    def _trail(self) -> list[Point]:
        tape, now = self.descent.tape, self.descent.epoch
        return [(tape.w(epoch)[0], tape.cost(epoch)) for epoch in range(max(0, now - TRAIL), now)]

    def _beside(self, other: Other) -> list[Point]:
        """Where another run is: the ghost from where it was left, a kept one at the epoch of now."""
        now, last = self.descent.epoch, other.last
        epochs = range(other.since, min(last, other.since + TRAIL) + 1) if other.is_ghost else [min(now, last)]
        return [(other.tape.w(epoch)[0], other.tape.cost(epoch)) for epoch in epochs]

    def _limits(self, trail: list[Point], others: tuple[Other, ...]) -> tuple[float, float]:
        """The lecture's range of W, or one round number on both sides of the minimum that holds the run."""
        centre = self.descent.landscape.minimum[0]
        if self.zoomed:
            return centre - WHOLE * (abs(centre) or 1), centre + WHOLE * (abs(centre) or 1)
        points = [self.descent.tape.start.w[0], self.descent.w[0], *(w for w, _ in trail)]
        reach = max((abs(w - centre) for w in points if isfinite(w)), default=1.0)
        reach = wider(reach, centre, (w for other in others for w, _cost in self._beside(other)))
        half = round_up(min(1.2 * reach or 1.0, 1e37), (1, 1.5, 2, 3, 5, 7))
        return centre - half, centre + half


@lru_cache(maxsize=8)
def _curve(land: Landscape, low: float, high: float, width: int, height: int) -> Chart:
    """The axes and the curve alone: the part of the picture that a step does not change."""
    top = max(land.cost((low,)), land.cost((high,)))
    chart = Chart(width, height, Scale(low, high), Scale(0, top if isfinite(top) and top > 0 else 1.0))
    chart.function(lambda w: land.cost((w,)), "curve")
    return chart
