"""How well H fits the data: the points with the line, or, for several inputs, the predicted y against the true one."""

from math import isfinite

from core.language import _
from core.state import Table
from tui.drawing.charts import Chart, Point
from tui.drawing.scale import Scale
from tui.drawing.text import Row
from tui.panels.panel import Panel
from tui.safe_text import safe_text

STRAIGHT = 1e-4
"""Points that are off a line by less than this share of the plot's height are on it, but for rounding."""


class Fit(Panel):
    """The rows of the table, and what the program's own hypothesis says of them with the weights of now."""

    def draw(self, width: int, height: int) -> list[Row]:
        table = self.descent.opened.table if self.descent.opened else Table()
        self.set_title(_title(table))
        if not table.x or len(table.y[0]) != 1:
            return [((_("no table with one y was found in this program"), "dim"),)] if self.descent.opened else []
        trace = self.descent.current_trace
        hypothesis = [row[0] for row in trace.hypothesis if len(row) == 1] if trace else []
        if len(hypothesis) != len(table.y):
            hypothesis = []
        y = [row[0] for row in table.y]
        if table.inputs == 1:
            return _line([row[0] for row in table.x], y, hypothesis, width, height).rows()
        return _predictions(y, hypothesis, width, height).rows()


def _title(table: Table) -> str:
    title = _("3 data × and H(x)")
    if table.inputs > 1:
        title = _("3 predicted ↑ and true → {target}").format(target=safe_text(table.y_name or "y"))
    if len(table.x) == table.rows:
        return title
    return _("{title}, {drawn} of {count:,} rows").format(title=title, drawn=len(table.x), count=table.rows)


def _line(xs: list[float], ys: list[float], hypothesis: list[float], width: int, height: int) -> Chart:
    """H(x) through its values at the rows; a straight line reaches the rims."""
    y = Scale.around(ys)
    chart = Chart(width, height, Scale.around(xs), y.stretched(height - 1))
    points = sorted(zip(xs, hypothesis, strict=bool(hypothesis)))
    if points and (slope := _slope(points, y.high - y.low)) is not None:
        chart.straight(lambda x: points[0][1] + slope * (x - points[0][0]), "line")
    else:
        chart.line(points, "line")
    for point in zip(xs, ys, strict=True):
        chart.mark(point, "×", "point")
    return chart


def _slope(points: list[Point], height: float) -> float | None:
    """The slope of the straight line that the points are on; None where they are on none."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    if x0 == x1 or not isfinite(y1 - y0):
        return None
    slope = (y1 - y0) / (x1 - x0)
    off = max(abs(y0 + slope * (x - x0) - y) for x, y in points)
    return slope if off <= STRAIGHT * max(height, abs(y1 - y0)) else None


def _predictions(ys: list[float], hypothesis: list[float], width: int, height: int) -> Chart:
    """On the line a prediction is true; the farther from it, the greater the error."""
    x = Scale.around(ys)
    y = Scale.around([x.low, x.high, *hypothesis], room=0)
    chart = Chart(width, height, x, y.stretched(height - 1))
    chart.straight(lambda y: y, "line")
    for point in zip(ys, hypothesis, strict=False):
        chart.mark(point, "×", "point")
    return chart
