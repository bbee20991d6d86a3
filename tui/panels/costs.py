"""cost by epoch, on a log axis where that helps."""

from functools import lru_cache
from math import isfinite

from textual.events import Click

from core.descent import Descent
from core.language import _
from tui.drawing.charts import Chart, Point, Scale, round_up
from tui.drawing.rows import Row
from tui.panels.panel import Panel
from tui.study.others import Other, last_epoch_drawn, legend, others_of

LOG_FROM = 100.0
"""A log axis helps once the largest cost is this many times the smallest."""

TALLEST = 1e3
"""Costs of other runs are drawn up to so many times the largest of the present run, for it not to be flattened."""


class Costs(Panel):
    """The whole run in one picture; a long one is sampled, an epoch a column."""

    def draw(self, width: int, height: int) -> list[Row]:
        points = self._points(width)
        chart = _chart(self.descent, points, width, height).copy()
        self.entitle(_("2 cost by epoch (log)") if chart.y.log else _("2 cost by epoch"))
        self.explain(legend(others_of(self.descent), width))
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
        chart = _chart(self.descent, self._points(width), width, height)
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


def _chart(descent: Descent, points: list[Point], width: int, height: int) -> Chart:
    """The axes for these costs, with the other runs on them."""
    others = others_of(descent)
    until = last_epoch_drawn(descent, others)
    costs = [cost for _, cost in points if isfinite(cost)]
    tallest = TALLEST * (max(costs, default=0.0) or 1.0)
    costs += [cost for other in others for _epoch, cost in _costs(other, until, width) if cost <= tallest]
    high = round_up(max(costs, default=1.0) or 1.0)
    positive = [cost for cost in costs if cost > 0]
    log = bool(positive) and max(positive) >= LOG_FROM * min(positive)
    low = max(round_up(min(positive)) / 10, 1e-12 * min(high, costs[0]), 1e-45) if log else 0.0
    return _with_others(others, Scale(0, until), Scale(low, high, log), width, height)


@lru_cache(maxsize=2)
def _with_others(others: tuple[Other, ...], x: Scale, y: Scale, width: int, height: int) -> Chart:
    """The axes and the other runs: the part of the picture that a step does not change."""
    chart = Chart(width, height, x, y)
    for other in others:
        other.trace(chart, _costs(other, x.high, width))
    return chart


@lru_cache(maxsize=16)
def _costs(other: Other, until: float, width: int) -> list[Point]:
    return [(float(epoch), other.tape.cost(epoch)) for epoch in other.epochs(until, until / max(1, width))]
