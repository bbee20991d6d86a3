"""One line that says what is the matter: what gradstep is doing, a warning, or a note on what is on the screen."""

from collections.abc import Callable
from itertools import islice, pairwise, takewhile
from math import isfinite
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.reactive import reactive

from core.behaviour import GROWS, SEVERAL, non_finite_since
from core.descent import Descent
from core.language import LazyString, _, ngettext
from core.lecture import PRINTED, Agreement, agreement, is_lecture
from core.measured import LrResponse
from core.program import Method
from tui.drawing.text import Row, truncate
from tui.keys import key_of
from tui.panels.panel import Panel

if TYPE_CHECKING:
    from tui.lessons.session import LessonSession

LOOK_BACK = 1000
"""How far back growing costs are counted, so that a keypress costs the same after a long run."""

HIGH = 100
"""A cost of this many times the first one is more than a swing reaches."""

LEVEL = 1e-7
"""A curvature of this share of the steepest one is none, as far as float32 can tell."""


class Status(Panel):
    """The most urgent of what there is to say."""

    activity: reactive[str | LazyString] = reactive("", repaint=False, always_update=True)
    """What gradstep is doing, or says about the last key; it goes before all else."""

    lesson_session: "reactive[LessonSession | None]" = reactive(None, repaint=False)
    """The lesson that the learner is in: its task is shown here where the lesson is not on the screen."""

    def watch_activity(self) -> None:
        self.redraw()

    def watch_lesson_session(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        text, style = self._message(width - 1)
        return [((f" {text}", style),)]

    def _message(self, room: int) -> tuple[str, str]:
        descent, session = self.descent, self.lesson_session
        if warning := not_finite(descent) or diverging(descent):
            return (f"{warning} · {self.activity}" if self.activity else warning), "bad"
        if self.activity:
            return str(self.activity), "accent"
        if session and not self._is_lesson_on_screen:
            return truncate(session.reminder, room), "accent"
        if warning := unused_lr(descent) or unlearnable(descent):
            return truncate(warning, room), "warn"
        if notes := summed(descent) or last_digit(descent):
            return next((note for note in notes if cell_len(note) <= room), notes[-1]), "dim"
        if descent.highlighted_epoch is None:
            hint = _("i hint · v next lesson · j all lessons · 0 back to your own run") if session else first_hint()
            return truncate(hint, room), "dim"
        return "", "dim"

    @property
    def _is_lesson_on_screen(self) -> bool:
        return self.is_attached and any(panel.region for panel in self.screen.query("LessonPanel"))


def first_hint() -> str:
    """The keys that a learner needs first."""
    hint = _("{epoch} runs an epoch, {line} a line; {lessons}: the lessons, {open}: your own data, {help}: help")
    keys = {name: key_of(name) for name in ("lessons", "open", "help")}
    return hint.format(epoch=key_of("next_epoch"), line=key_of("next_line"), **keys)


def not_finite(descent: Descent) -> str:
    """A sentence where W or cost is no finite number: which, and since when."""
    log, now = descent.log, descent.epoch
    if now >= len(log):
        return ""

    def value_of(weight: int) -> Callable[[int], float]:
        return lambda epoch: log.w(epoch)[weight]

    broken = next((index for index, w in enumerate(descent.w) if not isfinite(w)), None)
    if broken is None and isfinite(descent.cost):
        return ""
    name, value = (
        (descent.knobs.program.cost, log.cost) if broken is None else (descent.names[broken], value_of(broken))
    )
    since = non_finite_since(value, now)
    sentence = _("{name} is {value} at epoch {epoch}: {back} goes back, a smaller lr holds it")
    if descent.measured and descent.measured.curvature < 0:
        sentence = _("{name} is {value} at epoch {epoch}: {back} goes back; no lr holds it, for it walks uphill")
    if not since:
        sentence = _("{name} is {value} at epoch {epoch}, the start: beyond the largest float32")
    return sentence.format(name=name, value=value(since), epoch=since, back=key_of("previous_epoch"))


def diverging(descent: Descent) -> str:
    """A sentence where the cost has grown several epochs in a row with the knobs as they are.

    What remembers earlier updates climbs for a while and comes back: it diverges only far above where it began.
    """
    log, now = descent.log, descent.epoch
    if not len(log):
        return ""
    if descent.measured and descent.measured.is_stateful and not descent.cost > HIGH * log.cost(0):
        return ""
    growing = takewhile(lambda pair: pair[0] > GROWS * pair[1], pairwise(descent.costs_backward()))
    with_these_knobs = now - log.segment_start(min(now, len(log) - 1))
    count = sum(1 for _pair in islice(growing, min(LOOK_BACK, with_these_knobs)))
    if count < SEVERAL:
        return ""
    sentence = _("diverging: the cost has grown {count} epochs in a row")
    if count == LOOK_BACK:
        sentence = _("diverging: the cost has grown more than {count} epochs in a row")
    return sentence.format(count=count)


def unused_lr(descent: Descent) -> str:
    """A sentence where the update is the same with another lr."""
    measured = descent.measured
    if descent.knobs.program.lr is None or measured is None or measured.lr_response is not LrResponse.UNUSED:
        return ""
    return _("this program does not use lr: turning it changes nothing")


def unlearnable(descent: Descent) -> str:
    """A sentence where many weights fit the table equally well."""
    measured, opened = descent.measured, descent.opened
    if measured is None or opened is None:
        return ""
    if measured.max_curvature == 0 == measured.min_curvature:
        return _("cost is level everywhere: no weight changes it")
    if not measured.is_quadratic or measured.min_curvature > LEVEL * measured.max_curvature:
        return ""
    rows, weights = opened.table.rows, len(opened.names)
    if 0 < rows < weights:
        sentence = ngettext(
            "{count} row for {weights} weights: many W fit equally well, the start decides which",
            "{count} rows for {weights} weights: many W fit equally well, the start decides which",
            rows,
        )
        return sentence.format(count=rows, weights=weights)
    if weights > 1 and measured.min_curvature == measured.min_curvature:
        return _("cost is level along some direction: many W fit equally well, the start decides which")
    return ""


def summed(descent: Descent) -> tuple[str, ...]:
    """A sentence where the gradient is a sum over another number of rows than the lecture's lr is made for; a shorter
    one after it.
    """
    rows = descent.opened.table.rows if descent.opened else 0
    ratio = descent.measured.gradient_ratio if descent.measured else 0.0
    is_sum = rows > 3 and abs(ratio - rows / 2) < 1e-3 * rows
    if descent.knobs.program.method is not Method.MANUAL or not is_sum:
        return ()
    sentences = (
        _(
            "torch.sum over {rows:,} rows is {times:,g} x the true gradient, and grows with them; "
            "{key} takes the 2 * mean"
        ),
        _("sum over {rows:,} rows is {times:,g} x the true gradient; {key}: mean"),
    )
    return tuple(sentence.format(rows=rows, times=rows / 2, key=key_of("gradient")) for sentence in sentences)


def last_digit(descent: Descent) -> tuple[str, ...]:
    """A sentence where a cost differs from the slide in the last digit only, and why; a shorter one after it."""
    log = descent.log
    printed = is_lecture(descent.knobs.program) and not descent.knobs.program.edited
    for epoch in range(min(len(PRINTED), descent.epoch + 1, len(log)) if printed else 0):
        w, cost = log.w(epoch)[0], log.cost(epoch)
        if agreement(epoch, w, cost) is Agreement.LAST_DIGIT:
            slide = PRINTED[epoch][1]
            sentences = (
                _(
                    "≈ epoch {epoch}: cost {cost:.6f} here, {slide} on the slide: only float32's rounding, "
                    "which leaves W at {w:.8f} here"
                ),
                _("≈ epoch {epoch}: {cost:.6f}, slide {slide}: float32 rounds W to {w:.8f}"),
            )
            return tuple(sentence.format(epoch=epoch, cost=cost, slide=slide, w=w) for sentence in sentences)
    return ()
