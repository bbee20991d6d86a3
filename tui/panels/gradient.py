"""The gradient written out over the data: one row a point, and the sum or mean below."""

from core.float32 import float32
from core.listing import GradientForm, Method, Phase
from core.state import Knobs
from tui.figures import cell, fine, fixed, signed
from tui.panels.panel import Panel
from tui.rows import Row

WIDE = (("x", 9), ("y", 9), ("H(x)", 12), ("H(x) - y", 14), ("(H(x) - y) x", 18))
NARROW = (("x", 3), ("y", 3), ("H(x)", 8), ("error", 8), ("times x", 8))
"""Headings and widths; error is H(x) - y."""


class Gradient(Panel):
    """The table behind the gradient line. Its products are float32, bit for bit what torch's own line multiplies."""

    def on_mount(self) -> None:
        self.border_title = "4 gradient by point"

    def draw(self, width: int, height: int) -> list[Row]:
        columns = WIDE if sum(size for _, size in WIDE) <= width else NARROW
        data, lit = self.descent.data, self.descent.lit
        room = height - 2
        shown = len(data) if len(data) <= room else max(1, room - 1)
        rows: list[Row] = [(("".join(heading.rjust(size) for heading, size in columns), "dim"),)]
        for index in range(shown):
            hypothesis = lit.hypothesis[index] if lit and index < len(lit.hypothesis) else None
            cells = zip(self._cells(index, hypothesis), columns, strict=False)
            rows.append((("".join(cell(value, text, size).rjust(size) for (value, text), (_, size) in cells), "text"),))
        if shown < len(data):
            rows.append(((f"… and {len(data) - shown} more rows", "dim"),))
        wide = sum(size for _, size in columns)
        total = next((text for text in self._totals() if len(text) <= wide), self._totals()[-1])
        return [*rows, ((total.rjust(wide), "lit" if lit and self.descent.phase is Phase.GRADIENT else "accent"),)]

    def _cells(self, index: int, hypothesis: float | None) -> list[tuple[float, str]]:
        """The numbers of a row and how they are written, as far as the phases have come."""
        x, y = self.descent.data.x[index], self.descent.data.y[index]
        given = [(x, f"{x:g}"), (y, f"{y:g}")]
        if hypothesis is None or self.descent.phase is None:
            return given
        difference = float32(hypothesis - y)
        product = float32(difference * x)
        computed = [(hypothesis, fixed(hypothesis)), (difference, signed(difference)), (product, signed(product))]
        return given + computed[: self.descent.phase + 1]

    def _totals(self) -> tuple[str, ...]:
        """The sum or the mean of the last column with the gradient that torch made of it; shorter ways come later."""
        descent, lit = self.descent, self.descent.lit
        name, formula = _formula(descent.knobs)
        if lit is None or descent.phase is None or descent.phase < Phase.GRADIENT:
            return f"{name} = {formula} of the last column", f"{name} = {formula}"
        gradient = signed(lit.gradient[0])
        if formula == "sum":
            return (f"{name} = sum = {gradient}",)
        if len(lit.hypothesis) < len(descent.data):
            return (f"{name} = 2 x mean = {gradient}",)
        points = zip(lit.hypothesis, descent.data.y, descent.data.x, strict=True)
        total = fine(sum(float32(float32(hypothesis - y) * x) for hypothesis, y, x in points))
        mean = f"2 x ({total} / {len(descent.data)}) = {gradient}"
        return f"{name} = 2 x mean = {mean}", mean, f"{name} = {gradient}"


def _formula(knobs: Knobs) -> tuple[str, str]:
    """What the gradient is called in the program, and what it is of the products: their sum, or twice their mean."""
    if knobs.method is Method.OPTIM:
        return "W.grad", "2 x mean"
    return "gradient", "sum" if knobs.listing.gradient_form is GradientForm.SUM else "2 x mean"
