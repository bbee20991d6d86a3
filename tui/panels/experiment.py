"""The experiment that runs: what to look for, and as soon as the run shows it, how it came out."""

from typing import TYPE_CHECKING

from textual.reactive import reactive

from core.behaviour import Behaviour, errors
from core.descent import Descent
from core.language import _
from core.measured import Measured
from tui.drawing.formatting import format_weight
from tui.drawing.text import Row, truncate, wrap
from tui.panels.panel import Panel

if TYPE_CHECKING:
    from core.study.experiments import RunningExperiment

FIRST = 4
"""How many values of W are shown."""


class ExperimentPanel(Panel):
    """On the screen while the run is the experiment's; another knob turned takes it away, and brings it back."""

    running_experiment: "reactive[RunningExperiment | None]" = reactive(None, repaint=False)

    def watch_running_experiment(self) -> None:
        self._show()

    def watch_descent(self, before: Descent, now: Descent) -> None:
        self._show()

    def _show(self) -> None:
        shown = self.running_experiment is not None and self.running_experiment.is_active(self.descent)
        if self.display != shown:
            self.display = shown
        if shown:
            self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        running = self.running_experiment
        if running is None:
            return []
        outcome = running.outcome(self.descent)
        texts = _reminders(running) if outcome is None else self._outcome_texts(running, outcome)
        fitting = [lines for text in texts if len(lines := wrap(text, width - 2)) <= height]
        lines = fitting[0] if fitting else [truncate(texts[-1], width - 2)]
        style = "accent" if outcome is None else "strong"
        return [((f" {line}", style if index == 0 else "text"),) for index, line in enumerate(lines)]

    def _outcome_texts(self, running: "RunningExperiment", outcome: Behaviour) -> tuple[str, ...]:
        """How it came out, its numbers, what was expected and why; shorter ways come later."""
        came = _("outcome: {outcome}").format(outcome=_(outcome))
        numbers, why = _numbers(self.descent), _(running.experiment.why)
        against = ""
        if running.expected is outcome:
            against = _("as you expected")
        elif running.expected:
            against = _("you expected: {outcome}").format(outcome=_(running.expected))
        head, short = (" · ".join(filter(None, parts)) for parts in ((came, numbers, against), (came, against)))
        return f"{head}. {why}", head, f"{short}. {why}", short, came, _(outcome)


def _reminders(running: "RunningExperiment") -> tuple[str, ...]:
    """What to look for, and what is expected; shorter ways come later."""
    experiment = running.experiment
    look_for = _("look for: {what}").format(what=_(experiment.look_for))
    named = _("experiment: {name}").format(name=_(experiment.name))
    expected = _("you expect: {outcome}").format(outcome=_(running.expected)) if running.expected else ""
    whole = " · ".join(filter(None, (named, expected, look_for)))
    return whole, f"{named} · {look_for}", look_for, named


def _numbers(descent: Descent) -> str:
    """The first W, or with several weights the first errors along the steepest direction, and the last one."""
    log, last = descent.log, min(descent.epoch, len(descent.log))
    if len(descent.names) == 1:
        sentence, values, now = _("W {values}"), [log.w(n)[0] for n in range(min(last, FIRST) + 1)], log.w(last)[0]
    else:
        values = errors(log, descent.measured or Measured(), last)
        if not values:
            return ""
        sentence, now = _("error along the steepest direction {values}"), values[-1]
    text = ", ".join(map(format_weight, values[:FIRST])) + (" …" if last >= FIRST else "")
    return sentence.format(values=f"{text} {format_weight(now)}" if last > FIRST else text)
