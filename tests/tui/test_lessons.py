"""Every lesson, as a learner goes through it at the keyboard, with the real engine."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from core.descent import Descent
from core.epoch import TorchEngine
from core.listing import Method
from core.state import State
from core.tape import Tape
from tests.fake_engine import FakeEngine
from tests.tui.stepper import opened, screen_text, until
from tui.app import Stepper
from tui.keys import KEYS
from tui.language import LANGUAGES, speak_language
from tui.lessons.markdown import bold_in
from tui.lessons.reading import read_course
from tui.lessons.sitting import Sitting
from tui.panels.lesson import LessonPanel
from tui.screens.edit import Edit
from tui.screens.lessons import Lessons

LESSONS = {lesson.name: lesson for lesson in read_course().lessons}


def put(w: str) -> list[str]:
    """The keys that put W somewhere."""
    return ["w", *typed(w), "enter"]


def typed(text: str) -> list[str]:
    names = {" ": "space", ".": "full_stop", "/": "slash", "*": "asterisk", "(": "left_parenthesis", "=": "equals_sign"}
    names |= {")": "right_parenthesis", "_": "underscore", "-": "minus"}
    return [names.get(character, character) for character in text]


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
        *(*typed("gradient = 2 * torch.mean((W * x_train - y_train) * x_train)"), "enter", "space", "space", "space"),
    ],
    "sum-or-mean": ["space", "g", "space", "space", "r", "]", "space", "space", "space"],
    "table": ["]", "space", "space", "[", "r", "pagedown"],
    "one-step": ["space", "l", *typed("0.07"), "enter", "r", "space", "l", *typed("1/14"), "enter", "r", "space"],
    "edge": ["pagedown", "l", *typed("1/6"), "enter", "r", "pagedown", "l", *typed("1/7"), "enter", "r"]
    + ["space"] * 6,
    "optim": ["space", "m", "enter", "enter", "enter", "r", "enter", "enter", "enter"],
    "zero-grad": ["space", "space", "c", *["space"] * 6, "j", "enter", *["space"] * 4, "c", "r", *["space"] * 5],
    "optim-table": ["space", "m", "pagedown", "r", "m", "space", "m", "home", "pagedown", "r", "pagedown"],
    "bias": ["pagedown", "h", "pagedown", "f", *typed("1000"), "enter"],
    "next": ["space", "o", *typed("scores"), "enter", "pagedown", "f", *typed("1000"), "enter"],
}
"""The keys of a learner who does something else first; the last one meets the goal."""


@asynccontextmanager
async def in_lesson(name: str, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Stepper, Pilot[None]]]:
    """A stepper in a lesson, its engine ready."""
    stepper = Stepper(Descent(), TorchEngine)
    async with opened(stepper, size) as pilot:
        await stepper.action_lessons(str(LESSONS[name].number))
        await settled(stepper, pilot)
        yield stepper, pilot


async def settled(stepper: Stepper, pilot: Pilot[None]) -> None:
    """Wait for whatever the last key has begun in a thread."""
    await until(
        pilot,
        lambda: (
            stepper.conductor.is_warm
            and not stepper.conductor.waiting
            and not stepper._beginning
            and not stepper.running.is_far
            and not (isinstance(stepper.screen, Edit) and stepper.screen._trying)
            and "reading" not in (screen_text(stepper) if len(stepper.screen_stack) > 1 else "")
        ),
    )


def sitting_of(stepper: Stepper) -> Sitting:
    assert stepper.sitting is not None
    return stepper.sitting


def test_every_lesson_has_a_learner() -> None:
    assert set(WAYS) == set(LESSONS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WAYS)
async def test_a_lesson_is_finished_through_the_keyboard_and_not_before(name: str, language: str) -> None:
    speak_language(language)
    async with in_lesson(name) as (stepper, pilot):
        assert sitting_of(stepper).met_by is None
        *others, last = WAYS[name]
        for number, key in enumerate(others):
            await pilot.press(key)
            await settled(stepper, pilot)
            assert sitting_of(stepper).met_by is None, (
                f"after {others[: number + 1]}: {sitting_of(stepper).standing.why}"
            )
        await pilot.press(last)
        await settled(stepper, pilot)
        assert sitting_of(stepper).met_by is not None, sitting_of(stepper).standing.why
        assert stepper.classroom.progress.done == {name}
        assert "✓" in screen_text(stepper)
        await pilot.press("v")
        await settled(stepper, pilot)
        names = list(LESSONS)
        if name != names[-1]:
            assert sitting_of(stepper).lesson.name == names[names.index(name) + 1]
            assert sitting_of(stepper).met_by is None
        else:
            assert isinstance(stepper.screen, Lessons)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
async def test_a_lesson_with_its_task_and_each_hint_has_room_at_120_x_36(name: str, language: str) -> None:
    speak_language(language)
    async with in_lesson(name) as (stepper, pilot):
        text = sitting_of(stepper).text
        for shown in (0, *range(1, len(text.hints) + 1)):
            assert sitting_of(stepper).hints == shown
            panel = stepper.query_one(LessonPanel)
            told = panel._told(panel.content_size.width - 2)
            goal = panel._goal(panel.content_size.width - 2)
            assert len(told) + len(goal) <= panel.content_size.height
            await pilot.press("i")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_at_80_x_24_every_lesson_begins_with_its_task_on_the_screen(language: str) -> None:
    speak_language(language)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine()), (80, 24)) as pilot:
        for lesson in LESSONS.values():
            await stepper.action_lessons(str(lesson.number))
            await pilot.pause()
            panel = stepper.query_one(LessonPanel)
            width, height = panel.content_size
            assert len(panel._told(width - 2)) + len(panel._goal(width - 2)) <= height, lesson.name


async def test_the_last_part_of_a_text_says_that_the_first_comes_next() -> None:
    async with in_lesson("data", (80, 24)) as (stepper, pilot):
        await pilot.press(*put("1.5"), "enter")
        assert "▲ part 2 of 2, d: from the start" in screen_text(stepper)
        await pilot.press("d")
        assert "▼ part 1 of 2, d reads on" in screen_text(stepper)


@pytest.mark.parametrize("size", [(120, 36), (108, 32), (80, 24), (60, 20), (40, 10), (90, 50), (130, 30)])
@pytest.mark.parametrize("name", ["hypothesis", "data", "optim"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_on_any_screen_all_of_a_lesson_can_be_read(language: str, name: str, size: tuple[int, int]) -> None:
    speak_language(language)
    async with in_lesson(name, size) as (stepper, pilot):
        await pilot.press("i", "d")
        seen = ""
        for _ in range(12):
            rows = screen_text(stepper).splitlines()
            assert {cell_len(row) for row in rows} == {size[0]}
            seen += " ".join(rows)
            await pilot.press("d")
        text = sitting_of(stepper).text
        for word in f"{text.story} {text.task} {text.hints[0]}".replace("*", " ").replace("`", " ").split():
            assert word in seen, word


async def test_leaving_the_lessons_brings_back_what_was_there() -> None:
    stepper = Stepper(Descent(tape=Tape(State((0.5,)))), TorchEngine)
    async with opened(stepper, (80, 24)) as pilot:
        await pilot.press("space", "space", "enter", "2")
        before = stepper.descent
        for key in ("j", "enter", "w", "7", "space", "7", "enter", "j", "down", "enter", "space", "0"):
            await pilot.press(key)
            await settled(stepper, pilot)
        assert stepper.descent is before
        assert stepper.sitting is None
        assert "loading torch" not in screen_text(stepper)
        assert (stepper.picture, len(stepper.query(LessonPanel))) == ("costs", 0)
        await pilot.press("enter")
        assert stepper.descent.tick == before.tick + 1


async def test_where_a_picture_has_its_place_the_status_line_reminds_of_the_task() -> None:
    async with in_lesson("mse", (80, 24)) as (stepper, pilot):
        assert "squared errors" in screen_text(stepper)
        await pilot.press("1")
        await until(pilot, lambda: "8 lesson · Find a W" in screen_text(stepper))
        assert "squared errors" not in screen_text(stepper)
        for key in (*put("3"), "enter", "enter"):
            await pilot.press(key)
        await until(pilot, lambda: "done: at W = 3 cost is 18.67" in screen_text(stepper))
        await pilot.press("8")
        await until(pilot, lambda: "The cost in a formula" in screen_text(stepper))
        await pilot.resize_terminal(120, 36)
        await pilot.press("1")
        await until(
            pilot, lambda: "The cost in a formula" in screen_text(stepper) and "done:" not in screen_text(stepper)
        )


async def test_v_says_that_the_task_is_not_done_and_the_other_keys_where_the_lessons_are() -> None:
    stepper = Stepper(Descent(), TorchEngine)
    async with opened(stepper) as pilot:
        for key in ("i", "v", "d", "0", "8"):
            await pilot.press(key)
            assert stepper.sitting is None
            if key != "8":
                assert "j opens the lessons" in screen_text(stepper)
        await pilot.press("j", "enter")
        await settled(stepper, pilot)
        await pilot.press("v")
        assert sitting_of(stepper).lesson.number == 1
        assert "the task is not done yet" in screen_text(stepper)


async def test_in_a_lesson_no_key_begins_another_run_unless_the_lesson_says_so() -> None:
    async with in_lesson("edge") as (stepper, pilot):
        began = stepper.descent
        for key in ("o", "u", "h", "x", "a", "ㅐ"):
            await pilot.press(key)
            await settled(stepper, pilot)
            assert stepper.descent is began
            assert " begins another run: first the task of this lesson, or 0 " in screen_text(stepper)
        assert len(stepper.screen_stack) == 1
        for key in ("l", *typed("1/7"), "enter", "r", *["space"] * 6):
            await pilot.press(key)
        assert sitting_of(stepper).met_by is not None
        await pilot.press("o")
        assert len(stepper.screen_stack) == 2


async def test_a_line_that_the_learner_is_to_write_is_put_there_by_no_other_key() -> None:
    async with in_lesson("line") as (stepper, pilot):
        for key in ("g", "c", "space", "space", "space"):
            await pilot.press(key)
            if key in "gc":
                assert "the line is yours to write here: e writes it, i gives a hint" in screen_text(stepper)
        assert stepper.descent.knobs.listing.unwritten(Method.MANUAL)
        assert sitting_of(stepper).met_by is None


async def test_the_lesson_follows_the_language() -> None:
    async with in_lesson("best") as (stepper, pilot):
        assert "What is the best model?" in screen_text(stepper)
        await pilot.press("L")
        assert "가장 좋은 모델은 무엇일까요?" in screen_text(stepper)
        assert "What is the best model?" not in screen_text(stepper)


async def test_the_list_marks_what_is_done_and_resets_one_or_all() -> None:
    async with in_lesson("cost") as (stepper, pilot):
        await pilot.press(*put("0.96"))
        await pilot.press("j")
        assert "✓  5  The cost" in screen_text(stepper)
        await pilot.press("r")
        assert "✓" not in screen_text(stepper).split("Lessons")[1].split("lesson 5 is")[0]
        assert stepper.classroom.progress.done == set()
        stepper.classroom.progress.add("data")
        await pilot.press("R")
        assert stepper.classroom.progress.done == {"data"}
        await pilot.press("R")
        assert stepper.classroom.progress.done == set()
        await pilot.press("escape")
        assert not isinstance(stepper.screen, Lessons)


async def test_a_goal_that_was_met_stays_met_whatever_is_tried_then() -> None:
    async with in_lesson("cost") as (stepper, pilot):
        await pilot.press(*put("0.96"))
        why = sitting_of(stepper).standing.why
        await pilot.press(*put("5"), "space")
        assert sitting_of(stepper).met_by is not None
        assert sitting_of(stepper).standing.why == why


KEYS_SHOWN = {name for key in KEYS for name in key.shown.split()}

TERMS = {
    "en": {
        "hypothesis": "hypothesis",
        "error": "error",
        "cost": "cost",
        "gradient": "gradient",
        "gradient descent": "gradient descent",
        "epoch": "epoch",
        "learning rate": "learning rate",
        "lr": "lr",
        "update": "update",
        "torch.sum": "torch.sum",
        "torch.mean": "torch.mean",
        "manual": "manual",
        "optim": "optim",
        "autograd": "autograd",
        "W.grad": "W.grad",
        "bias": "bias",
        "input": "input",
        "factor": "factor",
        "edge": "edge",
    },
    "ko": {
        "hypothesis": "가설",
        "error": "오차",
        "cost": "cost",
        "gradient": "gradient",
        "gradient descent": "경사 하강법",
        "epoch": "epoch",
        "learning rate": "학습률",
        "lr": "lr",
        "update": "update",
        "torch.sum": "torch.sum",
        "torch.mean": "torch.mean",
        "manual": "manual",
        "optim": "optim",
        "autograd": "autograd",
        "W.grad": "W.grad",
        "bias": "편향",
        "input": "입력",
        "factor": "배율",
        "edge": "한계",
    },
}
"""The terms of the lessons, and the words that stand for them."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_lesson_uses_a_key_or_a_term_before_it_has_been_taught(language: str) -> None:
    known: set[str] = set()
    for lesson in LESSONS.values():
        text = lesson.text(language)
        told = "\n".join((text.title, text.story, text.task, *text.hints, text.done))
        keys = set(bold_in(told))
        assert keys <= KEYS_SHOWN, lesson.name
        for new in lesson.teaches:
            assert new in keys or TERMS[language][new] in told, f"{lesson.name} teaches {new} and doesn't name it"
        known |= set(lesson.teaches)
        assert keys <= known, f"{lesson.name}: {keys - known}"
        for term, word in TERMS[language].items():
            if term not in known:
                assert not _uses(told, word), f"{lesson.name} uses {term}"


def _uses(text: str, word: str) -> bool:
    """Whether a text uses a word; 입력 in the sense of typing is another word."""
    if word == "입력":
        return re.search("입력(?!한|할|하|합)", text) is not None
    return re.search(rf"(?<![A-Za-z_.]){re.escape(word)}(?![A-Za-z_])" if word.isascii() else word, text) is not None
