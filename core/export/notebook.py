"""A run as a Jupyter notebook: the lecture's steps as cells, with what they print and draw."""

import json
from collections.abc import Iterator, Sequence
from inspect import getsource
from itertools import pairwise
from typing import Any

from core.descent import Descent
from core.export import chart, pictures
from core.export.faults import CannotExport
from core.export.program import Program
from core.export.sentences import beginning_told, turn_told
from core.export.stretches import Stretch, stretches_of
from core.export.table_code import TableCode
from core.language import _
from core.lecture import printed_row

MOST_ROWS = 1000
"""A longer run prints only some of its epochs, for a browser has to hold what a cell prints."""

_STEPS = [digit * int(10.0**power) for power in range(12) for digit in (1, 2, 5)]

DRAWING = """\
try:
    import matplotlib.pyplot as plt
except ImportError:
    plt = None

x, y = x_train.flatten().tolist(), y_train.flatten().tolist()
for title, (across, series) in zip({titles}, pictures(history, {names}, x, y)):
    if plt:
        for name, xs, ys, mark in series:
            plt.plot(xs, ys, mark, label=name)
        plt.xlabel(across)
        if series[0][0] == "cost" and all(value > 0 for value in series[0][2]):
            plt.yscale("log")
        plt.legend()
        plt.show()
    else:
        display({{"image/svg+xml": chart(title, across, series), "text/plain": title}}, raw=True)"""
"""The cell that draws: Jupyter throws stored pictures away when it runs, so it has to draw without matplotlib too.

matplotlib is given no title: its font has no Hangul.
"""


def notebook(descent: Descent) -> Iterator[str]:
    """The notebook, as JSON; raises CannotExport."""
    try:
        from nbformat import v4, validate, writes
    except ImportError:
        raise CannotExport(_("a notebook needs nbformat: pip install 'gradstep[notebook]'")) from None
    made = v4.new_notebook(cells=[_cell(v4, *cell) for cell in _cells(descent)])
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"  # nbformat's own are random, and the same run is to be the same file
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made.metadata["language_info"] = {"name": "python"}
    validate(made)
    yield f"{writes(made)}\n"


def _cell(
    v4: Any,
    text: str | Sequence[str],
    output: str = "",
    drawn: Sequence[tuple[str, str]] = (),
    is_folded: bool = False,
) -> Any:
    """A cell of text, or of lines of code with what they have printed and drawn."""
    if isinstance(text, str):
        return v4.new_markdown_cell(text)
    outputs = [v4.new_output("stream", name="stdout", text=output)] if output else []
    for title, picture in drawn:
        data = {"image/svg+xml": picture, "text/plain": title}
        outputs.append(v4.new_output("display_data", data=data))
    folded = {"jupyter": {"source_hidden": True}} if is_folded else {}
    return v4.new_code_cell("\n".join(text), outputs=outputs, metadata=folded)


def _cells(descent: Descent) -> Iterator[tuple[Any, ...]]:
    parts, tape = stretches_of(descent), descent.tape
    program, last = Program(tape.start.w, parts), len(tape) - 1
    table = TableCode.of(descent.data)
    every, weights = _every(len(tape)), "".join(f", *{name}.flatten().tolist()" for name in parts[0].listing.parameters)
    history = f"history.append((cost.item(){weights}))"
    yield (f"# {parts[0].listing.formula}\n\n" + "\n\n".join(beginning_told(descent, parts[0])),)
    yield ([*table.imports, *program.imports()],)
    yield (f"## {_('The data')}",)
    yield (table.lines,)
    yield (f"## {_('The model')}",)
    yield ([*program.setup(0), "", f"nb_epochs = {last}", "history = []"],)
    yield (f"## {_('The epochs')}\n\n" + _("Each computes the hypothesis, its cost, the gradient and the update."),)
    if every > 1:
        yield (_("The run is long: every {every:,}th epoch is printed.").format(every=every),)
    yield (program.loop(0, history, every), _rows(descent, parts[0], every))
    for index, (before, part) in enumerate(pairwise(parts), start=1):
        yield (turn_told(before, part),)
        yield ([*program.setup(index), *program.loop(index, history, every)], _rows(descent, part, every))
    yield (f"## {_('Pictures')}\n\n" + _("matplotlib draws them where it is installed; elsewhere plain Python does."),)
    yield ((*getsource(pictures).splitlines(), "", "", *getsource(chart).splitlines()), "", (), True)
    titles, names = _titles(), list(descent.names[: len(chart.COLOURS)])
    source = DRAWING.format(titles=json.dumps(titles, ensure_ascii=False), names=json.dumps(names))
    yield source.splitlines(), "", _pictures(descent, titles, names)


def _rows(descent: Descent, part: Stretch, every: int) -> str:
    """What the loop of a stretch prints."""
    tape, last, names = descent.tape, len(descent.tape) - 1, descent.names
    epochs = (epoch for epoch in range(part.start, part.end) if epoch % every == 0 or epoch == last)
    return "".join(
        f"{printed_row(part.method, epoch, last, dict(zip(names, tape.w(epoch), strict=True)), tape.cost(epoch))}\n"
        for epoch in epochs
    )


def _titles() -> list[str]:
    return [_("cost by epoch"), _("each weight by epoch"), _("data and H(x)"), _("cost(W) and the epochs on it")]


def _pictures(descent: Descent, titles: Sequence[str], names: Sequence[str]) -> list[tuple[str, str]]:
    tape, data = descent.tape, descent.data
    history = [(tape.cost(epoch), *tape.w(epoch)) for epoch in range(len(tape))]
    drawn = zip(titles, pictures.pictures(history, names, data.x, data.y), strict=False)
    return [(title, chart.chart(title, *picture)) for title, picture in drawn]


def _every(length: int) -> int:
    """Every how many epochs a row is printed: 1, 2 or 5 times a power of ten."""
    return next(step for step in _STEPS if length <= step * MOST_ROWS)
