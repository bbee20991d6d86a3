"""cost over two coordinates as contours: over both weights, or along the steepest direction and the flattest."""

from functools import lru_cache
from math import isfinite

from core.landscape import Plane, plane
from core.language import _
from core.listing import Phase
from tui.drawing.charts import DOTS_X, DOTS_Y, Chart, Point, Scale, round_up
from tui.drawing.rows import Row
from tui.panels.panel import Panel
from tui.study.others import Other, legend, others_of, wider

LEVELS = 5
"""How many contours there are."""

PATH = 150
"""How many epochs of the whole run are drawn, beside the last ones."""

LAST = 40
"""How many of the last epochs are drawn, and seen when zoomed."""

MARKED = 12
"""Up to so many epochs each has a mark of its own."""

ROUNDING = 1e-6
"""A path that is this much narrower than it is long is on the minimum all the way, but for rounding."""


class Contours(Panel):
    """The path of the run over the contours, the point, the gradient and the update; zoomed, of the last epochs."""

    def watch_zoomed(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        over = plane(descent.landscape, descent.names)
        self.entitle(_("1 cost: {across} →, {up} ↑").format(across=_(over.names[0]), up=_(over.names[1])))
        path = [over.of(descent.tape.w(epoch)) for epoch in self._epochs()]
        others = others_of(descent)
        self.explain(legend(others, width))
        limits = self._limits(over, path, others)
        chart = _with_others(over, others, limits, width, height).copy()
        chart.line(path, "text")
        for point in path if len(path) <= MARKED else path[-3:]:
            chart.mark(point, "○", "trail")
        chart.mark(over.centre, "+", "good")
        self._arrows(chart, over)
        chart.mark(path[-1], "●", "point")
        return chart.rows()

    def _arrows(self, chart: Chart, over: Plane) -> None:
        """lr times the gradient, and the update itself: in the lecture's program they are opposite."""
        shown, phase = self.descent.shown, self.descent.phase
        if shown is None or phase is None or phase < Phase.GRADIENT:
            return
        start, end = over.of(shown.w), over.of(shown.w_next)
        uphill = tuple(w + shown.lr * slope for w, slope in zip(shown.w, shown.gradient, strict=True))
        chart.slanted_arrow(start, over.of(uphill), "line", dashed=True)
        if phase is Phase.UPDATE:
            chart.slanted_arrow(start, end, "arrow")

    def _epochs(self) -> list[int]:
        """The epochs on the path: spread over the whole run, and each of the last ones; the last of all is now."""
        now = min(self.descent.epoch, len(self.descent.tape))
        recent = range(max(0, now - LAST), now + 1)
        return [*range(0, recent[0], max(1, recent[0] // PATH)), *recent] if not self.zoomed else [*recent]

    def _limits(self, over: Plane, path: list[Point], others: tuple[Other, ...]) -> tuple[Scale, Scale]:
        """Round numbers on both sides of the minimum that hold the path; zoomed, the last epochs and little more."""
        scales, reaches = [], [_reach(path, axis, over.centre[axis]) for axis in range(2)]
        for axis, centre in enumerate(over.centre):
            places = [point[axis] for point in path if isfinite(point[axis])]
            if self.zoomed and places:
                scales.append(Scale(*_around(min(places), max(places))))
                continue
            reach = reaches[axis] if reaches[axis] > ROUNDING * max(reaches) else max(reaches) or abs(centre) or 1.0
            reach = wider(reach, centre, (point[axis] for other in others for point in _path(over, other)))
            half = round_up(min(1.2 * reach, 1e37), (1, 1.5, 2, 3, 5, 7))
            scales.append(Scale(centre - half, centre + half))
        return scales[0], scales[1]


@lru_cache(maxsize=16)
def _path(over: Plane, other: Other) -> list[Point]:
    """The way of another run, spread over the whole of it."""
    return [over.of(other.tape.w(epoch)) for epoch in other.epochs(other.last, other.last / PATH)]


@lru_cache(maxsize=2)
def _with_others(over: Plane, others: tuple[Other, ...], limits: tuple[Scale, Scale], width: int, height: int) -> Chart:
    """The contours with the other runs over them: all that a step does not change."""
    chart = _contours(over, limits, width, height).copy()
    for other in others:
        other.trace(chart, _path(over, other))
    return chart


@lru_cache(maxsize=8)
def _contours(over: Plane, limits: tuple[Scale, Scale], width: int, height: int) -> Chart:
    """The axes and the contours alone: the part of the picture that a step does not change."""
    x, y = limits
    chart = Chart(width, height, x, y)
    wide, high = chart.columns * DOTS_X, chart.rows_high * DOTS_Y
    firsts = [x.value((dot + 0.5) / wide) for dot in range(wide)]
    seconds = [y.value((dot + 0.5) / high) for dot in range(high)]
    for level, rise in enumerate(_levels(over, x, y)):
        style = "curve" if level % 2 else "dim"
        chart.dots(((first, second) for first in firsts for second in over.second(first, rise)), style)
        chart.dots(((first, second) for second in seconds for first in over.first(second, rise)), style)
    return chart


def _levels(over: Plane, x: Scale, y: Scale) -> list[float]:
    """How much higher than the least the contours lie: each 4 times lower than the next, so half as far from the
    minimum; where that is not in the picture, at equal distances.
    """
    rises = [over.rise((x.value(i / 8), y.value(j / 8))) for i in range(9) for j in range(9)]
    top, low = max(rises), min(rises)
    if x.low <= over.centre[0] <= x.high and y.low <= over.centre[1] <= y.high:
        return [top / 2 / 4**level for level in range(LEVELS)]
    return [low + (top - low) * (level + 0.5) / LEVELS for level in range(LEVELS)]


def _reach(path: list[Point], axis: int, centre: float) -> float:
    """How far from the minimum the path gets."""
    return max((abs(point[axis] - centre) for point in path if isfinite(point[axis])), default=0.0)


def _around(low: float, high: float) -> tuple[float, float]:
    """An interval around another; around a point one of its own size, or of 1."""
    room = 0.15 * (high - low) or 0.01 * abs(low) or 1.0
    return low - room, high + room
