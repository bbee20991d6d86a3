"""A run as the stretches that it ran with the same program, method and lr."""

from dataclasses import dataclass
from functools import cached_property

from core.descent import Descent
from core.export.faults import CannotExport
from core.language import _
from core.listing import Line, Listing, Method
from core.state import Knobs
from core.tape import Tape


@dataclass(frozen=True)
class Stretch:
    """The epochs from `start` on and before `end`, which ran with these knobs."""

    start: int
    end: int
    knobs: Knobs

    @property
    def listing(self) -> Listing:
        return self.knobs.listing

    @property
    def method(self) -> Method:
        return self.knobs.method

    @property
    def lr(self) -> float:
        return self.knobs.lr.value

    @property
    def optimizer(self) -> str:
        """The line that makes the optimizer; manual has none."""
        return self.listing.model_lines(Method.OPTIM)[-1].text if self.method is Method.OPTIM else ""

    @property
    def body(self) -> tuple[Line, ...]:
        """The lines of the loop."""
        model = {line.number for line in self.listing.model_lines(self.method)}
        return tuple(line for line in self.listing.lines(self.method) if line.number not in model)

    @cached_property
    def loop(self) -> tuple[str, ...]:
        """The text of the loop's lines."""
        return tuple(line.text for line in self.body)

    @property
    def has_column(self) -> bool:
        """Whether W is a column, a weight an input."""
        return self.listing.program.startswith("features")


def stretches(tape: Tape) -> tuple[Stretch, ...]:
    """The stretches of a run, in order; a turn that changed nothing of what ran begins none."""
    found: list[Stretch] = []
    ends = [*(start for start, _knobs in tape.turns[1:]), len(tape)]
    for (start, knobs), end in zip(tape.turns, ends, strict=True):
        stretch = Stretch(start, end, knobs)
        if found and _runs_alike(found[-1], stretch):
            stretch = Stretch(found.pop().start, end, knobs)
        found.append(stretch)
    return tuple(found)


def _runs_alike(one: Stretch, other: Stretch) -> bool:
    return (one.method, one.lr, one.optimizer, one.loop) == (other.method, other.lr, other.optimizer, other.loop)


def stretches_of(descent: Descent) -> tuple[Stretch, ...]:
    """The stretches of a run that has begun; raises CannotExport."""
    if not len(descent.tape):
        raise CannotExport(_("nothing has run yet: torch is still loading"))
    return stretches(descent.tape)
