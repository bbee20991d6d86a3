"""What a program does, measured from its own lines; the runner is left as it was."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from math import isfinite, log2, nan

import torch
from torch import Tensor

from core.engine.landscape import Shape, landscape, steps_of
from core.engine.runner import Runner
from core.engine.update_map import UpdateMap, put, true_gradients, unchanged, weights_of
from core.measured import LrResponse, Measured
from core.state import MOST_NUMBERS, State, Weights

PLACES = (-1.0, 2.5)  # in steps along all weights at once: no kink is in the middle of these and 0 and 1
MANY = 8  # from so many weights on their costs are computed at once, if the lines allow it
AT_ONCE = 500_000  # rows: a few MB for each of the program's names


def costs(runner: Runner, state: State, points: tuple[Weights, ...]) -> Weights:
    """The program's own cost at other weights; nan where it can't be computed."""
    with unchanged(runner), torch.no_grad():
        runner.restore(state)
        if len(points) >= MANY:
            with suppress(Exception):  # whatever the lines raise where they run for many weights at once
                return _costs_at_once(runner, torch.tensor(points))
        found, weights = [], weights_of(runner)
        for point in torch.tensor(points):
            put(weights, point)
            try:
                runner.forward()
                found.append(runner.cost())
            except Exception:  # whatever the lines raise at these weights
                found.append(nan)
    return tuple(found)


def _costs_at_once(runner: Runner, points: Tensor) -> Weights:
    """The costs by one pass through the lines. Raises where they need numbers, or weights that have no names."""
    sizes = [weight.numel() for weight in weights_of(runner)]

    def cost(point: Tensor) -> Tensor:
        for part, values in zip(runner.weights, point.split(sizes), strict=True):
            runner.names[part.expression] = values.view_as(part.read())
        runner.forward()
        found: Tensor = runner.cost_tensor()
        return found.reshape(())

    if not all(part.expression for part in runner.weights):
        raise ValueError
    return tuple(torch.vmap(cost, chunk_size=1 + AT_ONCE // (1 + runner.opened.table.rows))(points).tolist())


def gradients(
    runner: Runner, state: State, points: tuple[Weights, ...]
) -> tuple[tuple[Weights | None, Weights | None], ...]:
    """(the gradient that runs, autograd's of the program's own cost) at other weights."""

    def ran(point: Weights) -> Weights | None:
        with suppress(Exception):  # whatever the lines raise at these weights
            runner.restore(runner.opened.with_weights(state, point))
            runner.epoch(0)
            return runner.gradient()
        return None

    with unchanged(runner):
        return tuple((ran(point), true_gradient(runner, point)) for point in points)


def true_gradient(runner: Runner, weights: Weights) -> Weights | None:
    """autograd of the program's own cost at these weights; None where there is none."""
    with unchanged(runner):
        found = true_gradients(runner, [torch.tensor(weights)])
    return tuple(found[0].tolist()) if found else None


def measure(runner: Runner, state: State) -> Measured:
    """What the program does to its weights; what an update remembers is as the set-up has left it."""
    opened = runner.opened
    weights = opened.weights_of(state)
    if not 0 < len(weights) <= MOST_NUMBERS:
        return Measured()
    if not all(map(isfinite, weights)):
        weights = opened.weights_of(opened.start)
    with unchanged(runner):
        lines = UpdateMap(runner, opened.with_weights(opened.start, weights))
        shape, measured = landscape(lines)
        with suppress(Exception):  # whatever the lines raise at these weights
            return _of_updates(lines, shape, measured)
    return measured


def _of_updates(lines: UpdateMap, shape: Shape | None, measured: Measured) -> Measured:
    """What an epoch does to the weights, and what it does when the lr is turned."""
    program = lines.runner.program
    origin, steps = (shape.w, steps_of(shape)) if shape else (lines.weights, lines.weights.abs().clamp(min=1.0))
    places = (lines.weights, *(origin + factor * steps for factor in PLACES))
    updates, gradients = zip(*map(lines.epoch, places), strict=True)
    lr, response = program.lr, LrResponse.OTHER
    if lr is not None:
        curvature = measured.max_curvature
        other = 2.0 ** round(-log2(curvature)) if curvature > 0 else 1.0  # an epoch goes as far as the minimum is
        other = other if other != lr else 2 * other
        turned = _with_lr(lines, other)
        response = _response(updates, [turned.epoch(place)[0] for place in places], lr / other, lines.rounding)
        if response is LrResponse.PROPORTIONAL:
            steep, flattest = (slope / other for slope in turned.slopes(origin, steps, places))
        lines.runner.turn(program)
    if lr is None or response is not LrResponse.PROPORTIONAL:
        lr, (steep, flattest) = 1.0, lines.slopes(origin, steps, places)
    measured = replace(
        measured,
        lr_response=response,
        curvature=nan if response is LrResponse.OTHER else steep,
        error_factor=1 - lr * steep,
        flat_factor=1 - lr * flattest,
        gradient_ratio=_gradient_ratio(lines, places, gradients),
    )
    missed = (lines.epoch(places[-1], places[-2])[0] - updates[-1]).abs().max()
    if missed > lines.rounding * updates[-1].abs().max():  # it remembers the epoch before
        radius = lines.spectral_radius(origin, steps)
        return replace(measured, is_stateful=True, lr_response=LrResponse.OTHER, error_factor=radius, flat_factor=nan)
    if response is LrResponse.PROPORTIONAL and steep > 0:
        return replace(measured, one_step_lr=1 / steep, stability_limit=2 / steep)
    return measured


def _with_lr(lines: UpdateMap, lr: float) -> UpdateMap:
    """The lines with another lr; in another runner where the set-up has made more of it than an optimizer."""
    program = lines.runner.program.with_lr(lr)
    if not lines.runner.can_turn:
        return UpdateMap(Runner(program), lines.start)
    lines.runner.turn(program)
    return lines


def _response(own: Sequence[Tensor], turned: Sequence[Tensor], ratio: float, rounding: float) -> LrResponse:
    """What the updates at another lr say of it; `ratio` is the program's own lr over that one."""
    if all(map(torch.equal, own, turned)):
        return LrResponse.UNUSED
    before, after = torch.cat([*own]), torch.cat([*turned])
    missed = (before - ratio * after).abs().max()
    is_proportional = bool(missed <= rounding * after.abs().max() * max(1.0, ratio))
    return LrResponse.PROPORTIONAL if is_proportional else LrResponse.OTHER


def _gradient_ratio(lines: UpdateMap, places: Sequence[Tensor], gradients: Sequence[Tensor | None]) -> float:
    """The gradient that runs over autograd's, at several places; nan where it is no multiple of it."""
    with lines.begun():
        found = true_gradients(lines.runner, places)
    if found is None or any(gradient is None for gradient in gradients):
        return nan
    ran, true = torch.cat([each for each in gradients if each is not None]), torch.cat(found)
    ratio = float(ran @ true / (true @ true))
    is_multiple = bool(((ran - ratio * true).abs() <= lines.rounding * ran.abs().max()).all())
    return ratio if is_multiple else nan
