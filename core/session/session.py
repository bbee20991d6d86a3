"""What a session is: not the numbers of its runs but what is needed to replay them; and its JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, nan
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.json import encode, format

from core.descent import MOST_KEPT, Descent, Tick
from core.knobs import Knobs
from core.language import _
from core.log import EpochLog
from core.parsing import LARGEST_LR, MEMORY
from core.program import Program
from core.session.file import MOST_BYTES, Unwritable
from core.state import MOST_NUMBERS

VERSION = 2

Count = Annotated[int, Meta(ge=0, le=MEMORY)]
SavedLr = Annotated[float, Meta(ge=0, le=LARGEST_LR)]


class Saved(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a session's file is made of."""


class Text(Saved, frozen=True):
    """A program's text, as lines."""

    lines: Annotated[list[str], Meta(max_length=20_000)]
    path: Annotated[str, Meta(max_length=4096)] = ""
    original: Count | None = None  # which text it was before lines were edited


class SavedProgram(Saved, frozen=True):
    """A text, and the lr in it where that is another one than in the text as it stands."""

    text: Count
    lr: SavedLr | None = None


class SavedKnobs(Saved, frozen=True):
    """The knobs from an epoch on."""

    epoch: Count
    program: SavedProgram
    other: SavedProgram | None = None
    anchor: SavedLr | None = None


class Run(Saved, frozen=True):
    """A run: its segments, how many epochs it has, and where it came to, to hold a replay against."""

    segments: Annotated[list[SavedKnobs], Meta(max_length=100_000)]
    epochs: Count
    end: Annotated[list[float | None], Meta(max_length=MOST_NUMBERS + 1)] = []
    """The last cost, and the weights after it if they are not too many; None for inf and nan, which JSON lacks."""
    name: Annotated[str, Meta(max_length=200)] = ""

    def __post_init__(self) -> None:
        starts = [segment.epoch for segment in self.segments]
        if starts[:1] != [0][: self.epochs] or starts != sorted({*starts}) or max(starts, default=-1) >= self.epochs:
            raise ValueError(_("the segments must begin at 0, one after the other, before the run's end"))


class Session(Saved, frozen=True):
    """All that a learner has done: the run, the place in it, and the other runs that can be seen."""

    gradstep: int  # the version of the format
    texts: Annotated[list[Text], Meta(min_length=1, max_length=1000)]
    run: Run
    knobs: SavedKnobs  # those of the place, and its epoch
    line: Annotated[int, Meta(ge=0, le=1000)] = 0  # how many lines of the place's epoch have run
    ghost: Run | None = None
    kept: Annotated[list[Run], Meta(max_length=MOST_KEPT)] = []

    def __post_init__(self) -> None:
        if any((text.original or 0) > index for index, text in enumerate(self.texts)):
            raise ValueError(_("a text's original must stand above it"))
        saved = [program for knobs in self.all_knobs for program in (knobs.program, knobs.other) if program]
        if max(program.text for program in saved) >= len(self.texts):
            raise ValueError(_("there is no text of the number that a program has"))
        if self.knobs.epoch > self.run.epochs:
            raise ValueError(_("the place must be an epoch of the run"))

    @classmethod
    def of(cls, descent: Descent) -> "Session":
        """What is needed to replay this Descent."""
        texts = Texts()
        return cls(
            gradstep=VERSION,
            texts=texts.texts,
            run=texts.run(descent.log),
            knobs=texts.knobs(descent.epoch, descent.knobs),
            line=descent.tick.line,
            ghost=texts.run(descent.ghost) if descent.ghost and len(descent.ghost) else None,
            kept=[texts.run(kept.log, kept.name) for kept in descent.kept if len(kept.log)],
        )

    @property
    def tick(self) -> Tick:
        """The place."""
        return Tick(self.knobs.epoch, self.line)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The ghost where there is one, the kept runs, and last the run itself."""
        return (*([self.ghost] if self.ghost else []), *self.kept, self.run)

    @property
    def epochs(self) -> int:
        """How many epochs a replay runs."""
        return sum(run.epochs for run in self.runs)

    @property
    def all_knobs(self) -> Iterator[SavedKnobs]:
        """The knobs of every segment, and those of the place."""
        for run in self.runs:
            yield from run.segments
        yield self.knobs

    def program(self, saved: SavedProgram) -> Program:
        """A program of this session."""
        text = self.texts[saved.text]
        original = "" if text.original is None else "\n".join(self.texts[text.original].lines)
        program = Program("\n".join(text.lines), text.path, original)
        return program if saved.lr is None else program.with_lr(saved.lr)

    def knobs_of(self, saved: SavedKnobs) -> Knobs:
        """Knobs of this session."""
        other = None if saved.other is None else self.program(saved.other)
        return Knobs(self.program(saved.program), other, nan if saved.anchor is None else saved.anchor)


@dataclass(frozen=True)
class LoadedSession:
    """A session from a file."""

    session: Session
    start: Descent  # what is on the screen until it is replayed
    path: str = ""


class Texts:
    """The texts of a session, each once."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self._numbers: dict[tuple[str, str, str], int] = {}

    def run(self, log: EpochLog, name: str = "") -> Run:
        segments = [self.knobs(epoch, knobs) for epoch, knobs in log.segments]
        return Run(segments, len(log), end_of(log), _encodable(name))

    def knobs(self, epoch: int, knobs: Knobs) -> SavedKnobs:
        other = None if knobs.other is None else self.program(knobs.other)
        return SavedKnobs(epoch, self.program(knobs.program), other, knobs.anchor if isfinite(knobs.anchor) else None)

    def program(self, program: Program) -> SavedProgram:
        """The program as its text with the lr that it was read with, and its own lr."""
        usual = program.with_lr(program.unedited.lr or 0.0)
        if program.lr is None or usual.text == program.text or usual.with_lr(program.lr).text != program.text:
            return SavedProgram(self._number(program))  # also where a line of the learner's own has it, as 0.10
        return SavedProgram(self._number(usual), program.lr)

    def _number(self, program: Program) -> int:
        key = program.text, program.path, program.original or program.text
        if key not in self._numbers:
            is_edited = program.text != key[2]
            original = self._number(Program(program.original, program.path)) if is_edited else None
            self._numbers[key] = len(self.texts)
            self.texts.append(Text(_encodable(program.text).split("\n"), _encodable(program.path), original))
        return self._numbers[key]


def end_of(log: EpochLog) -> list[float | None]:
    """Where a run came to: the last cost, and the weights after it if they are not too many."""
    if not len(log):
        return []
    weights = log.w(len(log))
    numbers = (log.cost(len(log) - 1), *(weights if len(weights) <= MOST_NUMBERS else ()))
    return [number if isfinite(number) else None for number in numbers]


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def text_of(session: Session) -> str:
    """The session as JSON. Raises Unwritable where it would be longer than is read again."""
    text = format(encode(session), indent=1)
    if len(text) > MOST_BYTES:
        raise Unwritable(_("the run has more turns of the knobs than a session can hold"))
    return f"{text.decode()}\n"
