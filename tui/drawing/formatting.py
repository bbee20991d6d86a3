"""Numbers as the panels write them: the lecture's digits where they fit, never wider than a column."""

from collections.abc import Iterable
from math import floor, isfinite, log10

from core.lr import simple_fraction

WIDE = 1e4
"""From here on a number is written with an exponent."""

SMALL = 0.0000995
"""And so it is below here."""


def format_fixed(value: float, decimals: int = 3) -> str:
    """A weight (3 decimals) or a cost (6) as the lecture prints it; 1.23e+12, inf and nan where it can't be."""
    if not isfinite(value):
        return str(value)
    text = f"{value:.2e}" if abs(value) >= WIDE else f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def format_weight(value: float) -> str:
    """A weight, a gradient or an update: 3 decimals as the lecture prints them, more where it is small."""
    if not isfinite(value) or value == 0 or abs(value) >= 0.00995:
        return format_fixed(value)
    return f"{value:.6f}" if abs(value) >= SMALL else f"{value:.2e}"


def format_cost(value: float) -> str:
    """A cost: 6 decimals as the lecture prints it, an exponent where that would show nothing but zeros."""
    return format_fixed(value, 6) if value == 0 or not value < 5e-7 else f"{value:.2e}"


def format_signed(value: float) -> str:
    """`format_weight` with its sign always written."""
    return format_weight(value) if value < 0 or value != value else f"+{format_weight(value)}"


def format_lr(lr: float) -> str:
    """An lr in as few digits as it needs, 6 at most."""
    return f"{lr:.6g}"


def format_lr_fraction(lr: float) -> str:
    """An lr that was measured, as the fraction it is where it is a simple one: 1/14, 3/28."""
    return str(simple_fraction(lr) or f"{lr:.4g}")


def fit(value: float, text: str, width: int) -> str:
    """The text of a number, or where that leaves no gap in its column, the number in fewer digits."""
    sign = "+" if text.startswith(("+", "-")) else ""
    shorter = (
        format(value, sign + form) for form in (".1f", ".3e", ".2e", ".1e") if form != ".1f" or 1 < abs(value) < WIDE
    )
    return next((shown for shown in (text, *shorter) if len(shown) < width), f"{value:{sign}.0e}")


def column_decimals(values: Iterable[float], width: int, least: int = 3, most: int = 6, sign: str = "") -> int:
    """How many decimals all numbers of a column get: two digits of the smallest, as far as the largest leaves room."""
    shown = [value for value in values if isfinite(value) and SMALL <= abs(value) < WIDE]
    if not shown:
        return least
    sizes = [abs(value) for value in shown]
    needed = min(most, max(least, 1 - floor(log10(min(sizes)))))
    longest = len(f"{max(sizes):.0f}") + (bool(sign) or min(shown) < 0)
    return max(1, min(needed, width - longest - len(" .")))


def format_in_column(value: float, decimals: int, width: int, sign: str = "") -> str:
    """A number with the decimals of its column; with an exponent where they would show nothing, or leave no gap.

    `sign` is "+" where a number says that it is positive.
    """
    if not isfinite(value):
        return f"{value:{sign}}"
    text = f"{value:{sign}.{decimals}f}"
    if float(text) == 0:
        return fit(value, f"{value:{sign}.2e}", width) if value else text.lstrip("+-")
    return text if abs(value) < WIDE and len(text) < width else fit(value, f"{value:{sign}.2e}", width)


def format_factor(factor: float) -> str:
    """What the error is multiplied by: 4 digits, more where it would seem to be 1 and is not."""
    digits = 4
    while digits < 9 and abs(factor) != 1 and abs(float(f"{factor:.{digits}g}")) == 1:
        digits += 1
    return f"{factor:.{digits}g}" if abs(factor) < WIDE else f"{factor:.1e}"


def spelled_update(w: float, lr: float, gradient: float, w_next: float) -> str:
    """`1.064 - 0.1 x 0.896 = 0.974`: with as many decimals as it takes to see W change, and the sum come out by 5."""

    def digits(value: float, decimals: int) -> str:
        wide = isfinite(value) and (abs(value) >= WIDE or 0 < abs(value) < SMALL)
        return f"{value:.{decimals}e}" if wide else format_fixed(value, decimals)

    for decimals in range(2 if max(abs(w), abs(gradient), abs(w_next)) >= WIDE else 3, 9):
        before, after = digits(w, decimals), digits(w_next, decimals)
        slope = digits(gradient, decimals) if decimals != 3 else format_weight(gradient)
        comes_out = decimals >= 5 or digits(float(before) - lr * float(slope), decimals) == after
        if comes_out and (before != after or w == w_next):
            break
    return f"{before} - {format_lr(lr)} x {slope} = {after}"
