"""The header: the model, the data, the method, and the place."""

from functools import lru_cache

from rich.cells import cell_len

from core.edits import gradient_form
from core.language import N_, _, ngettext
from core.program import Method, Phase, Program
from tui.drawing.formatting import format_cost, format_lr, format_weight
from tui.drawing.text import Row, truncate
from tui.panels.panel import Panel
from tui.safe_text import safe_text

PHASE_NAMES = {
    Phase.HYPOTHESIS: N_("hypothesis"),
    Phase.COST: N_("cost"),
    Phase.GRADIENT: N_("gradient"),
    Phase.UPDATE: N_("update"),
}


class Title(Panel):
    """One line on top of everything."""

    def draw(self, width: int, height: int) -> list[Row]:
        descent, program = self.descent, self.descent.knobs.program
        place = _("epoch {epoch}").format(epoch=descent.epoch)
        if descent.tick.line and descent.phase in PHASE_NAMES:
            place += f" · {_(PHASE_NAMES[descent.phase])}"
        places = [place]
        if 0 < len(descent.w) <= 2 and descent.opened:
            places.append(
                "".join(f" · {name} {format_weight(w)}" for name, w in zip(descent.names, descent.w, strict=True))
            )
        places.append(f" · cost {format_cost(descent.cost)}" if descent.cost == descent.cost else "")
        method = _method(program)
        lr = "" if program.lr is None else f" · lr {format_lr(program.lr)}"
        wide = f"{self._hypothesis()}{self._data()} · {method}{lr}"
        lefts = (
            f" gradstep   {wide}",
            f" {wide}",
            f" {self._hypothesis()} · {method}{lr}",
            f" {method}{lr}",
            f" {method}",
            "",
        )
        tries = ((left, "".join(places[:count]) + " ") for left in lefts for count in (3, 2) if left or count == 2)
        left, right = next(
            (pair for pair in tries if cell_len(pair[0]) + cell_len(pair[1]) < width), ("", places[0] + " ")
        )
        return [((left + " " * (width - cell_len(left) - cell_len(right)), "text"), (right, "strong"))]

    def _hypothesis(self) -> str:
        """The line that the cost is computed from, as the text has it."""
        lines = [line.text for line in self.descent.knobs.program.lines if line.phase is Phase.HYPOTHESIS]
        return truncate(safe_text(lines[-1]), 50) if lines else ""

    def _data(self) -> str:
        table = self.descent.opened.table if self.descent.opened else None
        if table is None or not table.rows:
            return ""
        data = ngettext("{name}, {count:,} row", "{name}, {count:,} rows", table.rows)
        return " · " + data.format(name=safe_text(table.x_name), count=table.rows)


@lru_cache(8)
def _method(program: Program) -> str:
    """Who computes the gradient, and how; * where lines of the program were edited."""
    form = gradient_form(program)
    method = f"manual ({form})" if form else "manual" if program.method is Method.MANUAL else "optim (autograd)"
    return f"{method}*" if program.edited else method
