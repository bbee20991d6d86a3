"""A lesson as a value: what it says in each language, with which run it begins, and what it asks for."""

from dataclasses import dataclass, replace
from typing import Literal

from msgspec import Struct

from core.edits import PLACEHOLDER, GradientForm, with_start
from core.knobs import Knobs
from core.language import _
from core.parsing import parse_lr, parse_weights
from core.program import Method, Program
from core.start import start_knobs
from core.study.goals import Goal
from core.table import open_table


@dataclass(frozen=True)
class Text:
    """What a lesson says in one language; paragraphs of Markdown."""

    title: str
    story: str
    task: str
    hints: tuple[str, ...]
    """The first one nudges, the last one is nearly the answer."""
    done: str
    """What to take along once the goal is met."""


class FrontMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands above the text of a lesson: its goal, and the run with which it begins."""

    goal: str
    data: str = "lecture"
    bias: bool = False
    method: Method = Method.MANUAL
    gradient: GradientForm | None = None
    lr: str = ""
    unwritten: str = ""
    """A line of the lecture, word for word, that is still to be written."""
    forgotten: str = ""
    """A line of the lecture, word for word, that the program lacks."""
    w: str = ""
    """The weights as they are typed after the key w; empty: 0."""
    plot: Literal["curve", "costs", "fit"] = "curve"
    """Which picture stands above the text."""
    teaches: tuple[str, ...] = ()
    """Keys and terms that the lesson introduces."""

    def knobs(self) -> Knobs:
        """The knobs of a fresh run. Raises ValueError with a sentence where its table, a line or a number can't be."""
        knobs = start_knobs(open_table(self.data), self.bias, self.method, self.gradient)
        program = knobs.program.with_lr(parse_lr(self.lr)) if self.lr else knobs.program
        if self.unwritten:
            program = program.with_statement(_number_of(program, self.unwritten), PLACEHOLDER)
        if self.forgotten:
            program = program.with_statement(_number_of(program, self.forgotten), "pass  # forgotten")
        if self.w:
            names = ("W", "b") if self.bias else ("W",)
            start = {name: (value,) for name, value in zip(names, parse_weights(self.w, names), strict=True)}
            program = with_start(program, start)
        return replace(knobs, program=program)


def _number_of(program: Program, text: str) -> int:
    number = next((line.number for line in (*program.setup, *program.lines) if line.text == text), None)
    if number is None:
        raise ValueError(_("{path} has no line '{text}'").format(path=program.path, text=text))
    return number


@dataclass(frozen=True)
class Lesson:
    """One lesson; `name` is its file's without the number, and stays its own when files are put in another order."""

    name: str
    number: int
    front: FrontMatter
    goal: Goal
    texts: dict[str, Text]
    """By language; under "" the text of the lesson's own file, for languages that have none."""

    def text(self, language: str) -> Text:
        return self.texts.get(language, self.texts[""])
