"""The lr on a ruler: 0, the lr that lands in one step, the lr at which it breaks; and what this lr does."""

from math import inf, isfinite, log

from rich.cells import cell_len
from textual.events import Click

from core.behaviour import Behaviour, of_factor
from core.descent import Descent
from core.language import N_, _, ngettext
from core.measured import LrResponse, Measured
from core.state import MOST_NUMBERS
from tui.drawing.formatting import format_factor, format_lr, format_lr_fraction
from tui.drawing.text import Row, cells_of, merge_spans, truncate
from tui.panels.panel import Panel

ROOM_FOR_RULER = 40
"""Where less is left for the ruler the words stand where its labels would."""

BEYOND = 1.5
"""The ruler ends at this many times the lr at which it breaks."""

WORDS = {
    Behaviour.STATIONARY: (N_("stays"), "warn"),
    Behaviour.MONOTONE: (N_("comes down one side and settles"), "good"),
    Behaviour.ONE_STEP: (N_("lands in one step"), "good"),
    Behaviour.OSCILLATING: (N_("swings across, and settles"), "good"),
    Behaviour.CYCLING: (N_("bounces for ever"), "warn"),
    Behaviour.DIVERGING: (N_("breaks away"), "bad"),
}

SHORT = {
    Behaviour.MONOTONE: N_("comes down"),
    Behaviour.ONE_STEP: N_("lands in one step"),
    Behaviour.OSCILLATING: N_("swings across"),
}
"""What happens along the steepest direction, where the flattest has its words as well."""


class Ruler(Panel):
    """Two rows: the ruler with its marks, and beside it what this lr does."""

    def watch_descent(self, before: Descent, now: Descent) -> None:
        if now.measured is None and _same_but_for_lr(before, now):
            return  # it is measured at the new lr in a moment: until then the old marks stay
        if (before.knobs, before.measured) != (now.knobs, now.measured):
            self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        measured, name = self.descent.measured, self._lr_name
        if measured is None:
            return [((name, "strong"), (_("the marks are being measured"), "dim"))]
        start, room = self._span(measured, width)
        if room < 3:
            return [((name, "strong"),)]
        factors, (sentence, style) = self._factors(measured), self._sentence(measured)
        line = (name.ljust(start), "strong"), *self._line(measured, room)
        if width < ROOM_FOR_RULER + _text_width(measured):
            both = f" {factors}: {sentence}" if factors else f" {sentence}"
            return [line, ((both if cell_len(both) <= width else truncate(f" {sentence}", width), style),)]
        return [
            (*line, (f"  {factors}", "text")),
            ((" " * start + _labels(measured, room), "dim"), (f"  {sentence}", style)),
        ]

    @property
    def _lr_name(self) -> str:
        lr = self.descent.knobs.lr
        return f" lr {format_lr(lr.value)} " if lr else " lr –"

    def _line(self, measured: Measured, room: int) -> Row:
        """The ruler itself: safe up to the edge, and where the lr stands."""
        lr = self.descent.knobs.lr
        if not _has_marks(measured) or lr is None:
            return (("├" + "╌" * (room - 1), "bad" if measured.curvature < 0 else "warn"),)
        edge, at = _column(measured, measured.stability_limit, room), _column(measured, lr.value, room)
        line = ["─"] * edge + ["╌"] * (room - edge)
        line[0] = "├"
        if isfinite(measured.one_step_lr):
            line[_column(measured, measured.one_step_lr, room)] = "┼"
        line[edge] = "╂"
        line[at] = "▶" if lr.value > measured.stability_limit * BEYOND else "●"
        spans = [(glyph, "good" if column < edge else "bad") for column, glyph in enumerate(line)]
        spans[at] = (line[at], "bad" if abs(measured.error_factor) >= 1 else "point")
        return merge_spans(spans)

    def _factors(self, measured: Measured) -> str:
        """What the error is multiplied by; for several weights, along the steepest direction and the flattest."""
        factor, flat = _factor_text(measured.error_factor), _factor_text(measured.flat_factor)
        if not isfinite(measured.error_factor):
            return ""
        if measured.is_stateful:
            return _("error x {factor} each epoch, in the long run").format(factor=factor)
        if not _is_several(measured):
            return _("error x {factor} each epoch").format(factor=factor)
        return _("error x {steepest} steepest, {flattest} flattest").format(steepest=factor, flattest=flat)

    def _sentence(self, measured: Measured) -> tuple[str, str]:
        """What this lr does, or why there are no marks; and its style."""
        lr = self.descent.knobs.lr
        if lr is None or measured.lr_response is LrResponse.UNUSED:
            return _("this program does not use lr") if lr else _("this program has no lr to turn"), "warn"
        if lr.value and measured.curvature < 0:
            return _("walks uphill: no lr holds it"), "bad"
        if measured.is_stateful:
            return _("the update includes earlier steps: no marks"), "warn"
        if len(self.descent.names) > MOST_NUMBERS:
            return _("too many weights to measure what an epoch does"), "warn"
        behaviour = of_factor(measured.error_factor)
        if behaviour not in WORDS:
            return _("each epoch shrinks the error by another factor"), "warn"
        words, style = WORDS[behaviour]
        if lr.value == 0:
            return _("{behaviour}: lr 0 learns nothing").format(behaviour=_(words)), style
        if not _has_marks(measured):
            return _("{behaviour}; not proportional to lr: no marks").format(behaviour=_(words)), style
        if _is_several(measured) and behaviour in SHORT:
            return f"{_(SHORT[behaviour])}; {_flattest(measured.flat_factor)}", style
        return _(words), style

    def _span(self, measured: Measured, width: int) -> tuple[int, int]:
        """Where the ruler begins, and how long it is."""
        start, beside = max(len(self._lr_name), 13), _text_width(measured)
        return start, width - start - (beside if width >= ROOM_FOR_RULER + beside else 1)

    async def on_click(self, event: Click) -> None:
        """A click on the ruler sets the lr that stands there; a click on a mark, the mark exactly."""
        offset, measured = event.get_content_offset(self), self.descent.measured
        if offset is None or measured is None or not _has_marks(measured) or self.descent.knobs.lr is None:
            return
        start, room = self._span(measured, self.content_size.width)
        if room < 3 or not start <= offset.x < start + room:
            return
        column = offset.x - start
        marks = {_column(measured, lr, room): lr for lr in (measured.stability_limit, measured.one_step_lr, 0.0)}
        lr = marks.get(column, float(f"{(column + 0.5) / room * measured.stability_limit * BEYOND:.2g}"))
        await self.run_action(f"screen.set_lr({lr!r})")


