"""With what a run begins: the program, the gradient form and the lr that suit a table."""

from core.data import LECTURE, Dataset
from core.descent import Descent
from core.landscape import landscape
from core.listing import GradientForm, Listing, Method
from core.lr import Lr
from core.state import Knobs, State
from core.tape import Tape


def beginning(
    data: Dataset = LECTURE,
    bias: bool | None = None,
    method: Method = Method.MANUAL,
    form: GradientForm | None = None,
    lr: float | None = None,
) -> Descent:
    """A run over a table before its first epoch; what is not given is chosen.

    The lecture's table has no bias, the sum and the lecture's own lr. Any other has a bias, the 2 * mean, whose size
    does not depend on the number of rows, and an lr from the safe half, so that the first epoch does not diverge.
    """
    is_lecture = data is LECTURE
    listing = Listing.read(program_for(len(data.inputs), has_bias(data) if bias is None else bias))
    listing = listing.with_gradient_form(form or (GradientForm.SUM if is_lecture else GradientForm.MEAN))
    knobs = Knobs(listing, method, *(Lr.at(first_lr(data, listing, method)) for method in Method))
    if lr is not None:
        knobs = knobs.with_lr(Lr.at(lr))
    return Descent(knobs, data, Tape(State((0.0,) * len(listing.weight_names(len(data.inputs))))))


def has_bias(data: Dataset) -> bool:
    """Whether a table has a bias where nobody has asked: any other than the lecture's has."""
    return data is not LECTURE and data.original is not LECTURE


def program_for(inputs: int, bias: bool) -> str:
    """The program for a table with so many inputs."""
    if inputs == 1:
        return "weight_bias" if bias else "weight"
    return "features" if bias else "features_no_bias"


def first_lr(data: Dataset, listing: Listing, method: Method) -> float:
    """The lr that a run begins with: the lecture's own on its table; on any other the largest rung of the ladder up to
    which no error changes its sign, 1 / (the largest curvature of the gradient that runs).
    """
    if data is LECTURE:
        return listing.lr(method)
    curvature = landscape(data, listing.bias).steepest
    if listing.sums(method):
        curvature *= len(data) / 2
    return Lr.largest_rung(1 / curvature if curvature > 0 else 0.1).value
