"""The tape of a run: its start, where the knobs were turned, and its epochs in columns."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from math import isnan

from core.listing import Method
from core.state import Columns, Knobs, Memory, State, Weights

BLOCK = 4096
"""How many epochs stand in a block."""


@dataclass(frozen=True, eq=False)
class Tape:
    """The first `length` epochs of `blocks`, each of which holds BLOCK epochs and the last one what is left.

    Tapes share their blocks: the newest tape appends in place, for the cost of the new epochs alone; one that was cut
    shorter copies its last block before it appends, and goes on sharing the full ones.
    """

    start: State = field(default_factory=State)
    length: int = 0
    turns: tuple[tuple[int, Knobs], ...] = ()
    """(epoch, the knobs from that epoch on), in order."""
    blocks: list[Columns] = field(default_factory=list)

    def __len__(self) -> int:
        return self.length

    def extended(self, knobs: Knobs, more: Columns) -> "Tape":
        """This tape with more epochs, run with these knobs."""
        blocks = self.blocks if self._is_newest else self._branched()
        taken = 0
        while taken < len(more):
            if not blocks or len(blocks[-1]) == BLOCK:
                blocks.append(Columns())
            room = BLOCK - len(blocks[-1])
            blocks[-1].extend(more.part(taken, taken + room))
            taken += room
        turns = self.turns if self.turns and self.turns[-1][1] == knobs else (*self.turns, (self.length, knobs))
        return Tape(self.start, self.length + len(more), turns, blocks)

    def cut(self, length: int) -> "Tape":
        """The first `length` epochs of this tape."""
        turns = tuple(turn for turn in self.turns if turn[0] < length)
        return Tape(self.start, min(length, self.length), turns, self.blocks)

    def knobs(self, epoch: int) -> Knobs:
        """The knobs with which an epoch of the tape ran."""
        return self._turn(epoch)[1]

    def turned(self, epoch: int) -> int:
        """The first epoch that ran with the knobs of this one."""
        return self._turn(epoch)[0]

    def shared(self, other: "Tape") -> int:
        """How many of their first epochs two tapes ran alike: from the same start, with the same knobs."""
        alike = min(self.length, other.length) if self.start == other.start else 0
        for mine, theirs in zip_longest(self.turns, other.turns):
            if mine != theirs:
                return min(alike, *(turn[0] for turn in (mine, theirs) if turn))
        return alike

    def _turn(self, epoch: int) -> tuple[int, Knobs]:
        return self.turns[bisect_right(self.turns, epoch, key=lambda turn: turn[0]) - 1]

    def w(self, epoch: int) -> Weights:
        """The weights before an epoch; `epoch` may be the one that comes next."""
        if epoch == 0:
            return self.start.w
        return self._row(self.blocks[(epoch - 1) // BLOCK].w_next, (epoch - 1) % BLOCK)

    def cost(self, epoch: int) -> float:
        return self.blocks[epoch // BLOCK].cost[epoch % BLOCK]

    def gradient(self, epoch: int) -> Weights:
        return self._row(self.blocks[epoch // BLOCK].gradient, epoch % BLOCK)

    def state(self, epoch: int) -> State:
        """All that an epoch starts from; `epoch` may be the one that comes next."""
        last = self._last_optim(epoch)
        if last is None:
            return State(self.w(epoch), self.start.grad, self.start.memory)
        return State(self.w(epoch), self.gradient(last), self._memory(last))

    def _last_optim(self, before: int) -> int | None:
        """The last epoch that optim ran before another: .grad and the optimizer are as it left them; manual leaves them
        alone.
        """
        end = before
        for start, knobs in reversed(self.turns):
            if start < end and knobs.method is Method.OPTIM:
                return end - 1
            end = min(end, start)
        return None

    def _memory(self, epoch: int) -> Memory:
        """What the optimizer remembers after an epoch."""
        block, index = self.blocks[epoch // BLOCK], epoch % BLOCK
        memory = []
        for name, column in block.memory.items():
            each = len(column) // len(block)
            values = tuple(column[index * each : (index + 1) * each])
            if not all(map(isnan, values)):
                memory.append((name, values))
        return tuple(sorted(memory))

    def _row(self, column: Sequence[float], index: int) -> Weights:
        width = len(self.start.w)
        return tuple(column[index * width : (index + 1) * width])

    @property
    def _is_newest(self) -> bool:
        return self.length == (len(self.blocks) - 1) * BLOCK + len(self.blocks[-1]) if self.blocks else True

    def _branched(self) -> list[Columns]:
        """The blocks up to here: the full ones shared, the last one copied."""
        full, rest = divmod(self.length, BLOCK)
        return [*self.blocks[:full], *([self.blocks[full].part(0, rest)] if rest else [])]
