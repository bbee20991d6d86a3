"""The table of epochs: a row an epoch, W and cost as the lecture prints them, before the update.

Below the run's last epoch those of the ghost stand dim, each with its mark; beside the others its W and cost.
"""

from math import hypot

from textual.events import Click, MouseScrollDown, MouseScrollUp

from core.descent import PHASES, Descent
from core.language import _, marked
from core.lecture import PRINTED, Agreement, agreement, is_printed
from core.listing import Phase
from core.state import Knobs
from core.tape import Tape
from tui.drawing.figures import cell, cost_text, fine, fixed, signed
from tui.drawing.rows import Row, right
from tui.panels.panel import Panel
from tui.study.others import ghost_glyph

Column = tuple[str, int, int]
"""Heading, width, and when it goes where there is no room (0: never)."""

COST_WIDTH = 12
SIGN_WIDTH = 3
LECTURE_WIDTH = 8


class Epochs(Panel):
    """The rows in view are drawn, and no others, so a million epochs cost what ten do."""

    def __init__(self) -> None:
        super().__init__()
        self._scrolled = 0

    def watch_descent(self, before: Descent, now: Descent) -> None:
        self._scrolled = 0
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(_("epochs, as printed before the update"))
        columns, spare = self._columns_for(width)
        headings = "".join(right(_(heading), size) for heading, size, _order in columns)
        printed = is_printed(self.descent.data, self.descent.knobs.listing)
        rest = f" {_('lecture')}" if printed and spare >= LECTURE_WIDTH else ""
        if self.descent.names[-1] not in (heading for heading, _size, _order in columns):
            rest = " …"  # there are more weights
        rows: list[Row] = [((f" {headings}{rest}", "dim"),)]
        first = self._first(height - 1)
        last = max(1, self._length)
        return rows + [self._row(epoch, columns, spare) for epoch in range(first, min(last, first + height - 1))]

    def _first(self, room: int) -> int:
        """The epoch of the topmost row. The table turns by half a page, so most keys leave most rows as they are."""
        half_page = max(1, room // 2)
        turned = -(-max(0, self.descent.epoch - room + 1) // half_page) * half_page
        last = max(turned, self._length - room)
        return max(0, min(last, turned + self._scrolled))

    @property
    def _length(self) -> int:
        """How many epochs there are, those of the ghost among them."""
        return max(len(self.descent.tape), len(self.descent.ghost or ()))

    def _row(self, epoch: int, columns: list[Column], spare: int) -> Row:
        now = epoch == self.descent.epoch
        tape, mark = self._tape(epoch), ghost_glyph(self.descent)
        texts = self._texts(epoch, tape)
        own, beside = (
            "".join(
                texts.get(heading, "").rjust(size)
                for heading, size, _order in columns
                if heading.startswith(mark) == ghost
            )
            for ghost in (False, True)
        )
        style = "lit" if now else "dim" if epoch > self.descent.epoch else "text"
        sign = "▶" if now else mark if tape is self.descent.ghost else " "
        return (sign + own, style), *(((beside, "dim"),) if beside else ()), self._mark(epoch)

    def _tape(self, epoch: int) -> Tape:
        """The run that a row tells of: the ghost where the present run has not got so far."""
        descent = self.descent
        ahead = epoch > descent.epoch and epoch >= len(descent.tape)
        return descent.ghost if descent.ghost and ahead else descent.tape

    def _texts(self, epoch: int, tape: Tape) -> dict[str, str]:
        """The cells of a row, by heading: of the epoch under way, only what its phases have handed over."""
        descent = self.descent
        names = descent.names
        knobs = tape.knobs(epoch) if epoch < len(tape) else descent.knobs
        lr = knobs.lr.value
        texts: dict[str, str] = {"epoch": str(epoch), "method": _program(knobs), "lr": cell(lr, f"{lr:.4g}", 8)}
        w = tape.w(epoch) if epoch < len(tape) else descent.w
        texts |= dict(zip(names, map(fine, w), strict=True))
        if epoch >= len(tape):
            return texts
        printed = is_printed(descent.data, knobs.listing) and epoch < len(PRINTED)
        texts["cost"] = fixed(tape.cost(epoch), 6) if printed else cost_text(tape.cost(epoch))
        phases = descent.tick % PHASES if epoch == descent.epoch else PHASES * (epoch + 1 < len(tape))
        if phases > Phase.GRADIENT:
            gradient = tape.gradient(epoch)
            texts |= dict(zip(descent.names_of("gradient"), map(signed, gradient), strict=True))
            texts["|gradient|"] = fine(hypot(*gradient))
        if phases > Phase.UPDATE:
            updates = (after - before for after, before in zip(tape.w(epoch + 1), w, strict=True))
            texts |= dict(zip(descent.names_of("update"), map(signed, updates), strict=True))
        if descent.ghost and tape is descent.tape and epoch in self._compared:
            beside = (*map(fine, descent.ghost.w(epoch)), cost_text(descent.ghost.cost(epoch)))
            texts |= dict(zip(_beside(descent), beside, strict=True))
        return texts

    @property
    def _compared(self) -> range:
        """The epochs that the ghost and the present run have both, and not alike."""
        tape, ghost = self.descent.tape, self.descent.ghost
        return range(ghost.shared(tape) + 1, min(len(ghost), len(tape))) if ghost else range(0)

    def _columns_for(self, width: int) -> tuple[list[Column], int]:
        """The columns that fit beside the marker and the lecture's sign, and how much room is left for that."""
        columns = _columns(self.descent)
        room = width - 1 - SIGN_WIDTH * is_printed(self.descent.data, self.descent.knobs.listing)
        if self._compared and (with_ghost := _with_ghost(columns, self.descent, room)):
            columns = with_ghost
        while _width(columns) > room and any(column[2] for column in columns):
            columns.remove(min((column for column in columns if column[2]), key=lambda column: column[2]))
        return columns, width - 1 - _width(columns)

    def _mark(self, epoch: int) -> tuple[str, str]:
        """How the row compares with the lecture's printed table: a sign and its style."""
        tape = self.descent.tape
        if epoch >= len(tape) or not is_printed(self.descent.data, self.descent.knobs.listing):
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
    return f"{knobs.method}*" if knobs.listing.is_changed(knobs.method) else knobs.method


def _with_ghost(columns: list[Column], descent: Descent, room: int) -> list[Column]:
    """The columns with those of the ghost beside them, for which the method gives way; none where there is no room."""
    *weights, cost = ((heading, COST_WIDTH if heading.endswith("cost") else 10, 0) for heading in _beside(descent))
    without_method = [column for column in columns if column[0] != "method"]
    tried = (
        [*own, *beside]
        for own in (columns, without_method)
        for beside in ((*weights, cost), (cost,))
        if len(beside) <= 3
    )
    return next((wider for wider in tried if _width(wider) <= room), [])


def _beside(descent: Descent) -> list[str]:
    """The headings of the ghost's columns."""
    return [f"{ghost_glyph(descent)} {name}" for name in (*descent.names, "cost")]


def _width(columns: list[Column]) -> int:
    return sum(size for _heading, size, _order in columns)


def _columns(descent: Descent) -> list[Column]:
    """For one or two weights everything; for more the gradient's length, and the weights that there is room for."""
    names = descent.names
    if len(names) <= 2:
        gradients, updates = descent.names_of("gradient"), descent.names_of("update")
        size = max(10, *(len(heading) + 1 for heading in gradients))
        return [
            ("epoch", 7, 0),
            (marked("method"), 8, 4),
            ("lr", 8, 1),
            *((name, 10, 0) for name in names),
            ("cost", COST_WIDTH, 0),
            *((heading, size, 3) for heading in gradients),
            *((heading, size, 2) for heading in updates),
        ]
    last = len(names)
    weights = [(name, 10, 2 + last - index if index > 2 else 4 + last) for index, name in enumerate(names, start=1)]
    return [
        ("epoch", 7, 0),
        (marked("method"), 8, 3 + last),
        ("lr", 8, 1),
        ("cost", COST_WIDTH, 0),
        ("|gradient|", 12, 2 + last),
        *weights,
    ]
