"""A learner in a lesson, as a value that never changes: what has happened in it, and what has been asked for."""

from dataclasses import dataclass, replace

from core.descent import Descent
from core.language import Sentence, _, marked
from core.study.goals.standing import Standing
from core.study.history import History
from tui.keys import KEYS, key_of
from tui.language import spoken
from tui.lessons.lesson import PLOTS, Lesson, Text
from tui.lessons.markdown import bold_in, plain

ELSEWHERE = ("open", "standardize", "bias", "experiments", "go_on")
"""Actions that begin another run than the lesson's."""

READY_MADE = ("lecture", "turn('gradient')")
"""Actions that put a line of the lecture's where the learner may be about to write one."""


@dataclass(frozen=True)
class Sitting:
    """One lesson, from its fresh run on."""

    lesson: Lesson
    lessons: int
    """How many lessons there are."""
    history: History
    met_by: History | None = None
    """What had happened when the goal was met: from then on it stays met, whatever the learner tries."""
    hints: int = 0
    """How many hints have been asked for."""
    page: int = 0
    """Which part of the text is on the screen, where it has not room for all; -1 is the last."""
    on_screen: bool = True
    """Whether the lesson's panel is."""

    @classmethod
    def begun(cls, lesson: Lesson, lessons: int) -> "Sitting":
        return cls(lesson, lessons, History.beginning(lesson.start.descent()))

    def then(self, descent: Descent) -> "Sitting":
        """After another place of the run, or another run."""
        history = self.history.then(descent)
        if self.met_by is None and self.lesson.goal(history).met:
            return replace(self, history=history, met_by=history, page=-1)
        return replace(self, history=history)

    def refusal(self, action: str) -> Sentence | None:
        """Why an action has to wait until the task is done; a lesson that names its key wants it."""
        if self.met_by:
            return None
        if action in ELSEWHERE:
            key = next(key for key in KEYS if key.action == action)
            if not {*key.usual} & {*bold_in(" ".join((self.text.task, *self.text.hints)))}:
                told = marked("{key} begins another run: first the task of this lesson, or {leave} for your own run")
                return Sentence(lambda: _(told).format(key=key_of(key.id), leave=key_of("leave_lessons")))
        if action in READY_MADE and self.lesson.start.unwritten:
            told = marked("the line is yours to write here: {edit} writes it, {hint} gives a hint")
            return Sentence(lambda: _(told).format(edit=key_of("edit"), hint=key_of("hint")))
        return None

    def hinted(self) -> "Sitting":
        """With one more hint, up to the last."""
        return replace(self, hints=min(self.hints + 1, len(self.text.hints)), page=-1)

    def read_on(self) -> "Sitting":
        """With the next part of the text; after the last, the first."""
        return replace(self, page=self.page + 1)

    @property
    def text(self) -> Text:
        """What the lesson says in the language that is spoken."""
        return self.lesson.text(spoken())

    @property
    def standing(self) -> Standing:
        return self.lesson.goal(self.met_by or self.history)

    @property
    def title(self) -> str:
        return f"{self.lesson.number}/{self.lessons} {self.text.title}"

    def classes(self, picture: str) -> set[str]:
        """What the styles have to know, with this picture chosen: which plot stands above the lesson."""
        return {"-lesson", f"-above-{picture if picture in PLOTS else self.lesson.plot}"}

    @property
    def reminder(self) -> str:
        """The task on one line, where the panel is not on the screen."""
        if self.met_by:
            return _("done: {why}. {way_on}").format(why=self.standing.why, way_on=plain(self.way_on))
        return _("8 lesson · {task}").format(task=plain(self.text.task))

    @property
    def way_on(self) -> str:
        """The key that goes on from a lesson that is done."""
        if self.lesson.number < self.lessons:
            return _("**v** next lesson")
        return _("That was the last lesson: **0** goes back to your run")
