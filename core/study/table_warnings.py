"""What can't be learned from a table, in sentences, from what was measured."""

from collections.abc import Iterator
from math import isfinite

from core.language import _, ngettext
from core.lr import RUNGS
from core.measured import Measured
from core.state import Opened

FLAT = 1e-7
"""A curvature that is this share of the steepest one is none, as far as float32 can tell."""


def table_warnings(opened: Opened, measured: Measured | None) -> tuple[str, ...]:
    """What can't be learned, the most important first; mostly nothing."""
    return tuple(_warnings(opened, measured))


def condition_in_words(measured: Measured) -> str:
    """The condition number, and what it means for a run."""
    condition = measured.condition_number
    if measured.max_curvature == 0:
        return _("cost is level everywhere: no weight changes it")
    if not isfinite(condition) or condition > 1 / FLAT:
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


def _warnings(opened: Opened, measured: Measured | None) -> Iterator[str]:
    table = opened.table
    weights, rows = len(opened.names), table.rows
    if not table.ranges:
        return
    *inputs, (y_low, y_high, _mean) = table.ranges
    names = ("x",) if len(inputs) == 1 else tuple(f"x{number}" for number in range(1, len(inputs) + 1))
    constant = [(name, low) for name, (low, high, _mean) in zip(names, inputs, strict=True) if low == high]
    if measured and measured.max_curvature > 1 / RUNGS[1]:
        yield _("the inputs are so large that no lr is small enough: standardize them, with u or --standardize")
    if rows < weights:
        sentence = ngettext(
            "{count} row for {weights} weights: many W fit equally well, the start decides which",
            "{count} rows for {weights} weights: many W fit equally well, the start decides which",
            rows,
        )
        yield sentence.format(count=rows, weights=weights)
    for name, value in constant:
        if value == 0:
            sentence = _("{name} is 0 in every row: its gradient is always 0, so its weight can't be learned")
            yield sentence.format(name=name)
        elif "b" in opened.names and rows > 1:
            sentence = _("{name} is {value:g} in every row: its weight can't be told apart from b")
            yield sentence.format(name=name, value=value)
    if measured and rows >= weights and not constant and measured.min_curvature <= FLAT * measured.max_curvature:
        yield _("some columns follow from others: many W fit equally well, the start decides which")
    if rows > 1 and y_low == y_high:
        sentence = _("{name} is {value:g} in every row: no input is needed to tell it")
        if y_low == 0:
            sentence = _("{name} is 0 in every row: W 0 is the minimum already")
        yield sentence.format(name="y", value=y_low)
