"""cost by epoch, on a log axis where that helps."""

from functools import lru_cache
from itertools import pairwise
from math import isfinite

from textual.events import Click

from core.descent import Descent
from core.language import _
from tui.drawing.charts import Chart, Point
from tui.drawing.scale import Scale, round_up
from tui.drawing.text import Row
from tui.panels.overlays import Overlay, last_epoch_drawn, legend, overlays
from tui.panels.panel import Panel

LOG_FROM = 100.0
"""A log axis helps once the largest cost is this many times the smallest."""

TALLEST = 1e3
"""Costs of other runs are drawn up to this many times the largest of the present run, for it not to be flattened."""


class Costs(Panel):
    """The whole run in one plot; a long one is sampled, an epoch a column."""

    def draw(self, width: int, height: int) -> list[Row]:
        points = self._points(width)
        chart = _axes(self.descent, points, width, height)
        turns = _lr_turns(self.descent)
        title = _("2 cost by epoch (log)") if chart.y.log else _("2 cost by epoch")
        self.set_title(title + _(", ↑↓ lr turned") if turns else title)
        runs = overlays(self.descent)
        self.set_legend(legend(runs, width))
        for run in runs:
            run.draw(chart, _costs(run, chart.x.high, width))
        chart.line(points, "curve")
        for point in points if len(points) <= width // 3 else points[-1:]:
            chart.mark(point, "○", "trail")
        for epoch, arrow in turns:
            chart.mark((float(epoch), self.descent.log.cost(epoch)), arrow, "arrow")
        if points:
            chart.mark(points[-1], "●", "point")
        return chart.rows()

    def _points(self, width: int) -> list[Point]:
        return [(float(epoch), self.descent.log.cost(epoch)) for epoch in sampled_epochs(self.descent, width)]

    async def on_click(self, event: Click) -> None:
        """A click goes to the epoch below it."""
        offset = event.get_content_offset(self)
        width, height = self.content_size
        chart = _axes(self.descent, self._points(width), width, height)
        if offset is None or not chart.columns or offset.x < chart.gutter:
            return
        epoch = round(chart.column_value(offset.x - chart.gutter))
        if 0 <= epoch < len(self.descent.log):
            await self.run_action(f"screen.goto_epoch({epoch})")


def sampled_epochs(descent: Descent, width: int) -> list[int]:
    """The epochs up to now, or one for each column where they are more; now is always among them."""
    last = min(descent.epoch, len(descent.log) - 1)
    every = max(1, round(round_up(max(10, last)) / max(1, width)))
    return [*range(0, last, every), last] if last >= 0 else []


def _lr_turns(descent: Descent) -> list[tuple[int, str]]:
    """(epoch, ↑ or ↓) wherever the run continued with a larger or a smaller lr, up to now."""
    log = descent.log
    starts = [start for start, _knobs in log.segments if start <= descent.epoch]
    turns = ((epoch, log.lr(before), log.lr(epoch)) for before, epoch in pairwise(starts))
    return [(epoch, "↑" if lr > before else "↓") for epoch, before, lr in turns if lr > before or lr < before]


def _axes(descent: Descent, points: list[Point], width: int, height: int) -> Chart:
    """The axes for these costs and those of the other runs."""
    runs = overlays(descent)
    until = last_epoch_drawn(descent, runs)
    costs = [cost for _epoch, cost in points if isfinite(cost)]
    tallest = TALLEST * (max(costs, default=0.0) or 1.0)
    costs += [cost for run in runs for _epoch, cost in _costs(run, until, width) if cost <= tallest]
    positive = [cost for cost in costs if cost > 0]
    if costs and min(costs) < 0:
        return Chart(width, height, Scale(0, until), Scale.around(costs).stretched(height - 1))
    high = round_up(max(costs, default=1.0) or 1.0)
    log = bool(positive) and max(positive) >= LOG_FROM * min(positive)
    low = max(round_up(min(positive)) / 10, 1e-12 * min(high, costs[0]), 1e-45) if log else 0.0
    return Chart(width, height, Scale(0, until), Scale(low, high, log).stretched(height - 1))


@lru_cache(maxsize=16)
def _costs(run: Overlay, until: float, width: int) -> list[Point]:
    return [(float(epoch), run.log.cost(epoch)) for epoch in run.epochs(until, until / max(1, width))]
