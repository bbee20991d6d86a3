"""What a table holds and what can't be learned from it, in sentences."""

from collections.abc import Iterator
from functools import lru_cache
from math import isinf

from core.data import LECTURE, Dataset
from core.landscape import Landscape, landscape
from core.lr import RUNGS


@lru_cache(maxsize=4)
def unlearnable(data: Dataset, bias: bool) -> tuple[str, ...]:
    """What can't be learned from a table, the most important first; often nothing."""
    return () if data is LECTURE else tuple(_findings(data, bias))


def ranges(data: Dataset) -> list[tuple[str, float, float, float]]:
    """The name, least, largest and mean value of every input and of the target."""
    import numpy as np  # not for the lecture's first frame

    x = np.frombuffer(data.x, dtype=np.float32).reshape(len(data), -1)
    y = np.frombuffer(data.y, dtype=np.float32)[:, None]
    return [
        (name, float(low), float(high), float(mean))
        for names, values in ((data.inputs, x), ((data.target,), y))
        for name, low, high, mean in zip(
            names, values.min(axis=0), values.max(axis=0), values.mean(axis=0, dtype=np.float64), strict=True
        )
    ]


def condition_in_words(land: Landscape) -> str:
    """The condition number, and what it means for a run."""
    condition = land.condition
    if land.steepest == 0:
        return "cost is level everywhere: no weight changes it"
    if isinf(condition):
        return "condition number infinite: along some direction cost is level, and many W fit equally well"
    number = f"condition number {condition:,.3g}" if condition < 1e6 else f"condition number {condition:.1e}"
    slower = "the flattest direction is learned that many times slower than the steepest"
    if condition < 10:
        return f"{number}: a round bowl, every direction is learned at about the same speed"
    if condition < 1000:
        return f"{number}: a valley, {slower}"
    return f"{number}: a very narrow valley, {slower}; standardized inputs make it rounder"


def _findings(data: Dataset, bias: bool) -> Iterator[str]:
    weights, rows = len(data.inputs) + bias, len(data)
    *inputs, (target, y_low, y_high, _) = ranges(data)
    constant = [(name, low) for name, low, high, _ in inputs if low == high]
    if landscape(data, bias).steepest > 1 / RUNGS[1]:
        yield "the inputs are so large that no lr is small enough: standardize them, with u or --standardize"
    if rows < weights:
        yield f"{rows} row{'s' * (rows > 1)} for {weights} weights: many W fit equally well, the start decides which"
    for name, value in constant:
        if value == 0:
            yield f"{name} is 0 in every row: its gradient is always 0, so its weight can't be learned"
        elif bias and rows > 1:
            yield f"{name} is {value:g} in every row: its weight can't be told apart from b"
    if rows >= weights and not constant and isinf(landscape(data, bias).condition):
        yield "some columns follow from others: many W fit equally well, the start decides which"
    if rows > 1 and y_low == y_high:
        rest = "W 0 is the minimum already" if y_low == 0 else "no input is needed to tell it"
        yield f"{target} is {y_low:g} in every row: {rest}"
