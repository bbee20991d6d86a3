"""The values that a run is made of. None of them changes once it is made."""

from array import array
from dataclasses import dataclass, field, replace
from functools import cache
from math import nan
from typing import Protocol

from core.language import _
from core.listing import Listing, Method
from core.lr import Lr

Weights = tuple[float, ...]
"""A value for every weight of the model: those of W, then b where there is one."""


@dataclass(frozen=True)
class Knobs:
    """What the learner can turn: the program, the method, and an lr for each method."""

    listing: Listing
    method: Method
    manual_lr: Lr
    optim_lr: Lr

    @classmethod
    @cache
    def of_lecture(cls, program: str = "weight") -> "Knobs":
        """The knobs as the program itself sets them, for manual."""
        listing = Listing.read(program)
        return cls(listing, Method.MANUAL, Lr.at(listing.lr(Method.MANUAL)), Lr.at(listing.lr(Method.OPTIM)))

    @property
    def lr(self) -> Lr:
        """The lr of the method in use."""
        return self.manual_lr if self.method is Method.MANUAL else self.optim_lr

    def with_lr(self, lr: Lr) -> "Knobs":
        """The same knobs with another lr for the method in use."""
        return replace(self, manual_lr=lr) if self.method is Method.MANUAL else replace(self, optim_lr=lr)


Memory = tuple[tuple[tuple[str, str], Weights], ...]
"""What an optimizer remembers from one step to the next: its line and a name (momentum_buffer), with the values."""


@dataclass(frozen=True)
class State:
    """All that the next epoch depends on, beside the knobs: the weights, what their .grad holds, and what the
    optimizer remembers.
    """

    w: Weights = (0.0,)
    grad: Weights | None = None
    memory: Memory = ()


class RunFailed(Exception):
    """The program can't be run; the message is one sentence that names the line, where it is known, and why."""

    def __init__(self, error: str, line: int | None = None) -> None:
        told = _("line {line} can't be run: {error}").format(line=line, error=error)
        super().__init__(error if line is None else told)
        self.error, self.line = error, line


@dataclass(frozen=True)
class Handed:
    """One value that a phase has handed over, whatever it is."""

    kind: str
    """The type: Tensor, or NoneType, float, ... where the line made no tensor."""
    shape: tuple[int, ...] = ()
    floats: bool = False
    """Whether its numbers are floats, as torch computes with."""
    finite: bool = False
    """Whether they are all numbers, neither nan nor inf."""


@dataclass(frozen=True)
class Epoch:
    """One pass over the data: what each phase computed, as torch handed it over (float32 values)."""

    number: int
    method: Method
    lr: float
    w: Weights
    hypothesis: tuple[float, ...]
    """H(x) of the first rows, SHOWN_ROWS at most."""
    cost: float
    gradient: Weights
    w_next: Weights


SHOWN_ROWS = 8
"""How many values of the hypothesis an Epoch keeps."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Epochs run one after the other, a column a quantity; float32, so nothing that torch computed is lost.

    `gradient` and `w_next` hold len(w) values an epoch. `memory` is what the optimizer remembers after each, by name;
    nan where it remembers nothing.
    """

    cost: "array[float]" = field(default_factory=lambda: array("f"))
    gradient: "array[float]" = field(default_factory=lambda: array("f"))
    w_next: "array[float]" = field(default_factory=lambda: array("f"))
    memory: "dict[tuple[str, str], array[float]]" = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.cost)

    def part(self, start: int, end: int) -> "Columns":
        """A copy of the epochs from `start` on and before `end`."""

        def cut(column: "array[float]") -> "array[float]":
            each = len(column) // max(1, len(self))
            return column[start * each : end * each]

        memory = {name: cut(column) for name, column in self.memory.items()}
        return Columns(self.cost[start:end], cut(self.gradient), cut(self.w_next), memory)

    def extend(self, more: "Columns") -> None:
        for name in {*self.memory, *more.memory}:
            column, added = (columns.memory.get(name, array("f")) for columns in (self, more))
            each = len(added) // max(1, len(more)) or len(column) // max(1, len(self))
            column.extend([nan] * (each * len(self) - len(column)))
            column.extend(added or [nan] * (each * len(more)))
            self.memory[name] = column
        self.cost.extend(more.cost)
        self.gradient.extend(more.gradient)
        self.w_next.extend(more.w_next)


class Engine(Protocol):
    """Whatever can run epochs: core.epoch with torch, or a test's own arithmetic."""

    def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
        """Run one epoch and tell all of it."""
        ...

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        """Run `count` epochs, each from where the one before ended."""
        ...
