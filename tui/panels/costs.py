"""cost by epoch, on a log axis where that helps."""

from math import isfinite

from textual.events import Click

from core.descent import Descent
from core.language import _
from tui.charts import Chart, Point, Scale, round_up
from tui.panels.panel import Panel
from tui.rows import Row

LOG_FROM = 100.0
"""A log axis helps once the largest cost is this many times the smallest."""


class Costs(Panel):
    """The whole run in one picture; a long one is sampled, an epoch a column."""

    def draw(self, width: int, height: int) -> list[Row]:
        points = self._points(width)
        chart = _chart(points, self.descent.epoch, width, height)
        self.entitle(_("2 cost by epoch (log)") if chart.y.log else _("2 cost by epoch"))
        chart.line(points, "curve")
        for point in points if len(points) <= width // 3 else points[-1:]:
            chart.mark(point, "○", "trail")
        if points:
            chart.mark(points[-1], "●", "point")
        return chart.rows()

    def _points(self, width: int) -> list[Point]:
        return [(float(epoch), self.descent.tape.cost(epoch)) for epoch in sampled_epochs(self.descent, width)]

    async def on_click(self, event: Click) -> None:
        """A click goes to the epoch below it."""
        offset = event.get_content_offset(self)
        width, height = self.content_size
        chart = _chart(self._points(width), self.descent.epoch, width, height)
        if offset is None or not chart.columns or offset.x < chart.gutter:
            return
        epoch = round(chart.x.value((offset.x - chart.gutter + 0.5) / chart.columns))
        if epoch < len(self.descent.tape):
            await self.run_action(f"app.goto_epoch({epoch})")


def sampled_epochs(descent: Descent, width: int) -> list[int]:
    """The epochs up to now, or one for each column where they are more; now is always among them."""
    last = min(descent.epoch, len(descent.tape) - 1)
    every = max(1, round(round_up(max(10, last)) / max(1, width)))
    return [*range(0, last, every), last] if last >= 0 else []


def _chart(points: list[Point], epoch: int, width: int, height: int) -> Chart:
    """The axes for these costs."""
    costs = [cost for _, cost in points if isfinite(cost)]
    high = round_up(max(costs, default=1.0) or 1.0)
    positive = [cost for cost in costs if cost > 0]
    log = bool(positive) and max(positive) >= LOG_FROM * min(positive)
    low = max(round_up(min(positive)) / 10, 1e-12 * min(high, costs[0]), 1e-45) if log else 0.0
    return Chart(width, height, Scale(0, round_up(max(10, epoch))), Scale(low, high, log))
