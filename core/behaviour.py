"""What a run does, judged from its own numbers: how it moves, and when it has come to an end by itself."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise
from math import copysign, isfinite, nan

from core.descent import Descent
from core.language import N_
from core.log import EpochLog
from core.measured import Measured
from core.state import Weights


class Behaviour(StrEnum):
    """What a run does; its value is a sentence that is looked up where it is shown."""

    NOT_STARTED = N_("not begun")
    STATIONARY = N_("W stays where it is")
    MONOTONE = N_("it comes down one side, and settles")
    ONE_STEP = N_("it lands on the minimum in one step")
    OSCILLATING = N_("it swings across, and settles")
    CYCLING = N_("it bounces between two W for ever")
    SWINGING = N_("it swings for ever, never settles")
    DIVERGING = N_("it breaks away")
    CONVERGED = N_("settled: the update no longer changes W")
    DIVERGED = N_("it has broken away")


OUTCOMES = tuple(Behaviour)[1:-2]
"""What an experiment can come to."""

RUN_WORDS = {
    Behaviour.NOT_STARTED: N_("not begun"),
    Behaviour.CONVERGED: N_("settled at {epoch:,}"),
    Behaviour.CYCLING: N_("bounces from {epoch:,}"),
    Behaviour.DIVERGED: N_("broke away at {epoch:,}"),
    Behaviour.DIVERGING: N_("still grows"),
    Behaviour.OSCILLATING: N_("still swings"),
    Behaviour.MONOTONE: N_("still creeps"),
}
"""What `of_log` finds, in a few words, for a list of runs."""

SEVERAL = 3  # from this many growing costs in a row on, the cost is said to grow
GROWS = 1 + 1e-6  # a cost grows when it is this many times the one before; less may be float32's rounding
FLOAT32_STEP = 2.0**-23  # the distance of neighbouring float32 values, relative to the value
ON_A_MARK = 1e-6  # a factor this near to 0 or -1 is on the mark: float32 can't tell them apart
NEAR = 0.01  # an error that is this share of the first one has settled
SAME = 1e-3  # errors that differ by less than this share of the first one are one
STILL = 1e-5  # an error of this share of the minimum's distance from 0 is none, as far as float32 can tell
IN_A_ROW = 3  # so many epochs that do the same are no accident
LONG = 10  # the same where an update remembers earlier ones
STEADY = 0.8  # swings of which the later ones reach this share of the earlier ones don't settle
LOOKED_AT = 300  # so many epochs are looked at


def of_factor(factor: float) -> Behaviour | None:
    """What a factor does to the error, epoch after epoch; None for nan."""
    if factor != factor:
        return None
    if factor == 1:
        return Behaviour.STATIONARY
    if abs(factor) <= ON_A_MARK:
        return Behaviour.ONE_STEP
    if abs(factor + 1) <= ON_A_MARK:
        return Behaviour.CYCLING
    if abs(factor) > 1:
        return Behaviour.DIVERGING
    return Behaviour.MONOTONE if factor > 0 else Behaviour.OSCILLATING


def ending(before: Weights | None, w: Weights, w_next: Weights, cost: float, cost_next: float) -> Behaviour | None:
    """Why a run ends with an epoch from `w` to `w_next`, after one from `before`; None: it goes on.

    A cost that was beyond float32 from the start ends nothing: the run may well come down. Weights that are too many
    to be kept are judged by their cost alone.
    """
    if not all(map(isfinite, w_next)) or (isfinite(cost) and not isfinite(cost_next)):
        return Behaviour.DIVERGED
    if not w or w_next not in (w, before):
        return None
    # two values in turn that are neighbours in float32 are one value within the last digit
    is_one = all(abs(a - b) <= 2 * FLOAT32_STEP * max(abs(a), abs(b)) for a, b in zip(w, w_next, strict=True))
    return Behaviour.CONVERGED if is_one else Behaviour.CYCLING


def ending_at(log: EpochLog, epoch: int) -> Behaviour | None:
    """Why the run has come to an end with this epoch, if it has; the cost after it may be unknown."""
    if not 0 <= epoch < len(log):
        return None
    cost_next = log.cost(epoch + 1) if epoch + 1 < len(log) else 0.0
    before = log.w(epoch - 1) if epoch else None
    return ending(before, log.w(epoch), log.w(epoch + 1), log.cost(epoch), cost_next)


def first_ending(log: EpochLog, start: int, end: int | None = None) -> tuple[int, Behaviour] | None:
    """The first of the epochs from `start` on that ends the run, and why; what ends a run lasts up to `end`."""
    last = (len(log) if end is None else end) - 1
    if start > last:
        return None
    was_finite = isfinite(log.cost(start))

    def why(epoch: int) -> Behaviour | None:
        is_broken = was_finite and not isfinite(log.cost(min(epoch + 1, len(log) - 1)))
        return Behaviour.DIVERGED if is_broken else ending_at(log, epoch)

    found = why(last)
    return (first_epoch_of_suffix(lambda epoch: why(epoch) is found, last, start), found) if found else None


def non_finite_since(value: Callable[[int], float], epoch: int) -> int:
    """The epoch from which on a value is not finite, up to `epoch`."""
    return first_epoch_of_suffix(lambda epoch: not isfinite(value(epoch)), epoch)


def first_epoch_of_suffix(holds: Callable[[int], bool], last: int, begin: int = 0) -> int:
    """The first of the epochs up to `last` from which on something holds, which holds at `last` and once it does stays
    so: leaps back to where it doesn't, then halves between; `begin` where it holds all the way.
    """
    not_yet, leap = last - 1, 1
    while not_yet >= begin and holds(not_yet):
        last, not_yet, leap = not_yet, not_yet - leap, 2 * leap
    not_yet = max(not_yet, begin - 1)
    while last - not_yet > 1:
        middle = (last + not_yet) // 2
        last, not_yet = (middle, not_yet) if holds(middle) else (last, middle)
    return last


def of_log(log: EpochLog, measured: Measured | None = None) -> tuple[Behaviour, int | None]:
    """What a run did up to the last finished epoch of its log, and since which epoch it has ended; None: it goes on."""
    last = len(log) - 1
    if last <= 0:
        return Behaviour.NOT_STARTED, None
    begin = log.segment_start(last - 1)
    if ended := first_ending(log, 0, last):
        epoch, why = ended
        return why, epoch + 1 if why is Behaviour.DIVERGED else max(epoch, begin)
    recent = [log.cost(epoch) for epoch in range(max(begin, last - SEVERAL), last + 1)]
    if not (measured and measured.is_stateful) and _grow(recent, GROWS):
        return Behaviour.DIVERGING, None
    turns = bool(log.w(last)) and _dot(log.update(last - 1), log.update(last)) < 0
    return (Behaviour.OSCILLATING if turns else Behaviour.MONOTONE), None


def behaviour(descent: Descent) -> Behaviour | None:
    """What the run has done up to the epoch under way, one of OUTCOMES; None while that can't be said yet."""
    log, last = descent.log, min(descent.epoch, len(descent.log))
    measured = descent.measured or Measured()
    distances, ended = errors(log, measured, last), ending_at(log, last - 1)
    if ended is Behaviour.DIVERGED or not all(map(isfinite, distances)):
        return Behaviour.DIVERGING
    still = STILL * (max(map(abs, measured.minimum or ()), default=0) or 1.0)
    has_stayed = bool(log.weights) and last >= IN_A_ROW and len({log.w(epoch) for epoch in range(IN_A_ROW + 1)}) == 1
    if last >= IN_A_ROW and ((distances and max(map(abs, distances)) <= still) or (has_stayed and log.w(0))):
        return Behaviour.STATIONARY
    if distances:
        return _with_memory(distances) if measured.is_stateful else _without_memory(distances)
    costs = [log.cost(epoch) if epoch < len(log) else nan for epoch in range(max(0, last - LONG), last + 1)]
    if len(costs) > LONG and _grow(costs, GROWS):
        return Behaviour.DIVERGING
    if ended is Behaviour.CONVERGED:
        return Behaviour.OSCILLATING if _dot(log.update(0), log.update(1)) < 0 else Behaviour.MONOTONE
    return ended


