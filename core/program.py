"""A program as text: its set-up, its training loop, its lines and their phases, and the literals that can be turned."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from core.literals import Literal
    from core.phases import Structure

T = TypeVar("T")

PROGRAMS = Path(__file__).parent / "programs"

LR, NB_EPOCHS = 0, 1  # which of the two literals


class Method(StrEnum):
    """Who computes the gradient: lines written by hand, or torch.optim's backward()."""

    MANUAL = "manual"
    OPTIM = "optim"


class Phase(IntEnum):
    """What a line of the loop's body is for, in the order in which an epoch needs them."""

    HYPOTHESIS = 0
    COST = 1
    GRADIENT = 2
    UPDATE = 3
    OTHER = 4  # print, logging, zero_grad() after the step


class ProgramError(Exception):
    """The text can't be stepped; the message is one sentence that names the line, where it is known, and why."""


@dataclass(frozen=True)
class Line:
    """A statement, the unit of stepping; a long one stands on several lines of the text."""

    number: int  # its first line in the text, from 1
    end: int  # its last line
    text: str  # as it is written, without its indentation
    phase: Phase
    name: str = ""  # what it gives a new value to, or changes: W for `W -= lr * gradient`; empty for a call


class _Found(Generic[T]):
    """What the structure of a program has found in its text. Raises ProgramError where no loop can be stepped."""

    def __init__(self, read: "Callable[[Structure], T]") -> None:
        self._read = read

    def __get__(self, program: "Program", _owner: object = None) -> T:
        return self._read(program.structure)


