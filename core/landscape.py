"""cost as a function of the weights: where it is least, how steep in which direction, and what an lr does on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import fsum, inf, log, nan, sqrt

from core.data import Dataset
from core.float32 import float32
from core.language import marked
from core.lr import Lr
from core.state import Engine, Knobs, State, Weights

FEW_ROWS = 100
"""Up to here plain Python does for one weight: numpy takes a third of the time to the first frame to import."""

ROWS_AT_ONCE = 1 << 18

ROUNDING = 1e-4
"""An update that differs by less than this share from lr times the gradient differs by float32's rounding."""

FLAT = 1e-12
"""A direction along which columns of length 1 make less than this share is rounding: it is flat."""


@dataclass(frozen=True, eq=False)
class Landscape:
    """cost(w) = floor + (w - minimum) H (w - minimum) / 2, in double: for drawing. The numbers on it are torch's."""

    minimum: Weights
    """Where cost is least, or one such place where there are many."""
    floor: float
    """The least cost."""
    hessian: tuple[Weights, ...]
    """H, the second derivatives of cost: twice the mean of x_i x_j, where the input of the bias is 1."""
    curvatures: Weights
    """The eigenvalues of H, the largest first: how fast the slope grows along each of the directions."""
    directions: tuple[Weights, ...]
    """The unit eigenvectors of H, the steepest direction first."""

    def cost(self, w: Weights) -> float:
        away = [a - b for a, b in zip(w, self.minimum, strict=True)]
        return self.floor + sum(a * dot(row, away) for a, row in zip(away, self.hessian, strict=True)) / 2

    def slope(self, w: Weights) -> Weights:
        """The true gradient of cost at w."""
        away = [a - b for a, b in zip(w, self.minimum, strict=True)]
        return tuple(dot(row, away) for row in self.hessian)

    @property
    def steepest(self) -> float:
        return self.curvatures[0]

    @property
    def flattest(self) -> float:
        return self.curvatures[-1]

    @property
    def condition(self) -> float:
        """How many times steeper the steepest direction is than the flattest; inf where one is flat."""
        return self.steepest / self.flattest if self.flattest > 0 else inf


def dot(a: "Weights | list[float]", b: "Weights | list[float]") -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@lru_cache(maxsize=4)
def landscape(data: Dataset, bias: bool) -> Landscape:
    """The landscape of H(x) = XW, or XW + b, over a table."""
    if len(data.inputs) == 1 and not bias and len(data) <= FEW_ROWS:
        return _of_one_weight(data)
    return _of_many_weights(data, bias)


def _of_one_weight(data: Dataset) -> Landscape:
    """sum(x y) / sum(x x) is the minimum, or 0 where every x is 0 and no W is better than another."""
    squares = fsum(x * x for x in data.x)
    w = fsum(x * y for x, y in zip(data.x, data.y, strict=True)) / squares if squares else 0.0
    floor = fsum((w * x - y) ** 2 for x, y in zip(data.x, data.y, strict=True)) / len(data)
    curvature = 2 * squares / len(data)
    return Landscape((w,), floor, ((curvature,),), (curvature,), ((1.0,),))


def _of_many_weights(data: Dataset, bias: bool) -> Landscape:
    """From the triangle R of a QR decomposition, made row block by row block (Demmel et al., 2012): the singular values
    of R keep twice the digits that those of R'R would have, so an intercept far away or unequal scales cost none.
    """
    import numpy as np  # see FEW_ROWS

    x = np.frombuffer(data.x, dtype=np.float32).reshape(len(data), -1)
    y = np.frombuffer(data.y, dtype=np.float32)
    rows, weights = len(data), x.shape[1] + bias
    triangle = np.zeros((0, weights + 1))
    for start in range(0, rows, ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        ones = np.ones((len(y[part]), int(bias)))
        block = np.hstack([x[part], ones, y[part, None]]).astype(np.float64)
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    triangle = np.vstack([triangle, np.zeros((max(0, weights - len(triangle)), weights + 1))]) / np.sqrt(rows)
    design, target = triangle[:, :weights], triangle[:, weights]
    lengths = np.linalg.norm(design, axis=0)
    lengths[lengths == 0] = 1
    scaled, _, rank, _ = np.linalg.lstsq(design / lengths, target, rcond=FLAT)
    w = scaled / lengths
    _, singular, directions = np.linalg.svd(design)
    curvatures = 2 * singular**2
    curvatures[rank:] = 0
    directions = directions * np.sign(directions[np.arange(weights), np.abs(directions).argmax(axis=1)])[:, None]
    return Landscape(
        tuple(w.tolist()),
        float(np.sum((design @ w - target) ** 2)),
        tuple(map(tuple, (2 * design.T @ design).tolist())),
        tuple(curvatures.tolist()),
        tuple(map(tuple, directions.tolist())),
    )


@dataclass(frozen=True)
class Plane:
    """Two coordinates over the space of the weights, and the cost over them."""

    names: tuple[str, str]
    origin: Weights
    directions: tuple[Weights, Weights]
    centre: tuple[float, float]
    """Where cost is least in the plane."""
    hessian: tuple[float, float, float]
    """The second derivatives over the first coordinate, over both, over the second."""

    def of(self, w: Weights) -> tuple[float, float]:
        """The coordinates of the weights w."""
        away = [a - b for a, b in zip(w, self.origin, strict=True)]
        return dot(self.directions[0], away), dot(self.directions[1], away)

    def second(self, first: float, rise: float) -> Iterator[float]:
        """The second coordinates at which cost is by `rise` higher than at the centre, where the first is given."""
        a, b, c = self.hessian
        away = first - self.centre[0]
        return (self.centre[1] + root for root in _roots(c, b * away, a * away * away - 2 * rise))

    def first(self, second: float, rise: float) -> Iterator[float]:
        """The first coordinates at which cost is by `rise` higher than at the centre, where the second is given."""
        a, b, c = self.hessian
        away = second - self.centre[1]
        return (self.centre[0] + root for root in _roots(a, b * away, c * away * away - 2 * rise))

    def rise(self, point: tuple[float, float]) -> float:
        """How much higher than at the centre cost is at a point."""
        u, v = point[0] - self.centre[0], point[1] - self.centre[1]
        a, b, c = self.hessian
        return (a * u * u + 2 * b * u * v + c * v * v) / 2


def plane(land: Landscape, names: tuple[str, ...]) -> Plane:
    """The plane of two weights; with more of them, the one through the minimum along the steepest direction and the
    flattest, measured from the minimum.
    """
    if len(names) == 2:
        (a, b), (_, c) = land.hessian
        return Plane((names[0], names[1]), (0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)), _pair(land.minimum), (a, b, c))
    directions = land.directions[0], land.directions[-1]
    return Plane(
        (marked("steepest"), marked("flattest")),
        land.minimum,
        directions,
        (0.0, 0.0),
        (land.steepest, 0.0, land.flattest),
    )