def errors(log: EpochLog, measured: Measured, last: int) -> list[float]:
    """How far from the minimum W was along the steepest direction, before each of the first epochs up to `last`.

    Empty where no minimum is known.
    """
    if measured.minimum is None or not measured.steepest:
        return []
    at_minimum = _dot(measured.steepest, measured.minimum)
    return [_dot(measured.steepest, log.w(epoch)) - at_minimum for epoch in range(min(last, LOOKED_AT) + 1)]


def _without_memory(distances: list[float]) -> Behaviour | None:
    """Each epoch multiplies the error by the same factor: a few of them tell."""
    first, *later = map(abs, distances)
    if len(later) > 1 and max(later[0], later[1]) <= SAME * first > 0:
        return Behaviour.ONE_STEP
    if len(later) < IN_A_ROW:
        return None
    if _grow(list(map(abs, distances[-IN_A_ROW - 1 :])), 1 + SAME):
        return Behaviour.DIVERGING
    turned = distances[0] * distances[1] < 0
    if turned and len(later) > IN_A_ROW and all(abs(now - first) <= SAME * first for now in later):
        return Behaviour.CYCLING
    if max(later[-2:]) <= NEAR * first:
        return Behaviour.OSCILLATING if turned else Behaviour.MONOTONE
    return None


def _with_memory(distances: list[float]) -> Behaviour | None:
    """The error swings with a period and a damping of its own: it takes several swings to tell."""
    first, now = abs(distances[0]), abs(distances[-1])
    if now > LONG * first:
        return Behaviour.DIVERGING
    crossings = [n for n in range(1, len(distances)) if copysign(1, distances[n]) != copysign(1, distances[n - 1])]
    if len(distances) > LONG and all(abs(error) <= NEAR * first for error in distances[-LONG:]):
        return Behaviour.OSCILLATING if crossings else Behaviour.MONOTONE
    if len(crossings) >= LONG:
        middle = crossings[len(crossings) // 2]
        earlier, since = (max(map(abs, part)) for part in (distances[:middle], distances[middle:]))
        return Behaviour.SWINGING if since >= STEADY * earlier else None
    return None


def _grow(values: list[float], factor: float) -> bool:
    return all(now > factor * before for before, now in pairwise(values))


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
