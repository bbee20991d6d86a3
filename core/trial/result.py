"""What has come of trying a line, in one sentence."""

from dataclasses import dataclass
from enum import StrEnum

from core.language import _
from core.study.verdict import GradientCheck


class Fault(StrEnum):
    """What may be the matter with a line."""

    RAISES = "it raises an exception"
    NO_VALUE = "a name has no value"
    NO_TENSOR = "a phase hands over something else than a tensor"
    NO_FLOATS = "a tensor of other numbers than floats"
    SHAPE = "a tensor of the wrong shape"
    NOT_FINITE = "a value that is no number"
    TABLE = "the table is changed"
    TIME = "it takes too long"
    MEMORY = "it takes too much memory"
    DIED = "the process that tried it has ended"


@dataclass(frozen=True)
class Trial:
    """What has come of trying a line; without a fault it may take its place."""

    line: int
    fault: Fault | None = None
    name: str = ""
    """The value that the fault is about: hypothesis, cost, W.grad."""
    found: str = ""
    """What it is, or what was raised."""
    wanted: str = ""
    """The shape that it must have; empty for one number."""
    raised_in: int | None = None
    """The line that raised it."""
    check: GradientCheck | None = None
    """The gradient beside autograd's, where the line is part of the gradient phase."""
    accumulates: bool = False
    """Whether the gradient holds what an earlier epoch left in .grad."""
    idle: bool = False
    """Whether the update leaves every weight as it was."""

    @property
    def sentence(self) -> str:
        """What was found, for the person who wrote the line."""
        name, found, wanted = self.name, self.found, self.wanted
        match self.fault:
            case Fault.RAISES if self.raised_in in (None, self.line):
                return found
            case Fault.RAISES:
                return _("line {line} can't be run any more: {error}").format(line=self.raised_in, error=found)
            case Fault.NO_VALUE if self.raised_in == self.line:
                return _("{name} has no value yet in this line").format(name=name)
            case Fault.NO_VALUE:
                return _("{name} has no value any more: this line must give it one, {name} = ...").format(name=name)
            case Fault.NO_TENSOR if found == "NoneType" and name.endswith(".grad"):
                return _("{name} is None: nothing has filled it, cost.backward() does").format(name=name)
            case Fault.NO_TENSOR:
                return _("{name} must be a tensor, not {kind}").format(name=name, kind=found)
            case Fault.NO_FLOATS:
                return _("{name} must be made of floats, and holds whole numbers or True and False").format(name=name)
            case Fault.SHAPE if not wanted:
                return _("{name} must be one number, and has the shape {found}").format(name=name, found=found)
            case Fault.SHAPE:
                told = _("{name} must have the shape {wanted}, and has {found}")
                return told.format(name=name, found=found, wanted=wanted)
            case Fault.NOT_FINITE:
                return _("{name} is nan or inf at {at}").format(name=name, at=found or _("one W"))
            case Fault.TABLE:
                return _("the line changes x_train or y_train: the table must stay as it is")
            case Fault.TIME:
                return _("stopped: the line takes longer than a second")
            case Fault.MEMORY:
                return _("stopped: the line takes too much memory")
            case Fault.DIED:
                return _("stopped: the process that tried the line has ended{why}").format(why=found and f" ({found})")
        if self.accumulates:
            return _(".grad still holds the gradients of earlier epochs: each backward() adds to them")
        if self.check:
            return self.check.sentence
        return _("the update leaves W as it is") if self.idle else _("the line runs")
