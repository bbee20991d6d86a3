"""What has happened since a lesson began, as a value that never changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

from core.descent import PHASES, Descent
from core.listing import Phase
from core.state import Knobs, Weights

MOST_EPOCHS = 200
MOST_RUNS = 200
"""Of a longer run its first epochs, of more runs the last ones are looked at: so a keypress always costs the same."""


@dataclass(frozen=True)
class Walked:
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
class History:
    """Where it began, where it stands, and every run since then at the place that was farthest on."""

    began: Descent
    now: Descent
    runs: tuple[Descent, ...]

    @classmethod
    def beginning(cls, descent: Descent) -> "History":
        return cls(descent, descent, (descent,))

    def then(self, descent: Descent) -> "History":
        """The history with one more place: of the last run, or of another, which has epochs of its own."""
        *others, last = self.runs
        if descent.tape.blocks is not last.tape.blocks:
            return History(self.began, descent, (*self.runs[1 - MOST_RUNS :], descent))
        farthest = descent if descent.tick >= last.tick else last
        return History(self.began, descent, (*others, farthest))

    def walked(self) -> Iterator[Walked]:
        """The epochs of every run, as far as they have been seen."""
        for run in self.runs:
            yield from walked(run)


def walked(run: Descent) -> Iterator[Walked]:
    """The first epochs of a run, up to the place of the learner."""
    tape = run.tape
    for epoch in range(min((run.tick + PHASES - 1 - Phase.GRADIENT) // PHASES, len(tape), MOST_EPOCHS)):
        ended = epoch < run.epoch and epoch + 1 < len(tape)
        yield Walked(
            tape.knobs(epoch),
            tape.w(epoch),
            tape.cost(epoch),
            tape.gradient(epoch),
            tape.w(epoch + 1),
            tape.cost(epoch + 1) if ended else nan,
            ended,
        )
