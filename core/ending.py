"""When a run has come to an end by itself."""

from collections.abc import Callable
from enum import StrEnum
from math import isfinite

from core.language import marked
from core.state import Columns, Weights


class Ending(StrEnum):
    """Why running on would show nothing new."""

    SETTLED = marked("settled: the update no longer changes W")
    BOUNCES = marked("W repeats two values: it bounces for ever")
    NOT_FINITE = marked("it has broken away")


SEVERAL = 3
"""From this many growing costs in a row on, the cost is said to grow."""

GROWS = 1 + 1e-6
"""A cost grows when it is this many times the one before; less may be float32's rounding."""

FLOAT32_STEP = 2.0**-23
"""The distance of neighbouring float32 values, relative to the value."""


def ending(before: Weights | None, w: Weights, w_next: Weights, cost: float, cost_next: float) -> Ending | None:
    """Judge one epoch: it went from `w` to `w_next`, and the epoch before it began at `before`.

    A cost that was beyond float32 from the start ends nothing: the run may well come down. Two values in turn that are
    neighbours in float32 are one value within the last digit: that is settled, too.
    """
    if not all(map(isfinite, w_next)) or (isfinite(cost) and not isfinite(cost_next)):
        return Ending.NOT_FINITE
    if w_next == w:
        return Ending.SETTLED
    if w_next == before:
        return Ending.SETTLED if all(map(_neighbours, w, w_next)) else Ending.BOUNCES
    return None


def first_ending(epochs: Columns, before: Weights | None, w: Weights) -> tuple[int, Ending] | None:
    """The index of the first of these epochs that ends the run, and why; the first of them began at `w`.

    The last of them is judged by W alone, for the cost after it is not known.
    """
    width = len(w)
    costs = [*epochs.cost, 0.0]
    for index in range(len(epochs)):
        w_next = tuple(epochs.w_next[index * width : (index + 1) * width])
        if why := ending(before, w, w_next, costs[index], costs[index + 1]):
            return index, why
        before, w = w, w_next
    return None


def _neighbours(a: float, b: float) -> bool:
    return abs(a - b) <= 2 * FLOAT32_STEP * max(abs(a), abs(b))


def broken_since(value: Callable[[int], float], epoch: int) -> int:
    """The epoch from which on a value is not finite, up to `epoch`."""
    return first_of_last(lambda epoch: not isfinite(value(epoch)), epoch)


def first_of_last(holds: Callable[[int], bool], last: int, begin: int = 0) -> int:
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
