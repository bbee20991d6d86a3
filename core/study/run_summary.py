"""What a run did, in a few values, so that several can be compared: when it came close, where it is, how it ended."""

from dataclasses import dataclass
from math import inf, nan
from weakref import WeakKeyDictionary

from core.behaviour import Behaviour, of_log
from core.log import EpochLog
from core.measured import Measured
from core.state import EpochColumns

CLOSE = 1e-6  # a run is close when its cost is below this, or above a least cost that is not 0 by less than this share


@dataclass(frozen=True)
class RunSummary:
    """A run up to the end of its log: the last epoch there is under way, the others are finished."""

    epochs: int  # how many are finished
    close: int | None  # the first epoch whose cost is below the goal
    cost: float  # after the last finished epoch; nan where nothing has run
    behaviour: Behaviour
    since: int | None  # from which epoch on it is settled, bounces, or has broken away; None for what goes on


def is_exact(measured: Measured | None) -> bool:
    """Whether some W fits the table exactly, but for float32's rounding; so it is taken until it is measured."""
    return measured is None or not measured.min_cost > CLOSE


def run_summary(log: EpochLog, measured: Measured | None = None) -> RunSummary:
    """The summary of a run."""
    last = len(log) - 1
    if last < 0:
        return RunSummary(0, None, nan, Behaviour.NOT_STARTED, None)
    goal = CLOSE if measured is None or is_exact(measured) else measured.min_cost * (1 + CLOSE)
    behaviour, since = of_log(log, measured)
    return RunSummary(last, first_below(log, goal), log.cost(last), behaviour, since)


def first_below(log: EpochLog, goal: float) -> int | None:
    """The first epoch of a log whose cost is below the goal."""
    for start, block in log.blocks:
        if _least_cost(block) < goal:
            first = start + next(index for index, cost in enumerate(block.cost) if cost < goal)
            return first if first < len(log) else None
    return None


def _least_cost(block: EpochColumns) -> float:
    """The least cost of a block, looked for once for each length that it grows to."""
    length, least = _least_costs.get(block, (0, inf))
    if length < len(block):
        least = min(least, *(cost for cost in block.cost[length:] if cost == cost), inf)
        _least_costs[block] = len(block), least
    return least


_least_costs: WeakKeyDictionary[EpochColumns, tuple[int, float]] = WeakKeyDictionary()
"""(how many epochs of a block were looked at, the least cost of them)."""
