"""The program: the lines that run, the ones that have just run marked, each phase's value at the end of its line."""

from rich.cells import cell_len, set_cell_size
from textual.events import Click

from core.listing import Line, Method, Phase
from tui.figures import fixed, signed, spelled_update
from tui.panels.panel import Panel
from tui.rows import Row

GUTTER = 7


class Code(Panel):
    """The loop body of the method in use."""

    def on_mount(self) -> None:
        self.border_title = self.descent.knobs.listing.path

    def draw(self, width: int, height: int) -> list[Row]:
        return [self._row(line, width) for line in self._lines]

    @property
    def _lines(self) -> tuple[Line, ...]:
        return self.descent.knobs.listing.lines(self.descent.knobs.method)

    def _row(self, line: Line, width: int) -> Row:
        phase = self.descent.phase
        lit = self.descent.lit is not None and line.phase is not None and line.phase is phase
        changed = line.number in self.descent.knobs.listing.changed
        values = self._values(line)
        value = next((text for text in values if GUTTER + cell_len(f"{line.text} {text}") <= width), values[-1])
        gutter = f"{'▶' if lit else ' '}{line.number:3}{'*' if changed else ' '}  "
        room = width - GUTTER - (cell_len(value) + 1 if value else 0)
        text = line.text if cell_len(line.text) <= room else f"{set_cell_size(line.text, max(0, room - 1))}…"
        gap = " " * (width - GUTTER - cell_len(text) - cell_len(value))
        code = "lit" if lit else "dim" if line.phase is None else "text"
        return (
            (gutter, "lit" if lit else "warn" if changed else "dim"),
            (text + gap, code),
            (value, "lit" if lit else "accent"),
        )

    def _values(self, line: Line) -> tuple[str, ...]:
        """What the line's phase handed over, at the last line of the phase; the shorter ways to write it come later."""
        epoch, now = self.descent.lit, self.descent.phase
        if epoch is None or now is None or line.phase is None or line.phase > now:
            return ("",)
        if line is not self.descent.knobs.listing.phase_lines(epoch.method, line.phase)[-1]:
            return ("",)
        match line.phase:
            case Phase.HYPOTHESIS:
                more = " …" if len(self.descent.data) > 3 else ""
                return " ".join(map(fixed, epoch.hypothesis[:3])) + more, f"{fixed(epoch.hypothesis[0])} …"
            case Phase.COST:
                return (fixed(epoch.cost, 6),)
            case Phase.GRADIENT:
                gradient = signed(epoch.gradient[0])
                return (f"W.grad {gradient}", gradient) if epoch.method is Method.OPTIM else (gradient,)
            case Phase.UPDATE:
                spelled = spelled_update(epoch.w[0], epoch.lr, epoch.gradient[0], epoch.w_next[0])
                return spelled, f"= {fixed(epoch.w_next[0])}"

    async def on_click(self, event: Click) -> None:
        """A click on a line goes to where its phase has just run."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= len(self._lines):
            return
        phase = self._lines[offset.y].phase
        if phase is not None:
            await self.run_action(f"app.goto_phase({int(phase)})")