@dataclass(frozen=True)
class Program:
    """A script with a training loop: what is on the screen, and what runs."""

    text: str
    path: str = ""  # what it is called: core/programs/weight_manual.py, or the learner's file
    original: str = field(default="", compare=False)  # the text that it was read with; empty: this one

    @classmethod
    def read(cls, name: str) -> "Program":
        """The built-in program core/programs/`name`.py: weight_manual, bias_optim, features_manual, ..."""
        return cls((PROGRAMS / f"{name}.py").read_text(encoding="utf-8"), f"core/programs/{name}.py")

    def __reduce__(self) -> tuple[Any, ...]:
        return Program, (self.text, self.path, self.original)  # without what is cached: it goes through a pipe

    def check(self) -> None:
        """Raise ProgramError where the text can't be stepped."""
        _ = self.structure

    @cached_property
    def structure(self) -> "Structure":
        """The parsed text with its loop."""
        from core.phases import structure_of  # imports this module

        return structure_of(self.text, "" if self.original == self.text else self.original)

    setup = _Found(lambda structure: structure.setup)
    """The statements before the loop (their phase is OTHER)."""
    header = _Found(lambda structure: structure.header)
    """`for epoch in range(nb_epochs + 1):`"""
    lines = _Found(lambda structure: structure.lines)
    """The statements of the loop's body; those in `with torch.no_grad():` are lines of their own."""
    method = _Found(lambda structure: structure.method)
    """OPTIM where the gradient comes from backward()."""
    cost = _Found(lambda structure: structure.cost)
    """The name of the cost: cost, loss, ..."""
    parameters = _Found(lambda structure: structure.parameters)
    """What the text learns, as far as it says so: ('W',), ('W', 'b')."""
    gradients = _Found(lambda structure: structure.gradients)
    """(parameter, the name that its update reads for its gradient), for a gradient that is written by hand."""
    uses_lr = _Found(lambda structure: structure.uses_lr)
    """Whether the loop reads the lr that the literal gives, or an optimizer that steps does."""

    def same_setup(self, other: "Program") -> bool:
        """Whether both have the same set-up, but for the literals of lr and nb_epochs."""
        texts = ([each._masked_lines[line.number - 1 : line.end] for line in each.setup] for each in (self, other))
        return self.text == other.text or next(texts) == next(texts)

    def same_lines(self, other: "Program") -> bool:
        """Whether both have the same loop body, wherever it stands in the text."""
        return self.text == other.text or [each.text for each in self.lines] == [each.text for each in other.lines]

    @cached_property
    def lr(self) -> float | None:
        """`lr = 0.1`, or `lr=0.15` of the optimizer; None where no literal says it."""
        literal = self._literals[LR]
        return float(literal.value) if literal else None

    @property
    def lr_line(self) -> int | None:
        """The line in which that literal stands."""
        literal = self._literals[LR]
        return literal.line if literal else None

    def with_lr(self, lr: float) -> "Program":
        """The same program with another lr; itself where it has none."""
        return self._with_literal(LR, lr)

    @cached_property
    def nb_epochs(self) -> int | None:
        """`nb_epochs = 10`, or the 10 of range(10); None where no literal says it."""
        literal = self._literals[NB_EPOCHS]
        return int(literal.value) if literal else None

    def nb_epochs_at(self, epoch: int) -> int:
        """nb_epochs while this epoch runs, counted from 0: past the last one that it asks for, it follows."""
        return 0 if self.nb_epochs is None else max(self.nb_epochs, epoch - self.structure.beyond)

    def with_nb_epochs(self, count: int) -> "Program":
        """The same program with another nb_epochs; itself where it has none."""
        return self._with_literal(NB_EPOCHS, count)

    @cached_property
    def _literals(self) -> "tuple[Literal | None, Literal | None]":
        try:
            return self.structure.literals
        except ProgramError:
            return None, None

    def _with_literal(self, which: int, value: float) -> "Program":
        from core.literals import Literal  # imports this module

        old, other, first = self._literals[which], self._literals[1 - which], self.unedited._literals[which]
        if old is None or old.value == value:
            return self
        spelled = re.sub(r"e([+-])0+", r"e\1", repr(value))
        if first and first.value == value:  # turned there and back, 1e-2 is 1e-2
            spelled = first.text
        lines = list(self.text_lines)
        line = lines[old.line - 1]
        lines[old.line - 1] = line[: old.start] + spelled + line[old.end :]
        program = self.with_text(_joined(lines))
        if other is None or other.line != old.line:  # a held key turns it: no text is parsed for each
            new = Literal(old.line, old.start, old.start + len(spelled), spelled, value)
            program.__dict__["structure"] = self.structure.turned(old, new, lines)
        return program

    @cached_property
    def text_lines(self) -> tuple[str, ...]:
        """The lines of the text, without their ends."""
        lines = re.split(r"\r\n|\r|\n", self.text)
        return tuple(lines if lines[-1] else lines[:-1])

    @cached_property
    def unedited(self) -> "Program":
        """The program as it was read, its lr and nb_epochs too."""
        return Program(self.original or self.text, self.path)

    def with_text(self, text: str) -> "Program":
        """The same program edited to another text."""
        return self if text == self.text else Program(text, self.path, self.original or self.text)

    def with_statement(self, number: int, text: str) -> "Program":
        """The program with the statement that begins in this line exchanged; its indentation stays."""
        old, statements = self.text_lines[number - 1], (*self.setup, self.header, *self.lines)
        end = next((line.end for line in statements if line.number == number), number)
        return self.with_lines(number, end, *indent(text, old[: len(old) - len(old.lstrip())]).split("\n"))

    def with_lines(self, first: int, last: int, *lines: str) -> "Program":
        """The program with the lines from `first` to `last` exchanged for others; last = first - 1 inserts."""
        return self.with_text(_joined([*self.text_lines[: first - 1], *lines, *self.text_lines[last:]]))

    @cached_property
    def edited(self) -> frozenset[int]:
        """The numbers of the lines that differ from the original, but for the literals of lr and nb_epochs."""
        before, now = self.unedited._masked_lines, self._masked_lines
        if before == now:
            return frozenset()
        from difflib import SequenceMatcher  # not for the first frame

        changes = SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
        return frozenset(n + 1 for kind, _, _, start, end in changes if kind != "equal" for n in range(start, end))

    @cached_property
    def _masked_lines(self) -> tuple[str, ...]:
        """The lines without the literals of lr and nb_epochs."""
        lines = list(self.text_lines)
        for literal in sorted(filter(None, self._literals), key=lambda each: -each.start):
            line = lines[literal.line - 1]
            lines[literal.line - 1] = f"{line[: literal.start]}\0{line[literal.end :]}"
        return tuple(lines)


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
