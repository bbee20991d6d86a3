"""A run of gradient descent and the place that the learner has reached in it, as a value that never changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isnan, nan

from core.data import LECTURE, Dataset
from core.ending import Ending, ending
from core.landscape import UNMEASURED, Effect, Landscape, Measured, landscape, measure
from core.listing import Phase
from core.state import Columns, Engine, Epoch, Knobs, State, Weights
from core.tape import Tape

PHASES = len(Phase)

MOST_KEPT = 8
"""How many runs can be kept at a time: so many can be told apart when they lie over each other."""


@dataclass(frozen=True)
class Kept:
    """A run that the learner keeps by name."""

    name: str
    tape: Tape
    mark: int = 0
    """Which of the MOST_KEPT marks is its own for as long as it is kept."""


@dataclass(frozen=True)
class Descent:
    """Every epoch so far, and a `tick` counted in phases: divmod(tick, 4) is (finished epochs, finished phases).

    The tape holds one epoch more than are finished: the one under way, run whole as soon as it is reached and played
    back phase by phase. So its cost is known when W is, and a knob turned in mid-epoch takes effect from the update
    under way: that epoch is run anew. W, cost and gradient of any place are looked up; only the epoch `shown` is
    replayed, to the bit, for what the tape doesn't keep.
    """

    knobs: Knobs = field(default_factory=Knobs.of_lecture)
    data: Dataset = LECTURE
    tape: Tape = field(default_factory=Tape)
    tick: int = 0
    shown: Epoch | None = None
    """The epoch whose phase has just run; None where nothing has run yet."""
    measured: Measured = UNMEASURED
    """What the program that runs does to W, once it has been measured."""
    ghost: Tape | None = None
    """The run that was forgotten last, by going back and changing something or by beginning anew."""
    kept: tuple[Kept, ...] = ()
    """Runs on the same table that the learner keeps by name, to compare with, in the order of their marks."""

    @property
    def epoch(self) -> int:
        """The number of the epoch under way, which is how many updates W has had."""
        return self.tick // PHASES

    @property
    def phase(self) -> Phase | None:
        """The phase that has just run."""
        return Phase((self.tick - 1) % PHASES) if self.tick else None

    @property
    def names(self) -> tuple[str, ...]:
        """What the weights are called: W, or W1, W2, ..., and b."""
        return self.knobs.listing.weight_names(len(self.data.inputs))

    def names_of(self, quantity: str) -> tuple[str, ...]:
        """What a quantity is called: gradient for one weight; gradient_W, gradient_b and so on for several."""
        return (quantity,) if len(self.names) == 1 else tuple(f"{quantity}_{name}" for name in self.names)

    @property
    def landscape(self) -> Landscape:
        """cost over the weights, for the table and the hypothesis."""
        return landscape(self.data, self.knobs.listing.bias)

    @property
    def effect(self) -> Effect:
        """What the lr of the knobs does. The flattest curvature is the steepest one's share, as in the landscape."""
        curvature = self.measured.curvature
        return Effect(self.knobs.lr.value, curvature, curvature / self.landscape.condition)

    @property
    def w(self) -> Weights:
        """The weights now."""
        return self.tape.w(min(self.epoch, len(self.tape)))

    @property
    def cost(self) -> float:
        """cost of the weights now; nan while nothing can be run."""
        return self.tape.cost(self.epoch) if self.epoch < len(self.tape) else nan

    @property
    def lit(self) -> Epoch | None:
        """The epoch whose phase has just run, if it ran the program that the knobs stand on."""
        if self.shown is None:
            return None
        ran = self.tape.knobs(self.shown.number)
        return self.shown if (ran.listing, ran.method) == (self.knobs.listing, self.knobs.method) else None

    @property
    def ending(self) -> Ending | None:
        """Why the run has come to an end with the last finished epoch, if it has."""
        if self.epoch == 0 or self.epoch >= len(self.tape):
            return None
        last = self.epoch - 1
        before = self.tape.w(last - 1) if last else None
        return ending(before, self.tape.w(last), self.w, self.tape.cost(last), self.cost)

    @property
    def next_epoch(self) -> int:
        return (self.epoch + 1) * PHASES

    @property
    def previous_epoch(self) -> int:
        """The start of the epoch under way, or of the one before where none of its phases has run."""
        return max(0, (self.tick - 1) // PHASES * PHASES)

    @property
    def last_epoch(self) -> int:
        """The start of the last epoch on the tape, or the place itself where that is later."""
        return max(self.tick, (len(self.tape) - 1) * PHASES)

    @property
    def last_knobs(self) -> Knobs:
        """The knobs with which the run goes on after its last epoch."""
        return self.tape.knobs(len(self.tape) - 1) if self.epoch < len(self.tape) else self.knobs

    def goto(self, tick: int, engine: Engine) -> "Descent":
        """The same run at another tick, with the knobs as they were there; epochs that are missing are run."""
        tick = max(0, tick)
        tape = self.tape
        if tick == self.tick and self.epoch < len(tape):
            return self
        missing = tick // PHASES + 1 - len(tape)
        if missing > 0:
            epochs = engine.run_epochs(self.last_knobs, tape.state(len(tape)), missing)
            tape = tape.extended(self.last_knobs, epochs)
        return self._at(tick, tape, engine)

    def turn(self, knobs: Knobs, engine: Engine | None) -> "Descent":
        """The same place with the knobs turned: what lay ahead is forgotten, the epoch under way is run anew.

        Without an engine (torch is still loading) only the knobs change.
        """
        if knobs == self.knobs:
            return self
        tape = self.tape.cut(self.epoch)
        turned = replace(self, knobs=knobs, tape=tape, measured=UNMEASURED, ghost=self._forgotten(self.epoch))
        return turned.goto(self.tick, engine) if engine else turned

    def begun_at(self, w: Weights) -> "Descent":
        """A new run from these weights, with the knobs as they are, before its first epoch."""
        return replace(self, tape=Tape(State(w)), tick=0, shown=None, ghost=self._forgotten(0))

    def _forgotten(self, kept: int) -> Tape | None:
        """The ghost once all but the first `kept` epochs are forgotten: this run, if more than the epoch under way is
        lost of it, or else the ghost that there is.
        """
        return self.tape if len(self.tape) > kept + 1 else self.ghost

    def restarted(self, w: Weights, engine: Engine) -> "Descent":
        """A new run from these weights, at its start."""
        return self.begun_at(w).goto(0, engine)

    def ran(self, epochs: Columns, engine: Engine) -> "Descent":
        """This run with epochs that were run elsewhere, from its last one on; the place is its new end."""
        tape = self.tape.extended(self.last_knobs, epochs)
        return self._at((len(tape) - 1) * PHASES, tape, engine)

    def resumed(self, tick: int, engine: Engine) -> "Descent":
        """This run at a tick that its tape reaches; what is shown there is run anew, wherever the place was."""
        return self._at(tick, self.tape, engine)

    def _at(self, tick: int, tape: Tape, engine: Engine) -> "Descent":
        knobs, shown, measured = tape.knobs(tick // PHASES), None, self.measured
        if tick:
            number = (tick - 1) // PHASES
            shown = engine.run_epoch(tape.knobs(number), number, tape.state(number))
        if isnan(measured.curvature) or (knobs.listing, knobs.method) != (self.knobs.listing, self.knobs.method):
            measured = measure(engine, knobs, self.landscape)
        return replace(self, knobs=knobs, tape=tape, tick=tick, shown=shown, measured=measured)

    def keep(self, name: str) -> "Descent":
        """The same place with the run up to its end kept under a name; a name that is taken is given to this run.

        Raises ValueError where MOST_KEPT other runs are kept.
        """
        others = tuple(kept for kept in self.kept if kept.name != name)
        free = sorted(set(range(MOST_KEPT)) - {kept.mark for kept in others})
        if not free:
            raise ValueError(f"{MOST_KEPT} runs are kept already")
        kept = (*others, Kept(name, self.tape, free[0]))
        return replace(self, kept=tuple(sorted(kept, key=lambda run: run.mark)))

    def forget(self, name: str) -> "Descent":
        """The same place without the kept run of this name."""
        return replace(self, kept=tuple(kept for kept in self.kept if kept.name != name))

    def taken_up(self, tape: Tape, engine: Engine) -> "Descent":
        """Another run at its end, to go on from there: a kept one, or the ghost; the present one becomes the ghost."""
        if tape is self.tape:
            return self.goto(self.last_epoch, engine)
        ghost = self._forgotten(0)
        taken = replace(self, tape=tape, ghost=None if ghost is tape else ghost)
        return taken._at((len(tape) - 1) * PHASES, tape, engine)

    def costs_backward(self) -> Iterator[float]:
        """The costs of the epoch under way, of the one before, and so on."""
        return (self.tape.cost(epoch) for epoch in range(min(self.epoch, len(self.tape) - 1), -1, -1))
