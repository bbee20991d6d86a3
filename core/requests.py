"""What the screen may ask of an engine, and the engine as a protocol."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from core.measured import Measured
from core.program import Program
from core.state import EpochsRun, EpochTrace, Opened, State, Weights

Reply = TypeVar("Reply", covariant=True)


class Request(Generic[Reply]):
    """What an engine can be asked."""


@dataclass(frozen=True)
class Open(Request[Opened]):
    """Run the set-up of a program."""

    program: Program


@dataclass(frozen=True)
class Run(Request[EpochsRun]):
    """Run `count` epochs from `first` on; `state` is the one before the epoch `at`, which may be an earlier one."""

    program: Program
    state: State
    at: int
    first: int
    count: int


@dataclass(frozen=True)
class Look(Request[EpochTrace]):
    """Run one epoch line by line; `state` is the one before the epoch `at`, which may be an earlier one."""

    program: Program
    state: State
    at: int
    epoch: int


@dataclass(frozen=True)
class Measure(Request[Measured]):
    """Measure what a program does, from a state that it can start from."""

    program: Program
    state: State


@dataclass(frozen=True)
class Costs(Request[Weights]):
    """The program's own cost at other weights: nan where it can't be computed."""

    program: Program
    state: State
    points: tuple[Weights, ...]


@dataclass(frozen=True)
class Gradients(Request[tuple[tuple[Weights | None, Weights | None], ...]]):
    """(the gradient that runs, autograd's of the program's own cost) at other weights."""

    program: Program
    state: State
    points: tuple[Weights, ...]


class Engine(Protocol):
    """Whatever can run programs: core.engine.client with a process, or a test's own arithmetic."""

    async def ask(self, request: Request[Reply], limit: float | None = None) -> Reply:
        """The answer to a request. Raises RunFailed, and EngineDied also where it takes longer than `limit` seconds."""
        ...

    def stream(self, request: Run) -> AsyncIterator[EpochsRun]:
        """Many epochs, told several times a second; other requests are answered meanwhile. Closed, it stops."""
        ...

    async def interrupt(self) -> None:
        """End what is running now, whatever it is: whoever waits for it gets EngineDied."""
        ...

    def close(self) -> None:
        """End the engine."""
        ...
