"""A small picture as SVG, in plain Python: a notebook takes this file along, to draw where matplotlib is missing."""

from collections.abc import Callable, Sequence
from math import isfinite, log10

Series = tuple[str, Sequence[float], Sequence[float], str]  # name, xs, ys, and "-" for a line or "o" for points

WIDTH, HEIGHT = 580, 300
LEFT, RIGHT, TOP, BOTTOM = 70, WIDTH - 110, 30, HEIGHT - 40  # where the axes are
MOST_POINTS = 500
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#17becf", "#7f7f7f", "#bcbd22")


def chart(title: str, across: str, series: Sequence[Series]) -> str:
    """At most eight series; on a log axis where they go by epoch, are positive and span a factor of 100."""
    known = [(x, y) for _, xs, ys, _ in series for x, y in zip(xs, ys, strict=True) if isfinite(x) and isfinite(y)]
    columns, values = zip(*known, strict=True) if known else ((0,), (0.0,))
    columns = (0, len(series[0][1]) - 1) if across == "epoch" else columns  # the whole run, though it ends in nan
    is_log = across == "epoch" and min(values) > 0 and max(values) > 100 * min(values)
    height: Callable[[float], float] = log10 if is_log else float
    left, right, low, high = min(columns), max(columns), height(min(values)), height(max(values))
    right += left == right
    if low == high:
        low, high = low - max(1, abs(low)), high + max(1, abs(high))

    def place(x: float, y: float) -> tuple[float, float]:
        over, up = (x - left) / (right - left), (height(y) - low) / (high - low)
        return LEFT + (RIGHT - LEFT) * over, BOTTOM - (BOTTOM - TOP) * up

    def text(x: float, y: float, words: str, anchor: str = "start", colour: str = "#333") -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="#888"/>',
        text(LEFT, TOP - 12, title),
        text((LEFT + RIGHT) / 2, BOTTOM + 34, across, "middle"),
    ]
    for label in (low, (low + high) / 2, high):
        up = BOTTOM - (BOTTOM - TOP) * (label - low) / (high - low)
        parts.append(text(LEFT - 6, up + 4, f"{10**label if is_log else label:.3g}", "end"))
    for x in sorted({left, (left + right) // 2 if across == "epoch" else (left + right) / 2, right}):
        parts.append(text(place(x, values[0])[0], BOTTOM + 18, f"{x}" if across == "epoch" else f"{x:.3g}", "middle"))
    for row, ((name, xs, ys, mark), colour) in enumerate(zip(series, COLOURS, strict=False)):
        path, is_drawing = "", False
        for index in sorted({*range(0, len(ys), max(1, len(ys) // MOST_POINTS)), len(ys) - 1}):
            is_known = isfinite(xs[index]) and isfinite(ys[index])
            if is_known:  # the line breaks at inf and nan, and a value alone is a dot
                over, up = place(xs[index], ys[index])
                path += f"L{over:.1f} {up:.1f}" if is_drawing else f"M{over:.1f} {up:.1f}h0"
            is_drawing = is_known and mark == "-"
        width = 1.5 if mark == "-" else 6
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>')
        parts.append(text(RIGHT + 14, TOP + 16 * row + 4, name, colour=colour))
    return "\n".join([*parts, "</svg>\n"])
