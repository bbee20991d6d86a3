"""Charts in braille: from numbers to rows of styled text. No app is needed to see what a curve looks like."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from itertools import pairwise
from math import atan2, ceil, floor, isfinite, pi

from tui.drawing.scale import Scale
from tui.drawing.text import Row, Span, merge_spans

Point = tuple[float, float]

DOTS_X, DOTS_Y = 2, 4
"""Dots in a braille cell, across and down."""

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
BLANK = 0x2800

ARROWS = "→↗↑↖←↙↓↘"
"""Tips, a turn of 45 degrees each."""


class Chart:
    """A drawing area with a value axis on the left and one below."""

    def __init__(self, width: int, height: int, x: Scale, y: Scale) -> None:
        self.x, self.y = x, y
        self.rows_high = max(0, height - 1)
        self._y_ticks = dict(self._even(y, max(1, self.rows_high // 2), self._row_of))
        self.gutter = max(map(len, self._y_ticks.values()), default=0) + 1
        self.columns = max(0, width - self.gutter)
        self._cells: list[dict[int, tuple[int, str]]] = [{} for _ in range(self.rows_high)]
        """A row's drawn cells by column: the character, and its style. Braille's code is 0x2800 and a bit a dot."""

    def straight(self, f: Callable[[float], float], style: str, dashed: bool = False) -> None:
        """The graph of a function whose graph is a straight line."""
        self.line([(x, f(x)) for x in (self.x.low, self.x.high)], style, dashed)

    def line(self, points: Sequence[Point], style: str, dashed: bool = False) -> None:
        """A line through the points; it breaks where one is not finite."""
        placed = [self._place(point) for point in points]
        for start, end in pairwise(placed):
            if start and end and (clipped := _clip(start, end, *self._size)):
                self._stroke(*clipped, style, dashed)

    def dots(self, points: Iterable[Point], style: str) -> None:
        """A dot at each of the points that lie inside."""
        for point in points:
            if (place := self._place(point)) and self._inside(place):
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
            if self._inside((x, y)):
                self._put(floor(y / DOTS_Y), floor(x / DOTS_X), glyph, style)

    def arrow(self, x_from: float, x_to: float, y: float, style: str) -> None:
        """A horizontal arrow; its tip stands before the end, which is cut at the rim."""
        if self.columns == 0 or not all(map(isfinite, (x_from, x_to, y))):
            return
        start, end = (min(1.0, max(0.0, self.x.at(x))) for x in (x_from, x_to))
        row = self._row_of(y)
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
        if places[0] is None or places[1] is None or not (clipped := _clip(places[0], places[1], *self._size)):
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
        return (floor(place[1] / DOTS_Y), floor(place[0] / DOTS_X)) if place and self._inside(place) else None

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
            drawn.append(merge_spans([*spans, (" " * (self.columns - end), "dim")]))
        return [*drawn, (("".join(self._axis()), "dim"),)]

    def column_value(self, column: int) -> float:
        """The value on the axis below at the middle of a column."""
        return self.x.value((column * DOTS_X + 0.5) / (self.columns * DOTS_X - 1))

    def _axis(self) -> list[str]:
        """The row of labels below: each under its value, none over another."""
        axis = [" "] * (self.gutter + self.columns)
        for start, text in self._even(self.x, max(1, self.columns // 8), self._label_start):
            axis[start : start + len(text)] = text
        return axis

    def _label_start(self, tick: float, text: str) -> int:
        column = int(self.x.at(tick) * (self.columns * DOTS_X - 1) + 0.5) // DOTS_X
        return self.gutter + min(column - len(text) // 2, self.columns - len(text))

    def _even(self, scale: Scale, most: int, place: Callable[[float, str], int]) -> list[tuple[int, str]]:
        """(place, text) of as many labels as can stand equally far apart, or of the first and the last."""
        is_below = scale is self.x
        for count in range(most, 0, -1):
            labels = scale.labels(count)
            places = [place(tick, text) for tick, text in labels]
            width = max((len(text) for _tick, text in labels), default=0) if is_below else 0
            gaps = [abs(after - before) for before, after in pairwise(places)]
            # many columns may be a column more than the next, as no eye sees it
            spare = min(gaps, default=0) // 8 if is_below else 0
            if gaps and min(gaps) > width and (scale.log or max(gaps) - min(gaps) <= spare):
                return list(zip(places, (text for _tick, text in labels), strict=True))
        labels = scale.labels(most)
        ends = [labels[0], labels[-1]] if len(labels) > 1 else labels
        return [(place(tick, text), text) for tick, text in ends]

    def _row_of(self, value: float, _text: str = "") -> int:
        """The row of a value; the epsilon keeps ticks that are whole rows apart so."""
        return floor(((1 - self.y.at(value)) * (self.rows_high * DOTS_Y - 1) + 0.5) / DOTS_Y + 1e-9)

    @property
    def _size(self) -> tuple[int, int]:
        """How many dots there are, across and down."""
        return self.columns * DOTS_X, self.rows_high * DOTS_Y

    def _inside(self, place: Point) -> bool:
        return 0 <= place[0] < self.columns * DOTS_X and 0 <= place[1] < self.rows_high * DOTS_Y

    def _place(self, point: Point) -> Point | None:
        """A point in dots from the top left, the limits in the middle of the outermost dots; None where not finite."""
        if not (isfinite(point[0]) and isfinite(point[1])):
            return None
        wide, high = self._size
        return self.x.at(point[0]) * (wide - 1) + 0.5, (1 - self.y.at(point[1])) * (high - 1) + 0.5

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
    if not wide or not high:
        return None
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
