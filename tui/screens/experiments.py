"""The list of experiments: choose one, see the lines that change, say what will happen, and start."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList, Static

from core.behaviour import OUTCOMES
from core.descent import Descent
from core.knobs import Knobs
from core.language import LazyString, _
from core.program import Method
from core.requests import Engine, Measure, Open
from core.start import fit_lr
from core.state import EngineDied, RunFailed
from core.study.experiments import (
    EXPERIMENTS,
    Experiment,
    ExperimentContext,
    RunningExperiment,
    has_other_table,
    lecture_knobs,
)
from tui.safe_text import safe_text
from tui.screens.dialog import ListDialog

if TYPE_CHECKING:
    from tui.stepper import Stepper


async def choose_experiment(stepper: "Stepper") -> None:
    """Have an experiment chosen, and start it; the run before becomes the previous run."""
    await stepper.queue.settled()
    stepper.say(LazyString(lambda: _("measuring the lecture's program on this table ...")))
    try:
        contexts = await contexts_of(stepper.engine, stepper.descent)
    except (RunFailed, EngineDied) as error:
        stepper.say(safe_text(str(error)))
        return
    stepper.say()
    running = await stepper.app.push_screen_wait(Experiments(contexts, stepper.descent.knobs.method))
    if running:
        stepper.running_experiment = running
        stepper.change(lambda descent: descent.restarted(running.knobs))


async def contexts_of(engine: Engine, descent: Descent) -> dict[Method, ExperimentContext]:
    """The lecture's program on the table of now, by either method, and measured. Raises RunFailed, EngineDied."""
    knobs = lecture_knobs(descent.knobs)
    if has_other_table(knobs.program):
        knobs = await fit_lr(engine, knobs)
    contexts = {}
    for each in (knobs, knobs.switched()):
        opened = await engine.ask(Open(each.program))
        contexts[each.method] = ExperimentContext(each, opened, await engine.ask(Measure(each.program, opened.start)))
    return contexts


class Experiments(ListDialog[RunningExperiment | None]):
    """Two steps in one place: the experiments, then the answers to the question of the one that was chosen."""

    def __init__(self, contexts: Mapping[Method, ExperimentContext], method: Method) -> None:
        super().__init__()
        self._contexts, self._method = contexts, method
        self._chosen: Experiment | None = None

    def refresh_text(self) -> None:
        self._show(self._chosen, self.query_one(OptionList).highlighted or 0)

    def _show(self, chosen: Experiment | None, highlighted: int) -> None:
        """The experiments, or the answers to the question of one."""
        self._chosen = chosen
        if chosen:
            title, keys = _(chosen.name), _("enter: begin   ↑ ↓: what will happen?   esc: back")
            rows = [*((_(outcome), "") for outcome in OUTCOMES), (_("no guess: begin and see"), "dim")]
        else:
            title, keys = _("Experiments"), _("enter: choose   ↑ ↓   esc: leave")
            rows = [(_(each.name), "dim" if isinstance(self._knobs(each), str) else "bold") for each in EXPERIMENTS]
        self.set_class(chosen is not None, "asking")
        self.show_list(title, keys, [Content.styled(text, style) for text, style in rows], highlighted)
        self._describe(chosen or EXPERIMENTS[highlighted])

    def _describe(self, experiment: Experiment, style: str = "$text-warning") -> None:
        """The question, and the lines before and after; or why there is no such experiment on this table."""
        knobs, detail = self._knobs(experiment), self.query_one(Static)
        if isinstance(knobs, str):
            detail.update(Content.styled(_("Not here: {why}.").format(why=knobs), style))
            return
        parts = [(_(experiment.question), "bold")]
        for mark, line in exchanged(self._context_of(experiment).knobs, knobs):
            parts.append((f"\n{mark} {safe_text(line)}", "$text-error" if mark == "-" else "$text-success"))
        detail.update(Content.assemble(*parts))

    def _context_of(self, experiment: Experiment) -> ExperimentContext:
        return self._contexts.get(experiment.method or self._method) or self._contexts[self._method]

    def _knobs(self, experiment: Experiment) -> Knobs | str:
        return experiment.knobs(self._context_of(experiment))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self._chosen is None:
            self._describe(EXPERIMENTS[event.option_index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the experiment, then start it with the answer."""
        index, experiment = event.option_index, self._chosen or EXPERIMENTS[event.option_index]
        knobs = self._knobs(experiment)
        if isinstance(knobs, str):
            self._describe(experiment, "bold $text-error")
        elif self._chosen is None:
            self._show(experiment, len(OUTCOMES))
        else:
            self.dismiss(RunningExperiment(experiment, knobs, OUTCOMES[index] if index < len(OUTCOMES) else None))

    def action_close(self) -> None:
        if self._chosen:
            self._show(None, EXPERIMENTS.index(self._chosen))
        else:
            self.dismiss()


def exchanged(before: Knobs, after: Knobs) -> list[tuple[str, str]]:
    """("-", a line as it was) and ("+", as it becomes), with its number; of the other method where its lr changes."""
    pairs, lines = [(before.program, after.program)], []
    if before.other and after.other and before.other.lr != after.other.lr:
        pairs.append((before.other, after.other))
    for old, new in ((each.text_lines, other.text_lines) for each, other in pairs):
        for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                lines += [("-", f"{number + 1}  {old[number].strip()}") for number in range(start, end)]
                lines += [("+", f"{number + 1}  {new[number].strip()}") for number in range(new_start, new_end)]
    return lines
