"""Lesson files to lessons: what is wrong with one is said with its file and line, and the others open.

`03-data.md` is a lesson: a front matter in TOML between two lines `+++`, its title after `# `, its story, and what
stands after the headings `## Task`, `## Hint` (one or more) and `## Done`. `03-data.ko.md` is its text in Korean,
without a front matter.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from msgspec import DecodeError, toml

from core.language import _
from core.study.goals import Goal, parse_goal
from tui.lessons.lesson import FrontMatter, Lesson, Text

LESSONS = Path(__file__).parent

FILE = re.compile(r"[0-9]+-(?P<name>[a-z0-9_-]+?)(?P<language>\.[a-z]{2})?\.md")

HEADINGS = {"task": "task", "hint": "hint", "done": "done", "과제": "task", "힌트": "hint", "마침": "done"}


class LessonError(Exception):
    """What is wrong with a lesson file: one sentence that names the file and the line."""


@dataclass(frozen=True)
class Course:
    """The lessons that can be read, in order, and a sentence for each file that can't."""

    lessons: tuple[Lesson, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    """The lines of a file, and what it is called in a sentence."""

    name: str
    lines: tuple[str, ...]

    def error(self, line: int, sentence: str) -> LessonError:
        return LessonError(_("{file}, line {line}: {sentence}").format(file=self.name, line=line, sentence=sentence))


@cache
def read_course(folder: Path = LESSONS) -> Course:
    """Every lesson of a folder, numbered in the order of their files."""
    lessons: dict[str, Lesson] = {}
    errors: list[str] = []
    for path in sorted(folder.glob("*.md")):
        match = FILE.fullmatch(path.name)
        try:
            if not match:
                raise LessonError(_("{file}: a lesson is called like 03-data.md").format(file=path.name))
            if match["language"]:
                continue
            if match["name"] in lessons:
                raise LessonError(_("{file}: there is another lesson of this name").format(file=path.name))
            lesson = _read_lesson(path, match["name"], len(lessons) + 1)
            lessons[lesson.name] = lesson
            for translation in sorted(folder.glob(f"{path.stem}.??.md")):
                texts = lesson.texts | {translation.suffixes[-2][1:]: _text(_read(translation), 0)}
                lessons[lesson.name] = lesson = replace(lesson, texts=texts)
        except LessonError as error:
            errors.append(str(error))
    return Course(tuple(lessons.values()), tuple(errors))


def _read_lesson(path: Path, name: str, number: int) -> Lesson:
    file = _read(path)
    front, goal, end = _front_matter(file)
    return Lesson(name, number, front, goal, {"": _text(file, end)})


def _read(path: Path) -> _File:
    try:
        return _File(path.name, tuple(path.read_text(encoding="utf-8").splitlines()))
    except OSError as error:
        raise LessonError(_("{file} can't be read: {why}").format(file=path.name, why=error.strerror)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _File(path.name, ()).error(line, _("this is not UTF-8")) from None


def _front_matter(file: _File) -> tuple[FrontMatter, Goal, int]:
    """What it says, its goal, and how many lines it takes."""
    marks = [number for number, line in enumerate(file.lines) if line.strip() == "+++"]
    if len(marks) < 2 or marks[0] != 0:
        raise file.error(1, _("a lesson begins with its front matter, between two lines +++"))
    end = marks[1] + 1
    key = ""
    try:
        front = toml.decode("\n".join(("", *file.lines[1 : end - 1])), type=FrontMatter)
        key = "goal"
        goal = parse_goal(front.goal)
        key = ""
        front.knobs()
    except (DecodeError, ValueError) as error:
        if isinstance(error, DecodeError) and (named := re.search(r"\$\.(\w+)|unknown field `(\w+)`", str(error))):
            key = named[1] or named[2]
        place = re.search(r"at line (\d+)", str(error))
        lines = (number for number, line in enumerate(file.lines[:end], 1) if line.partition("=")[0].strip() == key)
        raise file.error(int(place[1]) if place else next(lines, 1), str(error)) from None
    return front, goal, end


def _text(file: _File, before: int) -> Text:
    """What the lines after the first `before` ones say."""
    if not before and file.lines and file.lines[0].strip() == "+++":
        raise file.error(1, _("the front matter stands in the lesson's own file, not in a translation"))
    parts: dict[str, list[list[str]]] = {"story": [[]], "task": [], "hint": [], "done": []}
    title, part, in_code = "", "story", False
    for number, line in enumerate(file.lines[before:], start=before + 1):
        in_code ^= line.startswith("```")
        if line.startswith("# ") and not in_code:
            if title:
                raise file.error(number, _("a lesson has one title"))
            title = line[2:].strip()
        elif line.startswith("#") and not in_code:
            part = HEADINGS.get(line.removeprefix("## ").strip().lower(), "")
            if not part or not line.startswith("## "):
                raise file.error(number, _("a heading is one of ## Task, ## Hint, ## Done"))
            if parts[part] and part != "hint":
                raise file.error(number, _("this heading stands here for the second time"))
            parts[part].append([])
        elif not title and line.strip():
            raise file.error(number, _("before any text stands the title, as in # Data"))
        else:
            parts[part][-1].append(line)
    last = max(1, len(file.lines))
    if not title:
        raise file.error(last, _("the title is missing, as in # Data"))
    texts = {name: tuple("\n".join(lines).strip() for lines in each) for name, each in parts.items()}
    for name, heading in (("task", "## Task"), ("hint", "## Hint"), ("done", "## Done")):
        if not texts[name] or not all(texts[name]):
            raise file.error(last, _("{heading} is missing, or says nothing").format(heading=heading))
    return Text(title, texts["story"][0], texts["task"][0], texts["hint"], texts["done"][0])
