"""The header: the model, the data, the method, and where we are."""

from rich.cells import cell_len

from core.descent import PHASES
from core.language import _
from core.listing import Method
from tui.figures import cost_text, fine, lr_text
from tui.panels.panel import Panel
from tui.rows import Row
from tui.safe_text import safe_text


class Title(Panel):
    """One line on top of everything."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        knobs = descent.knobs
        place = f"epoch {descent.epoch}"
        if descent.phase is not None and descent.tick % PHASES:
            place += f" · {descent.phase.name.lower()}"
        if len(descent.w) <= 2:
            place += "".join(f" · {name} {fine(w)}" for name, w in zip(descent.names, descent.w, strict=True))
        else:
            place += f" · cost {cost_text(descent.cost)}"
        place += " "
        method = (
            f"manual ({knobs.listing.gradient_form or _('own line')})"
            if knobs.method is Method.MANUAL
            else "optim (autograd)"
        )
        lr = lr_text(knobs.lr.value)
        formula, data = (
            knobs.listing.formula,
            f"{safe_text(descent.data.name)}, {len(descent.data):,} row{'s' * (len(descent.data) != 1)}",
        )
        wide = f"{formula} · {data} · {method} · lr {lr}"
        room = width - len(place)
        texts = (
            f" gradstep   {wide}",
            f" {wide}",
            f" {formula} · {method} · lr {lr}",
            f" {method} · lr {lr}",
            f" {method}",
        )
        left = next((text for text in texts if cell_len(text) < room), "")
        return [((left + " " * (room - cell_len(left)), "text"), (place, "strong"))]