def _same_but_for_lr(before: Descent, now: Descent) -> bool:
    one, other = before.knobs.program, now.knobs.program
    return one.same_setup(other) and one.same_lines(other)


def _has_marks(measured: Measured) -> bool:
    return isfinite(measured.stability_limit) and measured.stability_limit > 0


def _is_several(measured: Measured) -> bool:
    return len(measured.steepest) > 1 and isfinite(measured.flat_factor)


def _text_width(measured: Measured) -> int:
    """How much room the words beside the ruler have: by what they may have to say, so that the marks stay in place."""
    if not _has_marks(measured):
        return 60
    return 52 if _is_several(measured) else 35


def _column(measured: Measured, lr: float, room: int) -> int:
    """Where an lr stands on the ruler."""
    longest = measured.stability_limit * BEYOND
    return min(room - 1, int(room * lr / longest)) if isfinite(lr) else 0


def _labels(measured: Measured, room: int) -> str:
    """What the marks are, below them; a label that has no room is left out."""
    labels = ["0", *" " * (room - 1)]
    for lr, name in ((measured.stability_limit, _("edge")), (measured.one_step_lr, _("one step"))):
        if not _has_marks(measured) or not isfinite(lr):
            continue
        text = cells_of(f"{format_lr_fraction(lr)} {name}")
        first = max(2, min(_column(measured, lr, room) - len(text) // 2, room - len(text)))
        if not "".join(labels[first - 1 : first + len(text) + 1]).strip():
            labels[first : first + len(text)] = text
    return "".join(labels)


def _factor_text(factor: float) -> str:
    """The factor; a negative one in brackets, so that its sign is no minus."""
    return f"({format_factor(factor)})" if factor < 0 else format_factor(factor)


def _flattest(factor: float) -> str:
    """What happens along the flattest direction."""
    size = abs(factor)
    half_life = log(0.5) / log(size) if 0 < size < 1 else 0.0 if size == 0 else inf
    if not isfinite(half_life):
        return _("flattest stays as it is")
    count = f"{max(1, round(half_life)):,}" if half_life < 1e9 else f"{half_life:.0e}"
    sentence = ngettext(
        "flattest halves in {count} epoch", "flattest halves in {count} epochs", max(1, round(half_life))
    )
    return sentence.format(count=count)
