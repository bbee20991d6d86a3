"""Which plots there are: it depends on how many weights the model has."""

from tui.panels.costs import Costs
from tui.panels.curve import Curve
from tui.panels.fit import Fit
from tui.panels.panel import Panel


def plots_for(weights: int) -> tuple[type[Panel], ...]:
    """cost(W) for one weight, contours for two, contours and each weight by epoch for more; then costs and data."""
    if weights == 1:
        return Curve, Costs, Fit
    from tui.panels.contours import Contours  # not for the first frame of the lecture's program
    from tui.panels.weights import WeightsByEpoch

    return (Contours, Costs, Fit) if weights == 2 else (Contours, WeightsByEpoch, Costs, Fit)
