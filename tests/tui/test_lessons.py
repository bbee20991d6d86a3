"""Every lesson, as a learner goes through it at the keyboard, with torch itself."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from core.descent import Descent
from core.edits import placeholder_line
from core.engine.client import LocalEngine
from tests.fake_engine import FakeEngine
from tests.tui.conftest import opened, screen_text, until
from tui.app import GradstepApp
from tui.keys import ACTIONS
from tui.language import LANGUAGES, set_language
from tui.lessons.progress import Progress
from tui.lessons.reading import read_course
from tui.lessons.session import LessonSession
from tui.panels.lesson import LessonPanel
from tui.screens.edit import Edit
from tui.screens.lessons import Lessons

LESSONS = {lesson.name: lesson for lesson in read_course().lessons}

NAMES = {" ": "space", ".": "full_stop", "/": "slash", "*": "asterisk", "(": "left_parenthesis", "=": "equals_sign"}
NAMES |= {")": "right_parenthesis", "_": "underscore", "-": "minus"}


def typed(text: str) -> list[str]:
    return [NAMES.get(character, character) for character in text]


def put(w: str) -> list[str]:
    """The keys that put W somewhere."""
    return ["w", *typed(w), "enter"]


LINE = "gradient = 2 * torch.mean((W * x_train - y_train) * x_train)"

WAYS = {
    "hypothesis": [*put("1 2"), "enter", *put("2 1"), "enter"],
    "simpler": [*put("2 0"), "enter", "h", *put("3"), "enter", *put("2"), "enter"],
    "data": ["enter", *put("2"), "enter", *put("1.5"), "enter"],
    "best": ["enter", *put("1"), "enter", *put("2"), "enter", *put("1"), "enter"],
    "cost": ["space", *put("1"), *put("0.9"), *put("0.96")],
    "mse": ["enter", "enter", *put("-2"), "enter", "enter", *put("3"), "enter", "enter"],
    "downhill": ["space", "space", "r", "space", *put("2"), "left", "space"],
    "formula": ["enter", "enter", "enter", *put("3"), "enter", "enter", "enter", *put("4"), "enter", "enter", "enter"],
    "line": [
        *("space", "e", "enter", *typed("gradient = torch.mean((W * x_train - y_train) * x_train)"), "enter", "space"),
        *("e", "enter", "ctrl+u", *typed("gradient = 2 * (W * x_train - y_train)"), "enter", "ctrl+u"),
        *(*typed(LINE), "enter", "space", "space", "space"),
    ],
    "sum-or-mean": ["space", "g", "space", "space", "r", "]", "]", "space", "space", "space"],
    "table": ["]", "space", "space", "[", "r", "pagedown"],
    "one-step": ["space", "l", *typed("0.07"), "enter", "r", "space", "l", *typed("1/14"), "enter", "r", "space"],
    "edge": ["pagedown", "l", *typed("1/6"), "enter", "r", "pagedown", "l", *typed("1/7"), "enter", "r"]
    + ["space"] * 6,
    "optim": ["space", "m", "enter", "enter", "enter", "enter", "enter", "r", *["enter"] * 5],
    "zero-grad": ["space", "space", "c", *["space"] * 6, "j", "enter", *["space"] * 4, "c", "r", *["space"] * 5],
    "optim-table": ["space", "m", "pagedown", "r", "m", "space", "m", "home", "pagedown", "r", "pagedown"],
    "bias": ["pagedown", "h", "pagedown", "f", *typed("1000"), "enter"],
    "next": ["space", "o", *typed("scores"), "enter", "pagedown", "f", *typed("1000"), "enter"],
}
"""The keys of a learner who does something else first; the last one meets the goal."""


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GRADSTEP_STATE", str(tmp_path_factory.mktemp("state")))
    yield
    set_language("en")


@cache
def engine() -> LocalEngine:
    return LocalEngine()


@asynccontextmanager
async def in_lesson(
    name: str, size: tuple[int, int] = (120, 36), language: str = "en"
) -> AsyncIterator[tuple[GradstepApp, Pilot[None]]]:
    """A stepper in a lesson."""
    set_language(language)
    app = GradstepApp(Descent(), engine())
    async with opened(app, size) as pilot:
        await app.run_action(f"lessons('{LESSONS[name].number}')", app.stepper)
        await until(pilot, lambda: app.stepper.lesson_session is not None)
        await settled(app, pilot)
        yield app, pilot


async def settled(app: GradstepApp, pilot: Pilot[None]) -> None:
    """Wait for whatever the last key has begun."""
    await until(
        pilot,
        lambda: (
            app.stepper.queue.is_idle
            and not app.stepper.playback.is_running
            and not app._keys._flows * (len(app.screen_stack) == 1)
            and not (isinstance(app.screen, Edit) and app.screen._trying)
            and "reading" not in (screen_text(app) if len(app.screen_stack) > 1 else "")
        ),
    )


async def press(app: GradstepApp, pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


def session_of(app: GradstepApp) -> LessonSession:
    assert app.stepper.lesson_session is not None
    return app.stepper.lesson_session


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
async def test_a_lesson_is_done_through_the_keyboard_and_not_before(name: str, language: str) -> None:
    async with in_lesson(name, language=language) as (app, pilot):
        assert not session_of(app).completed
        *others, last = WAYS[name]
        for number, key in enumerate(others):
            await press(app, pilot, key)
            assert not session_of(app).completed, f"after {others[: number + 1]}: {session_of(app).status.why}"
        await press(app, pilot, last)
        assert session_of(app).completed, session_of(app).status.why
        assert app.stepper.progress is not None
        assert app.stepper.progress.done == {name}
        assert "✓" in screen_text(app)
        await press(app, pilot, "v")
        names = list(LESSONS)
        if name != names[-1]:
            assert session_of(app).lesson.name == names[names.index(name) + 1]
            assert not session_of(app).completed
        else:
            assert isinstance(app.screen, Lessons)


def scroll_of(app: GradstepApp) -> VerticalScroll:
    return app.stepper.query_one(LessonPanel).query_one(VerticalScroll)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_lesson_begins_with_its_task_on_the_screen(language: str, size: tuple[int, int]) -> None:
    set_language(language)
    async with opened(app := GradstepApp(Descent(), FakeEngine()), size) as pilot:
        for lesson in LESSONS.values():
            await app.run_action(f"lessons('{lesson.number}')", app.stepper)
            await until(pilot, lambda: app.stepper.query_one(LessonPanel)._shown == session_of(app).markdown)
            await pilot.pause()
            beyond = 3 if lesson.name == "simpler" and size == (80, 24) else 0  # the slide's page
            assert scroll_of(app).max_scroll_y <= beyond, lesson.name
            await app.run_action("lessons('hint')", app.stepper)


async def test_a_hint_is_seen_at_once_and_d_reads_all_of_a_lesson() -> None:
    async with in_lesson("simpler", (80, 24)) as (app, pilot):
        assert "leaves b out" in screen_text(app)
        await press(app, pilot, "i")
        await until(pilot, lambda: "Hint 1 of 2: w puts W somewhere" in screen_text(app))
        assert "d reads on" in screen_text(app)
        await press(app, pilot, "d")
        await until(pilot, lambda: "leaves b out" in screen_text(app))


async def test_leaving_the_lessons_brings_back_what_was_there() -> None:
    async with opened(app := GradstepApp(Descent(), engine()), (80, 24)) as pilot:
        await press(app, pilot, "space", "space", "enter")
        before = app.stepper.descent
        await press(app, pilot, "j", "enter", *put("7 1"), "space", "j", "down", "enter", "space", "0")
        assert app.stepper.lesson_session is None
        assert not app.stepper.query(LessonPanel)
        assert (app.stepper.descent.tick, app.stepper.descent.log) == (before.tick, before.log)
        await until(pilot, lambda: "# H(x)" in screen_text(app) and "lesson" not in screen_text(app))
        await press(app, pilot, "enter")
        assert app.stepper.descent.tick == (2, 2)


async def test_where_a_picture_has_its_place_the_status_line_reminds_of_the_task() -> None:
    async with in_lesson("mse", (80, 24)) as (app, pilot):
        assert "squared errors" in screen_text(app)
        await press(app, pilot, "1")
        await until(pilot, lambda: "8 lesson · Find a W" in screen_text(app))
        assert "squared errors" not in screen_text(app)
        await press(app, pilot, *put("3"), "enter", "enter")
        await until(pilot, lambda: "done: at W = 3 cost is 18.67" in screen_text(app))
        await press(app, pilot, "8")
        await until(pilot, lambda: "The cost in a formula" in screen_text(app))


async def test_without_a_lesson_its_keys_say_where_the_lessons_are_and_v_says_that_the_task_is_not_done() -> None:
    async with opened(app := GradstepApp(Descent(), engine())) as pilot:
        for key in ("i", "v", "d", "0"):
            await press(app, pilot, key)
            assert app.stepper.lesson_session is None
            assert "j opens the lessons" in screen_text(app)
        await press(app, pilot, "j", "enter", "v")
        assert session_of(app).lesson.number == 1
        assert "the task is not done yet" in screen_text(app)


async def test_in_a_lesson_no_key_starts_another_run_unless_the_lesson_says_so() -> None:
    async with in_lesson("edge") as (app, pilot):
        began = app.stepper.descent
        for key in ("o", "u", "h", "x", "a", "ㅐ"):
            await press(app, pilot, key)
            assert app.stepper.descent is began
            assert " starts another run: first the task of this lesson, or 0 " in screen_text(app)
        await press(app, pilot, *WAYS["edge"])
        assert session_of(app).completed
        await press(app, pilot, "o")
        assert len(app.screen_stack) == 2


async def test_a_line_that_the_learner_is_to_write_is_written_by_no_other_key() -> None:
    async with in_lesson("line") as (app, pilot):
        for key in ("g", "c"):
            await press(app, pilot, key)
            assert "the line is yours to write here: e writes it, i gives a hint" in screen_text(app)
        await press(app, pilot, "space")
        assert placeholder_line(app.stepper.descent.knobs.program)
        assert not session_of(app).completed


async def test_the_lesson_follows_the_language() -> None:
    async with in_lesson("best") as (app, pilot):
        assert "What is the best model?" in screen_text(app)
        await press(app, pilot, "L")
        await until(pilot, lambda: "가장 좋은 모델은 무엇일까요?" in screen_text(app))
        assert "Every W is a model" not in screen_text(app)


async def test_the_list_marks_what_is_done_and_resets_one_or_all() -> None:
    async with in_lesson("cost") as (app, pilot):
        await press(app, pilot, *put("0.96"), "j")
        assert "✓  5  The cost" in screen_text(app)
        await press(app, pilot, "r")
        progress = app.stepper.progress
        assert progress is not None
        assert progress.done == set()
        assert "lesson 5 is to be done again" in screen_text(app)
        progress.add("data")
        await press(app, pilot, "R")
        assert progress.done == {"data"}
        await press(app, pilot, "R", "escape")
        assert progress.done == set()
        assert not isinstance(app.screen, Lessons)


async def test_what_is_done_is_remembered_and_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "new" / "lessons.json"
    Progress(said.append, path).add("data")
    assert Progress(said.append, path).done == {"data"}
    assert said == []
    path.write_text("{")
    assert Progress(said.append, path).done == set()
    assert "was damaged and is set aside as" in said[0]
    assert (tmp_path / "new" / "lessons.damaged-1.json").read_text() == "{"
    path.mkdir()
    Progress(said.append, path).add("data")
    assert len(said) == 2
    assert said[1].startswith("your progress can't be remembered, and the lessons work without it: ")


async def test_a_goal_that_was_met_stays_met_whatever_is_tried_then() -> None:
    async with in_lesson("cost") as (app, pilot):
        await press(app, pilot, *put("0.96"))
        why = session_of(app).status.why
        await press(app, pilot, *put("5"), "space")
        assert session_of(app).completed
        assert session_of(app).status.why == why


KEYS_SHOWN = {name for action in ACTIONS for name in action.shown.split()}

TERMS = {
    **{term: term for term in ("cost", "gradient", "epoch", "lr", "update", "torch.sum", "torch.mean")},
    **{term: term for term in ("manual", "optim", "autograd", "W.grad")},
    "hypothesis": "가설",
    "error": "오차",
    "gradient descent": "경사 하강법",
    "learning rate": "학습률",
    "bias": "편향",
    "input": "입력",
    "factor": "배율",
    "edge": "한계",
}
"""The terms of the lessons, and what they are called in Korean."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_lesson_uses_a_key_or_a_term_before_it_has_been_taught(language: str) -> None:
    words = {term: word if language == "ko" else term for term, word in TERMS.items()}
    known: set[str] = set()
    for lesson in LESSONS.values():
        text = lesson.text(language)
        whole = "\n".join((text.title, text.story, text.task, *text.hints, text.done))
        keys = set(re.findall(r"\*\*(.+?)\*\*", whole))
        assert keys <= KEYS_SHOWN, lesson.name
        for new in lesson.front.teaches:
            assert new in keys or words[new] in whole, f"{lesson.name} teaches {new} and doesn't name it"
        known |= set(lesson.front.teaches)
        assert keys <= known, f"{lesson.name}: {keys - known}"
        for term, word in words.items():
            assert term in known or not _uses(whole, word), f"{lesson.name} uses {term}"


def _uses(text: str, word: str) -> bool:
    """Whether a text uses a word; 입력 in the sense of typing is another word."""
    if word == "입력":
        return re.search("입력(?!한|할|하|합)", text) is not None
    return re.search(rf"(?<![A-Za-z_.]){re.escape(word)}(?![A-Za-z_])" if word.isascii() else word, text) is not None
