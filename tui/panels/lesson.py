"""The lesson beside the live screen: its text, its task, a hint, and how its goal stands."""

from itertools import dropwhile
from operator import not_
from typing import TYPE_CHECKING

from textual.events import MouseScrollDown, MouseScrollUp
from textual.reactive import reactive

from core.descent import Descent
from core.language import _
from tui.drawing.rows import Row, cut
from tui.lessons.markdown import rows_of
from tui.panels.panel import Panel

if TYPE_CHECKING:
    from tui.lessons.sitting import Sitting

MARGIN = 1


class LessonPanel(Panel):
    """Where its text has not room it is read in parts, and the last row says so; how the goal stands is always seen."""

    sitting: "reactive[Sitting | None]" = reactive(None, repaint=False)

    def watch_descent(self, before: Descent, now: Descent) -> None:
        """What the run has come to is seen by the sitting."""

    def watch_sitting(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        if self.sitting is None:
            return []
        self.entitle(self.sitting.title)
        inside = width - 2 * MARGIN
        told, goal = self._told(inside), self._goal(inside)[: max(1, height // 3)]
        if not self.styles.border.top[0]:
            told = [*rows_of(f"**{self.sitting.title}**", inside, "strong"), *told]
        room = height - len(goal)
        if len(told) > room:
            told = self._part(told, max(1, room - 1), inside)
        rows = [*told, *[()] * (room - len(told)), *goal]
        return [((" " * MARGIN, "text"), *row) for row in rows]

    def _told(self, width: int) -> list[Row]:
        """Text, task and the last hint asked for; what to take along once the goal is met."""
        sitting = self.sitting
        assert sitting is not None
        text = sitting.text
        parts = [rows_of(text.story, width, "text"), rows_of(text.task, width, "strong")]
        if sitting.met_by:
            parts.append(rows_of(text.done, width, "text"))
        elif sitting.hints:
            hint = _("Hint {number} of {hints}: {hint}").format(
                number=sitting.hints, hints=len(text.hints), hint=text.hints[sitting.hints - 1]
            )
            parts.append(rows_of(hint, width, "accent"))
        rows: list[Row] = []
        for part in parts:
            rows += [*([()] * bool(rows)), *part]
        return rows

    def _goal(self, width: int) -> list[Row]:
        sitting = self.sitting
        assert sitting is not None
        standing = sitting.standing
        if sitting.met_by:
            way_on = sitting.way_on.replace("** ", "**\u00a0")  # a key and what it does stay on one row
            return rows_of(f"✓ {standing.why}. {way_on}", width, "good")
        return rows_of(f"○ {standing.why}", width, "warn")

    def _part(self, rows: list[Row], room: int, width: int) -> list[Row]:
        """The part of the text that is being read, and a row that says that there is more."""
        assert self.sitting is not None
        parts = -(-len(rows) // room)
        part = self.sitting.page % parts
        first = min(part * room, len(rows) - room)
        told = _("▼ part {part} of {parts}, d reads on")
        if part + 1 == parts:
            told = _("▲ part {part} of {parts}, d: from the start")
        more = cut(told.format(part=part + 1, parts=parts), width)
        shown = list(dropwhile(not_, rows[first : first + room]))  # not the empty row between two paragraphs
        return [*shown, *[()] * (room - len(shown)), ((more, "lit"),)]

    def on_show(self) -> None:
        self.app.call_later(self.app.run_action, "lessons('look')")

    def on_hide(self) -> None:
        self.app.call_later(self.app.run_action, "lessons('look')")

    async def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        await self.run_action("app.lessons('read_on')")

    async def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        await self.run_action("app.lessons('read_back')")
