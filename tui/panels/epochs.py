"""The table of epochs: a row an epoch, W and cost as the lecture prints them, before the update.

Below the run's last epoch those of the ghost stand dim, each with its mark; beside the others its W and cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual.events import Click

from core.knobs import Knobs
from core.language import N_, _
from core.lecture import PRINTED, Agreement, agreement, is_lecture
from core.log import EpochLog
from core.program import Phase
from tui.drawing.formatting import column_decimals, fit, format_in_column
from tui.drawing.text import Row, right
from tui.panels.panel import ScrollingPanel, turn_pages

SIGN_WIDTH = 2
LECTURE_WIDTH = 8

MOST_NAMED = 2
"""Up to this many weights come before the cost and are never dropped; more have what room is left."""


@dataclass(frozen=True)
class Column:
    """A quantity of the table."""

    name: str
    wide: int
    narrow: int
    drop: int = 0
    """When it goes where there is no room: 1 first; 0 never."""
    decimals: tuple[int, int] = (3, 6)
    """At least and at most."""
    sign: str = ""
    narrow_name: str = ""
    ghost: bool = False
    """Of the run before, beside this one's."""
    width: int = 0

    def heading(self, glyph: str) -> str:
        name = self.narrow_name if self.narrow_name and self.width == self.narrow else _(self.name)
        return right(f"{glyph} {name}" if self.ghost else name, self.width)


