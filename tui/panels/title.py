"""The header: the model, the data, the method, and where we are."""

from rich.cells import cell_len

from core.descent import PHASES
from core.language import _, counted, marked
from core.listing import Method, Phase
from tui.drawing.figures import cost_text, fine, lr_text
from tui.drawing.rows import Row
from tui.panels.panel import Panel
from tui.safe_text import safe_text

PHASE_NAMES = {
    Phase.HYPOTHESIS: marked("hypothesis"),
    Phase.COST: marked("cost"),
    Phase.GRADIENT: marked("gradient"),
    Phase.UPDATE: marked("update"),
}


class Title(Panel):
    """One line on top of everything."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        knobs = descent.knobs
        place = _("epoch {epoch}").format(epoch=descent.epoch)
        if descent.phase is not None and descent.tick % PHASES:
            place += f" · {_(PHASE_NAMES[descent.phase])}"
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
        method += "*" * knobs.listing.is_own(knobs.method)
        lr = lr_text(knobs.lr.value)
        formula, rows = knobs.listing.formula, len(descent.data)
        data = counted("{name}, {count:,} row", "{name}, {count:,} rows", rows)
        data = data.format(name=safe_text(descent.data.name), count=rows)
        wide = f"{formula} · {data} · {method} · lr {lr}"
        room = width - cell_len(place)
        texts = (
            f" gradstep   {wide}",
            f" {wide}",
            f" {formula} · {method} · lr {lr}",
            f" {method} · lr {lr}",
            f" {method}",
        )
        left = next((text for text in texts if cell_len(text) < room), "")
        return [((left + " " * (room - cell_len(left)), "text"), (place, "strong"))]
