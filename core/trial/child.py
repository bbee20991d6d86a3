"""The process in which lines are tried: it reads a table and then attempts from stdin, and answers on stdout.

It ends when its stdin does, and so with the process that has started it; an attempt that takes too long is ended by the
system, whatever the line is doing.
"""

import os
import pickle
import signal
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO
from zlib import crc32

from core.data import Dataset
from core.epoch import TorchEngine
from core.listing import Method
from core.state import Knobs, State
from core.trial.attempt import Attempt, try_line
from core.trial.result import Fault, Trial

MOST_SECONDS = 3.0
"""Longer than the starter waits: it only matters where that one has ended."""

MEMORY = 1 << 30
TIMES_THE_TABLE = 16
"""How much memory an attempt may take beyond what the process has: so many bytes, or so many times the table."""


def run() -> None:
    """Answer until stdin ends."""
    commands, answers = _own_pipes()
    data, knobs = pickle.load(commands)
    engine = TorchEngine(data)
    for method in Method:  # the first optimizer imports as much as torch
        engine.run_epoch(replace(knobs, method=method, listing=knobs.listing.pristine), 0, _beginning(knobs, data))
    _limit(data)
    table = _fingerprint(data)
    _answer(answers, None)
    with suppress(EOFError):
        while True:
            attempt: Attempt = pickle.load(commands)
            signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
            trial = try_line(engine, data, attempt)
            if _fingerprint(data) != table:
                trial = Trial(attempt.number, Fault.TABLE)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _answer(answers, trial)
            if trial.fault is Fault.TABLE:
                return  # another process begins with the table as it was


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """stdin and stdout for ourselves alone: what a line or a library prints goes nowhere."""
    pipes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return pipes


def _answer(answers: BinaryIO, trial: Trial | None) -> None:
    pickle.dump(trial, answers)
    answers.flush()


def _beginning(knobs: Knobs, data: Dataset) -> State:
    return State((0.0,) * len(knobs.listing.weight_names(len(data.inputs))))


def _fingerprint(data: Dataset) -> tuple[int, int]:
    return crc32(data.x), crc32(data.y)


def _limit(data: Dataset) -> None:
    """Bound what an attempt may take, where the system can: memory, and no file at all."""
    import resource  # not on every system

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as statm:
            now = int(statm.read().split()[0]) * resource.getpagesize()
        table = TIMES_THE_TABLE * 4 * (len(data.x) + len(data.y))
        resource.setrlimit(resource.RLIMIT_AS, (now + max(MEMORY, table),) * 2)
