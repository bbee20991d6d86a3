"""Which plots there are: it depends on how many weights the program has."""

from tui.panels.costs import Costs
from tui.panels.curve import Curve
from tui.panels.fit import Fit
from tui.panels.panel import Panel


def plots_for(weights: int) -> tuple[type[Panel], ...]:
    """cost(W) for one weight, contours for two, for more the cost along the update and each weight by epoch; then
    costs and data.
    """
    if weights <= 1:
        return Curve, Costs, Fit
    if weights == 2:
        from tui.panels.contours import Contours  # not for the first frame of the lecture's program

        return Contours, Costs, Fit
    from tui.panels.slice import Slice
    from tui.panels.weights import WeightsByEpoch

    return Slice, WeightsByEpoch, Costs, Fit
