"""Answer requests with the programs that are opened, in the engine's process or in the calling one."""

import ctypes
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from time import perf_counter
from typing import Any

from core.engine import measuring, running
from core.engine.runner import Runner
from core.engine.tracing import trace
from core.engine.update_map import unchanged
from core.program import Program
from core.requests import Costs, Gradients, Look, Measure, Open, Request, Run
from core.state import EpochsRun

MOST_OPEN = 4
"""How many programs stay opened."""

LARGE = 100_000
"""From so many rows on an epoch's tensors are so large that taking their memory costs more than filling it."""

PART_SECONDS = 0.1
"""How often the screen hears of a long run."""


class Answers:
    """Opened programs, and what they answer."""

    def __init__(self) -> None:
        self._runners: OrderedDict[tuple[str, str], Runner] = OrderedDict()

    def answer(self, request: Request[Any]) -> Any:
        """The reply to a request. Raises RunFailed."""
        match request:
            case Open(program):
                return self._runner(program).opened
            case Run(program, state, at, first, count):
                return running.run_epochs(self._at(Look(program, state, at, first)), first, count)
            case Look():
                return trace(self._at(request), request.epoch)
            case Measure(program, state):
                return measuring.measure(self._runner(program), state)
            case Costs(program, state, points):
                return measuring.costs(self._runner(program), state, points)
            case Gradients(program, state, points):
                return measuring.gradients(self._runner(program), state, points)
        raise NotImplementedError(type(request).__name__)

    def stream(self, request: Run, meanwhile: Callable[[], bool]) -> Iterator[EpochsRun]:
        """The reply in parts; `meanwhile` is called between epochs, may ask for answers, and ends it with True."""
        first, end = request.first, request.first + request.count
        runner = self._at(Look(request.program, request.state, request.at, first))
        stopped = False

        def pause() -> bool:
            nonlocal stopped
            with unchanged(runner):
                stopped = stopped or meanwhile()
            return stopped or perf_counter() > until

        while first < end and not stopped:
            until = perf_counter() + PART_SECONDS
            run = running.run_epochs(runner, first, end - first, pause)
            first += len(run)
            yield run
            if run.failure:
                return

    def _at(self, look: Look) -> Runner:
        """The runner of a program in the state before an epoch."""
        runner = self._runner(look.program)
        runner.restore(look.state)
        for number in range(look.at, look.epoch):
            runner.epoch(number)
            runner.take_output()
        return runner

    def _runner(self, program: Program) -> Runner:
        """The opened program, with the lr and nb_epochs of this text."""
        key = _key(program)
        runner = self._runners.pop(key, None)
        if runner and runner.lr != program.lr and not runner.can_turn:
            runner = None
        if runner is None:
            runner = Runner(program)
            if runner.opened.table.rows >= LARGE:
                _keep_memory()
        self._runners[key] = runner
        if len(self._runners) > MOST_OPEN:
            self._runners.popitem(last=False)
        if runner.program.text != program.text:
            runner.turn(program)
        return runner


@lru_cache(maxsize=64)
def _key(program: Program) -> tuple[str, str]:
    """What programs have in common that differ in their lr and nb_epochs alone."""
    return program.path, program.with_lr(1.0).with_nb_epochs(1).text


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
