"""The gradient written out: over the rows of the table where it is made of their errors, else over the parameters."""

from collections.abc import Sequence
from math import fsum, hypot, isfinite, nan

from rich.cells import cell_len

from core.descent import Descent
from core.float32 import float32
from core.language import N_, _, ngettext
from core.program import Method, Phase
from core.state import EpochTrace, Opened, Table, Weights
from tui.drawing.formatting import fit, format_signed, format_weight
from tui.drawing.text import Row, left, right, truncate
from tui.panels.panel import Panel
from tui.safe_text import safe_text

WIDE = (("x", 9), ("y", 9), ("H(x)", 12), ("H(x) - y", 14), ("(H(x) - y) x", 18))
NARROW = (("x", 3), ("y", 3), ("H(x)", 8), (N_("error"), 8), (N_("times x"), 8))
"""Headings and widths of the table by point; error is H(x) - y."""

ROUNDING = 1e-4
"""Numbers that differ by less than this share differ by float32's rounding."""

COLUMNS = (
    (N_("value"), 11),
    (N_("gradient"), 12),
    (N_("by autograd"), 13),
    (N_("update"), 12),
    (N_("update/value"), 14),
)
"""Headings and widths of the table by parameter."""


class Gradient(Panel):
    """The table behind the gradient. Its products are float32, bit for bit what torch's own line multiplies."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        opened = descent.opened
        trace = descent.trace or descent.current_trace
        if opened is None or trace is None:
            self.set_title(_("4 gradient"))
            return []
        factor = gradient_factor(descent, opened.table)
        if factor and opened.table.inputs == 1:
            self.set_title(_("4 gradient by point"))
            return self._by_point(opened, trace, factor, width, height)
        self.set_title(_("4 gradient by parameter"))
        return self._by_parameter(opened, trace, factor, width, height)

    @property
    def _total_style(self) -> str:
        return "lit" if self.descent.phase is Phase.GRADIENT else "accent"

    # one input: a row a point

    def _by_point(self, opened: Opened, trace: EpochTrace, factor: str, width: int, height: int) -> list[Row]:
        table = opened.table
        columns = WIDE if sum(size for _heading, size in WIDE) <= width else NARROW
        shown = table.rows if table.rows <= height - 2 else max(1, height - 3)
        rows: list[Row] = [(("".join(right(_(heading), size) for heading, size in columns), "dim"),)]
        for index in range(shown):
            cells = zip(self._cells(table, trace, index), columns, strict=False)
            text = "".join(fit(value, text, size).rjust(size) for (value, text), (_heading, size) in cells)
            rows.append(((text, "text"),))
        if more := table.rows - shown:
            sentence = ngettext("… and {count:,} more row", "… and {count:,} more rows", more)
            rows.append(((sentence.format(count=more), "dim"),))
        totals = self._totals(opened, trace, factor)
        total = next((text for text in totals if cell_len(text) <= width), totals[-1])
        return [*rows, ((right(total, sum(size for _heading, size in columns)), self._total_style),)]

    def _cells(self, table: Table, trace: EpochTrace, index: int) -> list[tuple[float, str]]:
        """The numbers of a row and how they are written, as far as the phases have come."""
        x, y, hypothesis = table.x[index][0], table.y[index][0], trace.hypothesis[index][0]
        error = float32(hypothesis - y)
        product = float32(error * x)
        cells = [(x, f"{x:g}"), (y, f"{y:g}")]
        computed = [(hypothesis, format_weight(hypothesis)), (error, format_signed(error))]
        computed.append((product, format_signed(product)))
        phases = (Phase.HYPOTHESIS, Phase.COST, Phase.GRADIENT)
        return cells + [cell for cell, phase in zip(computed, phases, strict=True) if self.descent.has_run(phase)]

    def _totals(self, opened: Opened, trace: EpochTrace, factor: str) -> tuple[str, ...]:
        """How the gradients are made of the last columns, and what ran; shorter ways come later."""
        names = _gradient_names(self.descent, opened)
        if not self.descent.has_run(Phase.GRADIENT):
            sentences = (_("{name} = {form} of the last column"), _("{name} = {form} of the one before it"))
            texts = [text.format(name=name, form=factor) for name, text in zip(names, sentences, strict=False)]
            return "   ".join(texts), "   ".join(f"{name} = {factor}" for name in names)
        values = [format_signed(value) for value in trace.gradient or ()]
        excess = _excess(self.descent, trace, factor)
        pairs = list(zip(names, values, strict=False))
        long = "   ".join(f"{name} = {factor} = {value}" for name, value in pairs)
        short = "   ".join(f"{name} = {value}" for name, value in pairs)
        shortest = "  ".join(f"{name} {value}" for name, value in zip(opened.names, values, strict=False))
        return f"{long}{excess}", long, f"{short}{excess}", short, shortest

    # otherwise: a row a weight, or a parameter where there are too many

    def _by_parameter(
        self, opened: Opened, trace: EpochTrace, factor: str | None, width: int, height: int
    ) -> list[Row]:
        descent, single = self.descent, len(opened.names) < height
        names = list(opened.names) if single else [f"{slot.name} {_shape(slot.shape)}" for slot in opened.weights]
        has_gradient, excess = descent.has_run(Phase.GRADIENT), _excess(descent, trace, factor)
        update = tuple(after - before for before, after in zip(trace.w, trace.w_next, strict=True))
        value, gradient, true, added = (
            _column(opened, values, single)
            for values in (
                trace.w,
                trace.gradient if has_gradient else None,
                trace.true_gradient if has_gradient and (excess or trace.gradient is None) else None,
                update if descent.has_run(Phase.UPDATE) else None,
            )
        )
        share = [] if single else [_share(*pair) for pair in zip(added, value, strict=False)]
        start = min(24, max(5, *map(cell_len, names)) + 1)
        heading, lines, used = " " * start, [left(truncate(safe_text(name), start - 1), start) for name in names], start
        for (title, size), texts in zip(COLUMNS, (value, gradient, true, added, share), strict=True):
            if texts and used + size <= width:
                used += size
                heading += right(_(title) if single or texts is share else f"|{_(title)}|", size)
                lines = [line + right(text, size) for line, text in zip(lines, texts, strict=True)]
        more = len(lines) - (height - 2)
        if more > 0:
            lines[height - 3 :] = [_("… {count} more").format(count=more + 1)]
        rows: list[Row] = [((heading, "dim"),), *(((line, "text"),) for line in lines)]
        text = self._how(opened, trace, factor, excess if has_gradient else "")
        return [*rows, ((truncate(text, width), self._total_style),)] if text else rows

    def _how(self, opened: Opened, trace: EpochTrace, factor: str | None, excess: str) -> str:
        """What the gradient is made of, as far as that was found, and how it compares with autograd's."""
        if trace.gradient is None:
            return _("this program has no gradient that could be found")
        name = _gradient_names(self.descent, opened)[0] if len(opened.weights) == 1 or factor else _("gradient")
        if factor:
            return _("{name} = {form} of (H(x) - y) times the input").format(name=name, form=factor) + excess
        return f"{name}{excess}" if excess else ""


