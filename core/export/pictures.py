"""What a run's pictures show, in plain Python: a notebook takes this file along, to draw its run anew."""

from collections.abc import Iterator, Sequence
from math import fsum, isfinite

Series = tuple[str, Sequence[float], Sequence[float], str]  # name, xs, ys, and "-" for a line or "o" for points


def pictures(
    history: Sequence[tuple[float, ...]], names: Sequence[str], x: Sequence[float], y: Sequence[float]
) -> Iterator[tuple[str, list[Series]]]:
    """What goes across, and the series: cost by epoch, the weights by epoch; with one input the data with H(x), with
    one weight cost(W). A row of the history is (cost, W, b) or (cost, W1, W2, ...); x holds the inputs row after row.
    """
    costs, *weights = zip(*history, strict=True)
    epochs = range(len(history))
    yield "epoch", [("cost", epochs, costs, "-")]
    yield "epoch", [(name, epochs, values, "-") for name, values in zip(names, weights, strict=False)]
    if len(x) != len(y):
        return

    ends = [min(x), max(x)]
    series: list[Series] = [("y", x, y, "o")]
    for epoch in sorted({0, len(history) - 1}):
        W, b = (*history[epoch][1:], 0.0)[:2]
        series.append((f"H(x), epoch {epoch}", ends, [W * end + b for end in ends], "-"))
    yield "x", series
    if len(weights) > 1:
        return

    squares = fsum(a * a for a in x)
    best = fsum(a * b for a, b in zip(x, y, strict=True)) / (squares or 1)  # where cost is least
    least = fsum((best * a - b) ** 2 for a, b in zip(x, y, strict=True)) / len(x)
    reach = 1.2 * max((abs(w - best) for cost, w in history if isfinite(w) and isfinite(cost)), default=1) or 1
    ws = [best + reach * step / 50 for step in range(-50, 51)]
    curve = [least + squares / len(x) * (w - best) ** 2 for w in ws]
    yield "W", [("cost(W)", ws, curve, "-"), ("epoch", weights[0], costs, "o")]
