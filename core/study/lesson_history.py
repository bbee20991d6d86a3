"""What has happened since a lesson began, as a value that never changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

from core.descent import Descent
from core.knobs import Knobs
from core.program import Phase
from core.state import Weights

MOST_EPOCHS = 200
MOST_RUNS = 200
"""Of a longer run its first epochs, of more runs the last ones are looked at: so a keypress always costs the same."""


@dataclass(frozen=True)
class SeenEpoch:
    """An epoch that the learner has seen up to its gradient, or to its end."""

    knobs: Knobs
    w: Weights
    cost: float
    gradient: Weights
    w_next: Weights
    cost_next: float
    ended: bool
    """Whether its update has been seen, too."""


@dataclass(frozen=True)
class LessonHistory:
    """Where it began, where it stands, and every run since then at the place that was farthest on."""

    start: Descent
    now: Descent
    runs: tuple[Descent, ...]

    @classmethod
    def of(cls, descent: Descent) -> "LessonHistory":
        return cls(descent, descent, (descent,))

    def observe(self, descent: Descent) -> "LessonHistory":
        """The history with one more place: of the last run, or of another, which has epochs of its own."""
        *others, last = self.runs
        start = descent if self.start.opened is None and self.start.knobs == descent.knobs else self.start
        if not len(last.log) or descent.log.blocks is last.log.blocks:
            farthest = descent if descent.tick >= last.tick else last
            return LessonHistory(start, descent, (*others, farthest))
        return LessonHistory(start, descent, (*self.runs[1 - MOST_RUNS :], descent))

    def seen_epochs(self) -> Iterator[SeenEpoch]:
        """The epochs of every run, as far as they have been seen."""
        for run in self.runs:
            yield from seen_epochs(run)


def seen_epochs(run: Descent) -> Iterator[SeenEpoch]:
    """The first epochs of a run whose gradient has been seen, up to the place of the learner."""
    log = run.log
    for epoch in range(min(run.epoch + 1, len(log), MOST_EPOCHS)):
        lines = log.knobs(epoch).program.lines[: run.tick.line]
        ended = epoch < run.epoch and epoch + 1 < len(log)
        if epoch == run.epoch and not has_gradient_run(run, lines_run=len(lines)):
            return
        yield SeenEpoch(
            log.knobs(epoch),
            log.w(epoch),
            log.cost(epoch),
            log.gradient(epoch),
            log.w(epoch + 1),
            log.cost(epoch + 1) if ended else nan,
            ended,
        )


def has_gradient_run(run: Descent, lines_run: int) -> bool:
    """Whether the last gradient line of the program is among the first lines of an epoch."""
    lines = run.knobs.program.lines
    last = max((index for index, line in enumerate(lines) if line.phase is Phase.GRADIENT), default=-1)
    return last >= 0 and lines_run > last
