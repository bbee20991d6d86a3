"""What a program does to its weights, as it was measured from its own lines."""

from dataclasses import dataclass
from enum import StrEnum
from math import nan

from core.state import Weights


class LrResponse(StrEnum):
    """What the update does when the lr is turned."""

    PROPORTIONAL = "proportional"
    UNUSED = "unused"
    OTHER = "other"


@dataclass(frozen=True)
class Measured:
    """What a program does to its weights, measured from its own lines at a state."""

    error_factor: float = nan
    """What an epoch multiplies the error by along the steepest direction, with its sign; nan where it isn't one number.
    With memory the spectral radius of the map on (weights, memory)."""
    flat_factor: float = nan
    """The same along the flattest direction."""
    lr_response: LrResponse = LrResponse.OTHER
    one_step_lr: float = nan
    """The lr at which error_factor is 0; nan where there is none."""
    stability_limit: float = nan
    """The lr at which error_factor is -1; nan where there is none."""
    curvature: float = nan
    """How fast the gradient that ran (the update at lr 1) grows along the steepest direction; negative: uphill."""
    is_stateful: bool = False
    """Whether an update remembers earlier ones: momentum, Adam, a forgotten zero_grad()."""
    minimum: Weights | None = None
    """Where the program's own cost is least; None where that was not found."""
    min_cost: float = nan
    max_curvature: float = nan
    """Of the program's own cost, by autograd."""
    min_curvature: float = nan
    steepest: Weights = ()
    """A unit vector along the steepest direction."""
    flattest: Weights = ()
    gradient_ratio: float = nan
    """The gradient that ran over autograd's; nan where it is not a multiple of it."""
    is_quadratic: bool = False
    """Whether the curvature is the same everywhere it was measured."""

    @property
    def condition_number(self) -> float:
        return self.max_curvature / self.min_curvature if self.min_curvature else nan
