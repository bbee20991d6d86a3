"""What a run does, judged from its own numbers."""

from array import array
from dataclasses import replace
from math import inf, isfinite, nan

import pytest

from core.behaviour import (
    Behaviour,
    behaviour,
    ending,
    errors,
    first_ending,
    first_epoch_of_suffix,
    non_finite_since,
    of_factor,
    of_log,
)
from core.descent import Descent, Tick
from core.float32 import float32
from core.knobs import Knobs
from core.log import BLOCK, EpochLog
from core.measured import Measured
from core.program import Program
from core.state import EpochColumns, EpochsRun, Slot, State, Weights

KNOBS = Knobs(Program("lr = 0.1"))
MEASURED = Measured(minimum=(1.0,), steepest=(1.0,))
SLOTS = (Slot("W", (1,)),)


def log_of(weights: list[float], costs: list[float] | None = None) -> EpochLog:
    """A run through these W, with the lecture's cost; the last W comes after the last epoch."""
    costs = costs or [float32(14 / 3 * (w - 1) * (w - 1)) for w in weights[:-1]]
    columns = EpochColumns(SLOTS, array("f", costs), array("f", weights[:-1]), array("f", weights[1:]))
    start = EpochLog(State(SLOTS, (weights[0],)), ("W",))
    return start.extended(KNOBS, EpochsRun(0, (columns,)))


def weights_of(factor: float, epochs: int, start: float = 0.0) -> list[float]:
    weights = [start]
    for _ in range(epochs + 1):
        weights.append(float32(1 + factor * (weights[-1] - 1)))
    return weights


def at_end(log: EpochLog, measured: Measured | None = MEASURED) -> Descent:
    return Descent(KNOBS, log, Tick(len(log) - 1, 0), measured=measured)


@pytest.mark.parametrize(
    ("before", "w", "w_next", "costs", "found"),
    [
        ((0.0,), (1.4,), (0.84,), (0.7, 0.1), None),
        ((0.0,), (2.0,), (0.0,), (4.7, 4.7), Behaviour.CYCLING),
        ((1.0,), (1.0000001192092896,), (1.0,), (0.0, 0.0), Behaviour.CONVERGED),
        (None, (1.0,), (2.0,), (1.0, inf), Behaviour.DIVERGED),
        (None, (1.0,), (nan,), (inf, nan), Behaviour.DIVERGED),
        (None, (1e30,), (-4e29,), (inf, inf), None),  # a cost beyond float32 from the start ends nothing
        ((), (), (), (1.0, 1.0), None),  # weights that are too many to be kept are judged by their cost
        ((), (), (), (1.0, nan), Behaviour.DIVERGED),
    ],
)
def test_an_epoch_ends_a_run_or_not(
    before: Weights | None, w: Weights, w_next: Weights, costs: tuple[float, float], found: Behaviour | None
) -> None:
    assert ending(before, w, w_next, *costs) is found


def test_the_first_ending_is_found_by_its_epoch() -> None:
    assert first_ending(log_of([3.0, 2.0, 1.0, 1.0, 1.0]), 0) == (2, Behaviour.CONVERGED)
    assert first_ending(log_of([3.0, 2.0, 1.5, 1.25]), 0) is None
    assert first_ending(log_of([3.0, 9.0, 99.0, 999.0], [1.0, inf, inf]), 0) == (0, Behaviour.DIVERGED)
    assert first_ending(log_of(weights_of(-1, 20)), 5) == (5, Behaviour.CYCLING)


def test_the_first_ending_is_the_same_from_any_epoch_before_it() -> None:
    log = log_of([*map(float, range(BLOCK + 90)), 7.0, 7.0, 7.0])
    ends = BLOCK + 90
    assert {first_ending(log, start) for start in (0, 1, BLOCK - 1, BLOCK, ends)} == {(ends, Behaviour.CONVERGED)}
    assert first_ending(log.cut(ends), 0) is first_ending(log, len(log)) is None


def test_the_first_epoch_of_a_suffix_is_found_from_its_end() -> None:
    for first in range(40):
        assert first_epoch_of_suffix(lambda epoch, first=first: epoch >= first, 40) == first  # type: ignore[misc]
    assert first_epoch_of_suffix(lambda epoch: True, 40, 7) == 7
    assert non_finite_since([1.0, 2.0, inf, nan, nan].__getitem__, 4) == 2


