"""float32 values as Python code."""

from collections.abc import Iterable
from math import copysign, isfinite

from core.float32 import float32


def literal(value: float) -> str:
    """The shortest decimal that Python, and then torch, reads as this float32 to the bit: 3, 0.1 or 1e-05."""
    if not isfinite(value):
        return f'float("{value}")'
    if value == 0:
        return "0" if copysign(1, value) > 0 else "-0.0"
    if value == int(value) and abs(value) < 1e7:
        return str(int(value))
    texts = (f"{value:.{digits}g}" for digits in range(1, 10))
    return next((text for text in texts if float32(float(text)) == value), repr(value))


def literals(values: Iterable[float]) -> str:
    """Values as a list: [1, 2.5]."""
    return f"[{', '.join(map(literal, values))}]"
