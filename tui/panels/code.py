"""The program: the lines that run, the ones that have just run marked, at the end of a line what it has computed."""

from collections.abc import Callable, Iterable
from itertools import islice
from math import isfinite

from rich.cells import cell_len
from textual.events import Click

from core.float32 import float32
from core.language import _
from core.lecture import is_printed
from core.listing import UNWRITTEN, Line, Listing, Method, Phase
from core.state import Epoch, Weights
from tui.drawing.figures import cost_text, fine, fixed, lr_text, signed, spelled_update
from tui.drawing.rows import Row, cut
from tui.panels.panel import Panel

GUTTER = 7

ROUNDING = 1e-5
"""An update further off than this share from W - lr * gradient is another one: uphill, or with momentum."""


class Code(Panel):
    """The loop body of the method in use."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(self.descent.knobs.listing.path)
        return [self._row(line, width) for line in self._lines(height)]

    def _lines(self, height: int) -> list[Line]:
        """The lines of the method in use; where they are too many, without the lecture's comments."""
        lines = self.descent.knobs.listing.lines(self.descent.knobs.method)
        return [line for line in lines if not line.is_comment or len(lines) <= height]

    def _row(self, line: Line, width: int) -> Row:
        phase = self.descent.phase
        lit = self.descent.lit is not None and line.phase is not None and line.phase is phase
        listing = self.descent.knobs.listing
        values = self._values(line)
        value = next((text for text in values if GUTTER + cell_len(f"{line.text} {text}") <= width), values[-1])
        room = width - GUTTER - (cell_len(value) + 1 if value else 0)
        text = cut(shown_text(line), max(1, room))
        gap = " " * (width - GUTTER - cell_len(text) - cell_len(value))
        code = "lit" if lit else "warn" if line.text == UNWRITTEN else "dim" if line.is_comment else "text"
        return (
            (gutter(line, listing, lit), "lit" if lit else "warn" if line.number in listing.changed else "dim"),
            (text + gap, code),
            (value, "lit" if lit else "accent"),
        )

    def _values(self, line: Line) -> tuple[str, ...]:
        """What the line has computed, once its phase has run; the shorter ways to write it come later."""
        epoch, now, listing = self.descent.lit, self.descent.phase, self.descent.knobs.listing
        if line.phase is None and line.name in ("lr", "optimizer"):
            return self._lr_in_use()
        if epoch is None or now is None or line.phase is None or line.phase > now:
            return ("",)
        if line.name == "error":
            errors = (float32(h - y) for h, y in zip(epoch.hypothesis, self.descent.data.y, strict=False))
            return self._of_rows(map(signed, errors))
        # a line that gives a parameter its gradient or its update shows that; else the last line of a phase shows all
        own = [name for name in listing.parameters if line.name in (name, f"gradient_{name}")]
        if not own and line is not listing.phase_lines(epoch.method, line.phase)[-1]:
            return ("",)
        match line.phase:
            case Phase.HYPOTHESIS:
                return self._of_rows(map(fine, epoch.hypothesis))
            case Phase.COST:
                return (fixed(epoch.cost, 6) if is_printed(self.descent.data, listing) else cost_text(epoch.cost),)
            case Phase.GRADIENT:
                return self._gradients(own, epoch)
            case Phase.UPDATE:
                return self._updates(own, epoch)

    def _lr_in_use(self) -> tuple[str, ...]:
        """The lr that the knobs give to a changed line of the model, whatever the line itself says."""
        lr = lr_text(self.descent.knobs.lr.value)
        return _("lr {lr} in use").format(lr=lr), f"lr {lr}"

    def _of_rows(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The values of the first rows."""
        first = list(islice(texts, 3))
        return " ".join(first) + " …" * (len(self.descent.data) > 3), f"{first[0]} …"

    def _gradients(self, own: list[str], epoch: Epoch) -> tuple[str, ...]:
        parts = {name: self._part(name, epoch.gradient) for name in own or self.descent.knobs.listing.parameters}
        values = _listed(
            {f"{name}.grad" if epoch.method is Method.OPTIM else "": part for name, part in parts.items()}, signed
        )
        return (*values, signed(epoch.gradient[0])) if len(epoch.gradient) == 1 else values

    def _updates(self, own: list[str], epoch: Epoch) -> tuple[str, ...]:
        names = own or self.descent.knobs.listing.parameters
        w, gradient, w_next = (self._part(names[0], values) for values in (epoch.w, epoch.gradient, epoch.w_next))
        if len(names) == len(w) == 1:
            step = epoch.lr * gradient[0]
            if isfinite(step) and abs(w[0] - step - w_next[0]) > ROUNDING * (abs(w[0]) + abs(step)):
                return f"{fine(w[0])} → {fine(w_next[0])}", f"→ {fine(w_next[0])}"
            spelled = spelled_update(w[0], epoch.lr, gradient[0], w_next[0])
            return spelled, f"= {fine(w_next[0])}"
        parts = {"=" if own else name: self._part(name, epoch.w_next) for name in names}
        return _listed(parts, fine)

    def _part(self, name: str, values: Weights) -> Weights:
        return self.descent.knobs.listing.part(name, values)

    async def on_click(self, event: Click) -> None:
        """A click on a line goes to where its phase has just run; on its number, to where it is edited."""
        offset = event.get_content_offset(self)
        lines = self._lines(self.content_size.height)
        if offset is None or offset.y >= len(lines):
            return
        phase = lines[offset.y].phase
        if offset.x < GUTTER - 2:
            await self.run_action(f"app.edit({lines[offset.y].number})")
        elif phase is not None:
            await self.run_action(f"app.goto_phase({int(phase)})")


def gutter(line: Line, listing: Listing, marked: bool) -> str:
    """What stands before a line: a mark, its number, and * where it is not the lecture's; GUTTER cells."""
    return f"{'▶' if marked else ' '}{line.number:3}{'*' if line.number in listing.changed else ' '}  "


def shown_text(line: Line) -> str:
    """The text of a line; of one that is still to be written, how to write it."""
    return _("· · · write this line: e") if line.text == UNWRITTEN else line.text


def _listed(parts: dict[str, Weights], text: Callable[[float], str]) -> tuple[str, ...]:
    """Names with their values: the first three of each; shorter, the first one; and that in two digits."""
    return tuple(
        "  ".join(
            f"{name} {' '.join(map(shown, values[:most]))}{' …' * (len(values) > most)}".strip()
            for name, values in parts.items()
        )
        for most, shown in ((3, text), (1, text), (1, "{:.1e}".format))
    )
