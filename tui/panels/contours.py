"""cost over two weights as contours, with the path of the run, the gradient and the update."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import hypot, isfinite, sqrt

from core.language import _
from core.program import Phase
from core.state import Weights
from tui.drawing.charts import DOTS_X, DOTS_Y, Chart, Point
from tui.drawing.scale import Scale
from tui.drawing.text import Row
from tui.panels.overlays import Overlay, legend, weight_overlays
from tui.panels.plot import CostPlot, draw_now, limits, spread

LEVELS = 5
"""How many contours there are."""

GRID = (49, 33)
"""At how many places the cost is asked for, across and up."""

PATH = 150
"""How many epochs of the whole run are drawn, beside the last ones."""

LAST = 40
"""How many of the last epochs are drawn, and seen when zoomed."""

MARKED = 12
"""Up to this many epochs each has a mark of its own."""

ROUNDING = 1e-6
"""A path that is this much narrower than it is long is on the minimum all the way, but for rounding."""


class Contours(CostPlot):
    """The path of the run over the contours, the point, the gradient and the update; zoomed, of the last epochs."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        if len(descent.w) != 2:
            return []
        self.set_title(_("1 cost: {across} →, {up} ↑").format(across=descent.names[0], up=descent.names[1]))
        path = [_pair(descent.log.w(epoch)) for epoch in self._epochs()]
        runs = weight_overlays(descent)
        self.set_legend(legend(runs, width))
        x, y = self._limits(path, runs)
        y = y.stretched(height - 1)
        across, up = (spread(scale.low, scale.high, count) for scale, count in zip((x, y), GRID, strict=True))
        costs = self.costs(tuple((first, second) for second in up for first in across)) or ()
        chart = _contours(costs, x, y, width, height).copy()
        for run in runs:
            run.draw(chart, _path(run))
        chart.line(path, "text")
        for point in path if len(path) <= MARKED else path[-3:]:
            chart.mark(point, "○", "trail")
        if self.minimum:
            chart.mark(_pair(self.minimum), "+", "good")
        self._draw_arrows(chart)
        draw_now(chart, path[-1])
        return chart.rows()

    def _draw_arrows(self, chart: Chart) -> None:
        """The gradient that ran, drawn as long as the update, and the update: in the lecture's program opposite."""
        trace = self.descent.trace
        if trace is None or not self.descent.has_run(Phase.GRADIENT):
            return
        start, end = _pair(trace.w), _pair(trace.w_next)
        gradient = trace.gradient or trace.true_gradient
        if gradient and (size := hypot(*gradient)) and isfinite(size):
            share = hypot(end[0] - start[0], end[1] - start[1]) / size
            uphill = start[0] + share * gradient[0], start[1] + share * gradient[1]
            chart.slanted_arrow(start, uphill, "line", dashed=True)
        if self.descent.has_run(Phase.UPDATE):
            chart.slanted_arrow(start, end, "arrow")

    def _epochs(self) -> list[int]:
        """The epochs on the path: spread over the whole run, and each of the last ones; the last of all is now."""
        now = min(self.descent.epoch, len(self.descent.log))
        recent = range(max(0, now - LAST), now + 1)
        return [*range(0, recent[0], max(1, recent[0] // PATH)), *recent] if not self.zoomed else [*recent]

    def _limits(self, path: list[Point], runs: tuple[Overlay, ...]) -> tuple[Scale, Scale]:
        """Round numbers on both sides of the minimum that hold the path; zoomed, the last epochs and little more."""
        scales = []
        finite = [point for point in path if all(map(isfinite, point))] or [(0.0, 0.0)]
        spans = [max(point[axis] for point in finite) - min(point[axis] for point in finite) for axis in range(2)]
        for axis in range(2):
            places = [point[axis] for point in finite]
            if self.zoomed:
                room = 0.15 * spans[axis] or 0.01 * abs(min(places)) or 1.0
                scales.append(Scale(min(places) - room, max(places) + room))
                continue
            centre = self.minimum[axis] if self.minimum else None
            if centre is not None and max(abs(place - centre) for place in places) <= ROUNDING * max(spans):
                places = [centre + max(spans)]
            beside = (point[axis] for run in runs for point in _path(run) if isfinite(point[axis]))
            scales.append(Scale(*limits(places, centre, beside)))
        return scales[0], scales[1]


@lru_cache(maxsize=16)
def _path(run: Overlay) -> list[Point]:
    """The way of another run, spread over the whole of it."""
    return [_pair(run.w(epoch)) for epoch in run.epochs(run.last, run.last / PATH)]


@lru_cache(maxsize=4)
def _contours(costs: Weights, x: Scale, y: Scale, width: int, height: int) -> Chart:
    """The axes and the contours alone. Between the places of the grid the cost is taken as a parabola, which a mean of
    squares is exactly, so that a valley narrower than the grid is drawn, too.
    """
    chart = Chart(width, height, x, y)
    if not costs:
        return chart
    across, up = GRID
    rows = [costs[start : start + across] for start in range(0, len(costs), across)]
    levels = _levels(rows)
    wide, high = chart.columns * DOTS_X, chart.rows_high * DOTS_Y
    for dot in range(wide):
        place = (dot + 0.5) / wide
        column = [_between(row, place * (across - 1)) for row in rows]
        for crossing, style in _crossings(column, levels):
            chart.dots([(x.value(place), y.value(crossing / (up - 1)))], style)
    columns = list(zip(*rows, strict=True))
    for dot in range(high):
        place = (dot + 0.5) / high
        row = [_between(column, place * (up - 1)) for column in columns]
        for crossing, style in _crossings(row, levels):
            chart.dots([(x.value(crossing / (across - 1)), y.value(place))], style)
    return chart


def _levels(rows: Sequence[Weights]) -> list[float]:
    """The costs of the contours: above the least each 4 times lower than the next, so half as far from the minimum;
    where the least lies at the rim, and so no minimum in the plot, at equal distances.
    """
    inner = min((cost for row in rows[1:-1] for cost in row[1:-1] if isfinite(cost)), default=0.0)
    finite = [cost for row in rows for cost in row if isfinite(cost)] or [0.0]
    low, top = min(finite), max(finite)
    if inner <= low:
        return [low + (top - low) / 2 / 4**level for level in range(LEVELS)]
    return [low + (top - low) * (level + 0.5) / LEVELS for level in range(LEVELS)]


def _between(values: Sequence[float], place: float) -> float:
    """The value at a place between values, by the parabola through the nearest three."""
    index = min(max(1, round(place)), len(values) - 2)
    before, here, after = values[index - 1 : index + 2]
    away = place - index
    return here + away * (after - before) / 2 + away * away * (before - 2 * here + after) / 2


def _crossings(values: Sequence[float], levels: Sequence[float]) -> Iterator[tuple[float, str]]:
    """(place, style) wherever the parabola through three neighbours crosses a level, each in its own part."""
    last = len(values) - 2
    for index in range(1, last + 1):
        before, here, after = values[index - 1 : index + 2]
        slope, bend = (after - before) / 2, (before - 2 * here + after) / 2
        if not isfinite(bend):
            continue
        start, end = -1.0 if index == 1 else -0.5, 1.0 if index == last else 0.5
        ends = [here, here + start * (slope + start * bend), here + end * (slope + end * bend)]
        if bend and start < -slope / (2 * bend) < end:
            ends.append(here - slope * slope / (4 * bend))
        low, high = min(ends), max(ends)
        for number, level in enumerate(levels):
            if low <= level <= high:
                style = "curve" if number % 2 else "dim"
                yield from ((index + root, style) for root in _roots(bend, slope, here - level) if start <= root < end)


def _roots(a: float, b: float, c: float) -> tuple[float, ...]:
    """Where a t^2 + b t + c is 0."""
    inside = b * b - 4 * a * c
    if inside < 0:
        return ()
    q = -(b + (sqrt(inside) if b >= 0 else -sqrt(inside))) / 2  # keeps its digits where a is small
    return (*((q / a,) if a else ()), *((c / q,) if q else ()))


def _pair(values: Weights) -> Point:
    return values[0], values[1]
