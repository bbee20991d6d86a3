"""Compile a listing and run it. The only room where tensors live: floats go in, floats come out."""

import ctypes
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

import torch
from torch import Tensor

from core.data import Dataset
from core.listing import Listing, Method
from core.state import SHOWN_ROWS, Columns, Epoch, Knobs, State, Weights

Value = Tensor | tuple[Tensor, ...]
"""What a phase hands over: one tensor, or one for every parameter."""


LARGE = 100_000
"""From so many rows on an epoch's tensors are so large that taking their memory costs more than filling it."""


class TorchEngine:
    """Runs the program of a listing on a table."""

    def __init__(self, data: Dataset) -> None:
        if len(data) >= LARGE:
            _keep_memory()
        self._tables = {"x_train": _table(data.x, len(data)), "y_train": _table(data.y, len(data))}
        self._namespaces: dict[Listing, dict[str, Any]] = {}
        self._told = lru_cache(maxsize=8)(self._tell)  # what one key has run, the next one shows

    def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
        """Run one epoch and tell all of it."""
        return replace(self._told(knobs, state), number=number)

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        """Run `count` epochs, each from where the one before ended."""
        if count == 1:
            told = self._told(knobs, state)
            return Columns(array("f", (told.cost,)), array("f", told.gradient), array("f", told.w_next))
        epoch = self._epoch(knobs, state)
        columns = Columns()
        add_cost = columns.cost.append
        add_gradient, add_w = _adding(columns.gradient, state.w), _adding(columns.w_next, state.w)
        for _ in range(count):
            _, cost, gradient, w_next = epoch()
            add_cost(cost.item())
            add_gradient(gradient)
            add_w(w_next)
        return columns

    def _tell(self, knobs: Knobs, state: State) -> Epoch:
        phases = self._epoch(knobs, state)()
        hypothesis = next(phases).detach().flatten()[:SHOWN_ROWS].tolist()
        cost = next(phases).item()
        gradient, w_next = _flat(next(phases)), _flat(next(phases))
        return Epoch(0, knobs.method, knobs.lr.value, state.w, tuple(hypothesis), cost, gradient, w_next)

    def _epoch(self, knobs: Knobs, state: State) -> Callable[[], Iterator[Any]]:
        """The program's epoch on its own model, which is first set to `state` and to the lr of the knobs."""
        program = self._namespace(knobs.listing)
        *parameters, stepper = program[f"{knobs.method}_model"]()
        with torch.no_grad():
            for parameter, values in zip(parameters, _shaped(state.w, parameters), strict=True):
                parameter.copy_(values)
        if state.grad is not None and knobs.method is Method.OPTIM:
            for parameter, values in zip(parameters, _shaped(state.grad, parameters), strict=True):
                parameter.grad = values
        if knobs.method is Method.MANUAL:
            stepper = knobs.lr.value
        else:
            stepper.param_groups[0]["lr"] = knobs.lr.value
        epoch = program[f"{knobs.method}_epoch"]
        return lambda: epoch(*parameters, stepper)

    def _namespace(self, listing: Listing) -> dict[str, Any]:
        """The names of the program after its text has run, with the table in place of the lecture's."""
        if listing not in self._namespaces:
            names: dict[str, Any] = {"__name__": listing.path.removesuffix(".py").replace("/", ".")}
            exec(compile(listing.text, listing.path, "exec"), names)
            names.update(self._tables)
            self._namespaces[listing] = names
        return self._namespaces[listing]


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
    """Columns of a table, shape (m, n), as the lecture has its data; the memory is the table's own."""
    return torch.frombuffer(values, dtype=torch.float32).view(rows, -1)


def _shaped(values: Weights, parameters: list[Tensor]) -> list[Tensor]:
    """The flat values of all weights as one tensor for every parameter, in its shape."""
    parts = torch.tensor(values).split([parameter.numel() for parameter in parameters])
    return [part.view_as(parameter) for part, parameter in zip(parts, parameters, strict=True)]


def _flat(value: Value) -> Weights:
    tensors = value if isinstance(value, tuple) else (value,)
    return tuple(number for tensor in tensors for number in tensor.flatten().tolist())


def _adding(column: "array[float]", weights: Weights) -> Callable[[Value], None]:
    """What adds a value to a column; for one weight the quickest way, for that is the lecture's program."""
    if len(weights) == 1:
        return lambda value: column.append(value.item())  # type: ignore[union-attr] # one weight is one tensor

    def add(value: Value) -> None:
        for tensor in value if isinstance(value, tuple) else (value,):
            if tensor.ndim == 2:  # a column; flattened as a list, which takes a third of the time
                column.extend(chain.from_iterable(tensor.tolist()))
            else:
                column.append(tensor.item())

    return add
