"""Compile a listing and run it. The only room where tensors live: floats go in, floats come out."""

import ctypes
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from traceback import walk_tb
from typing import Any

import torch
from torch import Tensor

from core.data import Dataset
from core.language import _
from core.listing import Listing, Method
from core.state import SHOWN_ROWS, Columns, Epoch, Handed, Knobs, Memory, RunFailed, State, Weights

Value = Tensor | tuple[Tensor, ...]
"""What a phase hands over: one tensor, or one for every parameter."""

GRAD = ("", "grad")
"""What .grad holds, among what is remembered."""

LARGE = 100_000
"""From so many rows on an epoch's tensors are so large that taking their memory costs more than filling it."""


class TorchEngine:
    """Runs the program of a listing on a table."""

    def __init__(self, data: Dataset) -> None:
        if len(data) >= LARGE:
            _keep_memory()
        self._tables = {"x_train": _table(data.x, len(data)), "y_train": _table(data.y, len(data))}
        self._namespaces: dict[Listing, dict[str, Any]] = {}
        self._last = lru_cache(maxsize=8)(self._tell)  # what one key has run, the next one shows

    def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
        """Run one epoch and tell all of it. Raises RunFailed."""
        return replace(self._told(knobs, state)[0], number=number)

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        """Run `count` epochs, each from where the one before ended. Raises RunFailed."""
        columns = Columns()
        if count == 1 or knobs.listing.is_own(knobs.method):  # what a line of one's own does is taken as it happens
            for _epoch in range(count):
                told, memory = self._told(knobs, state)
                cost, gradient, w_next = (array("f", values) for values in ((told.cost,), told.gradient, told.w_next))
                columns.extend(Columns(cost, gradient, w_next, {name: array("f", values) for name, values in memory}))
                state = State(told.w_next, told.gradient if knobs.method is Method.OPTIM else state.grad, memory)
            return columns
        add_cost = columns.cost.append
        add_gradient, add_w = _adding(columns.gradient, state.w), _adding(columns.w_next, state.w)
        with _failures_named(knobs.listing):
            model = _Model(self._namespace(knobs.listing), knobs, state)
            run = model.run
            for _epoch in range(count):
                _hypothesis, cost, gradient, w_next = run()
                add_cost(cost.item())
                add_gradient(gradient)
                add_w(w_next)
        return columns

    def handed(self, knobs: Knobs, state: State) -> Iterator[tuple[Handed, ...]]:
        """What each phase of an epoch hands over, also where no Epoch could be told of it. Raises RunFailed."""
        with _failures_named(knobs.listing):
            for value in _Model(self._namespace(knobs.listing), knobs, state).run():
                yield tuple(map(_described, _tensors(value)))

    def _told(self, knobs: Knobs, state: State) -> tuple[Epoch, Memory]:
        return self._last(knobs, state, repr(state))

    def _tell(self, knobs: Knobs, state: State, _written: str) -> tuple[Epoch, Memory]:
        """Run an epoch; the state comes written out as well, for -0.0 equals 0.0 and does not run as that does."""
        with _failures_named(knobs.listing):
            model = _Model(self._namespace(knobs.listing), knobs, state)
            phases = model.run()
            hypothesis = next(phases).detach().flatten()[:SHOWN_ROWS].tolist()
            cost = next(phases).item()
            gradient, w_next = _flat(next(phases)), _flat(next(phases))
            if not len(gradient) == len(w_next) == len(state.w):
                raise ValueError(_("the gradient and W must have as many numbers as W had"))
            epoch = Epoch(0, knobs.method, knobs.lr.value, state.w, tuple(hypothesis), cost, gradient, w_next)
            return epoch, model.memory(gradient)

    def _namespace(self, listing: Listing) -> dict[str, Any]:
        """The names of the program after its text has run, with the table in place of the lecture's."""
        if listing not in self._namespaces:
            names: dict[str, Any] = {"__name__": listing.path.removesuffix(".py").replace("/", ".")}
            exec(compile(listing.text, listing.path, "exec"), names)
            names.update(self._tables)
            self._namespaces[listing] = names
        return self._namespaces[listing]


