"""The log of a run: its start, the knobs of each segment, and its epochs in columns."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from math import hypot, nan

from core.knobs import Knobs
from core.state import EpochColumns, EpochsRun, Opened, State, Weights

BLOCK = 4096
"""How many epochs a block has at most."""

MOST_OUTPUT = 10_000
"""Of how many epochs the output is kept: the last ones."""

Block = tuple[int, EpochColumns]
"""The epoch that a block starts with, and its epochs."""


@dataclass(frozen=True, eq=False)
class EpochLog:
    """The first `length` epochs of `blocks`.

    Logs share their blocks: the newest log appends in place, for the cost of the new epochs alone; one that was cut
    shorter copies its last block before it appends, and goes on sharing the full ones.
    """

    start: State = field(default_factory=State)
    """The state before the first epoch."""
    weights: tuple[str, ...] = ()
    """The names of the slots that are weights."""
    length: int = 0
    segments: tuple[tuple[int, Knobs], ...] = ()
    """(epoch, the knobs from that epoch on), in order."""
    blocks: list[Block] = field(default_factory=list)
    checkpoints: tuple[tuple[int, State], ...] = ()
    """(epoch, the state before it) where states are too large for the columns."""
    output: tuple[tuple[int, str], ...] = ()
    """(epoch, what it printed)."""

    @classmethod
    def of(cls, opened: Opened) -> "EpochLog":
        """The log of a run that has not begun."""
        return cls(opened.start, tuple(slot.name for slot in opened.weights), checkpoints=((0, opened.start),))

    def __len__(self) -> int:
        return self.length

    def extended(self, knobs: Knobs, run: EpochsRun) -> "EpochLog":
        """This log with more epochs, run with these knobs."""
        blocks = self.blocks if self._is_newest else self._branched()
        length = self.length
        for columns in run.columns:
            taken = 0
            while taken < len(columns):
                last = blocks[-1][1] if blocks else None
                if last is None or len(last) == BLOCK or not last.fits(columns):
                    blocks.append((length, EpochColumns(columns.slots)))
                    last = blocks[-1][1]
                part = columns.part(taken, taken + BLOCK - len(last))
                last.extend(part)
                taken, length = taken + len(part), length + len(part)
        segments = self.segments
        if length > self.length and not (segments and segments[-1][1] == knobs):
            segments = (*segments, (self.length, knobs))
        output = (*self.output, *run.output)[-MOST_OUTPUT:] if run.output else self.output
        checkpoints = (*self.checkpoints, *run.checkpoints)
        return replace(self, length=length, segments=segments, blocks=blocks, checkpoints=checkpoints, output=output)

    def cut(self, length: int) -> "EpochLog":
        """The first `length` epochs of this log."""
        return replace(
            self,
            length=min(length, self.length),
            segments=tuple(segment for segment in self.segments if segment[0] < length),
            checkpoints=tuple(kept for kept in self.checkpoints if kept[0] <= length),
            output=tuple(printed for printed in self.output if printed[0] < length),
        )

    def knobs(self, epoch: int) -> Knobs:
        """The knobs with which an epoch ran."""
        return self._segment(epoch)[1]

    def segment_start(self, epoch: int) -> int:
        """The first epoch that ran with the knobs of this one."""
        return self._segment(epoch)[0]

    def shared(self, other: "EpochLog") -> int:
        """How many of their first epochs two logs ran alike: from the same start, with the same knobs."""
        alike = min(self.length, other.length) if self.start == other.start else 0
        for mine, theirs in zip_longest(self.segments, other.segments):
            if mine != theirs:
                return min(alike, *(segment[0] for segment in (mine, theirs) if segment))
        return alike

    def w(self, epoch: int) -> Weights:
        """The weights before an epoch, which may be the one that comes next; none where they are too many."""
        start, columns = self._block(max(0, epoch - 1)) if self.blocks else (0, EpochColumns())
        if columns.sizes:
            return ()
        if epoch == 0:
            return self._weights_in(self.start)
        return self._weights_in(State(columns.slots, _row(columns.numbers, len(columns), epoch - 1 - start)))

    def cost(self, epoch: int) -> float:
        start, columns = self._block(epoch)
        return columns.cost[epoch - start]

    def lr(self, epoch: int) -> float:
        """The lr in the text that an epoch ran; nan where it has none."""
        lr = self.knobs(epoch).program.lr
        return nan if lr is None else lr

    def gradient(self, epoch: int) -> Weights:
        """The gradient that ran; empty where there is none, or where the weights are too many."""
        start, columns = self._block(epoch)
        return _row(columns.gradient, len(columns), epoch - start) if columns.gradient else ()

    def update(self, epoch: int) -> Weights:
        """What the epoch added to the weights; nothing where they are too many."""
        return tuple(after - before for before, after in zip(self.w(epoch), self.w(epoch + 1), strict=False))

    def gradient_size(self, epoch: int) -> float:
        """|gradient|; nan where there is none."""
        start, columns = self._block(epoch)
        if columns.sizes:
            return columns.sizes[2 * (epoch - start)]
        gradient = self.gradient(epoch)
        return hypot(*gradient) if gradient else nan

    def update_size(self, epoch: int) -> float:
        """|update|."""
        start, columns = self._block(epoch)
        return columns.sizes[2 * (epoch - start) + 1] if columns.sizes else hypot(*self.update(epoch))

    def state(self, epoch: int) -> tuple[int, State]:
        """(an epoch, the state before it): that of `epoch`, which may be the one that comes next, or else the nearest
        one before that was kept.

        What another program has left (.grad, what its optimizer remembers) is part of it, as that left it.
        """
        if epoch == 0:
            return 0, self.start
        start, columns = self._block(epoch - 1)
        if columns.sizes:
            return next(kept for kept in reversed(self.checkpoints) if kept[0] <= epoch)
        state = State(columns.slots, _row(columns.numbers, len(columns), epoch - 1 - start))
        for segment, _knobs in reversed(self.segments):  # the last epoch before each turn of the knobs
            if 0 < segment < epoch:
                before, earlier = self._block(segment - 1)
                state = state.with_slots_of(
                    State(earlier.slots, _row(earlier.numbers, len(earlier), segment - 1 - before))
                )
        return epoch, state.with_slots_of(self.start)

    def _weights_in(self, state: State) -> Weights:
        return tuple(number for name in self.weights for number in state.value(name) or ())

    def _segment(self, epoch: int) -> tuple[int, Knobs]:
        return self.segments[bisect_right(self.segments, epoch, key=lambda segment: segment[0]) - 1]

    def _block(self, epoch: int) -> Block:
        return self.blocks[bisect_right(self.blocks, epoch, key=lambda block: block[0]) - 1]

    @property
    def _is_newest(self) -> bool:
        return self.length == self.blocks[-1][0] + len(self.blocks[-1][1]) if self.blocks else True

    def _branched(self) -> list[Block]:
        """The blocks up to here: the full ones shared, the last one copied."""
        blocks = [block for block in self.blocks if block[0] < self.length]
        if blocks:
            start, columns = blocks[-1]
            blocks[-1] = start, columns.part(0, self.length - start)
        return blocks


def _row(column: Sequence[float], count: int, index: int) -> Weights:
    each = len(column) // count
    return tuple(column[index * each : (index + 1) * each])
