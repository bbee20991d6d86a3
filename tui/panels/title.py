"""The header: the model, the data, the method, and where we are."""

from core.descent import PHASES
from core.listing import Method
from tui.figures import fixed, lr_text
from tui.panels.panel import Panel
from tui.rows import Row


class Title(Panel):
    """One line on top of everything."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent = self.descent
        knobs = descent.knobs
        place = f"epoch {descent.epoch}"
        if descent.phase is not None and descent.tick % PHASES:
            place += f" · {descent.phase.name.lower()}"
        place += f" · W {fixed(descent.w[0])} "
        method = f"manual ({knobs.listing.gradient_form})" if knobs.method is Method.MANUAL else "optim (autograd)"
        lr = lr_text(knobs.lr.value)
        wide = f"H(x) = Wx · {descent.data.name}, {len(descent.data)} rows · {method} · lr {lr}"
        room = width - len(place)
        texts = (
            f" gradstep   {wide}",
            f" {wide}",
            f" H(x) = Wx · {method} · lr {lr}",
            f" {method} · lr {lr}",
            f" {method}",
        )
        left = next((text for text in texts if len(text) < room), "")
        return [((left.ljust(room), "text"), (place, "strong"))]
