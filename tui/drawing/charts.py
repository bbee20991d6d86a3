"""Charts in braille: from numbers to rows of styled text. No app is needed to see what a curve looks like."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, ceil, floor, isfinite, log10, pi

from tui.drawing.rows import Row, Span, joined

Point = tuple[float, float]

DOTS_X, DOTS_Y = 2, 4
"""Dots in a braille cell, across and down."""

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
BLANK = 0x2800

ARROWS = "→↗↑↖←↙↓↘"
"""Tips, a turn of 45 degrees each."""


@dataclass(frozen=True)
class Scale:
    """An axis: from `low` to `high`, linear or logarithmic. Limits are finite, low < high; on a log axis low > 0."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def around(cls, values: Sequence[float], room: float = 0.08) -> "Scale":
        """A linear axis with some room around the values; it begins at 0 where that is not far below them."""
        low, high = min(values), max(values)
        if 0 <= low <= high / 2:
            low = 0.0
        span = (high - low) or abs(high) or 1.0
        return cls(low - room * span if low else 0.0, high + room * span)

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


class Chart:
    """A drawing area with a value axis on the left and one below."""

    def __init__(self, width: int, height: int, x: Scale, y: Scale) -> None:
        self.x, self.y = x, y
        labels = y.labels(max(1, (height - 1) // 2))
        self._y_ticks = {self._row_of(tick, height - 1): text for tick, text in labels}
        self.gutter = max(map(len, self._y_ticks.values()), default=0) + 1
        self.columns, self.rows_high = max(0, width - self.gutter), max(0, height - 1)
        self._cells: list[dict[int, tuple[int, str]]] = [{} for _ in range(self.rows_high)]
        """A row's drawn cells by column: the character, and its style. Braille's code is 0x2800 and a bit a dot."""

    def function(self, f: Callable[[float], float], style: str, dashed: bool = False) -> None:
        """The graph of a function over the whole width."""
        dots = self.columns * DOTS_X
        xs = [self.x.value((dot + 0.5) / dots) for dot in range(dots)]
        self.line([(x, f(x)) for x in xs], style, dashed)

    def straight(self, f: Callable[[float], float], style: str, dashed: bool = False) -> None:
        """The graph of a function whose graph is a straight line."""
        self.line([(x, f(x)) for x in (self.x.low, self.x.high)], style, dashed)

    def line(self, points: Sequence[Point], style: str, dashed: bool = False) -> None:
        """A line through the points; it breaks where one is not finite."""
        wide, high = self.columns * DOTS_X, self.rows_high * DOTS_Y
        placed = [self._place(point) for point in points]
        for start, end in pairwise(placed):
            if start and end and (clipped := _clip(start, end, wide, high)):
                self._stroke(*clipped, style, dashed)

    def dots(self, points: Iterable[Point], style: str) -> None:
        """A dot at each of the points that lie inside."""
        wide, high = self.columns * DOTS_X, self.rows_high * DOTS_Y
        for point in points:
            if (place := self._place(point)) and 0 <= place[0] < wide and 0 <= place[1] < high:
                self._dot(int(place[0]), int(place[1]), style)

    def copy(self) -> "Chart":
        """A chart that begins with what is drawn on this one."""
        other = copy(self)
        other._cells = [dict(cells) for cells in self._cells]
        return other

    def mark(self, point: Point, glyph: str, style: str) -> None:
        """One character at a point; nothing where it lies outside."""
        if (cell := self.cell(point)) is not None:
            self._put(*cell, glyph, style)

    def mark_on(self, points: Sequence[Point], share: float, glyph: str, style: str) -> None:
        """One character on a line through points, so far along it: at 0.5 at the middle one, or between two."""
        index, beyond = divmod(share * (len(points) - 1), 1)
        before, after = (
            self._place(point) for point in (points[int(index)], points[min(int(index) + 1, len(points) - 1)])
        )
        if before and after:
            x, y = (a + beyond * (b - a) for a, b in zip(before, after, strict=True))
            row, column = floor(y / DOTS_Y), floor(x / DOTS_X)
            if 0 <= row < self.rows_high and 0 <= column < self.columns:
                self._put(row, column, glyph, style)

    def arrow(self, x_from: float, x_to: float, y: float, style: str) -> None:
        """A horizontal arrow; its tip stands before the end, which is cut at the rim."""
        if self.columns == 0 or not all(map(isfinite, (x_from, x_to, y))):
            return
        start, end = (min(1.0, max(0.0, self.x.at(x))) for x in (x_from, x_to))
        row = self._row_of(y, self.rows_high)
        first, last = (min(self.columns - 1, int(position * self.columns)) for position in (start, end))
        if not 0 <= row < self.rows_high or abs(last - first) < 2:
            return
        step = 1 if last > first else -1
        for column in range(first + step, last - step, step):
            self._put(row, column, "─", style)
        self._put(row, last - step, "▶" if step > 0 else "◀", style)

    def slanted_arrow(self, start: Point, end: Point, style: str, dashed: bool = False) -> None:
        """An arrow in any direction, cut at the rim; its tip stands a cell before the end."""
        places = self._place(start), self._place(end)
        wide, high = self.columns * DOTS_X, self.rows_high * DOTS_Y
        if places[0] is None or places[1] is None or not (clipped := _clip(places[0], places[1], wide, high)):
            return
        (x0, y0), (x1, y1) = clipped
        across, down = (x1 - x0) / DOTS_X, (y1 - y0) / DOTS_Y  # in cells
        length = max(abs(across), abs(down))
        if length < 2:
            return
        tip = x1 - DOTS_X * across / length, y1 - DOTS_Y * down / length
        self._stroke((x0, y0), tip, style, dashed)
        turn = round(atan2(-2 * down, across) / (pi / 4)) % 8  # a cell is twice as high as wide
        self._put(int(tip[1] / DOTS_Y), int(tip[0] / DOTS_X), ARROWS[turn], style)

    def text(self, point: Point, text: str, style: str) -> None:
        """A word to the right of a point, or before the rim where that is nearer; a row higher or lower where another
        word stands, and nowhere where that is taken, too.
        """
        if (cell := self.cell(point)) is None or len(text) > self.columns:
            return
        column = min(cell[1] + 1, self.columns - len(text))
        place = range(column, column + len(text))
        for row in (cell[0], cell[0] - 1, cell[0] + 1):
            free = 0 <= row < self.rows_high
            if free and all(self._cells[row].get(taken, (BLANK, ""))[0] >= BLANK for taken in place):
                for offset, character in zip(place, text, strict=True):
                    self._put(row, offset, character, style)
                return

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
        for row, cells in enumerate(self._cells):
            label = self._y_ticks.get(row, "").rjust(self.gutter - 1)
            spans: list[Span] = [(label + ("┤" if row in self._y_ticks else "│"), "dim")]
            end = 0
            for column in sorted(cells):
                character, style = cells[column]
                if column > end:
                    spans.append((" " * (column - end), "dim"))
                spans.append((chr(character), style))
                end = column + 1
            drawn.append(joined([*spans, (" " * (self.columns - end), "dim")]))
        return [*drawn, (("".join(self._axis()), "dim"),)]

    def _axis(self) -> list[str]:
        """The row of labels below: each under its value, none over another."""
        axis = [" "] * (self.gutter + self.columns)
        free = 0
        for tick, text in self.x.labels(max(1, self.columns // 8)):
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
        if not (isfinite(point[0]) and isfinite(point[1])):
            return None
        x, y = self.x.at(point[0]), self.y.at(point[1])
        return x * self.columns * DOTS_X, (1 - y) * self.rows_high * DOTS_Y

    def _stroke(self, start: Point, end: Point, style: str, dashed: bool) -> None:
        for x, y in _dots(start, end):
            if not dashed or (x + y) // 3 % 2:
                self._dot(x, y, style)

    def _dot(self, x: int, y: int, style: str) -> None:
        """A dot; a line passes behind the characters that stand in its way."""
        cells, column = self._cells[y // DOTS_Y], x // DOTS_X
        before = cells[column][0] if column in cells else BLANK
        if before >= BLANK:
            cells[column] = before | _BITS[x % DOTS_X][y % DOTS_Y], style

    def _put(self, row: int, column: int, character: str, style: str) -> None:
        self._cells[row][column] = ord(character), style


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
    # the sums are inexact for huge numbers, so they are held inside once more
    begin, finish = (
        (min(max(x0 + share * (x1 - x0), 0.0), wide - 1e-6), min(max(y0 + share * (y1 - y0), 0.0), high - 1e-6))
        for share in (enter, leave)
    )
    return begin, finish


def _dots(start: Point, end: Point) -> Iterator[tuple[int, int]]:
    """The dots of a segment, one for each step along its longer side."""
    (x0, y0), (x1, y1) = start, end
    steps = max(1, ceil(max(abs(x1 - x0), abs(y1 - y0))))
    across, down = (x1 - x0) / steps, (y1 - y0) / steps
    for step in range(steps + 1):
        yield int(x0 + step * across), int(y0 + step * down)
