"""What the lecture prints: its result table, and how an epoch agrees with it."""

import re
from enum import Enum
from functools import lru_cache

from core.descent import Descent
from core.edits import GradientForm, with_gradient_form, with_start
from core.program import Method, Program

_W = "0.000 1.400 0.840 1.064 0.974 1.010 0.996 1.002 0.999 1.000 1.000"
_COST = "4.666667 0.746666 0.119467 0.019115 0.003058 0.000489 0.000078 0.000013 0.000002 0.000000 0.000000"

PRINTED = tuple(zip(_W.split(), _COST.split(), strict=True))
"""W and cost of epochs 0 to 10, as the slides show them for manual and for optim alike."""

_ROW = re.compile(r"Epoch +(\d+)(/\d+) W: (\S+?),? Cost: (\S+)")


class Agreement(Enum):
    """How an epoch compares with the lecture's printed row of the same number."""

    NOT_PRINTED = 0
    DIFFERS = 1
    LAST_DIGIT = 2
    AGREES = 3


@lru_cache(maxsize=256)
def is_lecture(program: Program) -> bool:
    """Whether the lecture prints a table for this program: its own text, but for lr, nb_epochs, the W to start from,
    and the gradient as a sum or a mean.
    """
    name = next((f"weight_{each}" for each in Method if program.path == f"core/programs/weight_{each}.py"), "")
    if not name:
        return False
    usual = Program(program.text, program.path, Program.read(name).text)
    return not with_start(with_gradient_form(usual, GradientForm.SUM), {"W": (0.0,)}).edited


def agreement(epoch: int, w: float, cost: float) -> Agreement:
    """Hold an epoch against the lecture's table, as printed: W to 3 decimals, cost to 6."""
    if epoch >= len(PRINTED):
        return Agreement.NOT_PRINTED
    w_printed, cost_printed = PRINTED[epoch]
    if (f"{w:.3f}", f"{cost:.6f}") == (w_printed, cost_printed):
        return Agreement.AGREES
    is_near = f"{w:.3f}" == w_printed and abs(cost - float(cost_printed)) < 1.5e-6
    return Agreement.LAST_DIGIT if is_near else Agreement.DIFFERS


def printed_line(descent: Descent, line: str) -> str:
    """The row of the slide that a printed line agrees with, but for its last digit; empty where there is none."""
    row = _ROW.fullmatch(line)
    if row is None or not is_lecture(descent.knobs.program):
        return ""
    epoch, w, cost = int(row[1]), float(row[3]), float(row[4])
    if agreement(epoch, w, cost) not in (Agreement.AGREES, Agreement.LAST_DIGIT):
        return ""
    comma = "," if descent.knobs.method is Method.MANUAL else ""
    return f"Epoch {epoch:4d}{row[2]} W: {PRINTED[epoch][0]}{comma} Cost: {PRINTED[epoch][1]}"
