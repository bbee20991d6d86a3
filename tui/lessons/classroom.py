"""What the keys of the lessons do: open the list, begin one, ask for a hint, go on, go back to one's own run."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from core.descent import Descent
from core.language import Sentence, _
from tui.engine.stage import Stage
from tui.keys import key_of
from tui.lessons.progress import Progress
from tui.lessons.reading import Course, read_course
from tui.lessons.sitting import Sitting
from tui.places import state_folder


class Classroom:
    """The lessons of a stepper, and the run that it leaves for them."""

    def __init__(self, stage: Stage, course: Course | None = None) -> None:
        self.course = course or read_course()
        self.notices: list[str] = []
        """What there is to say about the progress."""
        # a browser's visitor has nothing to do with the progress of whoever serves it
        self.progress = Progress(self._notice, None if stage.is_web else state_folder() / "lessons.json")
        self._stage = stage
        self._left: tuple[Descent, str] | None = None
        """The run and the picture that were there before the lessons."""

    def _notice(self, sentence: str) -> None:
        self.notices.append(sentence)
        self._stage.say(sentence)

    async def do(self, what: str) -> None:
        """Carry out a key: the number of a lesson begins it."""
        if what.isdecimal():
            await self.begin(int(what))
        elif what == "open":
            self._open()
        elif self._stage.sitting is None:
            if what != "look":
                self._stage.say(Sentence(lambda: _("{key} opens the lessons").format(key=key_of("lessons"))))
        else:
            await self._in_lesson[what](self, self._stage.sitting)

    def _open(self) -> None:
        from tui.screens.lessons import Lessons

        if not isinstance(self._stage.screen, Lessons):
            self._stage.push_screen(Lessons(self))

    async def begin(self, number: int) -> None:
        """Begin a lesson with its own fresh run."""
        stepper, lessons = self._stage, self.course.lessons
        if stepper.sitting is None:
            self._left = stepper.descent, stepper.picture
        sitting = Sitting.begun(lessons[number - 1], len(lessons))
        stepper.sitting = sitting
        await stepper.begin(sitting.history.now, "lesson")

    def seen(self, descent: Descent) -> Sitting | None:
        """The sitting after another place of the run; a lesson whose goal is met is remembered as done."""
        before = self._stage.sitting
        if before is None:
            return None
        after = before.then(descent)
        if after.met_by and not before.met_by:
            self.progress.add(after.lesson.name)
        return after

    @property
    def at_hand(self) -> int:
        """The number of the lesson that the learner is in, or of the first that is not done; 1 where all are."""
        if self._stage.sitting:
            return self._stage.sitting.lesson.number
        return next((each.number for each in self.course.lessons if each.name not in self.progress.done), 1)

    async def _hint(self, sitting: Sitting) -> None:
        self._stage.sitting = sitting.hinted()
        self._stage.action_plot("lesson")

    async def _read_on(self, sitting: Sitting) -> None:
        self._stage.sitting = sitting.read_on()
        self._stage.action_plot("lesson")

    async def _read_back(self, sitting: Sitting) -> None:
        self._stage.sitting = replace(sitting, page=max(0, sitting.page - 1))

    async def _next(self, sitting: Sitting) -> None:
        if not sitting.met_by:
            self._stage.say(Sentence(lambda: _("the task is not done yet: i gives a hint, j goes to any lesson")))
        elif sitting.lesson.number < sitting.lessons:
            await self.begin(sitting.lesson.number + 1)
        else:
            self._open()

    async def _leave(self, sitting: Sitting) -> None:
        """Back to what was there before the lessons."""
        if self._left:
            (descent, picture), self._left = self._left, None
            self._stage.sitting = None
            await self._stage.begin(descent, picture)

    async def _look(self, sitting: Sitting) -> None:
        """Whether the lesson is on the screen: where it isn't, the status line reminds of its task."""
        from tui.panels.lesson import LessonPanel

        panels = self._stage.screen_stack[0].query(LessonPanel)
        self._stage.sitting = replace(sitting, on_screen=any(panel.is_on_screen for panel in panels))

    _in_lesson: dict[str, Callable[["Classroom", Sitting], Coroutine[Any, Any, None]]] = {
        "hint": _hint,
        "read_on": _read_on,
        "read_back": _read_back,
        "next": _next,
        "leave": _leave,
        "look": _look,
    }
    """What the keys do that are for whoever is in a lesson."""