class _Model:
    """The program's own model of a method, set to a state and to the lr of the knobs, to run epoch after epoch."""

    def __init__(self, program: dict[str, Any], knobs: Knobs, state: State) -> None:
        *self._parameters, self._stepper = program[f"{knobs.method}_model"]()
        self._epoch = program[f"{knobs.method}_epoch"]
        with torch.no_grad():
            for parameter, values in zip(self._parameters, _shaped(state.w, self._parameters), strict=True):
                parameter.copy_(values)
        if knobs.method is Method.MANUAL:
            self._stepper = knobs.lr.value
            return
        grad = dict(state.memory).get(GRAD, state.grad)
        if grad is not None:
            for parameter, values in zip(self._parameters, _shaped(grad, self._parameters), strict=True):
                parameter.grad = values
        self._stepper.param_groups[0]["lr"] = knobs.lr.value
        self._made_by = knobs.listing.model_lines(Method.OPTIM)[-1].text
        for (made_by, key), remembered in state.memory:
            if made_by == self._made_by:  # another optimizer begins without
                for parameter, values in zip(self._parameters, _shaped(remembered, self._parameters), strict=True):
                    self._stepper.state[parameter][key] = values

    def run(self) -> Iterator[Any]:
        """The phases of the next epoch."""
        phases: Iterator[Any] = self._epoch(*self._parameters, self._stepper)
        return phases

    def memory(self, gradient: Weights) -> Memory:
        """What the optimizer remembers after its step, and what .grad holds where that is not the gradient which was
        handed over: nothing of it for the lecture's program.
        """
        if isinstance(self._stepper, float):
            return ()
        state = self._stepper.state
        keys = sorted({key for parameter in self._parameters for key in state.get(parameter, {})})
        remembered = tuple(
            ((self._made_by, key), _flat(tuple(state[parameter][key] for parameter in self._parameters)))
            for key in keys
        )
        grads = (parameter.grad for parameter in self._parameters)
        after = _flat(tuple(0 * w if grad is None else grad for w, grad in zip(self._parameters, grads, strict=True)))
        return remembered if after == gradient else ((GRAD, after), *remembered)


@contextmanager
def _failures_named(listing: Listing) -> Iterator[None]:
    """Whatever the program raises, as a sentence that names its line."""
    try:
        yield
    except Exception as error:
        frames = [frame for frame, _ in walk_tb(error.__traceback__) if frame.f_code.co_filename == listing.path]
        told = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise RunFailed(told, frames[-1].f_lineno if frames else None) from error


def _keep_memory() -> None:
    """Have malloc keep what an epoch frees for the next one, in one pool for all threads.

    glibc hands blocks of 32 MB and more back to the system at once: with ten million rows an epoch then takes three
    times as long. Other systems' libraries have no mallopt, and nothing is changed there.
    """
    trim_threshold, mmap_max, arena_max = -1, -4, -8
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for parameter, value in ((trim_threshold, 2**31 - 1), (mmap_max, 0), (arena_max, 1)):
            mallopt(parameter, value)


def _table(values: "array[float]", rows: int) -> Tensor:
    """Columns of a table, shape (m, n), as the lecture has its data.

    The memory is the table's own, but for several inputs torch's: the last digit of a matmul depends on whether its
    numbers begin at a multiple of 64 bytes, as torch's do, and every run of a program must give the same.
    """
    table = torch.frombuffer(values, dtype=torch.float32).view(rows, -1)
    return table.clone() if table.shape[1] > 1 else table


def _shaped(values: Weights, parameters: list[Tensor]) -> list[Tensor]:
    """The flat values of all weights as one tensor for every parameter, in its shape; or one number for each."""
    if len(values) != sum(parameter.numel() for parameter in parameters):
        return list(torch.tensor(values).unbind())
    parts = torch.tensor(values).split([parameter.numel() for parameter in parameters])
    return [part.view_as(parameter) for part, parameter in zip(parts, parameters, strict=True)]


def _flat(value: Value) -> Weights:
    return tuple(number for tensor in _tensors(value) for number in tensor.flatten().tolist())


def _tensors(value: Value) -> tuple[Tensor, ...]:
    return value if isinstance(value, tuple) else (value,)


def _described(value: object) -> Handed:
    if not isinstance(value, Tensor):
        return Handed(type(value).__name__)
    return Handed("Tensor", tuple(value.shape), value.is_floating_point(), bool(value.isfinite().all()))


def _adding(column: "array[float]", weights: Weights) -> Callable[[Value], None]:
    """What adds a value to a column; for one weight the quickest way, for that is the lecture's program."""
    if len(weights) == 1:
        return lambda value: column.append(value.item())  # type: ignore[union-attr] # one weight is one tensor

    def add(value: Value) -> None:
        for tensor in _tensors(value):
            if tensor.ndim == 2:  # a column; flattened as a list, which takes a third of the time
                column.extend(chain.from_iterable(tensor.tolist()))
            else:
                column.append(tensor.item())

    return add
