"""cost as a function of W: its curve, its curvature, and what an lr does on it."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from core.data import Dataset
from core.state import Engine, Knobs, State

LECTURE_RANGE = (-5.0, 7.0)
"""The range of W in the lecture's picture of cost(W)."""


def cost(data: Dataset, w: float) -> float:
    """cost(W) = (1/m) sum (W x_i - y_i)^2, in double: for drawing the curve. The numbers on it are torch's."""
    errors = [w * x - y for x, y in zip(data.x, data.y, strict=True)]
    return sum(error * error for error in errors) / len(data)


def slope(data: Dataset, w: float) -> float:
    """The slope of cost(W): (2/m) sum (W x_i - y_i) x_i, in double: for drawing the tangent."""
    return 2 * sum((w * x - y) * x for x, y in zip(data.x, data.y, strict=True)) / len(data)


def minimum(data: Dataset) -> float:
    """The W at which cost(W) is least: sum(x y) / sum(x x); 0 where every x is 0 and no W is better than another."""
    squares = sum(x * x for x in data.x)
    return sum(x * y for x, y in zip(data.x, data.y, strict=True)) / squares if squares else 0.0


def measured_curvature(engine: Engine, knobs: Knobs) -> float:
    """How much the gradient grows as W grows by 1, measured by running the listing's own gradient at two W.

    For sum on the lecture's data it is 14, for 2 * mean and for autograd 28/3.
    """
    left, right = LECTURE_RANGE
    gradients = [engine.run_epoch(knobs, 0, State((w,))).gradient[0] for w in (left, right)]
    return (gradients[1] - gradients[0]) / (right - left)


class Behaviour(StrEnum):
    """What an lr does to the error W - W*, epoch after epoch."""

    STAYS = "stays"
    CREEPS = "creeps towards the minimum"
    ONE_STEP = "lands in one step"
    SWINGS = "swings across, and settles"
    BOUNCES = "bounces for ever"
    BREAKS = "breaks away"


@dataclass(frozen=True)
class Effect:
    """What one lr does where the gradient has a given curvature."""

    lr: float
    curvature: float

    @property
    def one_step_lr(self) -> float:
        """The lr that lands on the minimum in one step: 1 / curvature."""
        return 1 / self.curvature if self.curvature > 0 else inf

    @property
    def edge_lr(self) -> float:
        """The lr at which the run breaks: 2 / curvature."""
        return 2 * self.one_step_lr

    @property
    def factor(self) -> float:
        """What each epoch multiplies the error by: 1 - lr * curvature."""
        return 1 - self.lr * self.curvature

    @property
    def behaviour(self) -> Behaviour:
        """The factor in words; within a millionth of a mark counts as on it, for float32 can't tell them apart."""
        near = 1e-6
        factor = self.factor
        if abs(factor - 1) <= near * min(1, self.lr):
            return Behaviour.STAYS
        if abs(factor) <= near:
            return Behaviour.ONE_STEP
        if abs(factor + 1) <= near:
            return Behaviour.BOUNCES
        if abs(factor) > 1:
            return Behaviour.BREAKS
        return Behaviour.CREEPS if factor > 0 else Behaviour.SWINGS
