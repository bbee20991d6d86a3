"""What the plots of the cost share: costs from the program's own lines, and limits that stay while stepping."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, cast

from core.state import Weights
from tui.drawing.charts import Chart, Point
from tui.drawing.scale import Scale, round_up
from tui.panels.overlays import wider
from tui.panels.panel import Panel

if TYPE_CHECKING:
    from tui.stepper import Stepper

LARGEST = 1e37
"""No axis reaches farther: float32 ends a little beyond."""


class CostPlot(Panel):
    """A plot of the program's own cost at other weights than those of the run."""

    def costs(self, points: tuple[Weights, ...]) -> Weights | None:
        """The cost at each of the points; None while they are not known: the plot is drawn again when they are."""
        return cast("Stepper", self.screen).slices.costs(self.descent, points)

    @property
    def minimum(self) -> Weights | None:
        """Where the program's own cost is least, if that was found."""
        measured = self.descent.measured
        found = measured.minimum if measured else None
        return found if found and all(map(isfinite, found)) else None


def limits(values: Iterable[float], centre: float | None, beside: Iterable[float] = ()) -> tuple[float, float]:
    """The same round number on both sides of a centre, so that the values lie inside; `beside` are other runs'.

    Without a centre a round number near the middle of the values is one.
    """
    finite = [value for value in values if isfinite(value)] or [0.0]
    if centre is None:
        middle, spread = (min(finite) + max(finite)) / 2, round_up((max(finite) - min(finite)) / 2)
        centre = round(middle / spread) * spread
    else:
        centre = float(f"{centre:.6g}")  # measured at another place its last digits differ
    reach = wider(max(abs(value - centre) for value in finite), centre, beside)
    half = round_up(min(1.2 * reach or 1.0, LARGEST), (1, 1.5, 2, 3, 5, 7))
    return centre - half, centre + half


def spread(low: float, high: float, count: int, *more: float) -> tuple[float, ...]:
    """Places equally far apart from low to high, and more of them where something is to be seen exactly."""
    places = {low + (high - low) * index / (count - 1) for index in range(count)}
    return tuple(sorted({*places, *(place for place in more if low <= place <= high)}))


@lru_cache(maxsize=8)
def curve_chart(
    x: tuple[float, float], curve: tuple[Point, ...], costs: tuple[float, ...], width: int, height: int
) -> Chart:
    """The axes and the curve alone, which a step does not change; where there is no curve yet, axes for `costs`."""
    finite = [cost for cost in ([cost for _place, cost in curve] or costs) if isfinite(cost)] or [0.0, 1.0]
    room = 0.0 if max(finite) > min(finite) else 0.1
    chart = Chart(width, height, Scale(*x), Scale.around(finite, room).stretched(height - 1))
    chart.line(curve, "curve")
    return chart


def draw_tangent(chart: Chart, point: Point, slope: float) -> None:
    """The straight line through a point."""
    chart.straight(lambda x: point[1] + slope * (x - point[0]), "line", dashed=True)


def draw_now(chart: Chart, point: Point) -> None:
    """● where the run is; where that is outside, ◀ or ▶ at the rim, or ● at the top."""
    x, y = point
    if not isfinite(x):
        return
    place = min(max(x, chart.x.low), chart.x.high), min(max(y, chart.y.low), chart.y.high) if y == y else chart.y.high
    chart.mark(place, "●" if place[0] == x else "▶" if x > place[0] else "◀", "point")


def least(curve: Sequence[Point]) -> Point | None:
    """The lowest point of a curve, by the parabola through its lowest one and the two beside; None for no curve."""
    finite = [point for point in curve if isfinite(point[1])]
    if not finite:
        return None
    index = min(range(len(finite)), key=lambda each: finite[each][1])
    if not 0 < index < len(finite) - 1:
        return finite[index]
    (x0, y0), (x1, y1), (x2, y2) = finite[index - 1 : index + 2]
    left, right = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    bend = (right - left) / (x2 - x0)
    return ((x0 + x1) / 2 - left / (2 * bend), y1) if bend > 0 else (x1, y1)
