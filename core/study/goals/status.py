"""Whether a goal is met, and how numbers are written in saying why."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose


@dataclass(frozen=True)
class GoalStatus:
    """Whether a goal is met, and in numbers from the run why, or what is still missing."""

    met: bool
    why: str


SAME = 1e-5
"""Numbers that differ by less than this share are one number, to within float32."""


def completed(why: str) -> GoalStatus:
    return GoalStatus(True, why)


def unmet(why: str) -> GoalStatus:
    return GoalStatus(False, why)


def same(a: float, b: float) -> bool:
    return isclose(a, b, rel_tol=SAME, abs_tol=SAME)


def number(value: float) -> str:
    """A number in the few digits that a sentence needs."""
    return f"{value:.4g}"


def signed(value: float) -> str:
    return f"{value:+.4g}"


def listed(values: Iterable[float]) -> str:
    return ", ".join(map(number, values))
