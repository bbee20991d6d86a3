"""A learner in a lesson, as a value that never changes: what has happened in it, and what has been asked for."""

import re
from dataclasses import dataclass, replace

from core.descent import Descent
from core.language import N_, LazyString, _
from core.study.goals.status import GoalStatus
from core.study.lesson_history import LessonHistory
from tui.keys import BY_ID, key_of
from tui.language import current_language
from tui.lessons.lesson import Lesson, Text

STARTS_NEW_RUN = ("open", "standardize", "bias", "experiments", "resume_previous")
"""Actions that start another run than the lesson's."""

REVEALS_ANSWER = ("reset_program", "gradient")
"""Actions that put a line of the lecture's where the learner may be about to write one."""


@dataclass(frozen=True)
class LessonSession:
    """One lesson, from its fresh run on."""

    lesson: Lesson
    lessons: int
    """How many lessons there are."""
    history: LessonHistory
    previous: Descent
    """The run that was there before the lessons."""
    completed: LessonHistory | None = None
    """What had happened when the goal was met: from then on it stays met, whatever the learner tries."""
    hints: int = 0
    """How many hints have been asked for."""

    def observe(self, descent: Descent) -> "LessonSession":
        """After another place of the run, or another run."""
        history = self.history.observe(descent)
        if self.completed is None and descent.request is None and self.lesson.goal(history).met:
            return replace(self, history=history, completed=history)
        return replace(self, history=history)

    def refusal(self, action_id: str) -> LazyString | None:
        """Why an action has to wait until the task is done; a lesson that names its key wants it."""
        if self.completed:
            return None
        if action_id in STARTS_NEW_RUN:
            action = BY_ID[action_id]
            wanted = re.findall(r"\*\*(.+?)\*\*", " ".join((self.text.task, *self.text.hints)))
            if not {*action.default_keys} & {*wanted}:
                sentence = N_("{key} starts another run: first the task of this lesson, or {leave} for your own run")
                return LazyString(lambda: _(sentence).format(key=key_of(action_id), leave=key_of("leave_lessons")))
        if action_id in REVEALS_ANSWER and self.lesson.front.unwritten:
            sentence = N_("the line is yours to write here: {edit} writes it, {hint} gives a hint")
            return LazyString(lambda: _(sentence).format(edit=key_of("edit"), hint=key_of("hint")))
        return None

    def hinted(self) -> "LessonSession":
        """With one more hint, up to the last."""
        return replace(self, hints=min(self.hints + 1, len(self.text.hints)))

    @property
    def text(self) -> Text:
        """What the lesson says in the language of the screen."""
        return self.lesson.text(current_language())

    @property
    def status(self) -> GoalStatus:
        return self.lesson.goal(self.completed or self.history)

    @property
    def title(self) -> str:
        return f"{self.lesson.number}/{self.lessons} {self.text.title}"

    @property
    def markdown(self) -> str:
        """Text, task (quoted, to stand out) and the last hint asked for; what to take along once the goal is met."""
        parts = [self.text.story, "> " + self.text.task]
        if self.completed:
            parts.append(self.text.done)
        elif self.hints:
            sentence = _("Hint {number} of {hints}: {hint}")
            hint = self.text.hints[self.hints - 1]
            parts.append(sentence.format(number=self.hints, hints=len(self.text.hints), hint=hint))
        return "\n\n".join(parts)

    def classes(self, plot: str) -> set[str]:
        """What the styles have to know, with this plot chosen: which one stands above the lesson."""
        return {"-lesson", f"-above-{plot if plot in ('curve', 'costs', 'fit') else self.lesson.front.plot}"}

    @property
    def reminder(self) -> str:
        """The task on one line, where the panel is not on the screen."""
        if self.completed:
            return _("done: {why}. {next_step}").format(why=self.status.why, next_step=plain(self.next_step))
        return _("8 lesson · {task}").format(task=plain(self.text.task))

    @property
    def next_step(self) -> str:
        """The key that goes on from a lesson that is done."""
        if self.lesson.number < self.lessons:
            return _("**v** next lesson")
        return _("That was the last lesson: **0** goes back to your run")


def plain(text: str) -> str:
    """The text on one line, without the marks of Markdown."""
    return re.sub(r"\*\*|`", "", " ".join(text.split()))