@pytest.mark.parametrize(
    ("factor", "epochs", "found", "since"),
    [
        (0.5, 0, Behaviour.NOT_STARTED, None),
        (0.5, 1, Behaviour.MONOTONE, None),
        (-0.5, 5, Behaviour.OSCILLATING, None),
        (0.0, 30, Behaviour.CONVERGED, 1),
        (1.0, 30, Behaviour.CONVERGED, 0),
        (-1.0, 30, Behaviour.CYCLING, 1),
        (-1.5, 9, Behaviour.DIVERGING, None),
        (-1.5, 2000, Behaviour.DIVERGED, 109),
    ],
)
def test_a_log_says_what_its_run_did(factor: float, epochs: int, found: Behaviour, since: int | None) -> None:
    log = log_of(weights_of(factor, epochs))
    if found is Behaviour.DIVERGED:
        since = next(n for n in range(len(log)) if not isfinite(log.cost(n)))
    assert of_log(log, MEASURED) == (found, since)


def test_an_update_that_remembers_may_climb_for_a_while() -> None:
    log = log_of([0.0, -0.1, -0.3, -0.6, -1.0])
    assert of_log(log)[0] is Behaviour.DIVERGING
    assert of_log(log, replace(MEASURED, is_stateful=True))[0] is Behaviour.MONOTONE


@pytest.mark.parametrize(
    ("factor", "epochs", "found"),
    [
        (-0.4, 2, None),
        (-0.4, 8, Behaviour.OSCILLATING),
        (0.4, 8, Behaviour.MONOTONE),
        (0.0, 2, Behaviour.ONE_STEP),
        (1.0, 4, Behaviour.STATIONARY),
        (-1.0, 5, Behaviour.CYCLING),
        (-1.1, 4, Behaviour.DIVERGING),
        (2.4, 4, Behaviour.DIVERGING),
    ],
)
def test_the_run_on_the_screen_is_judged_by_its_errors(factor: float, epochs: int, found: Behaviour | None) -> None:
    assert behaviour(at_end(log_of(weights_of(factor, epochs)))) is found


def test_a_run_that_begins_at_the_minimum_stays_there() -> None:
    assert behaviour(at_end(log_of([1.0, 1.0000001, 1.0, 1.0, 1.0]))) is Behaviour.STATIONARY


def test_only_what_has_been_reached_is_judged() -> None:
    descent = at_end(log_of(weights_of(-0.4, 30)))
    assert behaviour(replace(descent, tick=Tick(2, 0))) is None
    assert len(errors(descent.log, MEASURED, 2)) == 3


def with_memory(factor: float, momentum: float, epochs: int) -> list[float]:
    """Momentum on the lecture's curve, where `factor` is the one without memory."""
    weights, buffer = [0.0], 0.0
    for _ in range(epochs + 1):
        buffer = momentum * buffer + (1 - factor) * (weights[-1] - 1)
        weights.append(float32(weights[-1] - buffer))
    return weights


def test_with_memory_it_takes_several_swings_to_tell() -> None:
    stateful = replace(MEASURED, is_stateful=True)
    assert behaviour(at_end(log_of(with_memory(0.6, 0.9, 5)), stateful)) is None
    assert behaviour(at_end(log_of(with_memory(0.6, 0.9, 150)), stateful)) is Behaviour.OSCILLATING
    assert behaviour(at_end(log_of(with_memory(0.6, 1.0, 150)), stateful)) is Behaviour.SWINGING
    assert behaviour(at_end(log_of(with_memory(-6, 0.9, 150)), stateful)) is Behaviour.DIVERGING


def test_without_a_known_minimum_the_costs_and_the_end_of_the_run_tell() -> None:
    assert behaviour(at_end(log_of([0.0, 0.9, 1.2, 0.9, 1.2]), None)) is Behaviour.CYCLING
    assert behaviour(at_end(log_of(weights_of(-0.4, 8)), None)) is None
    assert behaviour(at_end(log_of(weights_of(-0.4, 60)), None)) is Behaviour.OSCILLATING
    assert behaviour(at_end(log_of(weights_of(1.5, 20)), None)) is Behaviour.DIVERGING


def test_a_factor_in_words() -> None:
    factors = (1.0, 0.3, 1e-8, -0.4, -1.0, -1.1, 2.4)
    words = ["STATIONARY", "MONOTONE", "ONE_STEP", "OSCILLATING", "CYCLING", "DIVERGING", "DIVERGING"]
    assert [found.name for factor in factors if (found := of_factor(factor))] == words
    assert of_factor(nan) is None
