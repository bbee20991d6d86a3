"""Runs kept by name: asked for, listed, taken up again and dropped."""

from dataclasses import replace
from functools import partial

from core.data import Dataset
from core.descent import Descent, Kept
from core.language import Sentence, _
from core.tape import Tape
from tui.engine.stage import Stage
from tui.keys import key_of
from tui.safe_text import safe_text
from tui.study.others import others_of

Hypothesis = tuple[Dataset, bool, tuple[str, ...]]


class Keeping:
    """What the stepper does with runs beside the present one."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._elsewhere: dict[Hypothesis, tuple[Kept, ...]] = {}
        """What is kept of other tables, and of hypotheses with other weights, while they are not on the screen."""

    def ask_name(self) -> None:
        """Keep the present run under the name that is typed, or say why it can't be kept."""
        from tui.screens.ask import Ask  # only when asked for: the first frame doesn't wait for it
        from tui.study.run_words import name_typed, proposed_name, why_not_kept

        descent = self._stage.descent
        if why_not := why_not_kept(descent):
            self._stage.say(why_not)
            return
        hint, parse = _("a name that tells it apart from others"), partial(name_typed, descent=descent)
        self._stage.push_screen(Ask(_("Keep this run as"), hint, parse, self._keep, proposed_name(descent)))

    def _keep(self, name: str) -> None:
        self._stage.descent = self._stage.descent.keep(name)
        self._stage.say(Sentence(lambda: _("kept as {name}; 7 shows the table of runs").format(name=safe_text(name))))

    def show_list(self, row: int) -> None:
        """The list of the other runs, one of them chosen."""
        from tui.screens.runs import RunList  # only when asked for: the first frame doesn't wait for it

        if others_of(self._stage.descent):
            self._stage.push_screen(RunList(lambda: self._stage.descent, self._take_up, self._drop, row))
        else:
            self._stage.say(
                Sentence(lambda: _("there is no other run yet: {key} keeps this one").format(key=key_of("keep")))
            )

    def _take_up(self, tape: Tape) -> None:
        self._stage.action_stop()
        self._stage.carry_out(
            lambda descent, engine: descent.taken_up(tape, engine), lambda knobs: tape.knobs(len(tape) - 1)
        )

    def _drop(self, name: str | None) -> None:
        """Drop a kept run; without a name, the ghost."""
        descent = self._stage.descent
        self._stage.descent = replace(descent, ghost=None) if name is None else descent.forget(name)

    def with_kept(self, begun: Descent) -> Descent:
        """Another Descent for the screen, with the runs that were kept when its table and its weights were last on it;
        those that are kept now wait for theirs to come back.
        """
        now = self._stage.descent
        if now.kept:
            self._elsewhere[_hypothesis(now)] = now.kept
        back = self._elsewhere.pop(_hypothesis(begun), ())
        return begun if begun.kept else replace(begun, kept=back)


def _hypothesis(descent: Descent) -> Hypothesis:
    """The table as it was read, whether its inputs are standardized, and the weights: runs with one can be compared."""
    data = descent.data
    return data.original or data, data.original is not None, descent.names
