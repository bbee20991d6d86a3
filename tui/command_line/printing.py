"""`gradstep run`: epochs on stdout, as the lecture prints them, as data, or in sentences."""

import json
import signal
import sys
from collections.abc import Iterator
from math import isfinite

from core.descent import Descent
from core.epoch import TorchEngine
from core.export.epoch_table import columns, values
from core.export.sentences import beginning_told, epoch_told
from core.export.stretches import Stretch
from core.findings import unlearnable
from core.language import Sentence, _
from core.lecture import printed_row
from core.tape import Tape
from tui.complain import complain

SLICE = 1000
"""Epochs run between two writes."""


def print_epochs(descent: Descent, nb_epochs: int, every: int, form: str) -> None:
    """Print epochs 0 to nb_epochs, every `every`-th of them; a reader who closes the pipe ends it quietly."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for note in _notes(descent):
        complain(_("note: {note}").format(note=note))
    names, fields = descent.names, columns(descent)
    if form == "csv":
        print(",".join(fields))
    if form == "explain":
        print(*beginning_told(descent, Stretch(0, nb_epochs + 1, descent.knobs)), sep="\n\n")
    for number, tape, index in _epochs(descent, nb_epochs, every):
        if form == "lecture":
            w = dict(zip(names, tape.w(index), strict=True))
            print(printed_row(descent.knobs.method, number, nb_epochs, w, tape.cost(index)))
        elif form == "explain":
            print(f"\n{epoch_told(names, tape, index, number)}")
        elif form == "csv":
            print(",".join(map(str, values(tape, index, number))))
        else:
            print(json.dumps(dict(zip(fields, map(_json_value, values(tape, index, number)), strict=True))))
    sys.stdout.flush()


def _epochs(descent: Descent, nb_epochs: int, every: int) -> Iterator[tuple[int, Tape, int]]:
    """The epochs to print: the number, a tape that holds it, and where; a slice of the run at once, not the whole."""
    engine, knobs, state = TorchEngine(descent.data), descent.knobs, descent.tape.start
    for first in range(0, nb_epochs + 1, SLICE):
        count = min(SLICE, nb_epochs + 1 - first)
        tape = Tape(state).extended(knobs, engine.run_epochs(knobs, state, count))
        for index in range(-first % every, count, every):
            yield first + index, tape, index
        state = tape.state(count)


def _notes(descent: Descent) -> Iterator[str | Sentence]:
    if descent.knobs.lr.value == 0:
        yield _("lr 0 learns nothing, W stays where it is")
    yield from unlearnable(descent.data, descent.knobs.listing.bias)
    yield from descent.data.notes


def _json_value(value: object) -> object:
    """inf and nan have no place in JSON: they become null."""
    return None if isinstance(value, float) and not isfinite(value) else value
