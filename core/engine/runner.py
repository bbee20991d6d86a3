"""A program that has been opened: its set-up has run, and its epochs run from any state and are brought back to it."""

import ast
import io
import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from math import hypot, nan
from traceback import walk_tb
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from core.engine import finding, opening
from core.engine.folder import program_folder
from core.engine.keeping import Part, is_slot, packed
from core.engine.text import NOTE, THROUGH, VALUE, Text
from core.language import _
from core.program import Phase, Program
from core.state import Opened, RunFailed, Slot, State, Weights

SEED = 67280421310721
"""torch's own: a program that sets none draws the same numbers as in a plain run."""


class Output(io.StringIO):
    """What a program prints."""

    def reconfigure(self, **_options: object) -> None:
        """What scripts for other consoles call; nothing is to be done."""


class Runner:
    """One program in a namespace of its own."""

    def __init__(self, program: Program) -> None:
        """Run the set-up, and two epochs to find the state. Raises RunFailed."""
        self.program, self.text = program, Text(program)
        self.output = Output()
        self.module = ModuleType("__main__")
        self.names: dict[str, Any] = self.module.__dict__
        self.names["__file__"] = self.text.filename
        self.seconds = 1e-4
        """How long an epoch takes, about."""
        self.has_gradient = False
        self._gradient: list[Tensor] | None = None
        with program_folder(self.text.filename, self.module):
            torch.default_generator.manual_seed(SEED)
            with self.running():
                setup_values = tuple(opening.run_setup(self))
                self.values = opening.header_values(self)
            output = self.take_output()
            self.weights = finding.weights(self)
            self.parts: list[Part]
            """The tensors of the state."""
            self.rest: list[Part]
            """All else of it."""
            self.parts, self.rest = finding.find_state(self)
        self.turn(program)
        self.start = self.capture()
        slots = {slot.name: slot for slot in self.start.slots}
        weights = tuple(slots[part.name] for part in self.weights)
        self.opened = Opened(program, self.start, weights, setup_values, opening.table(self), output)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take what the program prints as its output, what it raises as a RunFailed that names its line."""
        stdout, stderr = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self.output
        try:
            yield
        except (Exception, SystemExit) as error:
            frames = [frame for frame, _line in walk_tb(error.__traceback__)]
            lines = [frame.f_lineno for frame in frames if frame.f_code.co_filename == self.text.filename]
            first = f"{type(error).__name__}: {error}".partition("\n")[0].removesuffix(": ")
            raise RunFailed(first, lines[-1] if lines else getattr(error, "lineno", None)) from error
        finally:
            sys.stdout, sys.stderr = stdout, stderr

    def take_output(self) -> str:
        """What has been printed since this was last asked."""
        printed = self.output.getvalue()
        if printed:
            self.output.seek(0)
            self.output.truncate()
        return printed

    # knobs

    @property
    def lr(self) -> float | None:
        """The lr in the text."""
        return self.program.lr

    @cached_property
    def can_turn(self) -> bool:
        """Whether only optimizers read the lr in the set-up: another one is then as good as set from the start."""
        groups = [group for optimizer in self.optimizers.values() for group in optimizer.param_groups]
        return not any("initial_lr" in group for group in groups) and not self.text.setup_reads(self.text.lr_name)

    def turn(self, program: Program) -> None:
        """Run on with another lr and nb_epochs: the same text but for those two literals."""
        old, self.program, name = self.lr, program, self.text.lr_name
        if program.lr is None or not name:
            return
        held = self.names.get(name)
        if isinstance(held, float | int):
            self.names[name] = program.lr
        for optimizer in self.optimizers.values():
            if optimizer is held or self.text.has_lr_argument(name):
                for group in optimizer.param_groups:
                    if group["lr"] == old or len(optimizer.param_groups) == 1:
                        group["lr"] = program.lr

    @cached_property
    def nb_epochs_name(self) -> str:
        """The name whose literal says how many epochs the loop runs; empty where there is none."""
        names = [node.id for node in ast.walk(self.text.loop.iter) if isinstance(node, ast.Name)]
        return next((name for name in names if self.names.get(name) == self.program.nb_epochs is not None), "")

    # an epoch

    def begin(self, number: int) -> None:
        """Let the next epoch have this number; past the literal of nb_epochs that name follows."""
        self._gradient = None
        if self.nb_epochs_name:
            self.names[self.nb_epochs_name] = self.program.nb_epochs_at(number)
        self.names[VALUE] = self.values(range(number, number + 1))[0]
        with self.running():
            exec(self.text.target(), self.names)

    def epoch(self, number: int) -> None:
        """Run one epoch. Raises RunFailed."""
        self.begin(number)
        self.names[NOTE] = self.note_gradient
        with self.running():
            exec(self.text.epoch(), self.names)

    def run_line(self, index: int) -> bool:
        """Run one line of the body; False where it leaves the epoch. Raises RunFailed."""
        if index == self.text.update:
            self.note_gradient()
        with self.running():
            exec(self.text.line(index), self.names)
        return bool(self.names.pop(THROUGH, False))

    def forward(self) -> None:
        """Run the lines of the hypothesis and of the cost alone. Raises RunFailed."""
        with self.running():
            exec(self.text.forward(), self.names)

    def cost_tensor(self) -> Any:
        """What the name of the cost holds. Raises RunFailed where it holds nothing."""
        if self.program.cost not in self.names:
            raise RunFailed(_("the lines give {name} no value").format(name=self.program.cost))
        return self.names[self.program.cost]

    def cost(self) -> float:
        """The cost as a number. Raises RunFailed where it is none."""
        value = self.cost_tensor()
        try:
            return float(value.item() if isinstance(value, Tensor) else value)
        except Exception as error:
            line = next((line.number for line in reversed(self.text.lines) if line.phase is Phase.COST), None)
            raise RunFailed(_("the cost must be one number"), line) from error

    def gradient(self) -> Weights | None:
        """The gradient that ran in the last epoch; None where there is none."""
        return None if self._gradient is None else flat(self._gradient)

    def gradient_size(self) -> float:
        """|gradient|; nan where there is none."""
        return nan if self._gradient is None else norm(self._gradient)

    def note_gradient(self) -> None:
        """Keep what the update reads for its gradient as it is now, a tensor for every weight."""
        weights = [part.read() for part in self.weights]
        if written := dict(self.program.gradients):
            found = [self.names.get(written.get(part.name, "")) for part in self.weights]
        else:
            found = [weight.grad if weight.is_leaf else None for weight in weights]
        tensors = [each.detach().clone() for each in found if isinstance(each, Tensor)]
        fits = [each.numel() for each in tensors] == [each.numel() for each in weights]
        self._gradient = tensors if fits else None

    # the state

    def w(self) -> Weights:
        """The weights now."""
        return flat([part.read() for part in self.weights])

    def slots(self) -> tuple[Slot, ...]:
        """The layout of the state now."""
        read = ((part, part.read()) for part in self.parts)
        return tuple(Slot(part.name, tuple(value.shape)) for part, value in read if is_slot(value))

    def state_numbers(self) -> Weights:
        """The numbers of the state now, slot by slot."""
        return flat([value for part in self.parts if is_slot(value := part.read())])

    def capture(self) -> State:
        """The state before the next epoch."""
        rest = {part.name: part.read() for part in self.rest}
        return State(self.slots(), self.state_numbers(), self.packed(rest) if rest else b"")

    def restore(self, state: State) -> None:
        """Bring the program to a state: slots that it doesn't know are ignored, those that the state lacks are as after
        the set-up.
        """
        if self.rest:
            kept = {**self._unpacked(self.start.rest), **self._unpacked(state.rest)}
            for part in self.rest:
                if part.name in kept:
                    part.write(kept[part.name])
        found: dict[str, Tensor] = {}
        for source in (self.start, state):
            numbers = torch.tensor(source.numbers, dtype=torch.float32).split([slot.size for slot in source.slots])
            found |= {slot.name: each.view(slot.shape) for slot, each in zip(source.slots, numbers, strict=True)}
        for part in self.parts:
            if part.name in found or part.owner is not None:
                part.write(found.get(part.name))

    @cached_property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """The optimizers by their names."""
        if "torch.optim" not in sys.modules:
            return {}
        return {name: each for name, each in self.names.items() if isinstance(each, torch.optim.Optimizer)}

    def packed(self, rest: dict[str, Any]) -> bytes:
        """What is no float32 tensor as bytes; empty where it can't be packed."""
        with program_folder(self.text.filename, self.module, hide=False):
            return packed(rest)

    def _unpacked(self, rest: bytes) -> dict[str, Any]:
        with program_folder(self.text.filename, self.module, hide=False):
            return pickle.loads(rest) if rest else {}


def flat(tensors: Iterable[Any]) -> Weights:
    """The numbers of tensors, one after the other."""
    return tuple(chain.from_iterable(each.detach().reshape(-1).tolist() for each in tensors))


def norm(tensors: Iterable[Tensor]) -> float:
    """The length of the vector of all numbers of tensors."""
    return hypot(*(torch.linalg.vector_norm(each.detach()).item() for each in tensors))
