"""The experiment under way: what to look for, and once that can be told, what has come of it."""

from typing import TYPE_CHECKING

from textual.reactive import reactive

from core.descent import Descent
from core.language import _
from core.study.outcome import Outcome, errors
from tui.drawing.figures import fine
from tui.drawing.rows import Row, cut, wrapped
from tui.panels.panel import Panel

if TYPE_CHECKING:  # only when asked for: the first frame doesn't wait for it
    from core.study.experiments import Underway

FIRST = 4
"""How many values of W are told."""


class Experiment(Panel):
    """On the screen while the run is the experiment's; another knob turned takes it away, and brings it back."""

    underway: "reactive[Underway | None]" = reactive(None, repaint=False)

    def watch_underway(self) -> None:
        self._show()

    def watch_descent(self, before: Descent, now: Descent) -> None:
        self._show()

    def _show(self) -> None:
        shown = self.underway is not None and self.underway.holds(self.descent)
        if self.display != shown:
            self.display = shown
        if shown:
            self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        if self.underway is None:
            return []
        outcome = self.underway.outcome(self.descent)
        texts = self._reminders(self.underway) if outcome is None else self._told(self.underway, outcome)
        fitting = [lines for text in texts if len(lines := wrapped(text, width - 2)) <= height]
        lines = fitting[0] if fitting else [cut(texts[-1], width - 2)]
        style = "accent" if outcome is None else "strong"
        return [((f" {line}", style if index == 0 else "text"),) for index, line in enumerate(lines)]

    def _reminders(self, underway: "Underway") -> tuple[str, ...]:
        """What to look for, and what is expected; shorter ways come later."""
        experiment = underway.experiment
        look_for = _("look for: {what}").format(what=_(experiment.look_for))
        named = _("experiment: {name}").format(name=_(experiment.name))
        expected = _("you expect: {outcome}").format(outcome=_(underway.expected)) if underway.expected else ""
        wholes = " · ".join(filter(None, (named, expected, look_for)))
        return wholes, f"{named} · {look_for}", look_for, named

    def _told(self, underway: "Underway", outcome: Outcome) -> tuple[str, ...]:
        """What has come of it, its numbers, what was expected and why; shorter ways come later."""
        came = _("outcome: {outcome}").format(outcome=_(outcome))
        numbers, why = self._numbers(), _(underway.experiment.why)
        against = ""
        if underway.expected is outcome:
            against = _("as you expected")
        elif underway.expected:
            against = _("you expected: {outcome}").format(outcome=_(underway.expected))
        head, short = (" · ".join(filter(None, parts)) for parts in ((came, numbers, against), (came, against)))
        return f"{head}. {why}", head, f"{short}. {why}", short, came, _(outcome)

    def _numbers(self) -> str:
        """The first W, or with several weights the first errors along the steepest direction, and the last one."""
        several = len(self.descent.names) > 1
        tape, epoch = self.descent.tape, self.descent.epoch
        last = min(epoch, len(tape))
        values = errors(self.descent) if several else [tape.w(n)[0] for n in range(min(last, FIRST) + 1)]
        told = ", ".join(map(fine, values[:FIRST])) + (" …" if last >= FIRST else "")
        now = values[-1] if several else tape.w(last)[0]
        if last > FIRST:
            told += f" {fine(now)}"
        sentence = _("error along the steepest direction {values}") if several else _("W {values}")
        return sentence.format(values=told)