def gradient_factor(descent: Descent, table: Table) -> str | None:
    """What makes the gradient that ran of the sums of (H(x) - y) x: 'sum' itself, or '2/m x sum', '1/m x sum'.

    None where nothing of it does, or where not all rows are known. At a minimum all sums are 0: the epochs that were
    looked at before tell, and the measured ratio to autograd's gradient.
    """
    rows = table.rows
    if not table.x or len(table.x) != rows or len(table.y[0]) != 1:
        return None
    forms = {"sum": 1.0, "2/m x sum": 2 / rows, "1/m x sum": 1 / rows, "2 x sum": 2.0}
    traces = [trace for trace in descent.traces if trace.program.same_lines(descent.knobs.program)]
    fitting = [form for form, factor in forms.items() if all(_is_sum(trace, table, factor) for trace in traces)]
    ratio = descent.measured.gradient_ratio if descent.measured else 0.0
    if ratio > 0:  # nan is not; the mean of squares has 2/m times the sum
        fitting.sort(key=lambda form: abs(forms[form] * rows / 2 - ratio))
    return fitting[0] if traces and fitting else None


def _is_sum(trace: EpochTrace, table: Table, factor: float) -> bool:
    """Whether each part of the gradient is this many times the sum of the errors times its input, or 1 for a bias."""
    gradient, hypothesis = trace.gradient, trace.hypothesis
    if gradient is None or len(hypothesis) != table.rows or len(hypothesis[0]) != 1:
        return False
    if len(gradient) not in (table.inputs, table.inputs + 1):
        return False
    errors = [row[0] - y[0] for row, y in zip(hypothesis, table.y, strict=True)]
    for index, value in enumerate(gradient):
        inputs = [row[index] if index < table.inputs else 1.0 for row in table.x]
        products = [error * x for error, x in zip(errors, inputs, strict=True)]
        size = sum(map(abs, products))
        if isfinite(size) and isfinite(value) and abs(value - factor * fsum(products)) > ROUNDING * factor * size:
            return False
    return True


def gradient_ratio(trace: EpochTrace) -> float | None:
    """How many times autograd's gradient the one that ran is; None where it is no multiple of it, or both are 0."""
    ran, true = trace.gradient, trace.true_gradient
    if ran is None or true is None or not (square := fsum(t * t for t in true)) or not isfinite(square):
        return None
    ratio = fsum(g * t for g, t in zip(ran, true, strict=True)) / square
    off = hypot(*(g - ratio * t for g, t in zip(ran, true, strict=True)))
    return ratio if off <= ROUNDING * hypot(*ran) else None


def _excess(descent: Descent, trace: EpochTrace, factor: str | None) -> str:
    """How the gradient that ran compares with autograd's gradient of the program's own cost; nothing where alike."""
    ran, true = trace.gradient, trace.true_gradient
    if ran is None or true is None or ran == true:
        return ""
    measured = descent.measured.gradient_ratio if descent.measured else nan
    ratio = measured if isfinite(measured) else gradient_ratio(trace)
    # of two numbers one is always some multiple of the other
    if ratio is not None and (factor or len(true) > 1 or isfinite(measured)):
        return "" if abs(ratio - 1) <= ROUNDING else _(", {times} x the true gradient").format(times=f"{ratio:.4g}")
    few = " ".join(map(format_signed, true)) if len(true) <= 3 else f"|{format_weight(hypot(*true))}|"
    return "; " + _("the true gradient: {true}").format(true=few)


def _gradient_names(descent: Descent, opened: Opened) -> tuple[str, ...]:
    """What the gradients are called in the program."""
    program = descent.knobs.program
    written = dict(program.gradients) if program.method is Method.MANUAL else {}
    return tuple(written.get(slot.name, f"{slot.name}.grad") for slot in opened.weights)


def _column(opened: Opened, values: Weights | None, single: bool) -> list[str]:
    if values is None:
        return []
    if single:
        return [format_weight(value) for value in values]
    return [format_weight(hypot(*opened.part(slot.name, values))) for slot in opened.weights]


def _share(update: str, value: str) -> str:
    return f"{float(update) / float(value):.2g}" if float(value) else "–"


def _shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))
