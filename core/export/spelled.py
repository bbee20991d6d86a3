"""Numbers as a transcript spells them: the lecture's digits, and more where a sum would not come out."""

from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite, log10

from core.float32 import float32

WIDE = 1e9
"""From here on an exponent says more than digits."""

TINY = 1e-6
"""Below here a number is told as less than this."""


def spelled(value: float, decimals: int = 3) -> str:
    """A weight or gradient (3 decimals) or cost (6) as the lecture prints it; three digits of one that is smaller."""
    if not isfinite(value):
        return str(value)
    if abs(value) >= WIDE:
        return f"{value:.3e}"
    if TINY <= abs(value) < 0.5 * 10**-decimals:
        decimals = 2 - floor(log10(abs(value)))
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def spelled_lr(lr: float) -> str:
    return f"{lr:.6g}"


@dataclass(frozen=True)
class Arithmetic:
    """An update in words: lr times slope is step; before and step make after."""

    before: str
    slope: str
    """The gradient without its sign."""
    step: str
    after: str


def arithmetic(w: float, lr: float, gradient: float, w_next: float) -> Arithmetic:
    """The update with as many decimals as it takes for its sum to come out as it is printed; at most 8."""
    exact = lr * gradient
    numbers = (w, abs(gradient), abs(exact), w_next)
    if max(map(abs, numbers)) >= WIDE:
        return Arithmetic(*map(spelled, numbers))
    for decimals in range(3, 9):
        before, slope, step, after = (spelled(value, decimals) for value in numbers)
        total = Decimal(before) - Decimal(step).copy_sign(Decimal(exact))
        product = spelled(abs(float32(lr * float(slope))), decimals)
        if total == Decimal(after) and product == step and before != after:
            break
    return Arithmetic(before, slope, step, after)


def told_apart(w: float, w_next: float) -> tuple[str, str]:
    """Two weights with as many decimals as it takes to tell them apart."""
    pairs = ((spelled(w, decimals), spelled(w_next, decimals)) for decimals in range(3, 9))
    return next((pair for pair in pairs if pair[0] != pair[1]), (spelled(w), spelled(w_next)))


def is_lr_times_gradient(w: float, lr: float, gradient: float, w_next: float) -> bool:
    """Whether an update is lr times the gradient and nothing else, within float32's rounding."""
    step = lr * gradient
    slack = 4 * 2.0**-23 * max(abs(w), abs(step), abs(w_next))
    return isfinite(w_next) and abs(w - step - w_next) <= slack
