"""`gradstep run`: epochs on stdout, as the lecture prints them or as data."""

import json
import signal
import sys
from collections.abc import Iterator
from math import isfinite

from core.data import LECTURE
from core.epoch import TorchEngine
from core.lecture import printed_row
from core.listing import Method
from core.state import Knobs, State
from core.tape import Tape
from tui.complain import complain

FIELDS = ("epoch", "method", "lr", "W", "cost", "gradient", "update")

SLICE = 1000
"""Epochs run between two writes."""


def print_epochs(knobs: Knobs, start: State, nb_epochs: int, every: int, form: str) -> None:
    """Print epochs 0 to nb_epochs, every `every`-th of them; a reader who closes the pipe ends it quietly."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if knobs.lr.value == 0:
        complain("note: lr 0 learns nothing, W stays where it is")
    if form == "csv":
        print(",".join(FIELDS))
    for values in _rows(knobs, start, nb_epochs, every):
        if form == "lecture":
            epoch, method, _lr, w, cost, _gradient, _update = values
            print(printed_row(method, epoch, nb_epochs, w, cost))
        elif form == "csv":
            print(",".join(map(str, values)))
        else:
            print(json.dumps(dict(zip(FIELDS, map(_json_value, values), strict=True))))
    sys.stdout.flush()


Values = tuple[int, Method, float, float, float, float, float]


def _rows(knobs: Knobs, start: State, nb_epochs: int, every: int) -> Iterator[Values]:
    """The values of FIELDS, an epoch at a time; a slice of the run is held at once, never the whole."""
    engine = TorchEngine(LECTURE)
    state = start
    for first in range(0, nb_epochs + 1, SLICE):
        count = min(SLICE, nb_epochs + 1 - first)
        tape = Tape(state).extended(knobs, engine.run_epochs(knobs, state, count))
        for index in range(-first % every, count, every):
            w, w_next, gradient = tape.w(index)[0], tape.w(index + 1)[0], tape.gradient(index)[0]
            yield first + index, knobs.method, knobs.lr.value, w, tape.cost(index), gradient, w_next - w
        state = tape.state(count)


def _json_value(value: object) -> object:
    """inf and nan have no place in JSON: they become null."""
    return None if isinstance(value, float) and not isfinite(value) else value
