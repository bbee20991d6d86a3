"""Lesson files: what is wrong with one is said with its file and line, and the others open."""

import re
from pathlib import Path

import pytest

from core.program import Method
from tests.tui.conftest import an_app, opened, press, screen_text, until
from tui.lessons import actions
from tui.lessons.reading import read_course
from tui.screens import lessons

GOOD = """\
+++
goal = "stands_below 0.01"
lr = "1/14"
w = "3"
teaches = ["w", "cost"]
+++
# A title

A story.

## Task

Do it.

## Hint

So.

## Done

Well.
"""


def test_a_teacher_adds_a_lesson_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "01-mine.md").write_text(GOOD)
    korean = GOOD.split("+++\n")[2].replace("A title", "제목").replace("## Task", "## 과제")
    (tmp_path / "01-mine.ko.md").write_text(korean)
    course = read_course(tmp_path)
    (lesson,) = course.lessons
    assert course.errors == ()
    assert (lesson.name, lesson.number, lesson.front.teaches) == ("mine", 1, ("w", "cost"))
    assert [lesson.text(language).title for language in ("ko", "en", "fr")] == ["제목", "A title", "A title"]
    assert (lesson.text("ko").task, lesson.text("en").hints) == ("Do it.", ("So.",))
    program = lesson.front.knobs().program
    assert (program.lr, program.method) == (1 / 14, Method.MANUAL)
    assert "W = torch.tensor([3.0])" in program.text


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ('goal = "stands_below 0.01"\n', "", "line 1: Object missing required field `goal`"),
        ("stands_below 0.01", "nonsense", "line 2: 'nonsense' is not a goal: there are both_gradients_at_one_w, "),
        ("stands_below 0.01", "stands_below", "line 2: write the goal as 'stands_below most'"),
        ("stands_below 0.01", "fits and stands_below 1/0", "line 2: 'stands_below 1/0' holds something that is not"),
        ('"1/14"', '"fast"', "line 1: lr 'fast' is not a number"),
        ('lr = "1/14"', "lr 1/14", "line 3: "),
        ('lr = "1/14"', "speed = 3", "line 3: Object contains unknown field `speed`"),
        ('lr = "1/14"', 'bias = "perhaps"', "line 3: Expected `bool`, got `str`"),
        ('lr = "1/14"', 'method = "torch"', "line 3: Invalid enum value 'torch'"),
        ('lr = "1/14"', 'plot = "pie"', "line 3: Invalid enum value 'pie'"),
        ('lr = "1/14"', 'data = "nowhere.csv"', "line 1: nowhere.csv can't be read: "),
        ('lr = "1/14"', 'unwritten = "W += 1"', "line 1: core/programs/weight_manual.py has no line 'W += 1'"),
        ('w = "3"', 'w = "three"', "line 1: W 'three' is not a number"),
        ("+++\ngoal", "goal", "line 1: a lesson begins with its front matter, between two lines +++"),
        ("# A title\n", "", "line 8: before any text stands the title, as in # Data"),
        ("# A title\n", "# A title\n# Another\n", "line 8: a lesson has one title"),
        ("## Task", "## Exercise", "line 11: a heading is one of ## Task, ## Hint, ## Done"),
        ("## Done", "## Task", "line 19: this heading stands here for the second time"),
        ("## Hint\n\nSo.\n\n", "", "line 17: ## Hint is missing, or says nothing"),
        ("Well.\n", "", "line 20: ## Done is missing, or says nothing"),
    ],
)
def test_a_mistake_in_a_file_is_said_with_its_line_and_the_others_open(
    tmp_path: Path, before: str, after: str, error: str
) -> None:
    assert before in GOOD
    for name, text in (("01-good", GOOD), ("02-bad", GOOD.replace(before, after)), ("03-fine", GOOD)):
        (tmp_path / f"{name}.md").write_text(text)
    course = read_course(tmp_path)
    assert [lesson.name for lesson in course.lessons] == ["good", "fine"]
    assert len(course.errors) == 1
    assert course.errors[0].startswith(f"02-bad.md, {error}")


def test_what_is_no_lesson_by_its_name_its_bytes_or_its_rights_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("anything")
    (tmp_path / "01-bytes.md").write_bytes(GOOD.encode() + b"\n\xff\n")
    (tmp_path / "02-folder.md").mkdir()
    (tmp_path / "03-empty.md").write_text("")
    for name in ("04-good", "05-good"):
        (tmp_path / f"{name}.md").write_text(GOOD)
    (tmp_path / "04-good.ko.md").write_text(GOOD)
    course = read_course(tmp_path)
    assert [lesson.text("ko").title for lesson in course.lessons] == ["A title"]
    assert course.errors == (
        "01-bytes.md, line 23: this is not UTF-8",
        "02-folder.md can't be read: Is a directory",
        "03-empty.md, line 1: a lesson begins with its front matter, between two lines +++",
        "04-good.ko.md, line 1: the front matter stands in the lesson's own file, not in a translation",
        "05-good.md: there is another lesson of this name",
        "notes.md: a lesson is called like 03-data.md",
    )


async def test_the_list_says_which_files_have_mistakes_and_opens_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "01-good.md").write_text(GOOD)
    (tmp_path / "02-[@click=app.quit]bad.md").write_text(GOOD)
    course = read_course(tmp_path)
    for module in (actions, lessons):
        monkeypatch.setattr(module, "read_course", lambda: course)
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "j")
        assert "02-[@click=app.quit]bad.md: a lesson is called like 03-data.md" in screen_text(app)
        await press(app, pilot, "enter")
        await until(pilot, lambda: app.stepper.lesson_session is not None)
        assert "A story." in screen_text(app)


def test_the_lessons_of_the_program_have_no_mistake_and_both_languages() -> None:
    course = read_course()
    assert course.errors == ()
    assert len(course.lessons) == 18
    for lesson in course.lessons:
        assert set(lesson.texts) == {"", "ko"}
        assert len(lesson.text("en").hints) == len(lesson.text("ko").hints) >= 2
        assert len(lesson.text("en").story.split()) <= 90
        for text in lesson.texts.values():
            assert "!" not in re.sub("`.*?`", "", f"{text.story}{text.task}{text.hints}{text.done}")


def test_the_lesson_on_the_simpler_hypothesis_has_the_slides_page() -> None:
    w = "torch.zeros(1, requires_grad=True)"
    page = f"W = {w}\n# b = {w}\nhypothesis = x_train * W\n"
    lesson = read_course().lessons[1]
    assert all(page in text.story for text in lesson.texts.values())
