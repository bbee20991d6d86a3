"""The data with H(x): how well the line fits the points."""

from tui.charts import Chart, Scale, round_up
from tui.panels.panel import Panel
from tui.rows import Row


class Fit(Panel):
    """The points of the table, and H(x) = Wx with the W of now."""

    def on_mount(self) -> None:
        self.border_title = "3 data × and H(x)"

    def draw(self, width: int, height: int) -> list[Row]:
        data, w = self.descent.data, self.descent.w[0]
        top = round_up(max(map(abs, data.y)) * 1.2)
        x = Scale(min(0.0, *data.x), max(1.0, max(data.x) + 1))
        chart = Chart(width, height, x, Scale(-top if w < 0 or min(data.y) < 0 else 0, top))
        chart.straight(lambda x: w * x, "line")
        for point in zip(data.x, data.y, strict=True):
            chart.mark(point, "×", "point")
        return chart.rows()
