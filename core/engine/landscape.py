"""The program's own cost as a landscape: where it is least, and how steep in which direction."""

from dataclasses import dataclass, replace
from math import isfinite, nan

import torch
from torch import Tensor

from core.engine.update_map import UpdateMap, flat, learnable, weights_of
from core.measured import Measured

MOST_STEPS, MOST_SHORTENED = 12, 6  # of Newton's method, and how often each may be shortened
MOST_DOUBLINGS, MOST_HALVINGS = 30, 50  # of the search in a kink
DIGITS, KINK_DIGITS = 12, 7  # of the minimum's digits so many are kept, where that costs nothing: rounding goes


@dataclass(frozen=True, eq=False)
class Shape:
    """The cost at a place, with its first and second derivatives."""

    w: Tensor
    cost: float
    gradient: Tensor
    hessian: Tensor


def landscape(lines: UpdateMap) -> tuple[Shape | None, Measured]:
    """(the cost at its minimum, or where that is not found at the program's weights; what is known of it).

    None where the cost doesn't depend on the weights, or raises.
    """
    with lines.begun():
        start = _shape_at(lines, lines.weights)
        if start is None:
            return None, Measured()
        lowest = _newton(lines, start) or _bisection(lines, start)
        shape = lowest or start
        beside = _shape_at(lines, shape.w + steps_of(shape))
    steep, least, steepest, flattest = _directions(shape.hessian, _level(lines))
    size = shape.hessian.diagonal().abs().sqrt()
    alike = lines.rounding * torch.outer(size, size)
    differences = [(other.hessian - shape.hessian).abs() for other in (start, beside) if other]
    return shape, Measured(
        minimum=tuple(shape.w.tolist()) if lowest else None,
        min_cost=shape.cost if lowest else nan,
        max_curvature=steep,
        min_curvature=least,
        steepest=steepest,
        flattest=flattest,
        is_quadratic=bool(size.any()) and all(bool((difference <= alike).all()) for difference in differences),
    )


def steps_of(shape: Shape) -> Tensor:
    """For each weight a power of two: steps that change the prediction alike, as large as the way from 0 to here."""
    lengths = shape.hessian.diagonal().abs().sqrt()
    reach = (shape.w.abs() * lengths).max()
    steps = torch.where(lengths > 0, (reach if reach > 0 else 1.0) / lengths, shape.w.abs().clamp(min=1.0))
    return torch.exp2(steps.log2().round())


def _shape_at(lines: UpdateMap, w: Tensor) -> Shape | None:
    """The cost and its derivatives at w by autograd; None where there are none, or one is not finite."""
    try:
        with learnable(weights_of(lines.runner)) as weights, torch.enable_grad():
            cost = lines.cost_at(w)
            grads = torch.autograd.grad(cost, weights, create_graph=True, materialize_grads=True)
            first = torch.cat([grad.reshape(-1) for grad in grads])
            rows = [
                flat(torch.autograd.grad(part, weights, retain_graph=True, materialize_grads=True))
                if part.requires_grad
                else torch.zeros_like(w)
                for part in first
            ]
            shape = Shape(w, cost.item(), first.detach().double(), torch.stack(rows))
    except Exception:  # whatever the lines raise at these weights
        return None
    is_finite = isfinite(shape.cost) and bool(shape.gradient.isfinite().all() and shape.hessian.isfinite().all())
    return shape if is_finite else None


def _newton(lines: UpdateMap, start: Shape) -> Shape | None:
    """Newton's method; None where it doesn't arrive, or where the cost curves the other way.

    Each weight is scaled so that the Hessian has the diagonal 1; level directions are left alone.
    """
    at, close, level = start, 1e-12 if lines.is_double else 1e-8, _level(lines)
    for _step in range(MOST_STEPS):
        scale, scaled = _scaled(at.hessian)
        values, vectors = torch.linalg.eigh(scaled)
        least = level * values.abs().max()
        if values[0] < -least:
            return None
        step = -(vectors @ (vectors.T @ (at.gradient / scale) / torch.where(values > least, values, torch.inf))) / scale
        saved, moved = -float(at.gradient @ step) / 2, at.w - start.w
        if saved <= close * float(moved @ at.hessian @ moved) or saved <= 1e-20 * abs(start.cost):
            is_level = bool((at.gradient.abs() <= 0.1 * lines.rounding * (1 + start.gradient.abs())).all())
            return _settled(lines, at, DIGITS) if is_level else None
        shapes = (_shape_at(lines, at.w + step / 2**times) for times in range(MOST_SHORTENED))
        lower = next((shape for shape in shapes if shape and shape.cost <= at.cost), None)
        if lower is None:
            return None
        at = lower
    return None


def _scaled(hessian: Tensor) -> tuple[Tensor, Tensor]:
    """(the root of H's diagonal, H with the diagonal 1)."""
    scale = hessian.diagonal().abs().sqrt()
    scale = torch.where(scale > 0, scale, 1.0)
    return scale, hessian / scale / scale[:, None]


def _level(lines: UpdateMap) -> float:
    """The share of the largest curvature below which one is rounding, for weights that are scaled."""
    return 1e-12 if lines.is_double else 1e-6


def _bisection(lines: UpdateMap, start: Shape) -> Shape | None:
    """The minimum over one weight, also in a kink: between two places where the cost falls and rises."""
    if start.w.numel() != 1:
        return None
    low, step = start.w, -start.gradient.sign() * start.w.abs().clamp(min=1.0)
    for _doubling in range(MOST_DOUBLINGS):
        high = _shape_at(lines, low + step)
        if high is None or high.gradient * step > 0:
            break
        low, step = high.w, 2 * step
    else:
        return None
    for _halving in range(MOST_HALVINGS):
        step = step / 2
        middle = _shape_at(lines, low + step)
        if middle and middle.gradient * step < 0:
            low = middle.w
    found = _shape_at(lines, low)
    return found and _settled(lines, found, KINK_DIGITS)


def _settled(lines: UpdateMap, at: Shape, digits: int) -> Shape:
    """A minimum without rounding's last digits, where the cost is no higher there."""
    grain = torch.pow(10.0, steps_of(at).log10().ceil() - digits)
    rounded = (at.w / grain).round() * grain + 0.0  # no -0
    cost = lines.cost_at(rounded).item()
    return replace(at, w=rounded, cost=cost) if cost <= at.cost else at


def _directions(hessian: Tensor, level: float) -> tuple[float, float, tuple[float, ...], tuple[float, ...]]:
    """The largest and the smallest curvature, and their directions.

    The smallest is the largest of the inverse, which keeps the digits that unequal scales cost the matrix itself.
    """
    values, vectors = torch.linalg.eigh(hessian)
    steep, least, steepest, flattest = values[-1], values[0], vectors[:, -1], vectors[:, 0]
    scale, scaled = _scaled(hessian)
    inner, columns = torch.linalg.eigh(scaled)
    if inner[0] > level * inner[-1]:
        values, vectors = torch.linalg.eigh((columns / inner @ columns.T) / scale / scale[:, None])
        least, flattest = 1 / values[-1], vectors[:, -1]
    elif inner[0] >= -level * inner[-1]:
        least, flattest = torch.zeros(()), columns[:, 0] / scale
        flattest /= flattest.norm()
    return float(steep), float(least), _pointing_up(steepest), _pointing_up(flattest)


def _pointing_up(direction: Tensor) -> tuple[float, ...]:
    """The direction in which the weight that changes most grows."""
    return tuple((direction * direction[direction.abs().argmax()].sign()).tolist())