def _roots(a: float, half_b: float, c: float) -> tuple[float, ...]:
    """Where a x^2 + 2 half_b x + c is 0."""
    inside = half_b * half_b - a * c
    if a <= 0 or inside < 0:
        return ()
    return (-half_b - sqrt(inside)) / a, (-half_b + sqrt(inside)) / a


def _pair(values: Weights) -> tuple[float, float]:
    return values[0], values[1]


@dataclass(frozen=True)
class Measured:
    """What the program that runs does to W, as measured by running it; nan and False until it is."""

    curvature: float = nan
    """How fast the update over lr grows along the steepest direction: on the lecture's data 14 for sum, 28/3 for 2 *
    mean and for autograd. Negative where the program walks uphill.
    """
    remembers: bool = False
    """Whether an update depends on earlier ones, too, as with momentum, or where zero_grad() is forgotten."""


UNMEASURED = Measured()


def measure(engine: Engine, knobs: Knobs, land: Landscape) -> Measured:
    """Run the program's own epoch at two w along the steepest direction; a changed one also for what it remembers."""
    curvature = _gradient_curvature(engine, knobs, land)
    if not knobs.listing.is_changed(knobs.method):
        return Measured(curvature)
    lr = 1 / abs(curvature) if curvature else 1.0  # so that the update is as long as the way to the minimum
    tried, direction, w = knobs.with_lr(Lr.at(lr)), land.directions[0], beside(land, 1)
    fresh = engine.run_epochs(tried, State(w), 1)
    used = engine.run_epoch(tried, 0, State(w, (1.0,) * len(w)))
    remembers = any(made_by for made_by, _key in fresh.memory) or used.w_next != tuple(fresh.w_next)
    slope, walked = dot(direction, list(fresh.gradient)), dot(direction, w) - dot(direction, list(fresh.w_next))
    scale = walked / (lr * slope) if slope else 0.0
    return Measured(curvature * (1.0 if abs(scale - 1) < ROUNDING else scale), remembers)


def _gradient_curvature(engine: Engine, knobs: Knobs, land: Landscape) -> float:
    """How much the gradient grows along the steepest direction."""
    direction, ends = land.directions[0], [beside(land, sign) for sign in (-1, 1)]
    left, right = (dot(direction, engine.run_epoch(knobs, 0, State(w)).gradient) for w in ends)
    return (right - left) / (dot(direction, ends[1]) - dot(direction, ends[0]))


def beside(land: Landscape, sign: int) -> Weights:
    """A w beside the minimum along the steepest direction, as far from it as it is from 0."""
    reach = max(map(abs, land.minimum)) or 1.0
    return tuple(float32(w + sign * reach * step) for w, step in zip(land.minimum, land.directions[0], strict=True))


class Behaviour(StrEnum):
    """What an lr does to the error w - w*, epoch after epoch, along the steepest direction."""

    STAYS = marked("stays")
    CREEPS = marked("creeps towards the minimum")
    ONE_STEP = marked("lands in one step")
    SWINGS = marked("swings across, and settles")
    BOUNCES = marked("bounces for ever")
    BREAKS = marked("breaks away")


@dataclass(frozen=True)
class Effect:
    """What one lr does where the gradient has a given curvature along the steepest direction and the flattest."""

    lr: float
    curvature: float
    flattest: float

    @property
    def one_step_lr(self) -> float:
        """The lr that lands on the minimum in one step, along the steepest direction: 1 / curvature."""
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
    def flattest_factor(self) -> float:
        """The same along the flattest direction."""
        return 1 - self.lr * self.flattest

    @property
    def half_life(self) -> float:
        """How many epochs it takes to halve the error along the flattest direction; inf where none does."""
        factor = abs(self.flattest_factor)
        return log(0.5) / log(factor) if 0 < factor < 1 else 0.0 if factor == 0 else inf

    @property
    def behaviour(self) -> Behaviour:
        """The factor in words; within a millionth of a mark counts as on it, for float32 can't tell them apart."""
        near = 1e-6
        factor = self.factor
        if factor == 1:
            return Behaviour.STAYS
        if abs(factor) <= near:
            return Behaviour.ONE_STEP
        if abs(factor + 1) <= near:
            return Behaviour.BOUNCES
        if abs(factor) > 1:
            return Behaviour.BREAKS
        return Behaviour.CREEPS if factor > 0 else Behaviour.SWINGS
