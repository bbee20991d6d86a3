"""A changed line tried: what every phase hands over with it, at several W, and whether its gradient is the gradient."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from time import perf_counter
from typing import Protocol

from core.data import Dataset
from core.landscape import landscape
from core.listing import UNWRITTEN, Line, Method, Phase
from core.state import Engine, Handed, Knobs, RunFailed, State, Weights
from core.study.autograd_check import check_gradient, tried_w
from core.trial.result import Fault, Trial

EPOCHS = 3
"""So many epochs are run from the state on the screen."""

SECONDS = 0.7
"""After so long no further W is looked at: a large table is tried at fewer of them."""


class TryingEngine(Engine, Protocol):
    """An engine that also tells what no Epoch can be told from."""

    def handed(self, knobs: Knobs, state: State) -> Iterator[tuple[Handed, ...]]:
        """What each phase of an epoch hands over."""
        ...


@dataclass(frozen=True)
class Attempt:
    """A line to be tried: the knobs with it in their listing, its number, and the state on the screen."""

    knobs: Knobs
    number: int
    state: State

    @property
    def written(self) -> Knobs:
        """The knobs with the lecture's own text in every line that is still to be written."""
        listing = self.knobs.listing
        for line in listing.pristine.lines(self.knobs.method):
            if listing.text.splitlines()[line.number - 1].strip() == UNWRITTEN:
                listing = listing.with_line(line.number, line.text)
        return replace(self.knobs, listing=listing)

    @property
    def line(self) -> Line:
        """The line as the lecture has it."""
        listing, method = self.knobs.listing.pristine, self.knobs.method
        lines = (*listing.model_lines(method), *listing.lines(method))
        return next(line for line in lines if line.number == self.number)


def try_line(engine: TryingEngine, data: Dataset, attempt: Attempt) -> Trial:
    """Run the attempt's program at the state on the screen and at other W, and tell what was found first."""
    began = perf_counter()
    knobs, line = attempt.written, attempt.line
    land = landscape(data, knobs.listing.bias)
    states = [attempt.state, *map(State, tried_w(land))]
    try:
        for number, state in enumerate(states, start=1):
            if fault := _fault(engine, data, attempt, knobs, state):
                return fault
            if number > 1 and perf_counter() - began > SECONDS / 2:
                break
        each = (perf_counter() - began) / number
        engine.run_epochs(knobs, attempt.state, EPOCHS)
        check = None
        if line.phase is Phase.GRADIENT:
            left = int((SECONDS - (perf_counter() - began)) / (2 * each)) if each else len(states)
            check = check_gradient(engine, knobs, data, _parameter(line), max(1, left))
        accumulates = knobs.method is Method.OPTIM and _accumulates(engine, knobs, states[1].w)
        idle = all(_is_idle(engine, knobs, state.w) for state in states[1:3])
        return Trial(attempt.number, check=check, accumulates=accumulates, idle=idle)
    except RunFailed as failed:
        return _raised(attempt, failed)
    except MemoryError:
        return Trial(attempt.number, Fault.MEMORY)


def _fault(engine: TryingEngine, data: Dataset, attempt: Attempt, knobs: Knobs, state: State) -> Trial | None:
    """What is the matter at one state, if anything."""
    usual = replace(knobs, listing=knobs.listing.pristine)
    broken = False
    for phase, parts, as_usual in zip(Phase, engine.handed(knobs, state), engine.handed(usual, state), strict=True):
        names = _names(knobs, phase)
        if len(parts) != len(names):
            return Trial(attempt.number, Fault.SHAPE, names[0], str(len(parts)), str(len(names)))
        for name, part, before in zip(names, parts, as_usual, strict=True):
            if part.kind != "Tensor":
                return Trial(attempt.number, Fault.NO_TENSOR, name, part.kind)
            if not part.floats:
                return Trial(attempt.number, Fault.NO_FLOATS, name)
            if not _fits(phase, part.shape, before.shape):
                return Trial(attempt.number, Fault.SHAPE, name, str(part.shape), _wanted(phase, before.shape))
            broken = broken or not before.finite
            if not part.finite and not broken:
                return Trial(attempt.number, Fault.NOT_FINITE, name, _at(knobs, data, state.w))
    return None


def _fits(phase: Phase, shape: tuple[int, ...], usual: tuple[int, ...]) -> bool:
    """Whether a shape will do: a single number is one in any shape."""
    single = all(size == 1 for size in usual)
    return all(size == 1 for size in shape) if single and phase is not Phase.HYPOTHESIS else shape == usual


def _wanted(phase: Phase, usual: tuple[int, ...]) -> str:
    """The shape as it is told; empty for one number."""
    return "" if phase is not Phase.HYPOTHESIS and all(size == 1 for size in usual) else str(usual)


def _names(knobs: Knobs, phase: Phase) -> tuple[str, ...]:
    """What a phase hands over is called."""
    parameters = knobs.listing.parameters
    match phase:
        case Phase.HYPOTHESIS:
            return ("hypothesis",)
        case Phase.COST:
            return ("cost",)
        case Phase.UPDATE:
            return parameters
    if knobs.method is Method.OPTIM:
        return tuple(f"{name}.grad" for name in parameters)
    lines = knobs.listing.pristine.phase_lines(Method.MANUAL, Phase.GRADIENT)
    return tuple(line.name for line in lines if line.name != "error")


def _parameter(line: Line) -> str | None:
    """The parameter whose gradient a line gives; None where it is that of all."""
    _gradient, found, name = line.name.partition("gradient_")
    return name if found else None


def _raised(attempt: Attempt, failed: RunFailed) -> Trial:
    if "allocate memory" in failed.error or failed.error.startswith("MemoryError"):
        return Trial(attempt.number, Fault.MEMORY)
    if missing := re.match(r"(?:UnboundLocal|Name)Error: .*?'(\w+)'", failed.error):
        return Trial(attempt.number, Fault.NO_VALUE, missing[1], raised_in=failed.line)
    return Trial(attempt.number, Fault.RAISES, found=failed.error, raised_in=failed.line)


def _accumulates(engine: Engine, knobs: Knobs, w: Weights) -> bool:
    used = State(w, (1.0,) * len(w))
    return engine.run_epoch(knobs, 0, used).gradient != engine.run_epoch(knobs, 0, State(w)).gradient


def _is_idle(engine: Engine, knobs: Knobs, w: Weights) -> bool:
    """Whether the update leaves W as it is, where the lecture's would change it."""
    usual = replace(knobs, listing=knobs.listing.pristine)
    return engine.run_epoch(knobs, 0, State(w)).w_next == w != engine.run_epoch(usual, 0, State(w)).w_next


def _at(knobs: Knobs, data: Dataset, w: Weights) -> str:
    """The weights, where they are few enough to be told."""
    names = knobs.listing.weight_names(len(data.inputs))
    if len(w) > 2 or not all(map(isfinite, w)):
        return ""
    return ", ".join(f"{name} {value:.6g}" for name, value in zip(names, w, strict=True))
