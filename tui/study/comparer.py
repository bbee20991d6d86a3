"""Both methods at the place on the screen: compared at once, or on a large table in a thread, so that no key waits."""

from threading import Thread

from core.descent import Descent
from core.state import Engine
from core.study.comparison import Comparison
from tui.engine.stage import Stage
from tui.engine.waiting import Waiting
from tui.study.comparing import compared, comparing, hidden, why_not_compared

LARGE = 100_000
"""From so many rows on the four epochs of a comparison take longer than a key should."""


class Comparer:
    """What the stepper does for the panel of both methods while it is shown."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._running = False

    def show(self, waiting: Waiting) -> None:
        """Have the panel show the comparison at the place on the screen, or why there is none."""
        stage, engine, place = self._stage, waiting.engine, self._stage.descent
        if stage.prediction.question:
            stage.comparison = hidden()
        elif (why_not := why_not_compared(place, waiting)) or engine is None:
            stage.comparison = why_not
        elif len(place.data) < LARGE:
            stage.comparison = compared(place, engine)
        else:
            stage.comparison = comparing(len(place.data))
            self._begin(place, engine)

    def _begin(self, place: Descent, engine: Engine) -> None:
        """Compare in a thread; while one is at work the place that is on the screen when it is done comes next."""
        if self._running:
            return
        self._running = True

        def compare() -> None:
            try:
                self._stage.call_later(self._done, place, compared(place, engine))
            except Exception as failure:  # a thread's failure would pass unseen
                self._stage.call_later(self._stage.fail, failure)

        Thread(target=compare, name="compare", daemon=True).start()

    def _done(self, place: Descent, found: Comparison | str) -> None:
        self._running = False
        if self._stage.descent is place and self._stage.picture == "methods" and not self._stage.prediction.question:
            self._stage.comparison = found
        else:
            self._stage.compare()
