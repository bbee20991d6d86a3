"""What the keys of the lessons do: begin one, ask for a hint, read on, continue with the next, leave them."""

from typing import TYPE_CHECKING

from core.descent import Descent
from core.language import LazyString, _
from core.start import fit_lr, is_fitted
from core.study.lesson_history import LessonHistory
from tui.keys import key_of
from tui.lessons.progress import Progress
from tui.lessons.reading import read_course
from tui.lessons.session import LessonSession
from tui.places import state_folder

if TYPE_CHECKING:
    from tui.stepper import Stepper


def progress_of(stepper: "Stepper") -> Progress:
    """Which lessons are done; a browser's visitor has nothing to do with the progress of whoever serves it."""
    if stepper.progress is None:
        stepper.progress = Progress(stepper.say, None if stepper.app.is_web else state_folder() / "lessons.json")
    return stepper.progress


async def act(stepper: "Stepper", what: str) -> None:
    """Carry out a key: the number of a lesson begins it."""
    session = stepper.lesson_session
    if what.isdecimal():
        await begin(stepper, int(what))
    elif session is None:
        stepper.say(LazyString(lambda: _("{key} opens the lessons").format(key=key_of("lessons"))))
    elif what == "hint":
        stepper.lesson_session = session.hinted()
        stepper.action_plot("lesson")
    elif what == "read_on":
        stepper.action_plot("lesson")
        stepper.query_one("LessonPanel").read_on()  # type: ignore[attr-defined] # imported only in a lesson
    elif what == "next":
        await _next(stepper, session)
    elif what == "leave":
        stepper.playback.stop()
        stepper.lesson_session = None
        stepper.change(lambda _descent: session.previous)
        stepper.action_plot("table")


async def begin(stepper: "Stepper", number: int) -> None:
    """Begin a lesson with its own fresh run."""
    lessons = read_course().lessons
    lesson, before = lessons[number - 1], stepper.lesson_session
    knobs = lesson.front.knobs()
    if not is_fitted(knobs):
        knobs = await fit_lr(stepper.engine, knobs)
    start = Descent(knobs)
    stepper.playback.stop()
    previous = before.previous if before else stepper.descent
    stepper.lesson_session = LessonSession(lesson, len(lessons), LessonHistory.of(start), previous)
    stepper.change(lambda _descent: start)
    stepper.action_plot("lesson")


def observe(stepper: "Stepper", descent: Descent) -> None:
    """Let the lesson see another place of the run; one whose goal is met is remembered as done."""
    before = stepper.lesson_session
    if before is None:
        return
    after = before.observe(descent)
    if after.completed and not before.completed:
        progress_of(stepper).add(after.lesson.name)
    stepper.lesson_session = after


def at_hand(stepper: "Stepper") -> int:
    """The number of the lesson that the learner is in, or of the first that is not done; 1 where all are."""
    if stepper.lesson_session:
        return stepper.lesson_session.lesson.number
    done = progress_of(stepper).done
    return next((each.number for each in read_course().lessons if each.name not in done), 1)


async def _next(stepper: "Stepper", session: LessonSession) -> None:
    if not session.completed:
        stepper.say(LazyString(lambda: _("the task is not done yet: i gives a hint, j goes to any lesson")))
    elif session.lesson.number < session.lessons:
        await begin(stepper, session.lesson.number + 1)
    else:
        stepper.action_flow("lessons.choose_lesson")
