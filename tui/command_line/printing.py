"""`gradstep run`: what the program prints, or its epochs as data or in sentences, on stdout."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from core.behaviour import non_finite_since
from core.engine.client import LocalEngine
from core.export.epoch_table import columns, keeps_weights, values
from core.export.transcript import epoch_text, start_text
from core.knobs import Knobs
from core.language import _
from core.log import EpochLog
from core.requests import Measure, Open, Run
from core.start import fit_lr, is_fitted
from core.state import Opened
from core.study.table_warnings import table_warnings
from tui.drawing.formatting import format_lr_fraction
from tui.errors import print_error

SLICE = 1000
"""Epochs run between two writes."""


def print_epochs(engine: LocalEngine, knobs: Knobs, nb_epochs: int, every: int, form: str) -> None:
    """Print epochs 0 to nb_epochs, every `every`-th of them. Raises RunFailed."""
    if not is_fitted(knobs):
        knobs = asyncio.run(fit_lr(engine, knobs))
    start, knobs = knobs.program, replace(knobs, program=knobs.program.with_nb_epochs(nb_epochs))
    opened = engine.answer(Open(knobs.program))
    measured = engine.answer(Measure(knobs.program, opened.start))
    for warning in table_warnings(opened, measured):
        _note(warning)
    if knobs.program.lr == 0:
        _note(_("lr 0 learns nothing, W stays where it is"))
    if form == "lecture":
        print(opened.output, end="")
    elif form == "explain":
        print(start_text(start, opened))
    is_broken, names = False, opened.names
    for first, log in _slices(engine, knobs, opened, nb_epochs):
        printed, kept = dict(log.output), keeps_weights(log)
        fields = columns(names, kept)
        if form == "csv" and first == 0:
            print(",".join(fields))
        for index in range(-first % every, len(log), every):
            if form == "lecture":
                print(printed.get(index, ""), end="")
            elif form == "explain":
                print(f"\n{epoch_text(names, log, index, first + index)}")
            elif form == "csv":
                print(",".join(map(str, values(log, index, first + index, kept))))
            else:
                row = map(_json_value, values(log, index, first + index, kept))
                print(json.dumps(dict(zip(fields, row, strict=True))))
        if not is_broken and not isfinite(log.cost(len(log) - 1)):
            is_broken = True
            _note(_broken(first + non_finite_since(log.cost, len(log) - 1), measured.stability_limit))


def _slices(engine: LocalEngine, knobs: Knobs, opened: Opened, nb_epochs: int) -> Iterator[tuple[int, EpochLog]]:
    """The run slice by slice: (its first epoch, a log of it alone, which counts from 0)."""
    at, state = 0, opened.start
    for first in range(0, nb_epochs + 1, SLICE):
        count = min(SLICE, nb_epochs + 1 - first)
        run = engine.answer(Run(knobs.program, state, at, first, count))
        run = replace(
            run,
            output=tuple((epoch - first, text) for epoch, text in run.output),
            checkpoints=tuple((epoch - first, kept) for epoch, kept in run.checkpoints),
        )
        before = replace(EpochLog.of(opened), start=state, checkpoints=((at - first, state),))
        log = before.extended(knobs, run)
        if len(log):
            yield first, log
        if run.failure:
            raise run.failure
        at, state = log.state(count)
        at += first


def _broken(epoch: int, limit: float) -> str:
    """From where on a run has broken, and below which lr it does not."""
    if not isfinite(limit):
        return _("the run breaks: cost is not a finite number from epoch {epoch} on").format(epoch=epoch)
    sentence = _("the run breaks: cost is not a finite number from epoch {epoch} on; it holds below lr {limit}")
    return sentence.format(epoch=epoch, limit=format_lr_fraction(limit))


def _note(note: str) -> None:
    print_error(_("note: {note}").format(note=note))


def _json_value(value: object) -> object:
    """inf and nan have no place in JSON: they become null."""
    return None if isinstance(value, float) and not isfinite(value) else value
