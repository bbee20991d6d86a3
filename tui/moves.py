"""Moves, as pure functions from a Descent to a place in it; and what turning a knob has to know."""

from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

from core.descent import Descent, Tick
from core.knobs import Knobs
from core.language import _
from core.lr import as_rung
from core.measured import Measured
from tui.keys import key_of

MOVES: dict[str, Callable[[Descent], Tick]] = {
    "next_epoch": lambda descent: descent.next_epoch,
    "next_line": lambda descent: descent.next_line,
    "previous_epoch": lambda descent: descent.previous_epoch,
    "previous_line": lambda descent: descent.previous_line,
    "ten_forward": lambda descent: Tick(descent.epoch + 10, 0),
    "ten_back": lambda descent: Tick(max(0, descent.epoch - 10), 0),
    "first": lambda descent: Tick(0, 0),
    "last": lambda descent: descent.last_epoch,
}


class Ladder(NamedTuple):
    """What turning a knob has to know beside the knobs."""

    rungs: tuple[float, ...]
    """Where the lr stops beside the ladder's own rungs: one step, and the edge beyond which a run breaks away."""
    first: Knobs
    """With what the run began."""


def rungs(measured: Measured) -> tuple[float, ...]:
    """The marks of the ruler, as rungs of the ladder."""
    marks = (measured.one_step_lr, measured.stability_limit)
    return tuple(as_rung(mark) for mark in marks if isfinite(mark) and mark > 0)


Turn = Callable[[Knobs, Ladder], Knobs]


def unwritten_sentence(descent: Descent) -> str:
    """That a line of the program is still to be written; empty where none is."""
    from core.edits import placeholder_line  # not for the first frame

    line = placeholder_line(descent.knobs.program)
    if line is None:
        return ""
    return _("line {line} is still to be written: {key} writes it").format(line=line.number, key=key_of("edit"))
