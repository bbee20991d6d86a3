"""The axes of charts: where a value stands, and which round values are written on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

ROW_DOTS = 4
"""Dots in a row of a chart, one above the other."""


@dataclass(frozen=True)
class Scale:
    """An axis: from `low` to `high`, linear or logarithmic. Limits are finite, low < high; on a log axis low > 0."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def around(cls, values: Sequence[float], room: float = 0.08) -> "Scale":
        """A linear axis with some room around the values; it begins at 0 where that is not far below them."""
        finite = [value for value in values if isfinite(value)] or [0.0]
        low, high = min(finite), max(finite)
        if 0 <= low <= high / 2:
            low = 0.0
        span = (high - low) or abs(high) or 1.0
        return cls(low - room * span if low else 0.0, high + room * span)

    def stretched(self, rows: int) -> "Scale":
        """A linear axis that ends so much higher, at most a fifth, that its ticks are whole rows apart."""
        length, span = rows - 1 / ROW_DOTS, self.high - self.low
        if self.log or rows < 3 or not isfinite(1.2 * span):
            return self
        steps = {round_up(span / count) for count in range(1, rows // 2 + 1)}
        longer = [(step * length / floor(step * length / span), step) for step in steps if step * length / span < rows]
        few = [(each < 2 * step, each) for each, step in longer if span <= each <= 1.2 * span]
        return Scale(self.low, self.low + min(few, default=(False, span))[1])

    def at(self, value: float) -> float:
        """Where a value stands: 0 at low, 1 at high. On a log axis what is not positive stands at low."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        return log10(max(value, self.low) / self.low) / log10(self.high / self.low)

    def value(self, position: float) -> float:
        """The value that stands at a position: the inverse of `at`."""
        if self.log:
            return float(self.low * (self.high / self.low) ** position)
        return self.low + position * (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """Round values on the axis, `most` of them at the most."""
        if self.log:
            powers = range(ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9) + 1)
            every = max(1, ceil(len(powers) / max(1, most)))
            return [10.0**power for power in powers if power % every == 0]
        step = round_up((self.high - self.low) / max(1, most))
        first = ceil(self.low / step - 1e-9)
        return [index * step for index in range(first, floor(self.high / step + 1e-9) + 1)]

    def labels(self, most: int) -> list[tuple[float, str]]:
        """The ticks with their text: as many digits as it takes to tell neighbours apart."""
        ticks = self.ticks(most)
        if self.log:
            return [(tick, f"{tick:g}" if 1e-3 <= tick <= 1e4 else f"1e{round(log10(tick))}") for tick in ticks]
        largest = max(map(abs, ticks), default=0.0)
        step = floor(log10(ticks[1] - ticks[0]) + 1e-9) if len(ticks) > 1 else 0
        if 1e-3 <= largest < 1e5:
            return [(tick, f"{tick:.{max(0, -step)}f}") for tick in ticks]
        digits = max(0, floor(log10(largest)) - step) if largest else 0
        return [(tick, _short_power(f"{tick:.{digits}e}") if tick else "0") for tick in ticks]


def _short_power(text: str) -> str:
    """1.5e+05 as 1.5e5, 2e-06 as 2e-6."""
    mantissa, _, power = text.partition("e")
    return f"{mantissa}e{int(power)}"


def round_up(value: float, digits: Sequence[float] = (1, 2, 5)) -> float:
    """The next number in the series 1, 2, 5, 10, 20, 50 and so on; 1 where there is none."""
    if not isfinite(value) or value <= 0:
        return 1.0
    power = floor(log10(value))
    for digit in (*digits, 10):
        candidate = float(f"{digit}e{power}")
        if candidate >= value * (1 - 1e-9):
            return candidate
    return float(f"1e{power + 1}")
