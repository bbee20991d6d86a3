"""Run epochs: fast and recorded in columns, or one of them line by line. Both ways give the same bits."""

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from math import hypot, nan
from time import perf_counter

from torch import Tensor

from core.engine.fast_loop import FastLoop
from core.engine.runner import Runner, norm
from core.engine.tracing import trace
from core.state import MOST_NUMBERS, EpochColumns, EpochsRun, EpochTrace, RunFailed, Slot, State

TRACED = 2
"""How many epochs at the end of a run are run line by line."""

MOST_OUTPUT = 10_000
"""Of how many epochs the output is kept: the last ones."""

CHUNK_SECONDS = 0.008
"""How long epochs run before the engine looks for requests."""

CHECKPOINT_SECONDS = 0.05
"""So much is run again at most, where memory allows it, to come to an epoch between checkpoints."""

BYTES_PER_EPOCH = 4096
"""How much memory checkpoints take at most, for each epoch."""


def run_epochs(runner: Runner, first: int, epochs: int, pause: Callable[[], bool] = lambda: False) -> EpochsRun:
    """Run epochs from `first` on, from the state that the runner is in, until `pause` says so; the last two line by
    line. An epoch that fails ends the run.
    """
    recording = _Recording(runner, first)
    failure = None
    end = first + epochs
    try:
        while recording.number < end - TRACED and not (recording.number > first and pause()):
            recording.advance(end - TRACED)
        for _epoch in range(min(TRACED, end - recording.number)):
            recording.trace()
    except RunFailed as error:
        failure = error
    return recording.result(failure)


class _Recording:
    """The epochs of a run, while they are recorded."""

    def __init__(self, runner: Runner, first: int) -> None:
        self.runner, self.first, self.number = runner, first, first
        self.columns: list[EpochColumns] = []
        self.output: deque[tuple[int, str]] = deque(maxlen=MOST_OUTPUT)
        self.checkpoints: list[tuple[int, State]] = []
        self.traces: list[EpochTrace] = []
        self.w = runner.w() if runner.rest else ()
        self.checked, self.checked_at = first, perf_counter()

    def advance(self, end: int) -> None:
        """Run some epochs, none from `end` on."""
        slots = self.runner.slots()
        if self.number == self.first or sum(slot.size for slot in slots) > MOST_NUMBERS:
            self.slowly()
        else:
            self.fast(slots, min(int(CHUNK_SECONDS / self.runner.seconds) or 1, end - self.number))
        self.checkpoint()

    def fast(self, slots: tuple[Slot, ...], epochs: int) -> None:
        """Run epochs that leave states of this layout as one loop; one by one where it turns out otherwise."""
        runner, numbers = self.runner, range(self.number, self.number + epochs)
        before, loop = runner.capture(), FastLoop(runner, slots, numbers)
        started = perf_counter()
        columns = loop.run()
        if columns is None:
            runner.restore(before)
            runner.take_output()
            for _epoch in numbers:
                self.slowly()
            return
        runner.seconds = min((perf_counter() - started) / epochs, 1.5 * runner.seconds)
        self.add(columns)
        if printed := runner.take_output():
            pieces = zip(numbers, [0, *loop.marks], loop.marks, strict=False)
            self.output.extend((number, printed[start:end]) for number, start, end in pieces if end > start)

    def slowly(self) -> None:
        """Run one epoch and record it."""
        before = self.copies()
        self.runner.epoch(self.number)
        self.record(before, self.runner.cost())
        if printed := self.runner.take_output():
            self.output.append((self.number - 1, printed))

    def trace(self) -> None:
        """Run one epoch line by line and record it."""
        before = self.copies()
        traced = trace(self.runner, self.number)
        self.record(before, traced.cost)
        self.traces.append(traced)
        if printed := traced.output:
            self.output.append((traced.epoch, printed))
        self.checkpoint()

    def copies(self) -> list[Tensor]:
        return [part.read().detach().clone() for part in self.runner.weights]

    def record(self, before: Sequence[Tensor], cost: float) -> None:
        """Add the epoch that has just run to the columns."""
        runner, slots = self.runner, self.runner.slots()
        columns = EpochColumns(slots, array("f", [cost]))
        if sum(slot.size for slot in slots) > MOST_NUMBERS:
            gradient = runner.gradient_size()
            moved = (part.read().detach() - was for part, was in zip(runner.weights, before, strict=True))
            columns.sizes.extend((gradient, norm(moved)))
        else:
            columns.numbers.extend(runner.state_numbers())
            if runner.has_gradient:
                weights = sum(part.read().numel() for part in runner.weights)
                columns.gradient.extend(runner.gradient() or (nan,) * weights)
        self.add(columns)

    def add(self, columns: EpochColumns) -> None:
        """Add recorded epochs; another layout begins another column."""
        self.number += len(columns)
        if self.runner.rest and columns.numbers:
            self.add_sizes(columns)
        if self.columns and self.columns[-1].fits(columns):
            self.columns[-1].extend(columns)
        else:
            self.columns.append(columns)

    def add_sizes(self, columns: EpochColumns) -> None:
        """Add |gradient| and |update|: the mark of states that are kept at checkpoints."""
        each, wide = len(columns.numbers) // len(columns), len(columns.gradient) // len(columns)
        weights = len(self.w)
        for index in range(len(columns)):
            w_next = tuple(columns.numbers[index * each : index * each + weights])
            gradient = columns.gradient[index * wide : (index + 1) * wide]
            update = hypot(*(after - before for before, after in zip(self.w, w_next, strict=True)))
            columns.sizes.extend((hypot(*gradient) if wide else nan, update))
            self.w = w_next

    def checkpoint(self, at_end: bool = False) -> None:
        """Keep the state where the columns don't hold all of it, and time and memory allow it."""
        if not (self.columns and self.columns[-1].sizes) or self.checked == self.number:
            return
        late = perf_counter() - self.checked_at > CHECKPOINT_SECONDS
        if not (late or at_end):
            return
        state = self.runner.capture()
        size = len(state.rest) + 32 * len(state.numbers)
        if (late and size < BYTES_PER_EPOCH * (self.number - self.checked)) or (at_end and size < 2**18):
            self.checkpoints.append((self.number, state))
            self.checked, self.checked_at = self.number, perf_counter()

    def result(self, failure: RunFailed | None) -> EpochsRun:
        if failure is None:
            self.checkpoint(at_end=True)
        columns, checkpoints = tuple(self.columns), tuple(self.checkpoints)
        return EpochsRun(self.first, columns, checkpoints, tuple(self.traces), tuple(self.output), failure)
