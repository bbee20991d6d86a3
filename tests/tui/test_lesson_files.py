"""Lesson files: what is wrong with one is told with its file and line, and the others open."""

from pathlib import Path

import pytest

from core.listing import Method
from tests.tui.stepper import a_stepper, opened, screen_text
from tui.lessons.classroom import Classroom
from tui.lessons.reading import read_course

GOOD = """\
---
goal: stands_below 0.01
lr: 1/14
w: 3
teaches: w, cost
---
# A title

A story.

## Task

Do it.

## Hint

So.

## Done

Well.
"""


def course_of(folder: Path, **files: str) -> tuple[list[str], tuple[str, ...]]:
    """The names of the lessons that open, and what is told of the others."""
    for name, text in files.items():
        (folder / name.replace("__", ".").replace("_", "-")).with_suffix(".md").write_text(text)
    course = read_course(folder)
    return [lesson.name for lesson in course.lessons], course.faults


def test_a_teacher_adds_a_lesson_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "01-mine.md").write_text(GOOD)
    (tmp_path / "01-mine.ko.md").write_text(
        GOOD.split("---\n")[2].replace("A title", "제목").replace("## Task", "## 과제")
    )
    course = read_course(tmp_path)
    (lesson,) = course.lessons
    assert course.faults == ()
    assert (lesson.name, lesson.number, lesson.teaches) == ("mine", 1, ("w", "cost"))
    assert (lesson.text("ko").title, lesson.text("en").title, lesson.text("fr").title) == ("제목", "A title", "A title")
    assert (lesson.text("ko").task, lesson.text("en").hints) == ("Do it.", ("So.",))
    descent = lesson.start.descent()
    assert (descent.w, descent.knobs.lr.value, descent.knobs.method) == ((3.0,), 1 / 14, Method.MANUAL)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("goal: stands_below 0.01\n", "", "line 1: the front matter has no goal"),
        ("stands_below 0.01", "nonsense", "line 2: goal: 'nonsense' is no goal: there are both_gradients_at_one_w, "),
        ("stands_below 0.01", "stands_below", "line 2: goal: write the goal as 'stands_below most'"),
        ("stands_below 0.01", "stands_below x", "line 2: goal: 'stands_below x' holds what is no number"),
        ("stands_below 0.01", "fits and stands_below 1/0", "line 2: goal: 'stands_below 1/0' holds what is no number"),
        ("lr: 1/14", "lr: fast", "line 3: lr: lr 'fast' is not a number"),
        ("lr: 1/14", "lr 1/14", "line 3: write 'key: value' with one of bias, data, forgotten, goal"),
        ("lr: 1/14", "speed: 3", "line 3: write 'key: value' with one of bias, data, forgotten, goal"),
        ("lr: 1/14", "goal: fits", "line 3: goal stands here for the second time"),
        ("lr: 1/14", "bias: perhaps", "line 3: bias: 'perhaps' is none of yes, no"),
        ("lr: 1/14", "method: torch", "line 3: method: 'torch' is none of manual, optim"),
        ("lr: 1/14", "plot: pie", "line 3: plot: 'pie' is none of curve, costs, fit"),
        ("lr: 1/14", "data: nowhere.csv", "line 3: data: "),
        ("lr: 1/14", "unwritten: W += 1", "line 3: unwritten: core/programs/weight.py has no line 'W += 1'"),
        ("w: 3", "w: three", "line 4: w: W 'three' is not a number"),
        ("w: 3", "w: 1 2", "line 4: w: "),
        ("w: 3", "w: 1e99", "line 4: w: "),
        ("teaches: w, cost\n---\n", "teaches: w\n", "line 6: write 'key: value'"),
        ("---\ngoal", "goal", "line 1: a lesson begins with its front matter, between two lines ---"),
        ("# A title\n", "", "line 8: before any text stands the title, as in # Data"),
        ("# A title\n", "# A title\n# Another\n", "line 8: a lesson has one title"),
        ("A story.", "A **story.", "line 9: ** is opened on this line and not closed"),
        ("A story.", "A `story.", "line 9: ` is opened on this line and not closed"),
        ("## Task", "## Exercise", "line 11: a heading is one of ## Task, ## Hint, ## Done"),
        ("## Task", "### Task", "line 11: a heading is one of ## Task, ## Hint, ## Done"),
        ("## Done", "## Task", "line 19: this heading stands here for the second time"),
        ("## Hint\n\nSo.\n\n", "", "line 17: ## Hint is missing, or says nothing"),
        ("Well.\n", "", "line 20: ## Done is missing, or says nothing"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line_and_the_others_open(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    assert before in GOOD
    names, faults = course_of(tmp_path, **{"01_good": GOOD, "02_bad": GOOD.replace(before, after), "03_fine": GOOD})
    assert names == ["good", "fine"]
    assert len(faults) == 1
    assert faults[0].startswith(f"02-bad.md, {fault}")


def test_what_is_no_lesson_by_its_name_its_bytes_or_its_rights_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("anything")
    (tmp_path / "01-bytes.md").write_bytes(GOOD.encode() + b"\n\xff\n")
    (tmp_path / "02-folder.md").mkdir()
    (tmp_path / "03-empty.md").write_text("")
    names, faults = course_of(tmp_path, **{"04_good": GOOD, "05_good": GOOD})
    assert names == ["good"]
    assert faults == (
        "01-bytes.md, line 23: this is not UTF-8",
        "02-folder.md can't be read: Is a directory",
        "03-empty.md, line 1: a lesson begins with its front matter, between two lines ---",
        "05-good.md: there is another lesson of this name",
        "notes.md: a lesson is called like 03-data.md",
    )


def test_a_translation_with_a_mistake_leaves_the_lesson_in_its_own_language(tmp_path: Path) -> None:
    (tmp_path / "01-mine.md").write_text(GOOD)
    (tmp_path / "01-mine.ko.md").write_text(GOOD)
    course = read_course(tmp_path)
    assert course.faults == (
        "01-mine.ko.md, line 1: the front matter stands in the lesson's own file, not in a translation",
    )
    assert course.lessons[0].text("ko").title == "A title"


async def test_the_list_tells_of_files_with_mistakes_and_opens_the_others(tmp_path: Path) -> None:
    (tmp_path / "01-good.md").write_text(GOOD)
    (tmp_path / "02-[@click=app.quit]bad.md").write_text(GOOD)
    async with opened(stepper := a_stepper()) as pilot:
        stepper._classroom = Classroom(stepper, read_course(tmp_path))
        await pilot.press("j")
        assert "02-[@click=app.quit]bad.md: a lesson is called like 03-data.md" in screen_text(stepper)
        await pilot.press("enter")
        assert stepper.sitting is not None
        assert stepper.sitting.lesson.name == "good"


def test_the_lessons_of_the_program_have_no_fault_and_both_languages() -> None:
    course = read_course()
    assert course.faults == ()
    assert len(course.lessons) >= 12
    for lesson in course.lessons:
        assert set(lesson.texts) == {"", "ko"}
        assert len(lesson.text("en").hints) == len(lesson.text("ko").hints) >= 2
        assert len(lesson.text("en").story.split()) <= 90
        assert "!" not in "".join(f"{text.story}{text.task}{text.hints}{text.done}" for text in lesson.texts.values())
