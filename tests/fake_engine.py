"""An engine with round numbers and without torch: cost the sum of (w - 1)^2, gradient 2 (w - 1), whatever the table."""

from core.float32 import float32
from core.state import Columns, Epoch, Knobs, State


class FakeEngine:
    """Runs epochs by arithmetic; it counts them, so that a test can say what was run."""

    def __init__(self) -> None:
        self.epochs_run = 0

    def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
        gradient = tuple(float32(2 * (w - 1)) for w in state.w)
        w_next = tuple(float32(w - knobs.lr.value * slope) for w, slope in zip(state.w, gradient, strict=True))
        hypothesis = tuple(x * state.w[0] for x in (1, 2, 3))
        cost = float32(sum((w - 1) * (w - 1) for w in state.w))
        return Epoch(number, knobs.method, knobs.lr.value, state.w, hypothesis, cost, gradient, w_next)

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        columns = Columns()
        for number in range(count):
            epoch = self.run_epoch(knobs, number, state)
            columns.cost.append(epoch.cost)
            columns.gradient.extend(epoch.gradient)
            columns.w_next.extend(epoch.w_next)
            state = State(epoch.w_next)
            self.epochs_run += 1
        return columns
