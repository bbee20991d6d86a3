"""Manual and optim side by side: an epoch of each from the same weights, and how the two compare."""

from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from math import isclose, isfinite, nan

from core.behaviour import FLOAT32_STEP
from core.edits import GradientForm, gradient_form
from core.float32 import float32_steps
from core.state import EpochTrace, Opened, State, Weights

ROUNDING = 1e-3  # ratios that differ by less than this share are one: the rest is float32's rounding
REMAINDER = 1e-5  # so much of the largest gradient may be rounding in any other
AWAY = (-1.0, 2.0, -3.0)  # by so much every weight is moved to compare the gradients elsewhere, too


@dataclass(frozen=True)
class Side:
    """What one epoch of a method does, and the cost that it leads to."""

    trace: EpochTrace
    cost_next: float
    elsewhere: Weights = ()  # the gradients that run at other weights: their ratio is no rounding

    @property
    def lr(self) -> float:
        """The lr in the text; nan where it has none."""
        return nan if self.trace.program.lr is None else self.trace.program.lr

    @property
    def gradient(self) -> Weights:
        """The gradient that ran; nan for each weight where there is none."""
        return self.trace.gradient or (nan,) * len(self.trace.w)

    @property
    def update(self) -> Weights:
        return tuple(after - before for before, after in zip(self.trace.w, self.trace.w_next, strict=True))

    @property
    def is_lr_times_gradient(self) -> bool:
        """Whether the update is the lecture's, - lr x gradient, but for rounding."""
        steps = zip(self.trace.w, self.gradient, self.trace.w_next, strict=True)
        return all(is_lr_times_gradient(w, self.lr, gradient, w_next) for w, gradient, w_next in steps)


class Relation(Enum):
    """How one list of numbers is related to another."""

    MULTIPLE = auto()
    UNEVEN = auto()
    BOTH_ZERO = auto()
    ONE_ZERO = auto()
    NOT_FINITE = auto()


class Difference(Enum):
    """How the next W of the two methods differ, and why."""

    SAME = auto()
    ROUNDED = auto()  # lr x gradient is the same on paper: only the last digits differ
    APART = auto()  # lr x gradient differs
    OWN_UPDATE = auto()  # a method's update is not lr x gradient
    NOT_FINITE = auto()


@dataclass(frozen=True)
class Comparison:
    """Both methods from the same weights, each with its own program and its own lr."""

    names: tuple[str, ...]
    rows: int
    manual: Side
    optim: Side
    other_opened: Opened = field(repr=False)  # what the set-up of the method that doesn't run has made

    @cached_property
    def gradients(self) -> tuple[Relation, float]:
        """How manual's gradient is related to optim's, and how many times it is it; nan where it is no multiple."""
        return related(self.manual.gradient, self.optim.gradient)

    @cached_property
    def known_ratio(self) -> float | None:
        """How many times optim's gradient manual's is wherever both were computed; None where it is no multiple."""
        relation, ratio = related(self.manual.elsewhere, self.optim.elsewhere)
        if relation is not Relation.MULTIPLE:
            return None
        usual = (self.rows / 2, float(self.rows), 1.0, 0.5)
        return next((each for each in usual if isclose(ratio, each, rel_tol=ROUNDING)), ratio)

    @property
    def ratio_shows(self) -> bool:
        """Whether the known ratio can be seen in the gradients: near the minimum only rounding is left."""
        return self.known_ratio is not None and isclose(self.gradients[1], self.known_ratio, rel_tol=ROUNDING)

    @cached_property
    def lecture_form(self) -> GradientForm | None:
        """How manual writes its gradient, where that is one of the lecture's ways and the ratio is the one it has."""
        form = gradient_form(self.manual.trace.program)
        usual = {GradientForm.SUM: self.rows / 2, GradientForm.MEAN: 1.0}
        return form if form and self.known_ratio == usual[form] else None

    @property
    def lrs_match(self) -> bool:
        """Whether lr x gradient is the same for both methods, but for rounding."""
        ratio = self.gradients[1] if self.known_ratio is None else self.known_ratio
        return isclose(self.manual.lr * ratio, self.optim.lr, rel_tol=ROUNDING)

    @property
    def steps(self) -> tuple[int | None, ...]:
        """How many float32 steps lie between the two next values of each weight; None where one is nan."""
        return tuple(map(float32_steps, self.manual.trace.w_next, self.optim.trace.w_next))

    @property
    def difference(self) -> Difference:
        if not all(map(isfinite, (*self.manual.trace.w_next, *self.optim.trace.w_next))):
            return Difference.NOT_FINITE
        if not any(self.steps):
            return Difference.SAME
        if not (self.manual.is_lr_times_gradient and self.optim.is_lr_times_gradient):
            return Difference.OWN_UPDATE
        return Difference.ROUNDED if self.lrs_match else Difference.APART


def state_for(opened: Opened, weights: Weights, state: State) -> State:
    """The state of a program with the weights of another one, and with what that left in .grad and its memory."""
    return opened.with_weights(opened.start, weights).with_slots_of(state)


def points_beside(weights: Weights) -> tuple[Weights, ...]:
    """Other weights, far enough away for a gradient to be more than rounding."""
    return tuple(tuple(w + away * (1 + abs(w)) for w in weights) for away in AWAY)


def is_lr_times_gradient(w: float, lr: float, gradient: float, w_next: float) -> bool:
    """Whether a weight was changed by - lr x gradient, but for rounding."""
    product = lr * gradient
    return abs(w - product - w_next) <= 4 * FLOAT32_STEP * max(abs(w), abs(product))


def related(a: Weights, b: Weights) -> tuple[Relation, float]:
    """How `a` is related to `b`, and how many times it is `b`: the ratio that fits best, if it fits every pair."""
    if not all(map(isfinite, (*a, *b))):
        return Relation.NOT_FINITE, nan
    if not any(a) or not any(b):
        return (Relation.ONE_ZERO if any(a) or any(b) else Relation.BOTH_ZERO), nan
    ratio = sum(x * y for x, y in zip(a, b, strict=True)) / sum(y * y for y in b)
    allowed = REMAINDER * abs(ratio) * max(map(abs, b))
    if all(abs(x - ratio * y) <= ROUNDING * abs(ratio * y) + allowed for x, y in zip(a, b, strict=True)):
        return Relation.MULTIPLE, ratio
    return Relation.UNEVEN, nan
