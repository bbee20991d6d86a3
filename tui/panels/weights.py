"""Each weight by epoch."""

from math import isfinite

from core.language import _
from tui.charts import Chart, Scale, round_up
from tui.figures import fine
from tui.panels.costs import sampled_epochs
from tui.panels.panel import Panel
from tui.rows import Row

STYLES = ("curve", "line", "trail", "arrow", "accent", "text")


class WeightsByEpoch(Panel):
    """A line for every weight over the whole run, with its name and its value at the end."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(_("6 each weight by epoch"))
        descent = self.descent
        epochs = sampled_epochs(descent, width)
        paths = list(zip(*(descent.tape.w(epoch) for epoch in epochs), strict=True)) or [(w,) for w in descent.w]
        values = [value for path in paths for value in path if isfinite(value)]
        y = Scale.around([0.0, *values])
        chart = Chart(width, height, Scale(0, round_up(max(10, descent.epoch))), y)
        styles = [STYLES[index % len(STYLES)] for index in range(len(paths))]
        for path, style in zip(paths, styles, strict=True):
            chart.line(list(zip(map(float, epochs), path, strict=False)), style)
        for name, path, style in zip(descent.names, paths, styles, strict=True):
            chart.text((float(descent.epoch), path[-1]), f"{name} {fine(path[-1])}", style)
        return chart.rows()
