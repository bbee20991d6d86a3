"""What a table holds and what can't be learned from it, in sentences."""

from collections.abc import Iterator
from functools import lru_cache
from math import isinf

from core.data import LECTURE, Dataset
from core.landscape import Landscape, landscape
from core.language import _, counted
from core.lr import RUNGS


def unlearnable(data: Dataset, bias: bool) -> tuple[str, ...]:
    """What can't be learned from a table, the most important first; often nothing."""
    return () if data is LECTURE else tuple(_findings(data, bias))


@lru_cache(maxsize=4)
def ranges(data: Dataset) -> tuple[tuple[str, float, float, float], ...]:
    """The name, least, largest and mean value of every input and of the target."""
    import numpy as np  # not for the lecture's first frame

    x = np.frombuffer(data.x, dtype=np.float32).reshape(len(data), -1)
    y = np.frombuffer(data.y, dtype=np.float32)[:, None]
    return tuple(
        (name, float(low), float(high), float(mean))
        for names, values in ((data.inputs, x), ((data.target,), y))
        for name, low, high, mean in zip(
            names, values.min(axis=0), values.max(axis=0), values.mean(axis=0, dtype=np.float64), strict=True
        )
    )


def condition_in_words(land: Landscape) -> str:
    """The condition number, and what it means for a run."""
    condition = land.condition
    if land.steepest == 0:
        return _("cost is level everywhere: no weight changes it")
    if isinf(condition):
        return _("condition number infinite: along some direction cost is level, and many W fit equally well")
    if condition < 10:
        sentence = _("condition number {number}: a round bowl, every direction is learned at about the same speed")
    elif condition < 1000:
        sentence = _(
            "condition number {number}: a valley, "
            "the flattest direction is learned that many times slower than the steepest"
        )
    else:
        sentence = _(
            "condition number {number}: a very narrow valley, "
            "the flattest direction is learned that many times slower than the steepest; "
            "standardized inputs make it rounder"
        )
    return sentence.format(number=f"{condition:,.3g}" if condition < 1e6 else f"{condition:.1e}")


def _findings(data: Dataset, bias: bool) -> Iterator[str]:
    weights, rows = len(data.inputs) + bias, len(data)
    *inputs, (target, y_low, y_high, _mean) = ranges(data)
    constant = [(name, low) for name, low, high, _mean in inputs if low == high]
    if landscape(data, bias).steepest > 1 / RUNGS[1]:
        yield _("the inputs are so large that no lr is small enough: standardize them, with u or --standardize")
    if rows < weights:
        sentence = counted(
            "{count} row for {weights} weights: many W fit equally well, the start decides which",
            "{count} rows for {weights} weights: many W fit equally well, the start decides which",
            rows,
        )
        yield sentence.format(count=rows, weights=weights)
    for name, value in constant:
        if value == 0:
            yield _("{name} is 0 in every row: its gradient is always 0, so its weight can't be learned").format(
                name=name
            )
        elif bias and rows > 1:
            sentence = _("{name} is {value:g} in every row: its weight can't be told apart from b")
            yield sentence.format(name=name, value=value)
    if rows >= weights and not constant and isinf(landscape(data, bias).condition):
        yield _("some columns follow from others: many W fit equally well, the start decides which")
    if rows > 1 and y_low == y_high:
        if y_low == 0:
            sentence = _("{name} is 0 in every row: W 0 is the minimum already")
        else:
            sentence = _("{name} is {value:g} in every row: no input is needed to tell it")
        yield sentence.format(name=target, value=y_low)
