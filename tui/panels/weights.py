"""Each weight by epoch; where they are too many to be kept, the sizes of gradient and update."""

from functools import lru_cache
from math import isfinite

from core.language import _
from tui.drawing.charts import Chart, Point
from tui.drawing.formatting import format_weight
from tui.drawing.scale import Scale
from tui.drawing.text import Row
from tui.panels.costs import sampled_epochs
from tui.panels.overlays import CLIP, Overlay, last_epoch_drawn, legend, weight_overlays
from tui.panels.panel import Panel

STYLES = ("curve", "line", "trail", "arrow", "accent", "text")

MOST_LINES = 16
"""At most this many lines of other runs are drawn; where there are more, the runs kept first have none."""


class WeightsByEpoch(Panel):
    """A line for every weight over the whole run, with its name and its value at the end."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent, log = self.descent, self.descent.log
        epochs = sampled_epochs(descent, width)
        if not epochs:
            return []
        kept = bool(log.w(epochs[-1]))
        self.set_title(_("6 each weight by epoch") if kept else _("6 sizes of gradient and update by epoch"))
        names, columns = descent.names, [log.w(epoch) for epoch in epochs]
        if not kept:
            names = ("|gradient|", "|update|")
            columns = [(log.gradient_size(epoch), log.update_size(epoch)) for epoch in epochs]
        paths = list(zip(*columns, strict=True))
        runs = weight_overlays(descent)[-max(1, MOST_LINES // len(paths)) :] if kept else ()
        self.set_legend(legend(runs, width))
        until = last_epoch_drawn(descent, runs)
        minimum = descent.measured.minimum if descent.measured else None
        values = [0.0, *(value for path in paths for value in path if isfinite(value))]
        reach = CLIP * max(map(abs, (*values, *(minimum or ()))))
        beside = [value for run in runs for path in _paths(run, until, width) for _epoch, value in path]
        y = Scale.around([*values, *(value for value in beside if abs(value) <= reach)]).stretched(height - 1)
        chart = Chart(width, height, Scale(0, until), y)
        for run in runs:
            for points in _paths(run, until, width):
                run.draw(chart, points)
        styles = [STYLES[index % len(STYLES)] for index in range(len(paths))]
        for path, style in zip(paths, styles, strict=True):
            chart.line(list(zip(map(float, epochs), path, strict=True)), style)
        for name, path, style in zip(names, paths, styles, strict=False):
            chart.text((float(epochs[-1]), path[-1]), f"{name} {format_weight(path[-1])}", style)
        return chart.rows()


@lru_cache(maxsize=16)
def _paths(run: Overlay, until: float, width: int) -> list[list[Point]]:
    """The line of each weight of another run."""
    epochs = run.epochs(until, until / max(1, width))
    columns = zip(*(run.w(epoch) for epoch in epochs), strict=True)
    return [list(zip(map(float, epochs), column, strict=True)) for column in columns]
