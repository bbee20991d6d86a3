"""An engine with round numbers and without torch: cost (W - 1)^2, gradient 2 (W - 1), on the lecture's three points."""

from core.float32 import float32
from core.state import Columns, Epoch, Knobs, State


class FakeEngine:
    """Runs epochs by arithmetic; it counts them, so that a test can say what was run."""

    def __init__(self) -> None:
        self.epochs_run = 0

    def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
        w = state.w[0]
        gradient = float32(2 * (w - 1))
        w_next = float32(w - knobs.lr.value * gradient)
        hypothesis = (w, 2 * w, 3 * w)
        cost = float32((w - 1) * (w - 1))
        return Epoch(number, knobs.method, knobs.lr.value, state.w, hypothesis, cost, (gradient,), (w_next,))

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        columns = Columns()
        for number in range(count):
            epoch = self.run_epoch(knobs, number, state)
            columns.cost.append(epoch.cost)
            columns.gradient.append(epoch.gradient[0])
            columns.w_next.append(epoch.w_next[0])
            state = State(epoch.w_next)
            self.epochs_run += 1
        return columns
