"""A run of gradient descent and the place that the learner has reached in it, as a value that never changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any, NamedTuple

from core.knobs import Knobs
from core.log import EpochLog
from core.measured import Measured
from core.program import Line, Phase, Program
from core.requests import Look, Open, Request, Run
from core.state import EpochsRun, EpochTrace, Opened, Weights

MOST_KEPT = 8
"""How many runs can be kept at a time: so many can be told apart when they lie over each other."""

MOST_TRACES = 8
"""How many epochs are kept line by line."""


class Tick(NamedTuple):
    """A place in a run: so many finished epochs, and so many lines of the next one that have run."""

    epoch: int
    line: int


START = Tick(0, 0)


@dataclass(frozen=True)
class Kept:
    """A run that the learner keeps by name."""

    name: str
    log: EpochLog
    mark: int = 0
    """Which of the MOST_KEPT marks is its own for as long as it is kept."""


@dataclass(frozen=True)
class Descent:
    """Every epoch so far, and a place among them.

    The log holds one epoch more than are finished: the one under way, run whole as soon as it is reached and played
    back line by line. So its cost is known when W is, and a knob turned in mid-epoch takes effect from the update
    under way: that epoch is run anew. Moves and changes are plain functions; what they lack then, an engine is asked
    for: `request` says what, `answered` takes it.
    """

    knobs: Knobs = field(default_factory=Knobs.of)
    log: EpochLog = field(default_factory=EpochLog)
    tick: Tick = START
    opened: Opened | None = None
    """What the set-up of the program has made; None until an engine has run it."""
    traces: tuple[EpochTrace, ...] = ()
    """The epochs of this run that were looked at last, line by line."""
    measured: Measured | None = None
    """What the program does to its weights, once it has been measured."""
    ghost: EpochLog | None = None
    """The previous run, up to where it was left by going back and changing something, or by a new start."""
    kept: tuple[Kept, ...] = ()
    """Runs on the same table that the learner keeps by name, to compare with, in the order of their marks."""

    # the place

    @property
    def epoch(self) -> int:
        """The number of the epoch under way, which is how many updates W has had."""
        return self.tick.epoch

    @property
    def program(self) -> Program:
        """The text on the screen: past the last epoch that its nb_epochs asks for, that literal follows."""
        program = self.knobs.program
        return program.with_nb_epochs(program.nb_epochs_at(self.epoch))

    @property
    def names(self) -> tuple[str, ...]:
        """What the single weights are called: W, or W1, W2, ..., and b; before the set-up has run as the text says."""
        return self.opened.names if self.opened else self.knobs.program.parameters

    @property
    def highlighted_epoch(self) -> int | None:
        """The number of the epoch whose line has just run; None at the start."""
        return self.epoch if self.tick.line else self.epoch - 1 if self.epoch else None

    @property
    def trace(self) -> EpochTrace | None:
        """The epoch whose line has just run, if it ran the program that is on the screen."""
        trace = self.trace_of(self.highlighted_epoch)
        return trace if trace and trace.program.same_lines(self.knobs.program) else None

    @property
    def current_trace(self) -> EpochTrace | None:
        """The epoch under way."""
        return self.trace_of(self.epoch)

    def trace_of(self, epoch: int | None) -> EpochTrace | None:
        """An epoch line by line, if it was looked at lately."""
        return next((trace for trace in self.traces if trace.epoch == epoch), None)

    @property
    def lines_run(self) -> int:
        """How many lines of the highlighted epoch have run."""
        number = self.highlighted_epoch
        return 0 if number is None else self.tick.line or len(self._lines(number))

    @property
    def line(self) -> Line | None:
        """The line that has just run, if it is one of the program on the screen."""
        return self.knobs.program.lines[self.lines_run - 1] if self.trace and self.lines_run else None

    @property
    def phase(self) -> Phase | None:
        """The phase of the line that has just run."""
        number = self.highlighted_epoch
        return None if number is None else self._lines(number)[self.lines_run - 1].phase

    def has_run(self, phase: Phase) -> bool:
        """Whether all lines up to this phase have run in the highlighted epoch of the program on the screen."""
        lines = self.knobs.program.lines[self.lines_run :]
        return self.trace is not None and all(line.phase > phase for line in lines)

    @property
    def w(self) -> Weights:
        """The weights now."""
        return self.log.w(min(self.epoch, len(self.log)))

    @property
    def cost(self) -> float:
        """cost of the weights now; nan while it is not known."""
        return self.log.cost(self.epoch) if self.epoch < len(self.log) else nan

    def costs_backward(self) -> Iterator[float]:
        """The costs of the epoch under way, of the one before, and so on."""
        return (self.log.cost(epoch) for epoch in range(min(self.epoch, len(self.log) - 1), -1, -1))

    # moves: places to go to

    @property
    def next_epoch(self) -> Tick:
        return Tick(self.epoch + 1, 0)

    @property
    def previous_epoch(self) -> Tick:
        """The start of the epoch under way, or of the one before where none of its lines has run."""
        return Tick(self.epoch, 0) if self.tick.line else Tick(max(0, self.epoch - 1), 0)

    @property
    def next_line(self) -> Tick:
        return self._normal(Tick(self.epoch, self.tick.line + 1))

    @property
    def previous_line(self) -> Tick:
        if self.tick.line:
            return Tick(self.epoch, self.tick.line - 1)
        return Tick(self.epoch - 1, len(self._lines(self.epoch - 1)) - 1) if self.epoch else self.tick

    @property
    def last_epoch(self) -> Tick:
        """The start of the last epoch of the log, or the place itself where that is later."""
        return max(self.tick, Tick(max(0, len(self.log) - 1), 0))

    def goto(self, tick: Tick) -> "Descent":
        """The same run at another place, with the knobs as they were there."""
        tick = self._normal(max(Tick(0, 0), tick))
        if tick == self.tick:
            return self
        knobs = self.log.knobs(tick.epoch) if tick.epoch < len(self.log) else self.last_knobs
        return self._with_knobs(knobs, tick=tick)

    @property
    def last_knobs(self) -> Knobs:
        """The knobs with which the run continues after its last epoch."""
        return self.log.knobs(len(self.log) - 1) if self.epoch < len(self.log) else self.knobs

    # changes

    def with_knobs(self, knobs: Knobs) -> "Descent":
        """The same place with other knobs: what lay ahead is forgotten, the epoch under way is run anew."""
        if knobs == self.knobs:
            return self
        line = self.tick.line
        if line and not knobs.program.same_lines(self.knobs.program):
            phase = self.knobs.program.lines[line - 1].phase
            lines = knobs.program.lines
            line = max((number for number, each in enumerate(lines, 1) if each.phase <= phase), default=0)
            line = min(line, len(lines) - 1)
        return self._with_knobs(
            knobs,
            tick=Tick(self.epoch, line),
            log=self.log.cut(self.epoch),
            traces=tuple(trace for trace in self.traces if trace.epoch < self.epoch),
            ghost=self._previous_run(self.epoch),
        )

    def restarted(self, knobs: Knobs | None = None) -> "Descent":
        """A new run, before its first epoch: with other knobs, or as the text stands."""
        return self._with_knobs(
            knobs or self.knobs, log=EpochLog(), tick=Tick(0, 0), opened=None, traces=(), ghost=self._previous_run(0)
        )

    def switch_to(self, log: EpochLog) -> "Descent":
        """Another run at its end, to continue it: a kept one, or the ghost; the present one becomes the ghost."""
        if log is self.log:
            return self.goto(self.last_epoch)
        ghost = self._previous_run(0)
        end = Tick(max(0, len(log) - 1), 0)
        return self._with_knobs(
            log.knobs(end.epoch), log=log, tick=end, traces=(), ghost=None if ghost is log else ghost
        )

    def keep(self, name: str) -> "Descent":
        """The same place with the run up to its end kept under a name; a name that is taken is given to this run.

        Raises ValueError where MOST_KEPT other runs are kept.
        """
        others = tuple(kept for kept in self.kept if kept.name != name)
        free = sorted(set(range(MOST_KEPT)) - {kept.mark for kept in others})
        if not free:
            raise ValueError(f"{MOST_KEPT} runs are kept already")
        kept = (*others, Kept(name, self.log, free[0]))
        return replace(self, kept=tuple(sorted(kept, key=lambda run: run.mark)))

    def forget(self, name: str) -> "Descent":
        """The same place without the kept run of this name."""
        return replace(self, kept=tuple(kept for kept in self.kept if kept.name != name))

    # what an engine has to say

    @property
    def request(self) -> Request[Any] | None:
        """What this place lacks; None where it is complete."""
        program = self.knobs.program
        if self.opened is None or not self.opened.program.same_setup(program):
            return Open(program)
        missing = self.epoch + 1 - len(self.log)
        if missing > 0:
            at, state = self.log.state(len(self.log))
            return Run(program, state, at, len(self.log), missing)
        for epoch in (self.highlighted_epoch, self.epoch):
            if epoch is not None and self.trace_of(epoch) is None:
                at, state = self.log.state(epoch)
                return Look(self.log.knobs(epoch).program, state, at, epoch)
        return None

    def answered(self, reply: Opened | EpochsRun | EpochTrace | Measured) -> "Descent":
        """The same place with what an engine has answered."""
        match reply:
            case Opened():
                log = self.log if len(self.log) else EpochLog.of(reply)
                return replace(self, opened=reply, log=log)
            case EpochsRun():
                log = self.log.extended(self.last_knobs, reply)
                return replace(self, log=log, traces=self._looked_at(*reply.traces))
            case EpochTrace():
                return replace(self, traces=self._looked_at(reply))
            case Measured():
                return replace(self, measured=reply)

    def at_end(self) -> "Descent":
        """The same run at the start of its last epoch, with the knobs as they are there."""
        return self.goto(Tick(max(0, len(self.log) - 1), 0))

    def _looked_at(self, *traces: EpochTrace) -> tuple[EpochTrace, ...]:
        numbers = {trace.epoch for trace in traces}
        return (*traces, *(trace for trace in self.traces if trace.epoch not in numbers))[:MOST_TRACES]

    def _previous_run(self, kept: int) -> EpochLog | None:
        """The ghost once all but the first `kept` epochs are forgotten: this run, if more than the epoch under way is
        lost of it, or else the ghost that there is.
        """
        return self.log if len(self.log) > kept + 1 else self.ghost

    def _lines(self, epoch: int) -> tuple[Line, ...]:
        return (self.log.knobs(epoch) if epoch < len(self.log) else self.last_knobs).program.lines

    def _normal(self, tick: Tick) -> Tick:
        """The start of the next epoch where all lines of one have run."""
        return Tick(tick.epoch + 1, 0) if tick.line >= len(self._lines(tick.epoch)) else tick

    def _with_knobs(self, knobs: Knobs, **changes: Any) -> "Descent":
        measured = self.measured if knobs.program == self.knobs.program else None
        return replace(self, **{"measured": measured, **changes, "knobs": knobs})
