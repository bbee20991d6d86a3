"""Runs on torch itself, without a process of its own, for tests of what programs do."""

from core.descent import Descent, Tick
from core.knobs import Knobs
from core.requests import Measure
from tests.core.stories import ENGINE as ENGINE


def complete(descent: Descent) -> Descent:
    """A descent with all that its place lacks, measured."""
    while (request := descent.request) is not None:
        descent = descent.answered(ENGINE.answer(request))
    if descent.measured:
        return descent
    return descent.answered(ENGINE.answer(Measure(descent.knobs.program, descent.log.start)))


def descent_at(epoch: int, knobs: Knobs, line: int = 0) -> Descent:
    """A run up to a place."""
    return complete(complete(Descent(knobs)).goto(Tick(epoch, line)))
