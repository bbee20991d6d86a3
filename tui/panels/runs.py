"""The table of runs: the present one, the ghost, and those that are kept, with what each did."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.events import Click

from core.descent import Descent
from core.language import _
from core.study.runs import goal, is_exact, summary
from core.tape import Tape
from tui.drawing.figures import cost_text
from tui.drawing.rows import Row, Span, cut, left, right, wrapped
from tui.panels.panel import Panel
from tui.safe_text import safe_text
from tui.study.others import Other, others_of, without_common_words
from tui.study.run_words import close_text, did_text, last_cost_text, program_text, start_text

SHORTEST_NAME = 10

NAME, PROGRAM, START, EPOCHS, CLOSE, COST, DID = range(7)

GOES = (START, PROGRAM, EPOCHS, COST)
"""The columns that go where there is no room, in this order."""

LEFT = (NAME, PROGRAM, DID)
"""The columns of words, which stand at the left of their place."""

LEAST = {EPOCHS: 7, CLOSE: 7, COST: 11}
"""How wide a column is at least, so that it stays where it is while its numbers grow."""


@dataclass(frozen=True)
class Run:
    """A row of the table."""

    tape: Tape
    name: str
    mark: Span
    kept: str | None = None
    """The name under which it is kept, as it was typed; None for the present run and the ghost."""


class Runs(Panel):
    """A row a run. A click on one that is not the present one opens the list, in which it is taken up or dropped."""

    def watch_descent(self, before: Descent, now: Descent) -> None:
        if self.display:
            self.redraw()

    def on_show(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        self.entitle(_("7 runs: k keeps this one, K takes one up or drops it"))
        runs = runs_of(self.descent)
        heading, *rows = table(self.descent, runs, width)
        note = [((line, "dim"),) for line in wrapped(about_goal(self.descent), width)]
        if len(runs) > height - 1:
            hidden = len(runs) - (height - 2)
            rows[height - 2 :] = [((_("… and {count} more: K lists them").format(count=hidden), "dim"),)]
        return [heading, *rows, *note]

    async def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 1 < offset.y <= len(runs_of(self.descent)):
            await self.run_action(f"app.runs({offset.y - 2})")


def runs_of(descent: Descent) -> list[Run]:
    """The present run, the ghost, then those that are kept."""
    beside = [_beside(other) for other in others_of(descent)]
    return [Run(descent.tape, _("this run"), ("●", "point")), *beside]


def _beside(other: Other) -> Run:
    mark = other.glyph, other.style
    if other.is_ghost:
        return Run(other.tape, _("forgotten"), mark)
    return Run(other.tape, safe_text(other.name), mark, other.name)


def about_goal(descent: Descent) -> str:
    """What the column of epochs until the run came close means."""
    land = descent.landscape
    if is_exact(land):
        return _("{heading}: how many epochs until cost < 1e-6").format(heading=_close_heading(descent))
    return _("{heading}: how many epochs until cost is within a millionth of the least, {least}").format(
        heading=_close_heading(descent), least=cost_text(land.floor)
    )


def table(descent: Descent, runs: list[Run], width: int) -> list[Row]:
    """The heading and a row a run, with the columns that there is room for."""
    headings = [
        _("run"),
        _("gradient, lr"),
        _("start"),
        _("epochs"),
        _close_heading(descent),
        _("last cost"),
        _("what it did"),
    ]
    near = goal(descent.landscape)
    cells = [headings, *(_cells(run, near) for run in runs)]
    wide = {
        column: max(LEAST.get(column, 0), *(cell_len(row[column]) + 1 + (column in LEFT) for row in cells))
        for column in range(len(headings))
    }
    _fit(wide, width - 2, alike=len({row[START] for row in cells[1:]}) == 1)
    kept = [number for number, run in enumerate(runs, start=1) if run.kept is not None]
    if any(cell_len(cells[number][NAME]) > wide[NAME] - 2 for number in kept):
        for number, name in zip(kept, without_common_words([cells[number][NAME] for number in kept]), strict=True):
            cells[number][NAME] = name
    marks: list[Span] = [(" ", "dim"), *(run.mark for run in runs)]
    return [
        ((glyph, style), ("".join(_cell(row[column], column, size) for column, size in wide.items()), words))
        for (glyph, style), row, words in zip(marks, cells, ["dim", "strong", *["text"] * len(runs)], strict=False)
    ]


def _close_heading(descent: Descent) -> str:
    return "<1e-6" if is_exact(descent.landscape) else _("near")


def _cells(run: Run, near: float) -> list[str]:
    told = summary(run.tape, near)
    return [
        run.name,
        program_text(run.tape) if len(run.tape) else "–",
        start_text(run.tape),
        f"{told.epochs:,}",
        close_text(told),
        last_cost_text(told),
        did_text(told),
    ]


def _fit(wide: dict[int, int], room: int, alike: bool) -> None:
    """Have names cut, and columns go, until the rest has room; the start goes first, where all runs have the same."""
    name, goes = wide[NAME], [*GOES] if alike else [*GOES[1:], START]
    if alike and sum(wide.values()) > room:
        del wide[goes.pop(0)]
    while True:
        wide[NAME] = max(min(name, SHORTEST_NAME), min(name, room - sum(wide.values()) + wide[NAME]))
        if sum(wide.values()) <= room or not goes:
            return
        del wide[goes.pop(0)]


def _cell(text: str, column: int, size: int) -> str:
    return left(f" {cut(text, size - 2)}", size) if column in LEFT else right(cut(text, size - 1), size)
