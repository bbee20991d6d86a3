"""Both methods at the place on the screen: compared at once, or on a large table in a thread, so that no key waits."""

from threading import Thread
from typing import TYPE_CHECKING

from core.descent import Descent
from core.state import Engine
from core.study.comparison import Comparison
from tui.engine.waiting import Waiting
from tui.study.comparing import compared, comparing, hidden, why_not_compared

if TYPE_CHECKING:
    from tui.app import Stepper

LARGE = 100_000
"""From so many rows on the four epochs of a comparison take longer than a key should."""


class Comparer:
    """What the stepper does for the panel of both methods while it is shown."""

    def __init__(self, app: "Stepper") -> None:
        self._app = app
        self._running = False

    def show(self, waiting: Waiting) -> None:
        """Have the panel show the comparison at the place on the screen, or why there is none."""
        app, engine, place = self._app, waiting.engine, self._app.descent
        if app.prediction.question:
            app.comparison = hidden()
        elif (why_not := why_not_compared(place, waiting)) or engine is None:
            app.comparison = why_not
        elif len(place.data) < LARGE:
            app.comparison = compared(place, engine)
        else:
            app.comparison = comparing(len(place.data))
            self._begin(place, engine)

    def _begin(self, place: Descent, engine: Engine) -> None:
        """Compare in a thread; while one is at work the place that is on the screen when it is done comes next."""
        if self._running:
            return
        self._running = True

        def compare() -> None:
            try:
                self._app.call_later(self._done, place, compared(place, engine))
            except Exception as failure:  # a thread's failure would pass unseen
                self._app.call_later(self._app._handle_exception, failure)

        Thread(target=compare, name="compare", daemon=True).start()

    def _done(self, place: Descent, found: Comparison | str) -> None:
        self._running = False
        if self._app.descent is place and self._app.picture == "methods" and not self._app.prediction.question:
            self._app.comparison = found
        else:
            self._app.compare()
