"""Each weight by epoch."""

from functools import lru_cache
from math import isfinite

from core.language import _
from tui.drawing.charts import Chart, Point, Scale
from tui.drawing.figures import fine
from tui.drawing.rows import Row
from tui.panels.costs import sampled_epochs
from tui.panels.panel import Panel
from tui.study.others import CLIP, Other, last_epoch_drawn, legend, others_of

STYLES = ("curve", "line", "trail", "arrow", "accent", "text")

MOST_LINES = 16
"""So many lines of other runs are drawn at the most; where there are more, the runs kept first have none."""


class WeightsByEpoch(Panel):
    """A line for every weight over the whole run, with its name and its value at the end."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(_("6 each weight by epoch"))
        descent = self.descent
        epochs = sampled_epochs(descent, width)
        paths = list(zip(*(descent.tape.w(epoch) for epoch in epochs), strict=True)) or [(w,) for w in descent.w]
        others = others_of(descent)[-max(1, MOST_LINES // len(paths)) :]
        self.explain(legend(others, width))
        until = last_epoch_drawn(descent, others)
        values = [0.0, *(value for path in paths for value in path if isfinite(value))]
        beside = [value for other in others for path in _paths(other, until, width) for _epoch, value in path]
        reach = CLIP * max(map(abs, (*values, *descent.landscape.minimum)))
        y = Scale.around([*values, *(value for value in beside if abs(value) <= reach)])
        chart = _with_others(others, Scale(0, until), y, width, height).copy()
        styles = [STYLES[index % len(STYLES)] for index in range(len(paths))]
        for path, style in zip(paths, styles, strict=True):
            chart.line(list(zip(map(float, epochs), path, strict=False)), style)
        for name, path, style in zip(descent.names, paths, styles, strict=True):
            chart.text((float(descent.epoch), path[-1]), f"{name} {fine(path[-1])}", style)
        return chart.rows()


@lru_cache(maxsize=2)
def _with_others(others: tuple[Other, ...], x: Scale, y: Scale, width: int, height: int) -> Chart:
    """The axes and the other runs: the part of the picture that a step does not change."""
    chart = Chart(width, height, x, y)
    for other in others:
        for path in _paths(other, x.high, width):
            other.trace(chart, path)
    return chart


@lru_cache(maxsize=16)
def _paths(other: Other, until: float, width: int) -> list[list[Point]]:
    """The line of each weight of another run."""
    epochs = other.epochs(until, until / max(1, width))
    columns = zip(*(other.tape.w(epoch) for epoch in epochs), strict=True)
    return [list(zip(map(float, epochs), column, strict=True)) for column in columns]
