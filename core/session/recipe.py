"""What a session is: not the numbers of its runs but what is needed to have them again. Nothing of it is compiled."""

from dataclasses import dataclass, replace
from functools import lru_cache

from core.data import Source
from core.descent import Descent
from core.listing import UNWRITTEN, GradientForm, Listing, Method
from core.lr import Lr
from core.state import Knobs, Weights
from core.tape import Tape
from core.trial.allowed import checked
from core.trial.statement import Refused

Lines = tuple[tuple[int, str], ...]
"""The changed lines of a program: their numbers and what stands there."""


@dataclass(frozen=True)
class Turn:
    """The knobs from an epoch on; of the program only the lines that are not the lecture's."""

    epoch: int
    method: Method
    manual_lr: Lr
    optim_lr: Lr
    lines: Lines = ()

    @classmethod
    def of(cls, epoch: int, knobs: Knobs) -> "Turn":
        return cls(epoch, knobs.method, knobs.manual_lr, knobs.optim_lr, _lines_of(knobs.listing))

    def knobs(self, program: str) -> Knobs:
        return Knobs(_listing(program, self.lines), self.method, self.manual_lr, self.optim_lr)


@dataclass(frozen=True)
class Recipe:
    """A run: where it starts, each knob turned and where, and how many epochs."""

    program: str
    start: Weights
    turns: tuple[Turn, ...]
    """In order; the first is at epoch 0. One at `epochs` holds the knobs of a place that no epoch was run from."""
    epochs: int
    w: Weights = ()
    """The weights after the last epoch, to hold a replay against; empty where they are not known."""

    @classmethod
    def of(cls, tape: Tape, beyond: Knobs | None = None) -> "Recipe":
        """The recipe of a tape, and the knobs beyond its last epoch where the place is there."""
        turns = tape.turns if beyond is None else (*tape.turns, (len(tape), beyond))
        program = turns[0][1].listing.program
        recipes = tuple(Turn.of(epoch, knobs) for epoch, knobs in turns)
        return cls(program, tape.start.w, recipes, len(tape), tape.w(len(tape)))

    @property
    def is_beyond(self) -> bool:
        """Whether the last turn stands where no epoch was run from."""
        return self.turns[-1].epoch == self.epochs


@dataclass(frozen=True)
class Table:
    """The table of a session, and what tells whether the file still holds it."""

    source: Source
    standardized: bool = False
    fingerprint: str = ""
    """Empty where it is not known."""


@dataclass(frozen=True)
class Change:
    """A line that somebody has changed."""

    program: str
    number: int
    text: str

    @property
    def lectures(self) -> str:
        """What the lecture has there."""
        return lectures_line(self.program, self.number)

    @property
    def is_ours(self) -> bool:
        """Whether the program itself writes that line: in the lecture's other form, or as one still to be written."""
        return self.text == UNWRITTEN or (self.number, self.text) in _forms(self.program)

    @property
    def refusal(self) -> str:
        """Why the line can't be accepted, whoever has seen it; empty where it can."""
        listing = Knobs.of_lecture(self.program).listing
        method = next(method for method in Method if self.number in numbers(listing, method))
        try:
            checked(self.text, self.number, listing, method)
        except Refused as refusal:
            return str(refusal)
        return ""


@dataclass(frozen=True)
class Session:
    """All that a learner has done: the table, the run, the place in it, and the other runs that can be seen."""

    table: Table
    run: Recipe
    tick: int = 0
    ghost: Recipe | None = None
    kept: tuple[tuple[str, Recipe], ...] = ()
    """Names and runs."""

    @classmethod
    def of(cls, descent: Descent) -> "Session":
        """What is needed to have this Descent again. Raises ValueError for a table that was made in memory."""
        data = descent.data
        if data.source is None:
            raise ValueError(f"{data.name} was not read from anywhere, so it can't be read again")
        read = data.original or data
        return cls(
            Table(data.source, data.original is not None, read.fingerprint),
            Recipe.of(descent.tape, None if descent.epoch < len(descent.tape) else descent.knobs),
            descent.tick,
            Recipe.of(descent.ghost) if descent.ghost else None,
            tuple((kept.name, Recipe.of(kept.tape)) for kept in descent.kept if len(kept.tape)),
        )

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """The ghost where there is one, the kept runs, and last the run itself."""
        return (*([self.ghost] if self.ghost else []), *(recipe for _, recipe in self.kept), self.run)

    @property
    def epochs(self) -> int:
        """How many epochs a replay runs."""
        return sum(recipe.epochs for recipe in self.recipes)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every line that somebody has changed, once, in the order of the program: to be seen before it may run."""
        changes = {
            Change(recipe.program, number, text)
            for recipe in self.recipes
            for turn in recipe.turns
            for number, text in turn.lines
        }
        return tuple(
            sorted(
                (change for change in changes if not change.is_ours),
                key=lambda change: (change.program, change.number, change.text),
            )
        )

    def without(self, changes: tuple[Change, ...]) -> "Session":
        """The same session with the lecture's lines in place of these; where it leads to is then another W."""

        def plain(recipe: Recipe) -> Recipe:
            def stays(line: tuple[int, str]) -> bool:
                return Change(recipe.program, *line) not in changes

            turns = tuple(replace(turn, lines=tuple(filter(stays, turn.lines))) for turn in recipe.turns)
            return recipe if turns == recipe.turns else replace(recipe, turns=turns, w=())

        kept = tuple((name, plain(recipe)) for name, recipe in self.kept)
        return replace(self, run=plain(self.run), ghost=self.ghost and plain(self.ghost), kept=kept)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether there is more than a start in it."""
        return bool(self.tick or self.run.epochs > 1 or self.ghost or self.kept or self.changes)


def changeable(program: str) -> frozenset[int]:
    """The numbers of a program's lines that can be changed: the code of its loops, and its optimizer."""
    return frozenset().union(*(numbers(Knobs.of_lecture(program).listing, method) for method in Method))


def numbers(listing: Listing, method: Method) -> frozenset[int]:
    """The numbers of the lines that a method runs and that can be changed."""
    model = listing.model_lines(method)[-1:] if method is Method.OPTIM else ()
    return frozenset(line.number for line in (*listing.lines(method), *model) if not line.is_comment)


def lectures_line(program: str, number: int) -> str:
    """The lecture's code in a line, without its indentation."""
    return Knobs.of_lecture(program).listing.text.splitlines()[number - 1].lstrip()


@lru_cache(maxsize=1024)
def _lines_of(listing: Listing) -> Lines:
    text = listing.text.splitlines()
    return tuple((number, text[number - 1].lstrip()) for number in sorted(listing.changed))


@lru_cache(maxsize=1024)
def _listing(program: str, lines: Lines) -> Listing:
    listing = Knobs.of_lecture(program).listing
    for number, text in lines:
        listing = listing.with_line(number, text)
    return listing


@lru_cache
def _forms(program: str) -> frozenset[tuple[int, str]]:
    """The lines of the manual gradient in each of the lecture's forms."""
    listing = Knobs.of_lecture(program).listing
    return frozenset(line for form in GradientForm for line in _lines_of(listing.with_gradient_form(form)))
