"""Charts in braille: from numbers to rows of styled text. No app is needed to see what a curve looks like."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10

from tui.rows import Row, Span, joined

Point = tuple[float, float]

DOTS_X, DOTS_Y = 2, 4
"""Dots in a braille cell, across and down."""

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BLANK = 0x2800


@dataclass(frozen=True)
class Scale:
    """An axis: from `low` to `high`, linear or logarithmic. Limits are finite, low < high; on a log axis low > 0."""

    low: float
    high: float
    log: bool = False

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


def tick_text(value: float) -> str:
    """A tick's label: short, and the same width for the same kind of value."""
    text = f"{value:.4g}" if abs(value) < WIDE_TICK and (abs(value) >= 1e-3 or value == 0) else f"{value:.0e}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


WIDE_TICK = 1e5


class Chart:
    """A drawing area with a value axis on the left and one below."""

    def __init__(self, width: int, height: int, x: Scale, y: Scale) -> None:
        self.x, self.y = x, y
        self._y_ticks = {self._row_of(tick, height - 1): tick_text(tick) for tick in y.ticks(max(1, (height - 1) // 2))}
        self.gutter = max(map(len, self._y_ticks.values()), default=0) + 1
        self.columns, self.rows_high = max(0, width - self.gutter), max(0, height - 1)
        self._bits: dict[tuple[int, int], int] = {}
        self._glyphs: dict[tuple[int, int], str] = {}
        self._styles: dict[tuple[int, int], str] = {}

    def function(self, f: Callable[[float], float], style: str, dashed: bool = False) -> None:
        """The graph of a function over the whole width."""
        dots = self.columns * DOTS_X
        xs = [self.x.value((dot + 0.5) / dots) for dot in range(dots)]
        self.line([(x, f(x)) for x in xs], style, dashed)

    def line(self, points: Sequence[Point], style: str, dashed: bool = False) -> None:
        """A line through the points; it breaks where one is not finite."""
        wide, high = self.columns * DOTS_X, self.rows_high * DOTS_Y
        placed = [self._place(point) for point in points]
        for start, end in pairwise(placed):
            if start and end and (clipped := _clip(start, end, wide, high)):
                for dot in _dots(*clipped):
                    if not dashed or dot[0] // 3 % 2:
                        self._dot(dot, style)

    def mark(self, point: Point, glyph: str, style: str) -> None:
        """One character at a point; nothing where it lies outside."""
        if (cell := self.cell(point)) is not None:
            self._glyphs[cell], self._styles[cell] = glyph, style

    def arrow(self, x_from: float, x_to: float, y: float, style: str) -> None:
        """A horizontal arrow; an end that lies outside is cut at the rim."""
        if self.columns == 0 or not all(map(isfinite, (x_from, x_to, y))):
            return
        start, end = (min(1.0, max(0.0, self.x.at(x))) for x in (x_from, x_to))
        row = self._row_of(y, self.rows_high)
        first, last = (min(self.columns - 1, int(position * self.columns)) for position in (start, end))
        if not 0 <= row < self.rows_high or first == last:
            return
        step = 1 if last > first else -1
        for column in range(first + step, last, step):
            self._glyphs[row, column], self._styles[row, column] = "─", style
        self._glyphs[row, last], self._styles[row, last] = "▶" if step > 0 else "◀", style

    def cell(self, point: Point) -> tuple[int, int] | None:
        """The (row, column) of a point; None where it lies outside or nowhere."""
        place = self._place(point)
        if place is None:
            return None
        column, row = floor(place[0] / DOTS_X), floor(place[1] / DOTS_Y)
        column -= column == self.columns  # a point on the rim is inside
        row -= row == self.rows_high
        return (row, column) if 0 <= row < self.rows_high and 0 <= column < self.columns else None

    def rows(self) -> list[Row]:
        """The chart as text, from the top row to the axis below."""
        if not self.columns or not self.rows_high:
            return []
        drawn: list[Row] = []
        for row in range(self.rows_high):
            label = self._y_ticks.get(row, "").rjust(self.gutter - 1)
            cells = [self._cell_text(row, column) for column in range(self.columns)]
            drawn.append(joined([(label, "dim"), ("┤" if label.strip() else "│", "dim"), *cells]))
        return [*drawn, (("".join(self._axis()), "dim"),)]

    def _cell_text(self, row: int, column: int) -> Span:
        key = row, column
        if key in self._glyphs:
            return self._glyphs[key], self._styles[key]
        bits = self._bits.get(key, 0)
        return (chr(_BLANK + bits), self._styles[key]) if bits else (" ", "text")

    def _axis(self) -> list[str]:
        """The row of labels below: each under its value, none over another."""
        axis = [" "] * (self.gutter + self.columns)
        free = 0
        for tick in self.x.ticks(max(1, self.columns // 8)):
            text = tick_text(tick)
            start = self.gutter + round(self.x.at(tick) * (self.columns - 1)) - len(text) // 2
            start = min(start, len(axis) - len(text))
            if start >= free:
                axis[start : start + len(text)] = text
                free = start + len(text) + 1
        return axis

    def _row_of(self, value: float, rows: int) -> int:
        return min(max(rows, 1) - 1, floor((1 - self.y.at(value)) * rows))

    def _place(self, point: Point) -> Point | None:
        """A point in dots from the top left; None where it is not finite."""
        if not all(map(isfinite, point)):
            return None
        x, y = self.x.at(point[0]), self.y.at(point[1])
        return x * self.columns * DOTS_X, (1 - y) * self.rows_high * DOTS_Y

    def _dot(self, dot: tuple[int, int], style: str) -> None:
        key = dot[1] // DOTS_Y, dot[0] // DOTS_X
        self._bits[key] = self._bits.get(key, 0) | _BITS[dot[0] % DOTS_X][dot[1] % DOTS_Y]
        self._styles[key] = style


def _clip(start: Point, end: Point, wide: int, high: int) -> tuple[Point, Point] | None:
    """The part of a segment that lies in the drawing area (Liang and Barsky, 1984)."""
    (x0, y0), (x1, y1) = start, end
    enter, leave = 0.0, 1.0
    for delta, below, above in ((x1 - x0, -x0, wide - 1e-6 - x0), (y1 - y0, -y0, high - 1e-6 - y0)):
        if delta == 0:
            if below > 0 or above < 0:
                return None
            continue
        near, far = sorted((below / delta, above / delta))
        enter, leave = max(enter, near), min(leave, far)
    if enter > leave:
        return None
    return (x0 + enter * (x1 - x0), y0 + enter * (y1 - y0)), (x0 + leave * (x1 - x0), y0 + leave * (y1 - y0))


def _dots(start: Point, end: Point) -> Iterator[tuple[int, int]]:
    """The dots of a segment, one for each step along its longer side."""
    steps = max(1, ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1]))))
    for step in range(steps + 1):
        share = step / steps
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        yield max(0, int(x)), max(0, int(y))
