"""The pictures of a notebook: matplotlib's code for each, from the program's own names, and what it draws."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from math import inf, isfinite
from textwrap import indent
from typing import Any

from core.descent import Descent
from core.program import Phase, Program
from core.requests import Costs
from core.state import Weights

POINTS = 101  # of the curve cost(W)
MOST_NAMED = 8  # of more weights than these none has a line


@dataclass(frozen=True)
class Picture:
    """The code of a cell: what it computes, what it draws on `axes`, and what its names hold meanwhile."""

    draws: str
    names: dict[str, Any]
    computes: str = ""

    @property
    def code(self) -> str:
        return f"{self.computes}figure, axes = plt.subplots()\n{self.draws}\naxes.legend()\nplt.show()"

    @property
    def png(self) -> str:
        """What the same lines draw here, in base64; empty without matplotlib."""
        try:
            from matplotlib.figure import Figure
        except ImportError:
            return ""
        figure, content = Figure(figsize=(5.8, 3.4)), BytesIO()
        axes = figure.subplots()
        exec(self.draws, {"axes": axes, **self.names})  # our own lines, with names that are none but identifiers
        axes.legend()
        figure.savefig(content, format="png", metadata={"Software": None})
        return b64encode(content.getvalue()).decode()


def pictures(descent: Descent, costs: Weights | None) -> Iterator[Picture]:
    """cost by epoch, the weights by epoch, with one input the data with H(x), with one weight cost(W)."""
    log, program = descent.log, _program(descent)
    history = [(log.cost(epoch), *log.w(epoch)) for epoch in range(len(log))]
    scale = ', yscale="log"' if all(0 < row[0] < inf for row in history) else ""
    draws = f'axes.plot([row[0] for row in history], label="cost")\naxes.set(xlabel="epoch"{scale})'
    yield Picture(draws, {"history": history}, "import matplotlib.pyplot as plt\n\n")
    if not all(name.isidentifier() for name in program.parameters) or not log.w(0):
        return
    if len(descent.names) <= MOST_NAMED:
        weights = enumerate(descent.names, 1)
        lines = [f'axes.plot([row[{number}] for row in history], label="{name}")' for number, name in weights]
        yield Picture("\n".join([*lines, 'axes.set(xlabel="epoch")']), {"history": history})
    table, trace = descent.opened.table if descent.opened else None, descent.trace_of(len(log) - 1)
    name = next((line.name for line in reversed(program.lines) if line.phase is Phase.HYPOTHESIS), "")
    if table and trace and table.inputs == 1 and name and table.x_name.isidentifier() and table.y_name.isidentifier():
        x, y = table.x_name, table.y_name
        draws = f'axes.plot({x}, {y}, "o", label="{y}")\naxes.plot({x}, fit, label="{name}")\naxes.set(xlabel="{x}")'
        yield Picture(draws, {x: table.x, y: table.y, "fit": trace.hypothesis}, f"fit = {name}.tolist()\n")
    if points := _points(descent):
        (name,) = program.parameters
        lines = [line.text for line in program.lines if line.phase in (Phase.HYPOTHESIS, Phase.COST)]
        body = indent("\n".join([*lines, f"return {program.cost}.item()"]), "    ")
        values = f"values = torch.linspace({points[0]!r}, {points[-1]!r}, {POINTS})"
        curve = f"curve = [cost_of(torch.full_like({name}, value)) for value in values]"
        draws = (
            f'axes.plot(values, curve, label="cost({name})")\n'
            'axes.plot([row[1] for row in history], [row[0] for row in history], "o", label="epoch")\n'
            f'axes.set(xlabel="{name}")'
        )
        names = {"history": history, "values": points, "curve": costs or [inf] * POINTS}
        yield Picture(draws, names, f"def cost_of({name}):\n{body}\n\n\n{values}\n{curve}\n")


def curve_request(descent: Descent) -> Costs | None:
    """What an engine has to answer for the curve cost(W); None where the program has several weights."""
    points = _points(descent)
    return Costs(_program(descent), descent.log.start, tuple((w,) for w in points)) if points else None


def _program(descent: Descent) -> Program:
    return descent.log.knobs(len(descent.log) - 1).program


def _points(descent: Descent) -> list[float]:
    """Where the curve is measured: around the weights of the run; nowhere where there are several."""
    log = descent.log
    if len(descent.names) != 1 or not len(log) or len(_program(descent).parameters) != 1 or not log.w(0):
        return []
    values = [log.w(epoch)[0] for epoch in range(len(log)) if isfinite(log.cost(epoch)) and isfinite(log.w(epoch)[0])]
    low, high = min(values, default=0.0), max(values, default=0.0)
    margin = (high - low) / 5 or 1.0
    return [low - margin + (high - low + 2 * margin) * step / (POINTS - 1) for step in range(POINTS)]
