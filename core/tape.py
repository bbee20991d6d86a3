"""The tape of a run: its start, where the knobs were turned, and its epochs in columns."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.listing import Method
from core.state import Columns, Knobs, State


@dataclass(frozen=True, eq=False)
class Tape:
    """The first `length` epochs of `columns`. Tapes share their columns: the newest one appends in place, for the cost
    of the new epochs alone; one that was cut shorter copies before it appends.
    """

    start: State = field(default_factory=State)
    length: int = 0
    turns: tuple[tuple[int, Knobs], ...] = ()
    """(epoch, the knobs from that epoch on), in order."""
    columns: Columns = field(default_factory=Columns)

    def __len__(self) -> int:
        return self.length

    def extended(self, knobs: Knobs, more: Columns) -> "Tape":
        """This tape with more epochs, run with these knobs."""
        columns = self.columns if len(self.columns) == self.length else self.columns.first(self.length)
        columns.extend(more)
        turns = self.turns if self.turns and self.turns[-1][1] == knobs else (*self.turns, (self.length, knobs))
        return Tape(self.start, self.length + len(more), turns, columns)

    def cut(self, length: int) -> "Tape":
        """The first `length` epochs of this tape."""
        turns = tuple(turn for turn in self.turns if turn[0] < length)
        return Tape(self.start, min(length, self.length), turns, self.columns)

    def knobs(self, epoch: int) -> Knobs:
        """The knobs with which an epoch of the tape ran."""
        return self._turn(epoch)[1]

    def turned(self, epoch: int) -> int:
        """The first epoch that ran with the knobs of this one."""
        return self._turn(epoch)[0]

    def _turn(self, epoch: int) -> tuple[int, Knobs]:
        return self.turns[bisect_right(self.turns, epoch, key=lambda turn: turn[0]) - 1]

    def w(self, epoch: int) -> tuple[float, ...]:
        """The weights before an epoch; `epoch` may be the one that comes next."""
        return self.start.w if epoch == 0 else self._row(self.columns.w_next, epoch - 1)

    def cost(self, epoch: int) -> float:
        return self.columns.cost[epoch]

    def gradient(self, epoch: int) -> tuple[float, ...]:
        return self._row(self.columns.gradient, epoch)

    def state(self, epoch: int) -> State:
        """All that an epoch starts from; `epoch` may be the one that comes next."""
        return State(self.w(epoch), self._grad(epoch))

    def _grad(self, epoch: int) -> tuple[float, ...] | None:
        """What .grad holds before an epoch: the gradient of the last epoch that optim ran; manual leaves it alone."""
        end = epoch
        for start, knobs in reversed(self.turns):
            if start < end and knobs.method is Method.OPTIM:
                return self.gradient(end - 1)
            end = min(end, start)
        return self.start.grad

    def _row(self, column: Sequence[float], epoch: int) -> tuple[float, ...]:
        width = len(self.start.w)
        return tuple(column[epoch * width : (epoch + 1) * width])
