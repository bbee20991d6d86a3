"""One line that says what is the matter: what the program is doing, a warning, or a note on what is on the screen."""

from collections.abc import Callable
from itertools import islice, pairwise, takewhile
from math import isfinite
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.reactive import reactive

from core.data import LECTURE
from core.descent import Descent
from core.ending import GROWS, SEVERAL, broken_since
from core.findings import unlearnable
from core.language import Sentence, _
from core.lecture import PRINTED, Agreement, agreement, is_printed
from tui.drawing.rows import Row, cut
from tui.keys import key_of
from tui.panels.panel import Panel
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.lessons.sitting import Sitting

LOOK_BACK = 1000
"""How far back growing costs are counted, so that a keypress costs the same after a long run."""

HIGH = 100
"""So many times the first cost is more than a swing reaches."""


class Status(Panel):
    """The most urgent of what there is to say."""

    activity: reactive[str | Sentence] = reactive("", repaint=False)
    """What the program is doing or has to tell about the last key; it goes before all else."""

    sitting: "reactive[Sitting | None]" = reactive(None, repaint=False)
    """The lesson that the learner is in: its task is told here where the lesson is not on the screen."""

    def watch_activity(self) -> None:
        self.redraw()

    def watch_sitting(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        text, style = self._message(width - 1)
        return [((f" {text}", style),)]

    def _message(self, room: int) -> tuple[str, str]:
        descent = self.descent
        if warning := not_finite(descent) or diverging(descent):
            return (f"{warning} · {self.activity}" if self.activity else warning), "bad"
        if self.activity:
            return str(self.activity), "accent"
        if self.sitting and not self.sitting.on_screen:
            return cut(self.sitting.reminder, room), "accent"
        if found := unlearnable(descent.data, descent.knobs.listing.bias):
            return cut(" · ".join(map(safe_text, found)), room), "warn"
        if notes := summed(descent) or last_digit(descent):
            return next((note for note in notes if cell_len(note) <= room), notes[-1]), "dim"
        if descent.tick == 0:
            if self.sitting:
                return cut(_("i hint · v next lesson · j all lessons · 0 back to your own run"), room), "dim"
            hint = _(
                "{epoch} runs an epoch, {phase} a phase; {lessons}: the lessons, {open}: your own data, {help}: help"
            )
            keys = {name: key_of(name) for name in ("lessons", "open", "help")}
            hint = hint.format(epoch=key_of("next_epoch"), phase=key_of("next_phase"), **keys)
            return cut(" · ".join((hint, *map(safe_text, descent.data.notes))), room), "dim"
        return "", "dim"


def not_finite(descent: Descent) -> str:
    """A sentence where W or cost is no finite number: which, and since when."""
    tape, now = descent.tape, descent.epoch
    if now >= len(tape):
        return ""

    def value_of(weight: int) -> Callable[[int], float]:
        return lambda epoch: tape.w(epoch)[weight]

    weights = ((name, value_of(index)) for index, name in enumerate(descent.names))
    for name, value in (*weights, ("cost", tape.cost)):
        if not isfinite(value(now)):
            since = broken_since(value, now)
            sentence = _("{name} is {value} at epoch {epoch}: {back} goes back, a smaller lr holds it")
            if descent.measured.curvature < 0:
                sentence = _(
                    "{name} is {value} at epoch {epoch}: {back} goes back; no lr holds it, for it walks uphill"
                )
            if not since:
                sentence = _("{name} is {value} at epoch {epoch}, the start: beyond the largest float32")
            return sentence.format(name=name, value=value(since), epoch=since, back=key_of("previous_epoch"))
    return ""


def diverging(descent: Descent) -> str:
    """A sentence where the cost has grown several epochs in a row with the knobs as they are.

    What remembers earlier updates climbs for a while and comes back: it diverges only far above where it began.
    """
    if not len(descent.tape):
        return ""
    if descent.measured.remembers and not descent.cost > HIGH * descent.tape.cost(0):
        return ""
    growing = takewhile(lambda pair: pair[0] > GROWS * pair[1], pairwise(descent.costs_backward()))
    with_these_knobs = descent.epoch - descent.tape.turned(descent.epoch)
    count = sum(1 for _pair in islice(growing, min(LOOK_BACK, with_these_knobs)))
    if count < SEVERAL:
        return ""
    sentence = _("diverging: the cost has grown {count} epochs in a row")
    if count == LOOK_BACK:
        sentence = _("diverging: the cost has grown more than {count} epochs in a row")
    return sentence.format(count=count)


def summed(descent: Descent) -> tuple[str, ...]:
    """A sentence where the gradient is a sum over another number of rows than the lecture's lr is made for."""
    knobs, rows = descent.knobs, len(descent.data)
    if descent.data is LECTURE or not knobs.listing.sums(knobs.method):
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
    tape = descent.tape
    listing, method = descent.knobs.listing, descent.knobs.method
    printed = is_printed(descent.data, listing) and not listing.is_own(method)
    for epoch in range(min(len(PRINTED), descent.epoch + 1, len(tape)) if printed else 0):
        w, cost = tape.w(epoch)[0], tape.cost(epoch)
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
