"""What has become of a run: judged by its own numbers, along the steepest direction of the cost."""

from enum import StrEnum
from itertools import pairwise
from math import copysign, isfinite

from core.descent import Descent
from core.ending import Ending
from core.landscape import dot
from core.language import marked


class Outcome(StrEnum):
    """What a run can do, in the words in which a learner expects it; to be looked up where they are shown."""

    STAYS = marked("W stays where it is")
    CREEPS = marked("it comes down one side, and settles")
    ONE_STEP = marked("it lands on the minimum in one step")
    SWINGS = marked("it swings across, and settles")
    BOUNCES = marked("it bounces between two W for ever")
    CIRCLES = marked("it swings for ever, never settles")
    BREAKS = marked("it breaks away")


NEAR = 0.01
"""An error that is this share of the first one has settled."""

SAME = 1e-3
"""Errors that differ by less than this share of the first one are one, for float32 rounds each."""

STILL = 1e-5
"""An error of this share of the minimum's distance from 0 is none, as far as float32 can tell."""

IN_A_ROW = 3
"""So many epochs that do the same are no accident, where each does to the error what the one before did."""

LONG = 10
"""The same where an update remembers earlier ones: so many epochs beside the minimum, so many times across it, or so
many times farther away than at the start.
"""

STEADY = 0.8
"""Swings of which the later ones reach this share of the earlier ones don't settle."""

LOOKED_AT = 300
"""How many epochs are looked at."""


def errors(descent: Descent) -> list[float]:
    """How far from the minimum W was along the steepest direction, before each of the first finished epochs and now."""
    land, tape = descent.landscape, descent.tape
    direction, last = land.directions[0], min(descent.epoch, len(tape), LOOKED_AT)
    at_minimum = dot(direction, land.minimum)
    return [dot(direction, tape.w(epoch)) - at_minimum for epoch in range(last + 1)]


def outcome(descent: Descent) -> Outcome | None:
    """What the run on the screen has done up to the epoch under way; None while that can't be told yet."""
    if descent.ending is Ending.NOT_FINITE:
        return Outcome.BREAKS
    far = errors(descent)
    if not all(map(isfinite, far)):
        return Outcome.BREAKS
    if len(far) > IN_A_ROW and _stayed(descent, far):
        return Outcome.STAYS
    return _with_memory(far) if descent.measured.remembers else _without_memory(far)


def _stayed(descent: Descent, far: list[float]) -> bool:
    """Whether W has not moved; at the minimum, by no more than float32's rounding."""
    still = STILL * (max(map(abs, descent.landscape.minimum)) or 1.0)
    start = descent.tape.start.w
    return all(abs(error) <= still for error in far) or all(
        descent.tape.w(epoch) == start for epoch in range(IN_A_ROW + 1)
    )


def _without_memory(far: list[float]) -> Outcome | None:
    """Each epoch multiplies the error by the same factor: a few of them tell."""
    first, *later = map(abs, far)
    if len(later) > 1 and max(later[0], later[1]) <= SAME * first > 0:
        return Outcome.ONE_STEP
    recent = [abs(error) for error in far[-IN_A_ROW - 1 :]]
    if len(recent) <= IN_A_ROW:
        return None
    if all(now > (1 + SAME) * before for before, now in pairwise(recent)):
        return Outcome.BREAKS
    turned = far[0] * far[1] < 0
    if turned and len(later) > IN_A_ROW and all(abs(now - first) <= SAME * first for now in later):
        return Outcome.BOUNCES
    if all(now <= NEAR * first for now in recent[-2:]):
        return Outcome.SWINGS if turned else Outcome.CREEPS
    return None


def _with_memory(far: list[float]) -> Outcome | None:
    """The error swings with a period and a damping of its own: it takes several swings to tell."""
    first, now = abs(far[0]), abs(far[-1])
    if now > LONG * first:
        return Outcome.BREAKS
    crossings = [n for n in range(1, len(far)) if copysign(1, far[n]) != copysign(1, far[n - 1])]
    if len(far) > LONG and all(abs(error) <= NEAR * first for error in far[-LONG:]):
        return Outcome.SWINGS if crossings else Outcome.CREEPS
    if len(crossings) >= LONG:
        middle = crossings[len(crossings) // 2]
        earlier, since = (max(map(abs, part)) for part in (far[:middle], far[middle:]))
        if since >= STEADY * earlier:
            return Outcome.CIRCLES
    return None
