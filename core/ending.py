"""When a run has come to an end by itself."""

from enum import StrEnum
from math import isfinite

from core.state import Columns


class Ending(StrEnum):
    """Why running on would show nothing new."""

    SETTLED = "settled: the update no longer changes W"
    BOUNCES = "W repeats two values: it bounces for ever"
    NOT_FINITE = "the cost is no longer a finite number"


Weights = tuple[float, ...]

FLOAT32_STEP = 2.0**-23
"""The distance of neighbouring float32 values, relative to the value."""


def ending(before: Weights | None, w: Weights, w_next: Weights, cost: float) -> Ending | None:
    """Judge one epoch: it went from `w` to `w_next`, and the epoch before it began at `before`.

    Two values in turn that are neighbours in float32 are one value within the last digit: that is settled, too.
    """
    if not isfinite(cost) or not all(map(isfinite, w_next)):
        return Ending.NOT_FINITE
    if w_next == w:
        return Ending.SETTLED
    if w_next == before:
        return Ending.SETTLED if all(map(_neighbours, w, w_next)) else Ending.BOUNCES
    return None


def first_ending(epochs: Columns, before: Weights | None, w: Weights) -> tuple[int, Ending] | None:
    """The index of the first of these epochs that ends the run, and why; the first of them began at `w`."""
    width = len(w)
    for index, cost in enumerate(epochs.cost):
        w_next = tuple(epochs.w_next[index * width : (index + 1) * width])
        if why := ending(before, w, w_next, cost):
            return index, why
        before, w = w, w_next
    return None


def _neighbours(a: float, b: float) -> bool:
    return abs(a - b) <= 2 * FLOAT32_STEP * max(abs(a), abs(b))
