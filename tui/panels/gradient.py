"""The gradient written out: over the rows of the data for one input, over the weights for several."""

from rich.cells import cell_len

from core.float32 import float32
from core.language import _, counted, marked
from core.listing import Method, Phase
from tui.drawing.figures import cell, fine, signed
from tui.drawing.rows import Row, cut, right
from tui.panels.panel import Panel
from tui.safe_text import safe_text

WIDE = (("x", 9), ("y", 9), ("H(x)", 12), ("H(x) - y", 14), ("(H(x) - y) x", 18))
NARROW = (("x", 3), ("y", 3), ("H(x)", 8), (marked("error"), 8), (marked("times x"), 8))
"""Headings and widths of the table by point; error is H(x) - y."""

BY_WEIGHT = (("", 5), (marked("times"), 16), ("W", 11), ("gradient", 13), ("update", 13))
"""Headings and widths of the table by weight; a weight's gradient is made of the errors times its input."""

SHORT = 15
"""The width of a weight with its gradient, where there are too many for a row each."""


class Gradient(Panel):
    """The table behind the gradient line. Its products are float32, bit for bit what torch's own line multiplies."""

    def draw(self, width: int, height: int) -> list[Row]:
        by_point = len(self.descent.data.inputs) == 1
        self.entitle(_("4 gradient by point") if by_point else _("4 gradient by weight"))
        if by_point:
            return self._by_point(width, height)
        if len(self.descent.names) < height and sum(size for _heading, size in BY_WEIGHT) <= width:
            return self._by_weight(height)
        return self._many_weights(width, height)

    @property
    def _has_gradient(self) -> bool:
        descent = self.descent
        return descent.lit is not None and descent.phase is not None and descent.phase >= Phase.GRADIENT

    @property
    def _total_style(self) -> str:
        return "lit" if self._has_gradient and self.descent.phase is Phase.GRADIENT else "accent"

    # one input: a row a point

    def _by_point(self, width: int, height: int) -> list[Row]:
        columns = WIDE if sum(size for _heading, size in WIDE) <= width else NARROW
        data, lit = self.descent.data, self.descent.lit
        room = height - 2
        shown = len(data) if len(data) <= room else max(1, room - 1)
        rows: list[Row] = [(("".join(right(_(heading), size) for heading, size in columns), "dim"),)]
        for index in range(shown):
            hypothesis = lit.hypothesis[index] if lit and index < len(lit.hypothesis) else None
            cells = zip(self._cells(index, hypothesis), columns, strict=False)
            rows.append(
                (("".join(cell(value, text, size).rjust(size) for (value, text), (_heading, size) in cells), "text"),)
            )
        if shown < len(data):
            more = counted("… and {count:,} more row", "… and {count:,} more rows", len(data) - shown)
            rows.append(((more.format(count=len(data) - shown), "dim"),))
        totals = self._totals()
        total = next((text for text in totals if cell_len(text) <= width), totals[-1])
        return [*rows, ((right(total, sum(size for _heading, size in columns)), self._total_style),)]

    def _cells(self, index: int, hypothesis: float | None) -> list[tuple[float, str]]:
        """The numbers of a row and how they are written, as far as the phases have come."""
        x, y = self.descent.data.x[index], self.descent.data.y[index]
        given = [(x, f"{x:g}"), (y, f"{y:g}")]
        if hypothesis is None or self.descent.phase is None:
            return given
        difference = float32(hypothesis - y)
        product = float32(difference * x)
        computed = [(hypothesis, fine(hypothesis)), (difference, signed(difference)), (product, signed(product))]
        return given + computed[: self.descent.phase + 1]

    def _totals(self) -> tuple[str, ...]:
        """How the gradients are made of the last columns, and what torch made of them; shorter ways come later."""
        descent, lit = self.descent, self.descent.lit
        form, names = self._form, self._gradient_names
        if descent.knobs.listing.unwritten(descent.knobs.method):
            return (_("the gradient line is still to be written"),)
        if self._is_own:
            return self._own_totals()
        if lit is None or not self._has_gradient:
            sentences = (_("{name} = {form} of the last column"), _("{name} = {form} of the one before it"))
            told = [told.format(name=name, form=form) for name, told in zip(names, sentences, strict=False)]
            return "   ".join(told), "   ".join(f"{name} = {form}" for name in names)
        values = [signed(value) for value in lit.gradient]
        short = "   ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))
        if len(names) > 1:
            long = "   ".join(f"{name} = {form} = {value}" for name, value in zip(names, values, strict=True))
            return long, short, "  ".join(f"{name} {value}" for name, value in zip(descent.names, values, strict=True))
        if form == "sum":
            return f"{names[0]} = sum = {values[0]}{self._excess}", short
        if len(lit.hypothesis) < len(descent.data):
            return f"{names[0]} = 2 x mean = {values[0]}", short
        points = zip(lit.hypothesis, descent.data.y, descent.data.x, strict=True)
        total = fine(sum(float32(float32(hypothesis - y) * x) for hypothesis, y, x in points))
        mean = f"2 x ({total} / {len(descent.data)}) = {values[0]}"
        return f"{names[0]} = 2 x mean = {mean}", mean, short

    def _own_totals(self) -> tuple[str, ...]:
        """What a changed line has made, beside the true gradient; shorter ways come later."""
        lit, names = self.descent.lit, self._gradient_names
        if lit is None or not self._has_gradient:
            return (f"{', '.join(names)}: {_('by a changed line')}",)
        short = "   ".join(f"{name} = {signed(value)}" for name, value in zip(names, lit.gradient, strict=False))
        true = " ".join(map(signed, self.descent.landscape.slope(lit.w)))
        return f"{short}; {_('the true gradient: {true}').format(true=true)}", short

    # several inputs: a row a weight

    def _by_weight(self, height: int) -> list[Row]:
        rows: list[Row] = [(("".join(right(_(heading), size) for heading, size in BY_WEIGHT), "dim"),)]
        rows += [
            (
                (
                    "".join(
                        right(text, size) for text, (_heading, size) in zip(self._weight(i), BY_WEIGHT, strict=True)
                    ),
                    "text",
                ),
            )
            for i in range(len(self.descent.names))
        ]
        return [*rows, ((f"{self._how}{self._excess}", self._total_style),)] if len(rows) < height else rows

    def _weight(self, index: int) -> tuple[str, ...]:
        """A weight: its name, what the errors are multiplied by, its value, gradient and update, as far as they are."""
        descent = self.descent
        times = [*map(safe_text, descent.data.inputs), *["1"] * descent.knobs.listing.bias][index]
        epoch = descent.lit
        gradient = signed(epoch.gradient[index]) if epoch and self._has_gradient else ""
        updated = epoch is not None and descent.phase is Phase.UPDATE
        update = signed(epoch.w_next[index] - epoch.w[index]) if epoch and updated else ""
        w = (epoch.w if epoch else descent.w)[index]
        return descent.names[index], cut(times, 15), fine(w), gradient, update

    def _many_weights(self, width: int, height: int) -> list[Row]:
        """The weights one beside the other, as many as there is room for; after the gradient phase their gradients."""
        epoch, names = self.descent.lit, self.descent.names
        across = max(1, width // SHORT)
        most = across * max(1, height if len(names) > across * (height - 1) else height - 1)
        phase, values = self.descent.phase if epoch else None, self.descent.w
        if epoch:
            values = epoch.gradient if phase is Phase.GRADIENT else epoch.w_next if phase is Phase.UPDATE else epoch.w
        text = signed if phase is Phase.GRADIENT else fine
        longest = max(map(len, names))
        texts = [
            f"{name.rjust(longest)} {text(values[index]):<{SHORT - longest - 1}}"
            for index, name in enumerate(names[: most if len(names) <= most else most - 1])
        ]
        texts += [_("… {count} more").format(count=len(names) - len(texts))] * (len(texts) < len(names))
        lines = ["".join(texts[start : start + across]) for start in range(0, len(texts), across)]
        rows: list[Row] = [((line, "text"),) for line in lines]
        if phase is not Phase.GRADIENT:
            told = _("the weights after the update") if phase is Phase.UPDATE else _("the weights")
            return [*rows, ((told, "dim"),)] if len(rows) < height else rows
        hows = (self._how + self._excess, self._how, _("{form} of error x input").format(form=self._form))
        how = next((how for how in hows if cell_len(how) <= width), hows[-1])
        return [*rows, ((how, self._total_style),)] if len(rows) < height else rows

    @property
    def _how(self) -> str:
        name = "W.grad" if self.descent.knobs.method is Method.OPTIM else "gradient_W"
        if self._is_own:
            return f"{name}: {_('by a changed line')}"
        return _("{name} = {form} of (H(x) - y) times the input").format(name=name, form=self._form)

    @property
    def _gradient_names(self) -> tuple[str, ...]:
        """What the gradients are called in the program."""
        listing = self.descent.knobs.listing
        if self.descent.knobs.method is Method.OPTIM:
            return tuple(f"{name}.grad" for name in listing.parameters)
        # the lecture's lines, for one of the learner's own may give several names their values at once
        lines = listing.pristine.phase_lines(Method.MANUAL, Phase.GRADIENT)
        return tuple(line.name for line in lines if line.name != "error")

    @property
    def _is_own(self) -> bool:
        """Whether a line up to the gradient is changed, so that it need not be made of the last column."""
        listing, method = self.descent.knobs.listing, self.descent.knobs.method
        phases = (Phase.HYPOTHESIS, Phase.COST, Phase.GRADIENT)
        return any(line.number in listing.own for phase in phases for line in listing.phase_lines(method, phase))

    @property
    def _form(self) -> str:
        """What the gradient is of the products: their sum, or twice their mean."""
        knobs = self.descent.knobs
        return "sum" if knobs.listing.sums(knobs.method) else "2 x mean"

    @property
    def _excess(self) -> str:
        """That a sum is more than the true gradient, the more rows the more."""
        if self._form != "sum":
            return ""
        return _(", {times:,g} x the true gradient (2 x mean)").format(times=len(self.descent.data) / 2)
