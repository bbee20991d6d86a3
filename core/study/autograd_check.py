"""A gradient line held against autograd, at several W: is it the gradient of the cost line, or what else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite, nan, sqrt
from random import Random

from core.data import Dataset
from core.float32 import float32
from core.landscape import Landscape, landscape
from core.listing import UNWRITTEN, Listing, Method, Phase
from core.state import Engine, Knobs, RunFailed, State, Weights
from core.study.verdict import GradientCheck, Verdict

FLOAT32 = 2.0**-23
"""The step from 1 to the next float32."""

SMALLEST = 2.0**-149
"""The smallest float32 above 0: what is less is lost."""

NEAR_THE_LARGEST = 1e30
"""A gradient of this size may be inf on the way to it, where a sum comes before its division."""

AWAY = (-1.0, 2.0, -3.0, 0.5)
"""How far from the minimum the gradient is looked at; on the lecture's data at W 0, 3, -2 and 1.5."""


@dataclass(frozen=True)
class _Place:
    """The two gradients at one w, and how far float32's rounding alone may take them apart."""

    w: Weights
    gradient: Weights
    autograd: Weights
    tolerance: Weights

    def differ(self, factor: float) -> Iterator[float]:
        """How many times more than by rounding each weight's gradient differs from so many times autograd's."""
        for gradient, autograd, tolerance in zip(self.gradient, self.autograd, self.tolerance, strict=True):
            yield abs(gradient - factor * autograd) / (tolerance * max(1.0, abs(factor)))


def check_gradient(
    engine: Engine, knobs: Knobs, data: Dataset, parameter: str | None = None, most: int = len(AWAY)
) -> GradientCheck:
    """Hold the gradient of the program that the knobs stand on against autograd's, of its own cost line, at several W.

    With a parameter (W or b) only its part of the gradient, which has a line of its own; at `most` so many W. Raises
    RunFailed where the program can't be run.
    """
    listing, rows = knobs.listing, len(data)
    names = listing.weight_names(len(data.inputs))
    numbers = tuple(map(float, range(len(names))))
    part = [number in (listing.part(parameter, numbers) if parameter else numbers) for number in numbers]
    places = [_only(place, part) for place in islice(_places(engine, knobs, data), most)]
    called = ("gradient",) if len(names) == 1 else tuple(f"gradient_{name}" for name in names)
    called = tuple(name for name, kept in zip(called, part, strict=True) if kept)

    def found(verdict: Verdict, factor: float = nan, place: _Place | None = None, worst: int = 0) -> GradientCheck:
        if place is None:
            return GradientCheck(verdict, factor, rows, len(places))
        at = ", ".join(f"{name} {w:.6g}" for name, w in zip(names, place.w, strict=True)) if len(names) <= 2 else ""
        shown = called[worst], place.gradient[worst], place.autograd[worst]
        return GradientCheck(verdict, factor, rows, len(places), at, *shown)

    for place in places:
        for index, gradient in enumerate(place.gradient):
            if not isfinite(gradient):
                return found(Verdict.NOT_FINITE, place=place, worst=index)
    if not any(a and abs(a) > 4 * t for place in places for a, t in zip(place.autograd, place.tolerance, strict=True)):
        return found(Verdict.UNTOLD)
    if all(difference <= 1 for place in places for difference in place.differ(1.0)):
        return found(Verdict.GRADIENT, 1.0)
    for factor in filter(None, _factors(places, rows)):
        if all(difference <= 1 for place in places for difference in place.differ(factor)):
            return found(Verdict.MULTIPLE if factor > 0 else Verdict.UPHILL, factor)
    place = max(places, key=lambda place: max(place.differ(1.0)))
    differences = list(place.differ(1.0))
    return found(Verdict.OTHER, place=place, worst=differences.index(max(differences)))


def by_autograd(listing: Listing) -> Listing:
    """The lecture's listing with manual's hypothesis and cost lines of this one in optim: its W.grad is autograd's own
    gradient of that cost.
    """
    reference = listing.pristine
    for phase in (Phase.HYPOTHESIS, Phase.COST):
        pairs = zip(listing.phase_lines(Method.MANUAL, phase), listing.phase_lines(Method.OPTIM, phase), strict=True)
        for manual, optim in pairs:
            if manual.text != UNWRITTEN:
                reference = reference.with_line(optim.number, manual.text)
    return reference


