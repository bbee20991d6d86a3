"""Costs for the plots, from the program's own lines: cached, asked for when no move waits."""

from collections import OrderedDict
from math import nan
from typing import TYPE_CHECKING

from core.descent import Descent
from core.program import Program
from core.requests import Costs
from core.state import RunFailed, Weights
from tui.run_queue import without_lr

if TYPE_CHECKING:
    from tui.stepper import Stepper

Points = tuple[Weights, ...]

MOST_SLICES = 64
"""How many answers are kept."""


class Slices:
    """The costs of a program at weights that it isn't at."""

    def __init__(self, stepper: "Stepper") -> None:
        self._stepper = stepper
        self._costs: OrderedDict[tuple[Program, Points], Weights] = OrderedDict()
        self._wanted: dict[tuple[Program, Points], Costs] = {}

    def costs(self, descent: Descent, points: Points) -> Weights | None:
        """The cost at each point, nan where it can't be computed; None where it is still to be asked for: the plots are
        redrawn when it is there.
        """
        if descent.opened is None or not points:
            return None
        key = without_lr(descent.knobs.program), points
        if key in self._costs:
            self._costs.move_to_end(key)
            return self._costs[key]
        _at, state = descent.log.state(min(descent.epoch, len(descent.log)))
        self._wanted[key] = Costs(descent.knobs.program, state, points)
        self._stepper.queue.when_idle("slices", self._ask)
        return None

    async def _ask(self) -> None:
        """Ask for what was wanted last."""
        while self._wanted:
            key, request = self._wanted.popitem()
            try:
                self._costs[key] = await self._stepper.engine.ask(request)
            except RunFailed:
                self._costs[key] = (nan,) * len(request.points)
            if len(self._costs) > MOST_SLICES:
                self._costs.popitem(last=False)
        self._stepper.redraw_plots()
