"""Rounding to float32, the number that torch computes with."""

import struct
from math import copysign, inf


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
