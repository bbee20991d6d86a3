"""Manual and optim side by side: an epoch of each from the very same state, and how the two compare."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from math import isclose, isfinite, nan

from core.descent import Descent
from core.ending import FLOAT32_STEP
from core.float32 import float32_steps
from core.landscape import dot
from core.listing import GradientForm, Listing, Method, Phase
from core.state import Engine, Epoch, State, Weights

ROUNDING = 1e-3
"""Up to so much of it two ratios count as one: the rest is float32's rounding."""

REMAINDER = 1e-5
"""So much of the largest gradient may be rounding in any other."""


@dataclass(frozen=True)
class Side:
    """What one epoch of a method does, and the cost that it leads to."""

    epoch: Epoch
    cost_next: float

    @property
    def update(self) -> Weights:
        """What each weight is changed by."""
        return tuple(after - before for before, after in zip(self.epoch.w, self.epoch.w_next, strict=True))

    @property
    def is_lr_times_gradient(self) -> bool:
        """Whether the update is what the lecture's is, - lr x gradient, but for rounding."""
        epoch = self.epoch
        return all(
            is_lr_times_gradient(w, epoch.lr, slope, w_next)
            for w, slope, w_next in zip(epoch.w, epoch.gradient, epoch.w_next, strict=True)
        )


class Relation(Enum):
    """How one list of numbers is related to another."""

    MULTIPLE = auto()
    UNEVEN = auto()
    BOTH_ZERO = auto()
    ONE_ZERO = auto()
    NOT_FINITE = auto()


class Outcome(Enum):
    """How the next W of the two methods differ, and why."""

    SAME = auto()
    ROUNDED = auto()
    """lr x gradient is the same on paper: it is the last digits that differ."""
    APART = auto()
    """lr x gradient differs."""
    OWN_UPDATE = auto()
    """A method's update is not lr x gradient."""
    NOT_FINITE = auto()


@dataclass(frozen=True)
class Comparison:
    """Both methods at one state, each with its own lr and its own lines of the listing in use."""

    listing: Listing
    names: tuple[str, ...]
    rows: int
    manual: Side
    optim: Side

    @cached_property
    def gradients(self) -> tuple[Relation, float]:
        """How manual's gradient is related to optim's, and how many times it is it; nan where no number tells that."""
        return related(self.manual.epoch.gradient, self.optim.epoch.gradient)

    @property
    def known_ratio(self) -> float | None:
        """The ratio of the two gradients on paper, where the lecture's lines make both: m/2 for the sum, 1 for the
        2 * mean.
        """
        before = {Method.MANUAL: Phase.GRADIENT, Method.OPTIM: Phase.UPDATE}
        numbers = (
            line.number
            for method, end in before.items()
            for phase in Phase
            if phase < end
            for line in self.listing.phase_lines(method, phase)
        )
        if not self.listing.changed.isdisjoint(numbers):
            return None
        ratios = {GradientForm.SUM: self.rows / 2, GradientForm.MEAN: 1.0}
        return ratios[form] if (form := self.listing.gradient_form) else None

    @property
    def ratio_shows(self) -> bool:
        """Whether the known ratio can be seen in the gradients: near the minimum rounding is all that is left."""
        relation, ratio = self.gradients
        known = self.known_ratio
        return relation is Relation.MULTIPLE and known is not None and isclose(ratio, known, rel_tol=ROUNDING)

    @property
    def lrs_match(self) -> bool:
        """Whether lr x gradient is the same for both methods, but for rounding."""
        manual_lr, optim_lr = self.manual.epoch.lr, self.optim.epoch.lr
        if self.known_ratio is not None:
            return isclose(manual_lr * self.known_ratio, optim_lr, rel_tol=1e-9)
        return isclose(manual_lr * self.gradients[1], optim_lr, rel_tol=ROUNDING)

    @property
    def steps(self) -> tuple[int | None, ...]:
        """How many float32 steps lie between the two next values of each weight; None where one is nan."""
        return tuple(map(float32_steps, self.manual.epoch.w_next, self.optim.epoch.w_next))

    @property
    def outcome(self) -> Outcome:
        if not all(map(isfinite, (*self.manual.epoch.w_next, *self.optim.epoch.w_next))):
            return Outcome.NOT_FINITE
        if not any(self.steps):
            return Outcome.SAME
        if not (self.manual.is_lr_times_gradient and self.optim.is_lr_times_gradient):
            return Outcome.OWN_UPDATE
        return Outcome.ROUNDED if self.lrs_match else Outcome.APART


def comparison(descent: Descent, engine: Engine) -> Comparison:
    """Both methods from the W of now, with the .grad and the memory of now. Raises RunFailed."""
    state = descent.tape.state(descent.epoch)

    def side(method: Method) -> Side:
        knobs = replace(descent.knobs, method=method)
        epoch = engine.run_epoch(knobs, descent.epoch, state)
        return Side(epoch, engine.run_epoch(knobs, descent.epoch + 1, State(epoch.w_next)).cost)

    manual, optim = side(Method.MANUAL), side(Method.OPTIM)
    return Comparison(descent.knobs.listing, descent.names, len(descent.data), manual, optim)


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
    ratio = dot(a, b) / dot(b, b)
    multiples = [ratio * value for value in b]
    allowed = REMAINDER * max(map(abs, multiples))
    if all(abs(x - y) <= ROUNDING * abs(y) + allowed for x, y in zip(a, multiples, strict=True)):
        return Relation.MULTIPLE, ratio
    return Relation.UNEVEN, nan
