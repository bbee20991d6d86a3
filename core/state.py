"""The values that a run is made of. None of them changes once it is made."""

from array import array
from dataclasses import dataclass, field
from math import prod

from core.language import _
from core.program import Program

Weights = tuple[float, ...]
"""A value for every weight of the program: those of its first parameter, then those of the next."""

MOST_NUMBERS = 64
"""A state of at most so many numbers is kept for every epoch; a larger one at checkpoints."""

SHOWN_ROWS = 200
"""How many rows of the table, spread evenly over it, the screen gets to see."""


class RunFailed(Exception):
    """The program can't be run; the message is one sentence that names the line, where it is known, and why."""

    def __init__(self, error: str, line: int | None = None) -> None:
        super().__init__(error if line is None else _("line {line}: {error}").format(line=line, error=error))
        self.error, self.line = error, line


class EngineDied(Exception):
    """The engine's process ended, or was ended, before it answered; the message is a sentence that says why."""


@dataclass(frozen=True)
class Slot:
    """A tensor that an epoch starts from: W, W.grad, SGD.momentum_buffer.W."""

    name: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class State:
    """All that the next epoch depends on, beside the program's text."""

    slots: tuple[Slot, ...] = ()
    numbers: Weights = ()
    """The float32 values of all slots, one slot after the other."""
    rest: bytes = b""
    """What is no float32 tensor (counters, lists, random generators), as the engine has packed it; mostly nothing."""

    def value(self, name: str) -> Weights | None:
        """The values of the slot of this name; None where there is none."""
        start = 0
        for slot in self.slots:
            if slot.name == name:
                return self.numbers[start : start + slot.size]
            start += slot.size
        return None

    def with_value(self, name: str, values: Weights) -> "State":
        """The same state with other values in the slot of this name."""
        numbers, start = list(self.numbers), 0
        for slot in self.slots:
            if slot.name == name:
                numbers[start : start + slot.size] = values
            start += slot.size
        return State(self.slots, tuple(numbers), self.rest)

    def with_slots_of(self, other: "State") -> "State":
        """The same state with the slots of another one that it doesn't have."""
        names = {slot.name for slot in self.slots}
        slots, numbers = list(self.slots), list(self.numbers)
        for slot in other.slots:
            if slot.name not in names:
                slots.append(slot)
                numbers.extend(other.value(slot.name) or ())
        return State(tuple(slots), tuple(numbers), self.rest)


@dataclass(frozen=True)
class Value:
    """What a line has given to a name."""

    name: str
    kind: str
    """The type: Tensor, float, SGD, NoneType, ..."""
    shape: tuple[int, ...] = ()
    numbers: Weights = ()
    """The first numbers of a tensor or an array, or the one number."""
    text: str = ""
    """What is no number, in a few words: 'SGD, lr 0.15'."""


@dataclass(frozen=True)
class Table:
    """What the program learns from, as its set-up made it: SHOWN_ROWS rows at most."""

    x: tuple[Weights, ...] = ()
    """The inputs of each row; no rows where none were found."""
    y: tuple[Weights, ...] = ()
    """The targets of each row."""
    rows: int = 0
    """How many rows there are altogether."""
    x_name: str = ""
    y_name: str = ""
    ranges: tuple[tuple[float, float, float], ...] = ()
    """(least, largest, mean) of every input, and last of the target, over all rows."""

    @property
    def inputs(self) -> int:
        """How many inputs a row has."""
        return len(self.x[0]) if self.x else 0


@dataclass(frozen=True)
class Opened:
    """What the set-up of a program has made."""

    program: Program
    start: State
    """The state before the first epoch."""
    weights: tuple[Slot, ...] = ()
    """What the program learns: W, or W and b, ...; each is a slot of the start."""
    values: tuple[tuple[int, Value], ...] = ()
    """(number of a set-up line, what it gave its name)."""
    table: Table = field(default_factory=Table)
    output: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """A name for every single weight: W, or W1, W2, ..., and b."""
        return tuple(
            slot.name if slot.size == 1 else f"{slot.name}{number}"
            for slot in self.weights
            for number in range(1, slot.size + 1)
        )

    def weights_of(self, state: State) -> Weights:
        """The values of all weights in a state."""
        return tuple(number for slot in self.weights for number in state.value(slot.name) or ())

    def with_weights(self, state: State, weights: Weights) -> State:
        """A state with other weights."""
        start = 0
        for slot in self.weights:
            state = state.with_value(slot.name, weights[start : start + slot.size])
            start += slot.size
        return state

    def part(self, name: str, weights: Weights) -> Weights:
        """The values of one parameter among those of all."""
        start = 0
        for slot in self.weights:
            if slot.name == name:
                return weights[start : start + slot.size]
            start += slot.size
        return ()


