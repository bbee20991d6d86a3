"""How well H fits the data: the points with the line, or, for several inputs, the predicted y against the true one."""

from functools import lru_cache
from math import isfinite

from core.data import Dataset
from core.landscape import dot
from core.language import _
from core.state import Weights
from tui.drawing.charts import Chart, Scale
from tui.drawing.rows import Row
from tui.panels.panel import Panel
from tui.safe_text import safe_text
from tui.study.others import legend, others_of

POINTS = 200
"""Of a larger table so many rows are drawn, spread evenly."""

STEPS = 10
"""Of so many pieces is the line of another run, so that its marks stand where it is inside."""


class Fit(Panel):
    """The rows of the table, and H with the weights of now; with one input also H of the other runs at this epoch."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(self._title())
        return (self._line if len(self.descent.data.inputs) == 1 else self._predictions)(width, height).rows()

    def _title(self) -> str:
        data = self.descent.data
        title = _("3 data × and H(x)")
        if len(data.inputs) > 1:
            title = _("3 predicted ↑ and true → {target}").format(target=safe_text(data.target))
        if (drawn := len(_sample(data))) == len(data):
            return title
        return _("{title}, {drawn} of {count:,} rows").format(title=title, drawn=drawn, count=len(data))

    def _line(self, width: int, height: int) -> Chart:
        points = [(row[0], y) for row, y in _sample(self.descent.data)]
        x, y = (Scale.around([point[axis] for point in points]) for axis in range(2))
        chart = Chart(width, height, x, y)
        others = others_of(self.descent)
        self.explain(legend(others, width))
        for other in others:
            w = other.w(self.descent.epoch)
            places = [x.value(share / STEPS) for share in range(STEPS + 1)]
            other.trace(chart, [(place, self._hypothesis((place,), w)) for place in places])
        chart.straight(lambda x: self._hypothesis((x,), self.descent.w), "line")
        for point in points:
            chart.mark(point, "×", "point")
        return chart

    def _predictions(self, width: int, height: int) -> Chart:
        """On the line a prediction is true; the farther from it, the greater the error."""
        points = [(y, self._hypothesis(row, self.descent.w)) for row, y in _sample(self.descent.data)]
        x = Scale.around([y for y, _predicted in points])
        chart = Chart(width, height, x, Scale.around([x.low, x.high, *(p for _, p in points if isfinite(p))], room=0))
        chart.straight(lambda y: y, "line")
        for point in points:
            chart.mark(point, "×", "point")
        return chart

    def _hypothesis(self, inputs: tuple[float, ...], w: Weights) -> float:
        """H(x) in double, for drawing."""
        bias = self.descent.knobs.listing.bias
        return dot(w[:-1], inputs) + w[-1] if bias else dot(w, inputs)


@lru_cache(maxsize=4)
def _sample(data: Dataset) -> list[tuple[tuple[float, ...], float]]:
    return [(tuple(row), y) for row, y in data.rows(POINTS)]
