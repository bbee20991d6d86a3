"""Runs made by moves and changes, each completed by an engine."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from core.descent import Descent, Tick
from core.engine.client import LocalEngine
from core.knobs import Knobs
from core.lr import Lr
from core.program import Program
from core.requests import Request

Turn = Callable[[Knobs], Knobs]

ENGINE = LocalEngine()
"""It imports torch when it is asked for the first time."""


@dataclass
class Story:
    """A run, and what is done to it; every step can be followed by another."""

    descent: Descent = field(default_factory=Descent)
    answer: Callable[[Request[Any]], Any] = ENGINE.answer

    def __post_init__(self) -> None:
        self._take(self.descent)

    def to(self, epoch: int, line: int = 0) -> "Story":
        return self._take(self.descent.goto(Tick(epoch, line)))

    def turn(self, turn: Turn) -> "Story":
        return self._take(self.descent.with_knobs(turn(self.descent.knobs)))

    def restart(self, knobs: Knobs | None = None) -> "Story":
        return self._take(self.descent.restarted(knobs))

    def keep(self, name: str) -> "Story":
        return self._take(self.descent.keep(name))

    def _take(self, descent: Descent) -> "Story":
        while (request := descent.request) is not None:
            descent = descent.answered(self.answer(request))
        self.descent = descent
        return self


def lr(value: float) -> Turn:
    return lambda knobs: knobs.with_lr(Lr.at(value))


def switch(knobs: Knobs) -> Knobs:
    return knobs.switched()


def line(old: str, new: str) -> Turn:
    """Exchange a line of the program that runs, or of the other one where it stands there."""

    def changed(program: Program) -> Program:
        number = next((n for n, text in enumerate(program.text_lines, 1) if text.strip() == old), 0)
        return program.with_statement(number, new) if number else program

    return lambda knobs: replace(
        knobs, program=changed(knobs.program), other=changed(knobs.other) if knobs.other else None
    )
