"""What the lecture prints: its result table, and the formats of its two programs."""

from enum import Enum

from core.data import LECTURE, Dataset
from core.listing import Listing, Method

PRINTED = (
    ("0.000", "4.666667"),
    ("1.400", "0.746666"),
    ("0.840", "0.119467"),
    ("1.064", "0.019115"),
    ("0.974", "0.003058"),
    ("1.010", "0.000489"),
    ("0.996", "0.000078"),
    ("1.002", "0.000013"),
    ("0.999", "0.000002"),
    ("1.000", "0.000000"),
    ("1.000", "0.000000"),
)
"""W and cost of epochs 0 to 10, as the slides show them for manual and for optim alike."""

SEPARATORS = {Method.MANUAL: ",", Method.OPTIM: ""}
"""What stands between the weights and the cost."""


class Agreement(Enum):
    """How an epoch compares with the lecture's printed row of the same number."""

    NOT_PRINTED = 0
    DIFFERS = 1
    LAST_DIGIT = 2
    AGREES = 3


def printed_row(method: Method, epoch: int, nb_epochs: int, w: dict[str, float], cost: float) -> str:
    """The line that the lecture's program prints for an epoch; manual has a comma after the weights, optim has none."""
    weights = ", ".join(f"{name}: {value:.3f}" for name, value in w.items())
    return f"Epoch {epoch:4d}/{nb_epochs} {weights}{SEPARATORS[method]} Cost: {cost:.6f}"


def is_printed(data: Dataset, listing: Listing) -> bool:
    """Whether the lecture prints a table for this program on this data."""
    return data is LECTURE and listing.program == "weight"


def agreement(epoch: int, w: float, cost: float) -> Agreement:
    """Hold an epoch against the lecture's table, as printed: W to 3 decimals, cost to 6."""
    if epoch >= len(PRINTED):
        return Agreement.NOT_PRINTED
    w_printed, cost_printed = PRINTED[epoch]
    if f"{w:.3f}" != w_printed:
        return Agreement.DIFFERS
    if f"{cost:.6f}" == cost_printed:
        return Agreement.AGREES
    return Agreement.LAST_DIGIT if abs(cost - float(cost_printed)) < 1.5e-6 else Agreement.DIFFERS
