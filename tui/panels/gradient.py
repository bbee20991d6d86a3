"""The gradient written out over the data: one row a point, and the sum or mean below."""

from core.float32 import float32
from core.listing import GradientForm, Method, Phase
from core.state import Knobs
from tui.figures import fine, fixed, signed
from tui.panels.panel import Panel
from tui.rows import Row

HEADINGS = ("x", "y", "H(x)", "H(x) - y", "(H(x) - y) x")
WIDTHS = (9, 9, 11, 12, 15)


class Gradient(Panel):
    """The table behind the gradient line. Its products are float32, bit for bit what torch's own line multiplies."""

    def on_mount(self) -> None:
        self.border_title = "the gradient, point by point"

    def draw(self, width: int, height: int) -> list[Row]:
        scale = min(1.25, width / sum(WIDTHS))
        widths = [int(column * scale) for column in WIDTHS]
        headings = "".join(heading.rjust(column) for heading, column in zip(HEADINGS, widths, strict=True))
        shown = self.descent.shown
        data, room = self.descent.data, max(0, height - 2)
        rows: list[Row] = [((headings, "dim"),)]
        values = shown.hypothesis if shown else ()
        for index in range(min(len(data), room if len(data) <= room else room - 1)):
            rows.append(self._point(index, values[index] if index < len(values) else None, widths))
        if len(data) > room:
            rows.append(((f"… and {len(data) - len(rows) + 1} more rows", "dim"),))
        return [
            *rows,
            ((self._total().rjust(sum(widths)), "lit" if self.descent.phase is Phase.GRADIENT else "accent"),),
        ]

    def _point(self, index: int, hypothesis: float | None, widths: list[int]) -> Row:
        x, y = self.descent.data.x[index], self.descent.data.y[index]
        cells = [f"{x:g}", f"{y:g}"]
        phase = self.descent.phase
        if hypothesis is not None and phase is not None:
            difference = float32(hypothesis - y)
            computed = (fixed(hypothesis), signed(difference), signed(float32(difference * x)))
            cells += computed[: min(3, phase + 1)]
        return (("".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=False)), "text"),)

    def _total(self) -> str:
        """The sum or the mean of the last column, with the gradient that torch made of it."""
        descent, shown = self.descent, self.descent.shown
        if shown is None or descent.phase is None or descent.phase < Phase.GRADIENT:
            name, formula = _formula(descent.knobs)
            return f"{name} = {formula} of the last column"
        name, formula = _formula(descent.tape.knobs(shown.number))
        gradient = signed(shown.gradient[0])
        if formula == "sum":
            return f"{name} = sum = {gradient}"
        points = zip(shown.hypothesis, descent.data.y, descent.data.x, strict=False)
        total = sum(float32(float32(hypothesis - y) * x) for hypothesis, y, x in points)
        return f"{name} = 2 x mean = 2 x ({fine(total)} / {len(descent.data)}) = {gradient}"


def _formula(knobs: Knobs) -> tuple[str, str]:
    """What the gradient is called in the program, and what it is of the products: their sum, or twice their mean."""
    if knobs.method is Method.OPTIM:
        return "W.grad", "2 x mean"
    return "gradient", "sum" if knobs.listing.gradient_form is GradientForm.SUM else "2 x mean"
