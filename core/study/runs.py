"""What a run did, in a few values, so that several can be compared: when it came close, where it is, how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isfinite, nan
from weakref import WeakKeyDictionary

from core.ending import GROWS, SEVERAL, Ending, broken_since, ending, first_of_last
from core.landscape import Landscape, dot
from core.language import marked
from core.state import Columns, Weights
from core.tape import BLOCK, Tape

CLOSE = 1e-6
"""A run has come close when its cost is below this; where the least cost is not 0, above the least by less than this
share of it.
"""

EXACT = 1e-12
"""A least cost that is not this share of the cost where every W is 0 is rounding: the table can be fitted exactly."""


class Did(StrEnum):
    """What a run did, or does where its last finished epoch is; to be looked up where it is shown."""

    NOTHING = marked("not begun")
    SETTLED = marked("settled")
    BOUNCES = marked("bounces")
    BROKE_AWAY = marked("broke away")
    GROWS = marked("still grows")
    SWINGS = marked("still swings")
    CREEPS = marked("still creeps")


@dataclass(frozen=True)
class Summary:
    """A run up to the end of its tape: the last epoch there is under way, the others are finished."""

    epochs: int
    """How many epochs are finished."""
    close: int | None
    """The first epoch whose cost is below the goal; None where none is."""
    w: Weights
    """The weights after the last finished epoch."""
    cost: float
    """Their cost; nan where nothing has run."""
    did: Did
    since: int | None
    """From which epoch on it is settled, bounces, or is broken; None for what goes on."""


def is_exact(land: Landscape) -> bool:
    """Whether some W fits the table exactly."""
    return land.floor <= EXACT * land.cost((0.0,) * len(land.minimum))


def goal(land: Landscape) -> float:
    """The cost below which a run has come close."""
    return CLOSE if is_exact(land) else land.floor * (1 + CLOSE)


def summary(tape: Tape, goal: float) -> Summary:
    """The summary of a run; of a run that has grown only what is new is looked at."""
    known = _summaries.get(tape)
    if known is None or known[0] != goal:
        known = _summaries[tape] = goal, _summed_up(tape, goal)
    return known[1]


_summaries: WeakKeyDictionary[Tape, tuple[float, Summary]] = WeakKeyDictionary()


def _summed_up(tape: Tape, goal: float) -> Summary:
    last = len(tape) - 1
    if last < 0:
        return Summary(0, None, tape.start.w, nan, Did.NOTHING, None)
    did, since = _what_it_did(tape, last)
    return Summary(last, first_below(tape, goal), tape.w(last), tape.cost(last), did, since)


def _what_it_did(tape: Tape, last: int) -> tuple[Did, int | None]:
    if (broken := _broken_since(tape, last)) is not None:
        return Did.BROKE_AWAY, broken
    if last == 0:
        return Did.NOTHING, None
    begin = tape.turned(last - 1)
    if (ended := _ending(tape, last - 1)) in (Ending.SETTLED, Ending.BOUNCES):
        did = Did.SETTLED if ended is Ending.SETTLED else Did.BOUNCES
        return did, first_of_last(lambda epoch: _ending(tape, epoch) is ended, last - 1, begin)
    recent = [tape.cost(epoch) for epoch in range(max(begin, last - SEVERAL), last + 1)]
    if all(now > GROWS * before for before, now in pairwise(recent)):
        return Did.GROWS, None
    before, now = _update(tape, last - 1), _update(tape, last)
    return (Did.SWINGS if dot(before, now) < 0 else Did.CREEPS), None


def _broken_since(tape: Tape, last: int) -> int | None:
    """The epoch since which W or the cost is no finite number; None where they are, and for a cost that was beyond
    float32 from the start: that run may well come down.
    """
    values: tuple[Callable[[int], float], ...] = (lambda epoch: sum(map(abs, tape.w(epoch))), tape.cost)
    since = [broken_since(value, last) for value in values if not isfinite(value(last))]
    return min((epoch for epoch in since if epoch), default=None)


def _ending(tape: Tape, epoch: int) -> Ending | None:
    """Why a finished epoch ends the run, if it does."""
    before = tape.w(epoch - 1) if epoch else None
    return ending(before, tape.w(epoch), tape.w(epoch + 1), tape.cost(epoch), tape.cost(epoch + 1))


def _update(tape: Tape, epoch: int) -> list[float]:
    return [after - before for before, after in zip(tape.w(epoch), tape.w(epoch + 1), strict=True)]


def first_below(tape: Tape, goal: float) -> int | None:
    """The first epoch of a tape whose cost is below the goal.

    What has been looked at is remembered at each block, with the blocks before it, which are the same for every tape
    that has it: so a run that grows is looked at once.
    """
    ahead: list[int] = []
    first: int | None = None
    for number in reversed(range(-(-len(tape) // BLOCK))):
        ahead.append(number)
        if (known := _looked_at.get(tape.blocks[number])) and known[0] == goal:
            break
    for number in reversed(ahead):
        block = tape.blocks[number]
        known = _looked_at.get(block)
        seen, first = known[1:] if known and known[0] == goal else (0, first)
        if first is None:
            below = (index for index in range(seen, len(block)) if block.cost[index] < goal)
            first = next((number * BLOCK + index for index in below), None)
        _looked_at[block] = goal, len(block), first
    return first if first is not None and first < len(tape) else None


_looked_at: WeakKeyDictionary[Columns, tuple[float, int, int | None]] = WeakKeyDictionary()
"""For which goal, how many epochs of a block, and the first below the goal in it or before."""