def _places(engine: Engine, knobs: Knobs, data: Dataset) -> Iterator[_Place]:
    """The gradients at several W; without those at which autograd's is no number, or nearly none."""
    land = landscape(data, knobs.listing.bias)
    reference = knobs.listing.pristine if knobs.method is Method.OPTIM else by_autograd(knobs.listing)
    by_torch = replace(knobs, listing=reference, method=Method.OPTIM)
    for w in tried_w(land):
        gradient = engine.run_epoch(knobs, 0, State(w)).gradient
        try:
            autograd = engine.run_epoch(by_torch, 0, State(w)).gradient
        except RunFailed:  # the cost line has no gradient
            continue
        overflows = not all(map(isfinite, gradient)) and max(map(abs, autograd)) > NEAR_THE_LARGEST
        if all(map(isfinite, autograd)) and not overflows:
            yield _Place(w, gradient, autograd, _tolerance(land, w, autograd, len(data)))


def tried_w(land: Landscape) -> Iterator[Weights]:
    """Several W, far enough from the minimum for the gradient to be more than rounding: for several weights along the
    steepest and the flattest direction and along others, always the same.
    """
    reach = max(map(abs, land.minimum)) or 1.0
    if len(land.minimum) == 1:
        directions: list[Weights] = [(1.0,)] * len(AWAY)
    else:
        random = Random(0)
        mixed = [tuple(random.gauss(0, 1) for _ in land.minimum) for _ in AWAY[2:]]
        lengths = [sqrt(sum(step * step for step in direction)) for direction in mixed]
        directions = [land.directions[0], land.directions[-1]]
        directions += [tuple(s / length for s in d) for d, length in zip(mixed, lengths, strict=True)]
    for away, direction in zip(AWAY, directions, strict=True):
        yield tuple(float32(w + away * reach * step) for w, step in zip(land.minimum, direction, strict=True))


def _tolerance(land: Landscape, w: Weights, autograd: Weights, rows: int) -> Weights:
    """How far float32 may be off in each weight's gradient.

    A gradient is the mean of (H(x) - y) times an input, and each of its terms is rounded at the size of |W x| + |y|,
    whatever is left of them in the end. So the bound is float32's step times these sizes, by their root mean squares;
    a sum loses more the more rows it has (on 3 million rows 0.3 % were seen). A cost of one's own may be on another
    scale than the mean of squares.
    """
    inputs = [sqrt(max(0.0, row[index]) / 2) for index, row in enumerate(land.hessian)]
    size = sqrt(land.cost((0.0,) * len(w))) + sum(abs(a) * b for a, b in zip(w, inputs, strict=True))
    true = sqrt(sum(slope * slope for slope in land.slope(w)))
    scale = sqrt(sum(slope * slope for slope in autograd)) / true if true else 1.0
    share = min(0.05, FLOAT32 * (16 + rows / 32)) * (scale or 1.0)
    return tuple(share * 2 * size * each + 16 * SMALLEST for each in inputs)


def _factors(places: list[_Place], rows: int) -> tuple[float, ...]:
    """The factors that it may be: those that one meets, and the one that brings autograd's gradients closest to the
    line's, each weighed by how well it is known; that one in few digits where rounding allows.
    """
    above = below = 0.0
    for place in places:
        for gradient, autograd, tolerance in zip(place.gradient, place.autograd, place.tolerance, strict=True):
            above += gradient / tolerance * (autograd / tolerance)
            below += autograd / tolerance * (autograd / tolerance)
    closest = above / below
    met = tuple(sign * factor for sign in (1, -1) for factor in (rows / 2, float(rows), 0.5, 1.0))
    return (*met, float(f"{closest:.2g}"), float(f"{closest:.4g}"), closest)


def _only(place: _Place, part: list[bool]) -> _Place:
    """The same place with some of the weights' gradients; its w stays whole."""

    def cut(values: Weights) -> Weights:
        return tuple(value for value, kept in zip(values, part, strict=True) if kept)

    return _Place(place.w, cut(place.gradient), cut(place.autograd), cut(place.tolerance))