@dataclass(frozen=True)
class Step:
    """What one line of the loop's body has done."""

    line: int
    """Which of the program's lines it was."""
    value: Value | None
    """What it gave to its name; None for a call such as cost.backward()."""
    weights: Weights
    """The weights after it."""
    grad: Weights | None
    """What .grad of all weights holds after it; None where there is none."""
    memory: tuple[tuple[str, Weights], ...] = ()
    """What the optimizer remembers after it: (momentum_buffer, values), (exp_avg, values), (step, ...)."""
    output: str = ""


@dataclass(frozen=True)
class EpochTrace:
    """One epoch, line by line."""

    epoch: int
    program: Program
    steps: tuple[Step, ...]
    w: Weights
    """The weights before it."""
    grad: Weights | None
    """What .grad held before it."""
    memory: tuple[tuple[str, Weights], ...]
    """What the optimizer remembered before it."""
    hypothesis: tuple[Weights, ...]
    """H(x) of the rows that the Table shows."""
    cost: float
    gradient: Weights | None
    """The gradient that ran: the names that the update reads, or .grad at the update; None where there is none."""
    true_gradient: Weights | None
    """autograd of the program's own cost at w; None where it has none."""
    w_next: Weights
    options: tuple[tuple[str, float | bool | str], ...] = ()
    """Of the optimizer: ('class', 'SGD'), ('lr', 0.15), ('momentum', 0.9), ..."""

    @property
    def output(self) -> str:
        """What the epoch printed."""
        return "".join(step.output for step in self.steps)


@dataclass(frozen=True, eq=False)
class EpochColumns:
    """Epochs run one after the other with states of one layout, a column a quantity; in float32."""

    slots: tuple[Slot, ...] = ()
    """The layout of the states after each epoch."""
    cost: "array[float]" = field(default_factory=lambda: array("f"))
    gradient: "array[float]" = field(default_factory=lambda: array("f"))
    """The gradient that ran, a value a weight; empty where there is none, or where the state is too large."""
    numbers: "array[float]" = field(default_factory=lambda: array("f"))
    """The state after each epoch, its slots one after the other; empty where it is too large to be kept."""
    sizes: "array[float]" = field(default_factory=lambda: array("f"))
    """Where the state is too large: |gradient| and |update| of each epoch, in turn."""

    def __len__(self) -> int:
        return len(self.cost)

    def part(self, start: int, end: int) -> "EpochColumns":
        """A copy of the epochs from `start` on and before `end`."""

        def cut(column: "array[float]") -> "array[float]":
            each = len(column) // max(1, len(self))
            return column[start * each : end * each]

        return EpochColumns(self.slots, *map(cut, (self.cost, self.gradient, self.numbers, self.sizes)))

    def fits(self, more: "EpochColumns") -> bool:
        """Whether more epochs have the same layout, column by column."""
        columns = ("gradient", "numbers", "sizes")
        widths = [[len(getattr(each, name)) // max(1, len(each)) for name in columns] for each in (self, more)]
        return self.slots == more.slots and (not self or widths[0] == widths[1])

    def extend(self, more: "EpochColumns") -> None:
        """Append epochs of the same layout."""
        self.cost.extend(more.cost)
        self.gradient.extend(more.gradient)
        self.numbers.extend(more.numbers)
        self.sizes.extend(more.sizes)


@dataclass(frozen=True, eq=False)
class EpochsRun:
    """What an engine answers to Run: epochs from `first` on, and the last of them line by line."""

    first: int
    columns: tuple[EpochColumns, ...]
    """In order; another layout of the state begins another one."""
    checkpoints: tuple[tuple[int, State], ...] = ()
    """(epoch, the state before it), for states that are too large for the columns or have a rest."""
    traces: tuple[EpochTrace, ...] = ()
    """The last two epochs, or the one."""
    output: tuple[tuple[int, str], ...] = ()
    """(epoch, what it printed) for those that printed; of very many the last."""
    failure: RunFailed | None = None
    """Why fewer epochs were run than were asked for: the epoch after these failed."""

    def __len__(self) -> int:
        return sum(map(len, self.columns))
