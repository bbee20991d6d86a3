"""The lr on a ruler: 0, the lr that lands in one step, the lr at which it breaks; and what this lr does."""

from math import isfinite

from rich.cells import cell_len
from textual.events import Click

from core.descent import Descent
from core.landscape import Behaviour, Effect
from core.language import _, counted, marked
from tui.drawing.figures import factor_text, lr_text, mark_text
from tui.drawing.rows import Row, cells_of, joined
from tui.panels.panel import Panel

TEXT_WIDTH = 30
SEVERAL_WIDTH = 52
"""How much room the words beside the ruler have, for one weight and for several."""

ROOM_FOR_RULER = 40
"""Where less is left for the ruler the words stand where its labels would."""

SHORT = {
    Behaviour.CREEPS: marked("creeps down"),
    Behaviour.ONE_STEP: marked("lands in one step"),
    Behaviour.SWINGS: marked("swings across"),
}
"""What happens along the steepest direction, where the flattest has to be told as well."""

BEYOND = 1.5
"""The ruler ends at this many times the lr at which it breaks."""


class Ruler(Panel):
    """Two rows: the ruler with its marks, and beside it what this lr does."""

    def watch_descent(self, before: Descent, now: Descent) -> None:
        if (before.knobs, before.measured) != (now.knobs, now.measured):
            self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        effect = self._effect
        name = f" lr {lr_text(effect.lr)} "
        if not isfinite(effect.curvature):
            return [((name, "strong"), (_("the marks are measured with torch"), "dim"))]
        start, room = self._span(width)
        if room < 3:
            return [((name, "strong"),)]
        sentence, style = self._sentence(effect)
        if width < self._room_for_labels:
            told = f" {self._factors(effect)}: {sentence}"
            told = told if cell_len(told) <= width else f" {sentence}"
            return [((name.ljust(start), "strong"), *self._line(effect, room)), ((told, style),)]
        return [
            ((name.ljust(start), "strong"), *self._line(effect, room), (f"  {self._factors(effect)}", "text")),
            ((" " * start + self._labels(effect, room), "dim"), (f"  {sentence}", style)),
        ]

    def _line(self, effect: Effect, room: int) -> Row:
        """The ruler itself: safe up to the edge, and where the lr stands."""
        if not isfinite(effect.edge_lr):  # no lr has a place: level, or uphill
            return (("├" + "╌" * (room - 1), "bad" if effect.curvature < 0 else "warn"),)
        edge, at = self._column(effect.edge_lr, room), self._column(effect.lr, room)
        line = ["─"] * edge + ["╌"] * (room - edge)
        line[0], line[self._column(effect.one_step_lr, room)] = "├", "┼"
        line[edge] = "╂"
        beyond = effect.lr > effect.edge_lr * BEYOND
        line[at] = "▶" if beyond else "●"
        spans = [(glyph, "good" if column < edge else "bad") for column, glyph in enumerate(line)]
        spans[at] = (line[at], "bad" if abs(effect.factor) >= 1 else "point")
        return joined(spans)

    def _labels(self, effect: Effect, room: int) -> str:
        """What the marks are, below them; a label that has no room is left out."""
        labels = ["0", *" " * (room - 1)]
        for lr, name in ((effect.edge_lr, _("edge")), (effect.one_step_lr, _("one step"))):
            if not isfinite(lr):
                continue
            text = cells_of(f"{mark_text(lr)} {name}")
            first = max(2, min(self._column(lr, room) - len(text) // 2, room - len(text)))
            if not "".join(labels[first - 1 : first + len(text) + 1]).strip():
                labels[first : first + len(text)] = text
        return "".join(labels)

    @property
    def _effect(self) -> Effect:
        return self.descent.effect

    @property
    def _text_width(self) -> int:
        return SEVERAL_WIDTH if self._several else TEXT_WIDTH

    @property
    def _room_for_labels(self) -> int:
        return ROOM_FOR_RULER + self._text_width

    @property
    def _several(self) -> bool:
        return len(self.descent.names) > 1

    def _factors(self, effect: Effect) -> str:
        """What the error is multiplied by; for several weights, along the steepest direction and the flattest."""
        if self.descent.measured.remembers:
            return _("the update has a memory")
        if not self._several:
            return _("error x {factor} each epoch").format(factor=factor_text(effect.factor))
        sentence = _("error x {steepest} steepest, {flattest} flattest")
        return sentence.format(steepest=factor_text(effect.factor), flattest=factor_text(effect.flattest_factor))

    def _span(self, width: int) -> tuple[int, int]:
        """Where the ruler begins, and how long it is."""
        start = len(f" lr {lr_text(self._effect.lr)} ")
        start = max(start, 10)
        return start, width - start - (self._text_width if width >= self._room_for_labels else 1)

    def _column(self, lr: float, room: int) -> int:
        longest = self._effect.edge_lr * BEYOND
        return min(room - 1, int(room * lr / longest)) if isfinite(longest) else 0

    def _sentence(self, effect: Effect) -> tuple[str, str]:
        behaviour = effect.behaviour
        if effect.lr and effect.curvature < 0:
            return _("walks uphill: no lr holds it"), "bad"
        if effect.lr and self.descent.measured.remembers:
            return _("marks hold without memory"), "warn"
        style = {Behaviour.BREAKS: "bad", Behaviour.BOUNCES: "warn", Behaviour.STAYS: "warn"}.get(behaviour, "good")
        if self._several and behaviour in SHORT:
            return f"{_(SHORT[behaviour])}; {_flattest(effect.half_life)}", style
        if effect.lr == 0:
            return _("{behaviour}: lr 0 learns nothing").format(behaviour=_(behaviour)), style
        return _(behaviour), style

    async def on_click(self, event: Click) -> None:
        """A click on the ruler sets the lr that stands there; a click on a mark, the mark exactly."""
        offset = event.get_content_offset(self)
        start, room = self._span(self.content_size.width)
        if offset is None or not isfinite(self._effect.edge_lr) or room < 3 or not start <= offset.x < start + room:
            return
        effect, column = self._effect, offset.x - start
        marks = {self._column(lr, room): lr for lr in (effect.edge_lr, effect.one_step_lr, 0.0)}
        lr = marks.get(column, float(f"{(column + 0.5) / room * effect.edge_lr * BEYOND:.2g}"))
        await self.run_action(f"app.set_lr({lr!r})")


def _flattest(half_life: float) -> str:
    """What happens along the flattest direction."""
    if not isfinite(half_life):
        return _("flattest stays as it is")
    count = f"{max(1, round(half_life)):,}" if half_life < 1e9 else f"{half_life:.0e}"
    sentence = counted(
        "flattest halves in {count} epoch", "flattest halves in {count} epochs", max(1, round(half_life))
    )
    return sentence.format(count=count)