class Epochs(ScrollingPanel):
    """The rows in view are drawn, and no others, so a million epochs cost what ten do."""

    ALLOW_MAXIMIZE = True

    def draw(self, width: int, height: int) -> list[Row]:
        self.set_title(_("epochs, as printed before the update"))
        first, last = self.first_row(height), max(1, self._length)
        epochs = range(first, min(last, first + height - 1))
        is_printed, glyph = is_lecture(self.descent.knobs.program), ""
        if self.descent.ghost:
            from tui.panels.overlays import ghost_glyph  # the plots' own: not for the first frame

            glyph = ghost_glyph(self.descent)
        names = self._names
        columns = self._columns_for(width - 1 - SIGN_WIDTH * is_printed, names, last)
        spare = width - 1 - _width(columns)
        rest = f" {_('lecture')}" if is_printed and spare >= LECTURE_WIDTH else ""
        if names and names[-1] not in (column.name for column in columns):
            rest = " …"  # there are more weights
        headings = right("".join(column.heading(glyph) for column in columns), 1 + _width(columns))
        values = [self._values(epoch, names, columns) for epoch in epochs]
        decimals = [
            column_decimals((row[index] or 0.0 for row in values), column.width, *column.decimals, column.sign)
            for index, column in enumerate(columns)
        ]
        rows: list[Row] = [((headings + rest, "dim"),)]
        for epoch, row in zip(epochs, values, strict=True):
            texts = map(partial(self._text, epoch, is_printed), columns, row, decimals)
            rows.append(self._row(epoch, columns, list(texts), is_printed, glyph))
        return rows

    def first_row(self, room: int) -> int:
        """The epoch of the topmost row below the heading."""
        room -= 1
        turned = turn_pages(self.descent.epoch, room)
        return max(0, min(max(turned, self._length - room), turned + self._scrolled))

    @property
    def _length(self) -> int:
        """How many epochs there are, those of the ghost among them."""
        return max(len(self.descent.log), len(self.descent.ghost or ()))

    @property
    def _names(self) -> tuple[str, ...]:
        """The weights that are known by epoch: none where they are too many."""
        return () if self.descent.opened and not self.descent.w else self.descent.names

    def _log(self, epoch: int) -> EpochLog:
        """The run that a row is about: the ghost where the present run has not got so far."""
        descent = self.descent
        is_ahead = epoch > descent.epoch and epoch >= len(descent.log)
        return descent.ghost if descent.ghost and is_ahead else descent.log

    def _row(self, epoch: int, columns: Sequence[Column], texts: Sequence[str], is_printed: bool, glyph: str) -> Row:
        descent = self.descent
        own, beside = (
            "".join(text for column, text in zip(columns, texts, strict=True) if column.ghost == ghost)
            for ghost in (False, True)
        )
        is_now = epoch == descent.epoch
        style = "lit" if is_now else "dim" if epoch > descent.epoch else "text"
        mark = "▶" if is_now else glyph if self._log(epoch) is descent.ghost else " "
        return (mark + own, style), *(((beside, "dim"),) if beside else ()), self._sign(epoch, is_printed)

    def _text(self, epoch: int, is_printed: bool, column: Column, value: float | None, decimals: int) -> str:
        width = column.width
        if column.name == "epoch":
            text = str(epoch)
        elif column.name == "method":
            text = _program(self._knobs(epoch))
        elif value is None:
            text = ""
        elif column.name == "lr":
            text = fit(value, f"{value:.4g}", width)
        elif column.name == "cost" and is_printed and epoch < len(PRINTED) and value < 5e-7:
            text = f"{value:.{decimals}f}"
        else:
            text = format_in_column(value, decimals, width, column.sign)
        return text.rjust(width)

    def _knobs(self, epoch: int) -> Knobs:
        log = self._log(epoch)
        return log.knobs(epoch) if epoch < len(log) else self.descent.knobs

    def _values(self, epoch: int, names: tuple[str, ...], columns: Sequence[Column]) -> list[float | None]:
        """The numbers of a row: of the epoch under way, only what its lines have computed."""
        descent, log = self.descent, self._log(epoch)
        has_run = epoch < len(log)
        own: dict[str, float | None] = {"lr": self._knobs(epoch).program.lr}
        own |= zip(names, log.w(epoch) if has_run else descent.w, strict=False)
        if has_run:
            own["cost"] = log.cost(epoch)
            is_single = len(names) == 1
            if self._has_computed(Phase.GRADIENT, epoch, log):
                size = log.gradient_size(epoch)
                own |= {"gradient": next(iter(log.gradient(epoch)), None)} if is_single else {"|gradient|": size}
            if self._has_computed(Phase.UPDATE, epoch, log):
                own |= {"update": log.update(epoch)[0]} if is_single else {"|update|": log.update_size(epoch)}
        ghost: dict[str, float | None] = {}
        if descent.ghost and log is descent.log and epoch in self._compared:
            ghost |= zip(names, descent.ghost.w(epoch), strict=False)
            ghost["cost"] = descent.ghost.cost(epoch)
        return [(ghost if column.ghost else own).get(column.name) for column in columns]

    def _has_computed(self, phase: Phase, epoch: int, log: EpochLog) -> bool:
        """Whether the last line of this phase has run, at the place that is on the screen."""
        if epoch != self.descent.epoch:
            return epoch + 1 < len(log)
        lines = log.knobs(epoch).program.lines
        last = max((index for index, line in enumerate(lines) if line.phase is phase), default=len(lines))
        return last < self.descent.tick.line

    @property
    def _compared(self) -> range:
        """The epochs that the ghost and the present run have both, and not alike."""
        log, ghost = self.descent.log, self.descent.ghost
        return range(ghost.shared(log) + 1, min(len(ghost), len(log))) if ghost else range(0)

    def _columns_for(self, room: int, names: tuple[str, ...], last: int) -> list[Column]:
        """The columns that fit, those of the ghost beside them where it has room."""
        own = list(_columns(names, last))
        without_method = [column for column in own if column.name != "method"]
        beside = list(_beside(names)) if self._compared else []
        with_ghost: tuple[list[Column], ...] = (beside, beside[-1:])
        sized = (
            _sized([*columns, *more], is_wide)
            for mores in (with_ghost, ([],))
            for is_wide in (True, False)
            for more in mores
            for columns in (own, without_method)
        )
        columns = next((columns for columns in sized if _width(columns) <= room), _sized(own, is_wide=False))
        while _width(columns) > room and any(column.drop for column in columns):
            columns.remove(min((column for column in columns if column.drop), key=lambda column: column.drop))
        return columns

    def _sign(self, epoch: int, is_printed: bool) -> tuple[str, str]:
        """How the row compares with the lecture's printed table, and its style."""
        log = self.descent.log
        if epoch < len(log) and is_printed:
            match agreement(epoch, log.w(epoch)[0], log.cost(epoch)):
                case Agreement.AGREES:
                    return " ✓", "good"
                case Agreement.LAST_DIGIT:
                    return " ≈", "warn"
        return "", "dim"

    async def on_click(self, event: Click) -> None:
        """A click on an epoch goes there."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y > 0:
            epoch = self.first_row(self.content_size.height) + offset.y - 1
            if epoch < len(self.descent.log):
                await self.run_action(f"screen.goto_epoch({epoch})")


def _program(knobs: Knobs) -> str:
    """The method; * where lines of the program were edited."""
    return f"{knobs.method}*" if knobs.program.edited else knobs.method


def _columns(names: tuple[str, ...], last: int) -> Iterable[Column]:
    """For one weight everything; for more the sizes of gradient and update, and the weights that have room."""
    count = len(names)
    yield Column("epoch", max(7, len(str(last)) + 2), max(4, len(str(last)) + 1))
    yield Column(N_("method"), 8, 8, drop=count + 1)
    yield Column("lr", 8, 7, drop=count + 2)
    if count <= MOST_NAMED:
        yield from map(_weight, names)
    yield Column("cost", 12, 9, decimals=(6, 6))
    if count == 1:
        yield Column("gradient", 11, 8, drop=count + 6, sign="+", narrow_name="grad")
        yield Column("update", 10, 7, drop=count + 5, sign="+")
        return
    yield Column("|gradient|", 12, 9, drop=count + 6, narrow_name="|grad|")
    yield Column("|update|", 11, 9, drop=count + 5)
    for index, name in enumerate(names if count > MOST_NAMED else ()):
        yield _weight(name, drop=count - index if index > 1 else count + 4 - index)


def _beside(names: tuple[str, ...]) -> Iterable[Column]:
    """The columns of the ghost."""
    for name in names if len(names) <= MOST_NAMED else ():
        yield Column(name, 10, 9, ghost=True)
    yield Column("cost", 12, 10, decimals=(6, 6), ghost=True)


def _weight(name: str, drop: int = 0) -> Column:
    return Column(name, 10, max(7, len(name) + 1), drop=drop)


def _sized(columns: Iterable[Column], is_wide: bool) -> list[Column]:
    return [replace(column, width=column.wide if is_wide else column.narrow) for column in columns]


def _width(columns: Iterable[Column]) -> int:
    return sum(column.width for column in columns)
