"""A small picture of how something goes by epoch, as SVG."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite, log10

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 70, WIDTH - 90, 30, HEIGHT - 40
"""Where the axes are."""

MOST_POINTS = 500

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#17becf", "#7f7f7f", "#bcbd22")


def chart(title: str, series: Mapping[str, Sequence[float]]) -> str:
    """At most eight series by epoch; on a log axis where they are positive and span a factor of 100."""
    values = [value for column in series.values() for value in column if isfinite(value)] or [0.0]
    is_log = min(values) > 0 and max(values) > 100 * min(values)
    height: Callable[[float], float] = log10 if is_log else float
    low, high = height(min(values)), height(max(values))
    room = 0 if low < high else max(1, abs(low))
    low, high = low - room, high + room
    last = max(1, *(len(column) - 1 for column in series.values()))

    def place(epoch: float, value: float) -> tuple[float, float]:
        across, up = epoch / last, (height(value) - low) / (high - low)
        return LEFT + (RIGHT - LEFT) * across, BOTTOM - (BOTTOM - TOP) * up

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="#888"/>',
        _text((LEFT, TOP - 12), title),
        _text(((LEFT + RIGHT) / 2, BOTTOM + 34), "epoch", "middle"),
    ]
    for label in (low, (low + high) / 2, high):
        value = 10**label if is_log else label
        parts.append(_text((LEFT - 6, place(0, value)[1] + 4), f"{value:.3g}", "end"))
    for epoch in sorted({0, last // 2, last}):
        parts.append(_text((place(epoch, values[0])[0], BOTTOM + 18), str(epoch), "middle"))
    for row, ((name, column), colour) in enumerate(zip(series.items(), COLOURS, strict=False)):
        path = " ".join(_path(column, place))
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linecap="round"/>')
        parts.append(_text((RIGHT + 8, TOP + 16 * row + 4), name, colour=colour))
    return "\n".join([*parts, "</svg>\n"])


def _path(column: Sequence[float], place: Callable[[float, float], tuple[float, float]]) -> Iterator[str]:
    """The line through some of the values; it breaks at inf and nan, and a value alone is a dot."""
    drawing = False
    for epoch in sorted({*range(0, len(column), max(1, len(column) // MOST_POINTS)), len(column) - 1}):
        if isfinite(column[epoch]):
            x, y = place(epoch, column[epoch])
            yield f"L{x:.1f} {y:.1f}" if drawing else f"M{x:.1f} {y:.1f}h0"
        drawing = isfinite(column[epoch])


def _text(at: tuple[float, float], text: str, anchor: str = "start", colour: str = "#333") -> str:
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
