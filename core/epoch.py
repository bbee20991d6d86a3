"""Compile a listing and run it. The only room where tensors live: floats go in, floats come out."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from core.data import Dataset
from core.listing import Listing, Method
from core.state import SHOWN_ROWS, Columns, Epoch, Knobs, State


class TorchEngine:
    """Runs the program of a listing on a table."""

    def __init__(self, data: Dataset) -> None:
        self._tables = {"x_train": _column(data.x), "y_train": _column(data.y)}
        self._namespaces: dict[Listing, dict[str, Any]] = {}

    def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
        """Run one epoch and tell all of it."""
        phases = self._epoch(knobs, state)()
        hypothesis = next(phases).detach().flatten()[:SHOWN_ROWS].tolist()
        cost = next(phases).item()
        gradient = next(phases).flatten().tolist()
        w_next = next(phases).flatten().tolist()
        return Epoch(
            number=number,
            method=knobs.method,
            lr=knobs.lr.value,
            w=tuple(state.w),
            hypothesis=tuple(hypothesis),
            cost=cost,
            gradient=tuple(gradient),
            w_next=tuple(w_next),
        )

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        """Run `count` epochs, each from where the one before ended."""
        epoch = self._epoch(knobs, state)
        columns = Columns()
        add_cost, add_gradient, add_w = columns.cost.append, columns.gradient.append, columns.w_next.append
        for _ in range(count):
            _, cost, gradient, w_next = epoch()
            add_cost(cost.item())
            add_gradient(gradient.item())
            add_w(w_next.item())
        return columns

    def _epoch(self, knobs: Knobs, state: State) -> Callable[[], Iterator[Tensor]]:
        """The program's epoch on its own model, which is first set to `state` and to the lr of the knobs."""
        program = self._namespace(knobs.listing)
        W, stepper = program[f"{knobs.method}_model"]()
        with torch.no_grad():
            W.copy_(torch.tensor(state.w))
        if state.grad is not None and W.requires_grad:
            W.grad = torch.tensor(state.grad)
        if knobs.method is Method.MANUAL:
            stepper = knobs.lr.value
        else:
            stepper.param_groups[0]["lr"] = knobs.lr.value
        epoch = program[f"{knobs.method}_epoch"]
        return lambda: epoch(W, stepper)

    def _namespace(self, listing: Listing) -> dict[str, Any]:
        """The names of the program after its text has run, with the table in place of the lecture's."""
        if listing not in self._namespaces:
            names: dict[str, Any] = {"__name__": listing.path.removesuffix(".py").replace("/", ".")}
            exec(compile(listing.text, listing.path, "exec"), names)
            names.update(self._tables)
            self._namespaces[listing] = names
        return self._namespaces[listing]


def _column(values: tuple[float, ...]) -> Tensor:
    """A column of a table, shape (m, 1), as the lecture has its data."""
    return torch.tensor(values).unsqueeze(1)
