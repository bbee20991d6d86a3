"""Lesson files to lessons: what is wrong with one is told with its file and line, and the others open.

`03-data.md` is a lesson: a front matter between two lines `---`, its title after `# `, its story, and what stands after
the headings `## Task`, `## Hint` (one or more) and `## Done`. `03-data.ko.md` is its text in Korean, without a front
matter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from core.language import _
from core.listing import GradientForm, Method
from core.numbers import parse_lr
from core.study.goals import Goal, parse_goal
from tui.lessons.lesson import PLOTS, Lesson, Start, Text

LESSONS = Path(__file__).parent

FILE = re.compile(r"(?P<number>[0-9]+)-(?P<name>[a-z0-9_-]+?)(?:\.(?P<language>[a-z]{2}))?\.md")

HEADINGS = {"task": "task", "hint": "hint", "done": "done", "과제": "task", "힌트": "hint", "마침": "done"}


class LessonFault(Exception):
    """What is wrong with a lesson file: one sentence that names the file and the line."""


@dataclass(frozen=True)
class Course:
    """The lessons that can be read, in order, and a sentence for each file that can't."""

    lessons: tuple[Lesson, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class _Source:
    """The lines of a file, and what it is called in a sentence."""

    name: str
    lines: tuple[str, ...]

    def fault(self, line: int, sentence: str) -> LessonFault:
        return LessonFault(_("{file}, line {line}: {sentence}").format(file=self.name, line=line, sentence=sentence))


def read_course(folder: Path = LESSONS) -> Course:
    """Every lesson of a folder, numbered in the order of their files."""
    lessons: list[Lesson] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.md")):
        match = FILE.fullmatch(path.name)
        if match and match["language"]:
            continue
        try:
            if not match:
                raise LessonFault(_("{file}: a lesson is called like 03-data.md").format(file=path.name))
            if any(lesson.name == match["name"] for lesson in lessons):
                raise LessonFault(_("{file}: there is another lesson of this name").format(file=path.name))
            lesson = read_lesson(path, match["name"], len(lessons) + 1)
        except LessonFault as fault:
            faults.append(str(fault))
            continue
        for translation in sorted(path.parent.glob(f"{path.stem}.??.md")):
            try:
                text = _text(*_rest(_source(translation)))
                lesson = replace(lesson, texts=lesson.texts | {translation.suffixes[-2][1:]: text})
            except LessonFault as fault:
                faults.append(str(fault))
        lessons.append(lesson)
    return Course(tuple(lessons), tuple(faults))


def read_lesson(path: Path, name: str, number: int) -> Lesson:
    """The lesson of a file, in the language in which it is written. Raises LessonFault."""
    source = _source(path)
    matter, body = _front_matter(source)
    start = _start(source, matter)
    if "goal" not in matter:
        raise source.fault(1, _("the front matter has no goal"))
    goal: Goal = matter["goal"][1]
    plot, teaches = (matter.get(key, (0, default))[1] for key, default in (("plot", "curve"), ("teaches", ())))
    return Lesson(name, number, {"": _text(source, body)}, goal, start, plot, teaches)


def _source(path: Path) -> _Source:
    try:
        return _Source(path.name, tuple(path.read_text(encoding="utf-8").splitlines()))
    except OSError as error:
        raise LessonFault(_("{file} can't be read: {why}").format(file=path.name, why=error.strerror)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _Source(path.name, ()).fault(line, _("this is not UTF-8")) from None


# the front matter


def _one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(_("'{text}' is none of {values}").format(text=text, values=", ".join(values)))
        return text

    return parse


STARTS: dict[str, Callable[[str], Any]] = {
    "data": str,
    "bias": lambda text: _one_of(("yes", "no"))(text) == "yes",
    "method": lambda text: Method(_one_of(tuple(Method))(text)),
    "gradient": lambda text: GradientForm(_one_of(tuple(GradientForm))(text)),
    "lr": parse_lr,
    "unwritten": str,
    "forgotten": str,
    "w": str,
}
"""What the front matter may say about the run that the lesson begins with."""

KEYS: dict[str, Callable[[str], Any]] = STARTS | {
    "goal": parse_goal,
    "plot": _one_of(PLOTS),
    "teaches": lambda text: tuple(filter(None, map(str.strip, text.split(",")))),
}

assert {field.name for field in fields(Start)} == set(STARTS)


def _start(source: _Source, matter: dict[str, tuple[int, Any]]) -> Start:
    """The run that the lesson begins with, tried with one key after the other: so that a mistake has its line."""
    values: dict[str, Any] = {}
    for key in filter(matter.__contains__, STARTS):
        line, values[key] = matter[key]
        try:
            Start(**values).descent()
        except ValueError as error:
            raise source.fault(line, f"{key}: {error}") from None
    return Start(**values)


def _front_matter(source: _Source) -> tuple[dict[str, tuple[int, Any]], int]:
    """Its values with their lines, and the number of lines that it takes."""
    if not source.lines or source.lines[0].strip() != "---":
        raise source.fault(1, _("a lesson begins with its front matter, between two lines ---"))
    values: dict[str, tuple[int, Any]] = {}
    for number, line in enumerate(source.lines[1:], start=2):
        if line.strip() == "---":
            return values, number
        if not line.strip():
            continue
        key, colon, text = (part.strip() for part in line.partition(":"))
        if not colon or key not in KEYS:
            raise source.fault(number, _("write 'key: value' with one of {keys}").format(keys=", ".join(sorted(KEYS))))
        if key in values:
            raise source.fault(number, _("{key} stands here for the second time").format(key=key))
        try:
            values[key] = number, KEYS[key](text)
        except ValueError as error:
            raise source.fault(number, f"{key}: {error}") from None
    raise source.fault(len(source.lines), _("the front matter doesn't end: a second line --- is missing"))


# the text


def _rest(source: _Source) -> tuple[_Source, int]:
    """A translation: its text begins with its first line."""
    if source.lines and source.lines[0].strip() == "---":
        raise source.fault(1, _("the front matter stands in the lesson's own file, not in a translation"))
    return source, 0


def _text(source: _Source, before: int) -> Text:
    """What the lines after the first `before` ones say."""
    parts: dict[str, list[list[str]]] = {"story": [[]], "task": [], "hint": [], "done": []}
    title, part = "", "story"
    for number, line in enumerate(source.lines[before:], start=before + 1):
        _check_marks(source, number, line)
        if line.startswith("# "):
            if title:
                raise source.fault(number, _("a lesson has one title"))
            title = line[2:].strip()
        elif line.startswith("#"):
            part = HEADINGS.get(line.removeprefix("## ").strip().lower(), "")
            if not part or not line.startswith("## "):
                raise source.fault(number, _("a heading is one of ## Task, ## Hint, ## Done"))
            if parts[part] and part != "hint":
                raise source.fault(number, _("this heading stands here for the second time"))
            parts[part].append([])
        elif not title and line.strip():
            raise source.fault(number, _("before any text stands the title, as in # Data"))
        else:
            parts[part][-1].append(line)
    last = max(1, len(source.lines))
    if not title:
        raise source.fault(last, _("the title is missing, as in # Data"))
    told = {name: tuple(_told(lines) for lines in each) for name, each in parts.items()}
    for name, heading in (("task", "## Task"), ("hint", "## Hint"), ("done", "## Done")):
        if not told[name] or not all(told[name]):
            raise source.fault(last, _("{heading} is missing, or says nothing").format(heading=heading))
    return Text(title, told["story"][0], told["task"][0], told["hint"], told["done"][0])


def _told(lines: list[str]) -> str:
    return "\n".join(lines).strip()


def _check_marks(source: _Source, number: int, line: str) -> None:
    """Bold and code begin and end on one line."""
    for mark in ("**", "`"):
        if line.count(mark) % 2:
            raise source.fault(number, _("{mark} is opened on this line and not closed").format(mark=mark))
