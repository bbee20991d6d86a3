"""The table of epochs: a row an epoch, W and cost as the lecture prints them, before the update."""

from textual.events import Click, MouseScrollDown, MouseScrollUp

from core.data import LECTURE
from core.descent import PHASES, Descent
from core.lecture import Agreement, agreement
from core.listing import Phase
from core.state import Knobs
from tui.figures import cell, fixed, signed
from tui.panels.panel import Panel
from tui.rows import Row

COLUMNS = (
    # heading, width, when it goes where there is no room (0: never)
    ("epoch", 7, 0),
    ("method", 8, 4),
    ("lr", 8, 1),
    ("W", 10, 0),
    ("cost", 12, 0),
    ("gradient", 10, 3),
    ("update", 10, 2),
)
SIGN_WIDTH = 3
LECTURE_WIDTH = 8


class Epochs(Panel):
    """The rows in view are drawn, and no others, so a million epochs cost what ten do."""

    def __init__(self) -> None:
        super().__init__()
        self._scrolled = 0

    def on_mount(self) -> None:
        self.border_title = "epochs, as printed before the update"

    def watch_descent(self, before: Descent, now: Descent) -> None:
        self._scrolled = 0
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        columns, spare = _columns_for(width)
        heading = "".join(heading.rjust(size) for heading, size, _ in columns)
        rows: list[Row] = [((f" {heading}{' lecture' if spare >= LECTURE_WIDTH else ''}", "dim"),)]
        first = self._first(height - 1)
        last = max(1, len(self.descent.tape))
        return rows + [self._row(epoch, columns, spare) for epoch in range(first, min(last, first + height - 1))]

    def _first(self, room: int) -> int:
        """The epoch of the topmost row. The table turns by half a page, so most keys leave most rows as they are."""
        half_page = max(1, room // 2)
        turned = -(-max(0, self.descent.epoch - room + 1) // half_page) * half_page
        last = max(turned, len(self.descent.tape) - room)
        return max(0, min(last, turned + self._scrolled))

    def _row(self, epoch: int, columns: list[tuple[str, int, int]], spare: int) -> Row:
        now = epoch == self.descent.epoch
        texts = self._texts(epoch)
        cells = "".join(texts.get(heading, "").rjust(size) for heading, size, _ in columns)
        style = "lit" if now else "dim" if epoch > self.descent.epoch else "text"
        mark, mark_style = self._mark(epoch)
        return (("▶" if now else " ") + cells, style), (mark, mark_style)

    def _texts(self, epoch: int) -> dict[str, str]:
        """The cells of a row, by heading: of the epoch under way, only what its phases have handed over."""
        descent, tape = self.descent, self.descent.tape
        knobs = tape.knobs(epoch) if epoch < len(tape) else descent.knobs
        lr = knobs.lr.value
        texts: dict[str, str] = {"epoch": str(epoch), "method": _program(knobs), "lr": cell(lr, f"{lr:.4g}", 8)}
        if epoch >= len(tape):
            return texts | {"W": fixed(descent.w[0])}
        w = tape.w(epoch)[0]
        texts |= {"W": fixed(w), "cost": fixed(tape.cost(epoch), 6)}
        phases = descent.tick % PHASES if epoch == descent.epoch else PHASES * (epoch + 1 < len(tape))
        if phases > Phase.GRADIENT:
            texts["gradient"] = signed(tape.gradient(epoch)[0])
        if phases > Phase.UPDATE:
            texts["update"] = signed(tape.w(epoch + 1)[0] - w)
        return texts

    def _mark(self, epoch: int) -> tuple[str, str]:
        """How the row compares with the lecture's printed table: a sign and its style."""
        tape = self.descent.tape
        if epoch >= len(tape) or self.descent.data != LECTURE:
            return "", "dim"
        match agreement(epoch, tape.w(epoch)[0], tape.cost(epoch)):
            case Agreement.AGREES:
                return "  ✓", "good"
            case Agreement.LAST_DIGIT:
                return "  ≈", "warn"
        return "", "dim"

    async def on_click(self, event: Click) -> None:
        """A click on an epoch goes there."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y > 0:
            epoch = self._first(self.content_size.height - 1) + offset.y - 1
            if epoch < len(self.descent.tape):
                await self.run_action(f"app.goto_epoch({epoch})")

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        room = self.content_size.height - 1
        before = self._first(room)
        self._scrolled += rows
        if self._first(room) == before:
            self._scrolled -= rows
        self.redraw()


def _program(knobs: Knobs) -> str:
    """The method; * where the lines that it runs are not the lecture's."""
    lines = knobs.listing.lines(knobs.method)
    return f"{knobs.method}*" if any(line.number in knobs.listing.changed for line in lines) else knobs.method


def _columns_for(width: int) -> tuple[list[tuple[str, int, int]], int]:
    """The columns that fit beside the marker and the lecture's sign, and how much room is left for that."""
    columns = list(COLUMNS)
    while sum(size for _, size, _ in columns) + 1 + SIGN_WIDTH > width and any(order for _, _, order in columns):
        columns.remove(min((column for column in columns if column[2]), key=lambda column: column[2]))
    return columns, width - 1 - sum(size for _, size, _ in columns)
