"""A lesson as a value: what it says in each language, with which run it begins, and what it asks for."""

from dataclasses import dataclass, replace

from core.beginning import beginning
from core.descent import Descent
from core.language import _
from core.listing import UNWRITTEN, GradientForm, Listing, Method
from core.numbers import parse_weights
from core.study.goals import Goal
from core.tables import open_table


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


@dataclass(frozen=True)
class Start:
    """The run that a lesson begins with."""

    data: str = "lecture"
    bias: bool = False
    method: Method = Method.MANUAL
    gradient: GradientForm | None = None
    lr: float | None = None
    unwritten: str = ""
    """A line of the lecture, word for word, that is still to be written."""
    forgotten: str = ""
    """A line of the lecture, word for word, that the program lacks."""
    w: str = ""
    """The weights as they are typed after the key w; empty: 0."""

    def descent(self) -> Descent:
        """A fresh run. Raises ValueError, with a sentence, for a table, a line or weights that there can't be."""
        descent = beginning(open_table(self.data), self.bias, self.method, self.gradient, self.lr)
        listing = descent.knobs.listing
        for line, instead in ((self.unwritten, UNWRITTEN), (self.forgotten, FORGOTTEN)):
            if line:
                listing = listing.with_line(_number_of(listing, line), instead)
        descent = replace(descent, knobs=replace(descent.knobs, listing=listing))
        return descent.begun_at(parse_weights(self.w, descent.names)) if self.w else descent


PLOTS = ("curve", "costs", "fit")
"""The pictures that can stand above a lesson."""

FORGOTTEN = "pass  # forgotten"


def _number_of(listing: Listing, text: str) -> int:
    lines = [line for method in Method for line in listing.lines(method) if line.text == text]
    if not lines:
        raise ValueError(_("{path} has no line '{text}'").format(path=listing.path, text=text))
    return lines[0].number


@dataclass(frozen=True)
class Lesson:
    """One lesson; `name` is its file's without the number, and stays its own when files are put in another order."""

    name: str
    number: int
    texts: dict[str, Text]
    """By language; under "" the text of the lesson's own file, for languages that have none."""
    goal: Goal
    start: Start
    plot: str = "curve"
    """Which picture stands above it: curve, costs or fit."""
    teaches: tuple[str, ...] = ()
    """Keys and terms that it introduces."""

    def text(self, language: str) -> Text:
        return self.texts.get(language, self.texts[""])
