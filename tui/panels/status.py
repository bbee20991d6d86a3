"""One line that says what is the matter: what the program is doing, a warning, or a note on what is on the screen."""

from itertools import islice, pairwise, takewhile
from math import isfinite

from textual.reactive import reactive

from core.data import LECTURE
from core.descent import Descent
from core.lecture import PRINTED, Agreement, agreement
from tui.panels.panel import Panel
from tui.rows import Row

SEVERAL = 3
"""From this many growing costs in a row on, the run is called diverging."""

LOOK_BACK = 1000
"""How far back a warning counts, so that a keypress costs the same after a long run."""


class Status(Panel):
    """The most urgent of what there is to say."""

    activity: reactive[str] = reactive("", repaint=False)
    """What the program is doing or has to tell about the last key; it goes before all else."""

    def watch_activity(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        text, style = self._message()
        return [((f" {text}", style),)]

    def _message(self) -> tuple[str, str]:
        descent = self.descent
        if self.activity:
            return self.activity, "accent"
        if warning := not_finite(descent) or diverging(descent):
            return warning, "bad"
        if note := last_digit(descent):
            return note, "dim"
        if descent.tick == 0:
            return "space runs an epoch, enter a single phase; ? explains every key and panel", "dim"
        return "", "dim"


def not_finite(descent: Descent) -> str:
    """A sentence where W or cost has ceased to be a finite number: which, and since when."""
    epochs = range(descent.epoch, max(-1, descent.epoch - LOOK_BACK), -1)
    weights = (descent.tape.w(epoch)[0] for epoch in epochs) if len(descent.tape) else iter(())
    for name, backward in (("W", weights), ("cost", islice(descent.costs_backward(), LOOK_BACK))):
        broken = list(takewhile(lambda value: not isfinite(value), backward))
        if broken:
            since = descent.epoch - len(broken) + 1
            return f"{name} is {broken[-1]} at epoch {since}: the run has broken away; ← steps back"
    return ""


def diverging(descent: Descent) -> str:
    """A sentence where the cost has grown several epochs in a row."""
    growing = takewhile(lambda pair: pair[0] > pair[1], pairwise(descent.costs_backward()))
    count = sum(1 for _ in islice(growing, LOOK_BACK))
    return f"diverging: the cost has grown {count} epochs in a row" if count >= SEVERAL else ""


def last_digit(descent: Descent) -> str:
    """A sentence where an epoch's cost differs from the lecture's table in the last printed digit only."""
    if descent.data != LECTURE:
        return ""
    tape = descent.tape
    for epoch in range(min(len(PRINTED), descent.epoch + 1, len(tape))):
        w, cost = tape.w(epoch)[0], tape.cost(epoch)
        if agreement(epoch, w, cost) is Agreement.LAST_DIGIT:
            return f"≈ epoch {epoch}: slide {PRINTED[epoch][1]}; float32 holds W as {w:.8f}: the last digit tips"
    return ""
