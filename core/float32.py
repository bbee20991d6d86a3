"""Rounding to float32, the number that torch computes with."""

import struct
from math import copysign, inf, isnan


def float32(value: float) -> float:
    """The float32 nearest to `value`, as a Python float; beyond the largest float32 it is inf, as in torch.

    One +, - or * of two float32 values, computed in double and rounded here, is bit for bit torch's own result:
    a double has more than twice the digits, so rounding twice does no harm.
    """
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return copysign(inf, value)
    return rounded


def float32_steps(a: float, b: float) -> int | None:
    """How many steps from one float32 to the next lead from `a` to `b`; inf is one step beyond the largest.

    None where one of them is nan. 0 and -0 are the same place.
    """
    return None if isnan(a) or isnan(b) else abs(_place(a) - _place(b))


def _place(value: float) -> int:
    """Where a value stands among all float32 values in order: its bits, read as a whole number, count them from 0."""
    bits: int = struct.unpack("i", struct.pack("f", abs(value)))[0]
    return -bits if value < 0 else bits
