"""The ladder of learning rates: 1, 1.5, 2, 3, 5, 7 in every power of ten."""

from dataclasses import dataclass, field
from fractions import Fraction

from core.parsing import LARGEST_LR

RUNGS = (0.0, *(float(f"{digit}e{power}") for power in range(-30, 6) for digit in (1, 1.5, 2, 3, 5, 7)), LARGEST_LR)


@dataclass(frozen=True)
class Lr:
    """A learning rate, and the rate that was last set by other means than the ladder.

    That rate is a rung of its own, so a step up and a step down always return to where they began.
    """

    value: float
    anchor: float = field(compare=False)

    @classmethod
    def at(cls, value: float) -> "Lr":
        """A rate that was typed, doubled or read from the program."""
        return cls(value, value)

    @classmethod
    def largest_rung(cls, most: float) -> "Lr":
        """The largest rung of the ladder that is not above `most`."""
        return cls.at(max(rung for rung in RUNGS if rung <= most))

    def up(self, more: tuple[float, ...] = ()) -> "Lr":
        """One rung up, of the ladder or one `more`; at the top it stays."""
        rungs = (*RUNGS, *more, self.anchor)
        return Lr(min((rung for rung in rungs if rung > self.value), default=self.value), self.anchor)

    def down(self, more: tuple[float, ...] = ()) -> "Lr":
        """One rung down; at 0 it stays."""
        rungs = (*RUNGS, *more, self.anchor)
        return Lr(max((rung for rung in rungs if rung < self.value), default=self.value), self.anchor)

    def times(self, factor: float) -> "Lr":
        """The rate doubled or halved; beyond the largest it stays."""
        return self if self.value * factor > LARGEST_LR else Lr.at(self.value * factor)


def simple_fraction(lr: float) -> Fraction | None:
    """The simple fraction that an lr measured in float32 is, as 1/14 or 3/28; None where it is none."""
    fraction = Fraction(lr).limit_denominator(200)
    return fraction if fraction and abs(float(fraction) - lr) < 1e-6 * lr else None


def as_rung(lr: float) -> float:
    """A measured lr as a rung: the simple fraction that it is, or rounded to what float32 can tell."""
    return float(simple_fraction(lr) or f"{lr:.6g}")
