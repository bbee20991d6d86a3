"""A program's lines at other weights: its cost, its gradient, and an epoch as a map of the weights."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from math import nan

import torch
from torch import Tensor

from core.engine.keeping import is_slot, walk
from core.engine.runner import Runner
from core.state import State

Map = Callable[[Tensor], Tensor]


@contextmanager
def unchanged(runner: Runner) -> Iterator[None]:
    """Leave the runner as it was, its names too."""
    program, state, names = runner.program, runner.capture(), dict(runner.names)
    try:
        yield
    finally:
        runner.take_output()
        if runner.program is not program:
            runner.turn(program)
        runner.names.clear()
        runner.names.update(names)
        runner.restore(state)


@contextmanager
def learnable(weights: list[Tensor]) -> Iterator[list[Tensor]]:
    """Let autograd follow weights that a program changes by hand."""
    plain = [weight for weight in weights if not weight.requires_grad]
    try:
        for weight in plain:
            weight.requires_grad_(True)
        yield weights
    finally:
        for weight in plain:
            weight.requires_grad_(False)


def weights_of(runner: Runner) -> list[Tensor]:
    """The weights of a program as they are now."""
    return [part.read() for part in runner.weights]


def put(weights: list[Tensor], values: Tensor) -> None:
    """Give the weights these values, those of the first parameter first."""
    for weight, part in zip(weights, values.split([weight.numel() for weight in weights]), strict=True):
        weight.data.copy_(part.view_as(weight))


def flat(tensors: Sequence[Tensor]) -> Tensor:
    """The numbers of tensors, one tensor after the other, in float64."""
    return torch.cat([tensor.detach().reshape(-1).double() for tensor in tensors])


def true_gradients(runner: Runner, places: Sequence[Tensor]) -> list[Tensor] | None:
    """autograd of the program's own cost at several weights, also where the program computes its gradient by hand.

    None where the cost doesn't depend on the weights, or its lines raise.
    """
    found = []
    with suppress(Exception), learnable(weights_of(runner)) as weights, torch.enable_grad():
        for w in places:
            put(weights, w)
            runner.forward()
            found.append(flat(torch.autograd.grad(runner.cost_tensor().sum(), weights, materialize_grads=True)))
    return found if len(found) == len(places) else None


class UpdateMap:
    """The lines of a program from one state on, at any weights; what they remember is as that state has it.

    In float64 where the lines allow it: there a difference of two epochs has digits enough. The runner is changed:
    see `unchanged`.
    """

    def __init__(self, runner: Runner, start: State) -> None:
        self.runner, self.start = runner, start
        self.weights = torch.tensor(runner.opened.weights_of(start), dtype=torch.float64)
        self.runner.restore(self.start)
        self._constants = [value for _name, value in walk(runner.names.items()) if is_slot(value)]
        self.is_double = True
        self.is_double = self._stays_double()

    @property
    def rounding(self) -> float:
        """Numbers that differ by less than this share differ by rounding."""
        return 1e-6 if self.is_double else 1e-3

    @contextmanager
    def begun(self) -> Iterator[list[Tensor]]:
        """Put the program where an epoch begins: its weights, to be given other values."""
        self.runner.restore(self.start)
        if self.runner.rest:  # a schedule's lr is part of it
            self.runner.turn(self.runner.program)
        grads = [weight.grad for weight in self._leaves() if weight.grad is not None]
        tensors = (
            {id(each): each for each in (*self._constants, *weights_of(self.runner), *grads)} if self.is_double else {}
        )
        swapped = [(tensor, tensor.data) for tensor in tensors.values()]
        try:
            for tensor, data in swapped:
                tensor.data = data.double()
            yield weights_of(self.runner)
        finally:
            for tensor, data in swapped:
                tensor.data = data
            for weight in self._leaves():
                weight.grad = None

    def cost_at(self, w: Tensor) -> Tensor:
        """The cost at w, where an epoch has begun. Raises RuntimeError where it is no number."""
        put(weights_of(self.runner), w)
        self.runner.forward()
        cost: Tensor = self.runner.cost_tensor()
        return cost.reshape(())

    def epoch(self, w: Tensor, *earlier: Tensor) -> tuple[Tensor, Tensor | None]:
        """(what an epoch adds to the weights w, the gradient that runs), after epochs at earlier weights."""
        with self.begun():
            for each in (*earlier, w):
                put(weights_of(self.runner), each)
                self.runner.epoch(0)
            gradient = self.runner.gradient()
            update = flat(weights_of(self.runner)) - w
        return update, None if gradient is None else torch.tensor(gradient, dtype=torch.float64)

    def slopes(self, origin: Tensor, steps: Tensor, places: Sequence[Tensor]) -> tuple[float, float]:
        """How much less an epoch adds, along the steepest direction and the flattest of the update; nan where that is
        no linear function of the weights, or one that turns them.
        """
        matrix = _matrix(lambda w: self.epoch(w)[0], origin, steps, places, self.rounding)
        if matrix is None:
            return nan, nan
        values = torch.linalg.eigvals(-matrix)
        sizes = values.abs()
        if bool((values.imag.abs() > self.rounding * sizes.max()).any()):
            return nan, nan
        return values[sizes.argmax()].real.item(), values[sizes.argmin()].real.item()

    def spectral_radius(self, w: Tensor, steps: Tensor) -> float:
        """The largest factor of the map on the weights and what an update remembers; nan where that is not linear.

        Here the states are those of the program itself, in float32.
        """
        used = self._next(self._next(self._at(self.start, w + steps)))

        def after(numbers: Tensor) -> Tensor:
            state = self._next(State(used.slots, tuple(numbers.tolist()), self.start.rest))
            return torch.tensor(state.numbers, dtype=torch.float64)

        reach = torch.exp2(torch.tensor(used.numbers).abs().clamp(min=1e-3).log2().round())
        states = (State(used.slots, (0.0,) * len(reach)), w), (State(used.slots, tuple(reach.tolist())), steps)
        origin, lengths = (torch.tensor(self._at(*each).numbers, dtype=torch.float64) for each in states)
        matrix = _matrix(after, origin, lengths, [origin + 2.5 * lengths], 1e-4)
        return nan if matrix is None else float(torch.linalg.eigvals(matrix).abs().max())

    def _at(self, state: State, w: Tensor) -> State:
        return self.runner.opened.with_weights(state, tuple(w.tolist()))

    def _next(self, state: State) -> State:
        self.runner.restore(state)
        self.runner.epoch(0)
        return self.runner.capture()

    def _leaves(self) -> list[Tensor]:
        return [weight for weight in weights_of(self.runner) if weight.is_leaf]

    def _stays_double(self) -> bool:
        """Whether an epoch in float64 stays in it."""
        try:
            with self.begun():
                self.runner.epoch(0)
                ran = (*weights_of(self.runner), self.runner.cost_tensor())
                return all(tensor.dtype == torch.float64 for tensor in ran)
        except Exception:  # whatever the lines raise where float32 and float64 meet
            return False


def _matrix(of: Map, origin: Tensor, steps: Tensor, places: Sequence[Tensor], rounding: float) -> Tensor | None:
    """The matrix of a map, found by a step along each axis; None where it is not linear at the places."""
    first = of(origin)
    matrix = torch.stack([(of(origin + step) - first) / step.sum() for step in steps.diag()], dim=1)
    found = torch.stack([of(place) for place in places])
    missed = (first + (torch.stack([*places]) - origin) @ matrix.T - found).abs().max()
    return matrix if missed <= rounding * found.abs().max() else None
