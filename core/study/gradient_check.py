"""A gradient line held against autograd at several W: is it the gradient of the cost line, or what else is it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import hypot, inf, isfinite
from random import Random

from core.float32 import float32
from core.language import LazyString, _
from core.state import Opened, Weights

ROUNDING = 2e-5  # so much of a weight's largest gradient may be float32's rounding at any W
AWAY = (-1.0, 2.0, -3.0, 0.5)  # how far from the minimum it is looked at: on the lecture's data at W 0, 3, -2, 1.5


@dataclass(frozen=True)
class GradientCheck:
    """What a gradient line turned out to be, in one sentence for the person who wrote it."""

    sentence: LazyString
    is_usual: bool = False  # it is the gradient, or a multiple as sums and means over the rows are


@dataclass(frozen=True)
class _Pair:
    """A weight's gradient beside autograd's at one W."""

    at: str  # that W, as W 3 or W 3, b -1
    name: str
    gradient: float
    autograd: float
    tolerance: float  # how far float32's rounding alone may take the two apart

    def off(self, factor: float = 1.0) -> float:
        """How many times more than by rounding the gradient differs from `factor` times autograd's."""
        off = abs(self.gradient - factor * self.autograd) / (self.tolerance * max(1.0, abs(factor)))
        return off if isfinite(off) else inf


Gradients = Sequence[tuple[Weights | None, Weights | None]]  # at each W the one that runs, and autograd's


def points_around(centre: Weights) -> tuple[Weights, ...]:
    """Several W around a centre, the minimum where it is known, in directions that are always the same."""
    random = Random(0)
    reach = max(map(abs, centre)) or 1.0
    points = []
    for away in AWAY:
        direction = [random.gauss(0, 1) for _weight in centre] if len(centre) > 1 else [1.0]
        length = away * reach / hypot(*direction)
        points.append(tuple(float32(w + length * step) for w, step in zip(centre, direction, strict=True)))
    return tuple(points)


def check_gradient(
    opened: Opened, points: Sequence[Weights], gradients: Gradients, parameter: str | None = None
) -> GradientCheck | None:
    """What was computed at these points, of all weights or one parameter; None where autograd has no gradient."""
    pairs, rows = list(_pairs(opened, points, gradients, parameter)), opened.table.rows
    if not any(pair.autograd for pair in pairs):
        return None
    usual = _usual_factors(rows)
    for factor in (*usual, *_closest_factors(pairs)):
        if factor and all(pair.off(factor) <= 1 for pair in pairs):
            about = partial(_about_factor, factor, rows, len(points))
            return GradientCheck(LazyString(about), factor in usual)
    return GradientCheck(LazyString(partial(_about_other, max(pairs, key=_Pair.off))))


def with_input(line: str, x_name: str) -> str | None:
    """The line with `* x_train` inside its sum or mean; None where it has neither, or has the factor already."""
    tree = ast.parse(line)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="sum" | "mean"), args=[ast.expr() as summed]):
                factors = (summed.left, summed.right) if isinstance(summed, ast.BinOp) else ()
                if x_name in map(ast.unparse, factors):
                    return None
                node.args = [ast.BinOp(summed, ast.Mult(), ast.Name(x_name))]
                return ast.unparse(ast.fix_missing_locations(tree))
    return None


def _about_factor(factor: float, rows: int, places: int) -> str:
    if factor == 1:
        return _("this is the gradient: autograd says the same at {count} W").format(count=places)
    sign, why = "-" if factor < 0 else "", ""
    if abs(factor) == rows / 2:
        why = _(" = {sign}m/2 for m = {rows}: torch.sum").format(sign=sign, rows=rows)
    elif abs(factor) == rows:
        why = _(" = {sign}m for m = {rows}, as 2 * torch.sum is").format(sign=sign, rows=rows)
    elif abs(factor) == 0.5:
        why = _(": torch.mean without the 2")
    sentence = _("{factor} x the gradient{why}")
    if sign:
        sentence = _("{factor} x the gradient{why}, the wrong sign: it walks uphill")
    return sentence.format(factor=f"{factor:,.0f}" if factor.is_integer() else f"{factor:.6g}", why=why)


def _about_other(pair: _Pair) -> str:
    sentence = _("not the gradient: at {at} {name} is {gradient}, autograd says {autograd}")
    gradient, autograd = f"{pair.gradient:.6g}", f"{pair.autograd:.6g}"
    return sentence.format(at=pair.at or _("one W"), name=pair.name, gradient=gradient, autograd=autograd)


def _pairs(opened: Opened, points: Sequence[Weights], gradients: Gradients, parameter: str | None) -> Iterator[_Pair]:
    """A pair for each weight, or each of a parameter, at each point at which autograd has a gradient."""
    names = opened.names
    numbers = tuple(map(float, range(len(names))))
    kept = opened.part(parameter, numbers) if parameter else numbers
    all_known = [(w, mine, true) for w, (mine, true) in zip(points, gradients, strict=True) if mine and true]
    known = [each for each in all_known if all(map(isfinite, each[2]))]
    for w, gradient, autograd in known:
        at = ", ".join(f"{name} {value:.6g}" for name, value in zip(names, w, strict=True)) if len(names) <= 2 else ""
        for index in map(int, kept):
            name = "gradient" if len(names) == 1 else f"gradient_{names[index]}"
            largest = max(abs(true[index]) for _w, _mine, true in known)
            yield _Pair(at, name, gradient[index], autograd[index], ROUNDING * (largest or 1.0))


def _usual_factors(rows: int) -> tuple[float, ...]:
    """What sums and means over the rows are of the gradient of the mean of squares, uphill too."""
    return tuple(sign * factor for sign in (1, -1) for factor in (1.0, rows / 2, float(rows), 0.5))


def _closest_factors(pairs: Sequence[_Pair]) -> tuple[float, ...]:
    """The factor that brings autograd's gradients closest to the line's, at first in few digits."""
    above = sum(pair.gradient / pair.tolerance * (pair.autograd / pair.tolerance) for pair in pairs)
    closest = above / sum((pair.autograd / pair.tolerance) ** 2 for pair in pairs)
    return float(f"{closest:.2g}"), float(f"{closest:.4g}"), closest
