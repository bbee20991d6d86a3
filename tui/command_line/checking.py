"""`gradstep check`: what a table holds and what a run on it meets, on stdout."""

from collections.abc import Iterator
from math import isfinite, isnan

from rich.cells import cell_len

from core.edits import GradientForm
from core.engine.client import LocalEngine
from core.language import _, ngettext
from core.lr import Lr
from core.measured import Measured
from core.program import Method
from core.requests import Measure, Open
from core.start import start_knobs
from core.state import Opened
from core.study.table_warnings import condition_in_words, table_warnings
from core.table_reader import Source
from tui.drawing.formatting import format_lr_fraction
from tui.safe_text import safe_text


def print_check(engine: LocalEngine, source: Source, bias: bool | None, standardize: bool) -> None:
    """Print a table's rows, columns and ranges, the lr at which a run on it breaks, and what can't be learned.

    Raises RunFailed.
    """

    def measured(method: Method, form: GradientForm | None) -> tuple[Opened, Measured]:
        program = start_knobs(source, bias, method, form, standardize).program
        opened = engine.answer(Open(program))
        return opened, engine.answer(Measure(program, opened.start))

    opened, by_autograd = measured(Method.OPTIM, None)
    by_sum = measured(Method.MANUAL, GradientForm.SUM)[1]
    for line in (*_table(source, opened), *_run(source, opened, by_autograd, by_sum)):
        print(line)


def _table(source: Source, opened: Opened) -> Iterator[str]:
    rows = opened.table.rows
    sentence = ngettext("{name}: {count:,} row; {about}", "{name}: {count:,} rows; {about}", rows)
    yield sentence.format(name=safe_text(source.name), count=rows, about=safe_text(source.about))
    span, average = _("{low:.6g} to {high:.6g}"), _("mean {mean:.6g}")
    lines = [
        (safe_text(name), span.format(low=low, high=high), average.format(mean=mean))
        for name, (low, high, mean) in zip((*source.input_names, source.target_name), opened.table.ranges, strict=True)
    ]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(2)]
    for index, line in enumerate(lines, 1):
        name, reach = (text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=False))
        yield f"  {'y' if index == len(lines) else 'x'}  {name}  {reach}  {line[2]}"


def _run(source: Source, opened: Opened, by_autograd: Measured, by_sum: Measured) -> Iterator[str]:
    model = "H(X) = XW" if source.inputs > 1 else "H(x) = Wx"
    formula = " + ".join((model, *opened.program.parameters[1:]))
    if isnan(by_autograd.min_cost):  # so many weights are not measured
        yield formula
        return
    yield _("{formula}, cost at best {cost:.6g}").format(formula=formula, cost=by_autograd.min_cost)
    edge, of_sum = by_autograd.stability_limit, by_sum.stability_limit
    if isfinite(edge) and isfinite(of_sum):
        sentence = _("it breaks at lr {edge} (2 * mean, optim) or {of_sum} (sum); begin with {safe} or {safe_sum}")
        safe, safe_sum = (f"{Lr.largest_rung(lr / 2).value:g}" for lr in (edge, of_sum))
        yield sentence.format(
            edge=format_lr_fraction(edge), of_sum=format_lr_fraction(of_sum), safe=safe, safe_sum=safe_sum
        )
    yield condition_in_words(by_autograd)
    for finding in (*table_warnings(opened, by_autograd), *source.notes):
        yield _("note: {note}").format(note=safe_text(finding))
