"""Running far: many epochs in a thread, in slices, so that the screen goes on answering keys."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import perf_counter, sleep

from core.descent import Descent
from core.ending import Ending, first_ending
from core.language import _
from core.state import Columns, Engine, State, Weights
from core.tape import Tape
from tui.keys import key_of

SLICE_SECONDS = 0.012
"""How long epochs run before the thread lets others have their turn."""

PAUSE_SECONDS = 0.001
REPORT_SECONDS = 0.25

MOST_EPOCHS = 1_000_000
"""Where a run without a last epoch gives up waiting for an end."""


@dataclass(frozen=True)
class Stretch:
    """Epochs run since the last report; the last report of a run is `over`, and says what ended it if something did."""

    run: "FarRun"
    epochs: Columns
    over: bool = False
    ending: Ending | None = None
    failure: Exception | None = None


class FarRun:
    """A run from the end of a tape to epoch `last`, or until it ends by itself."""

    def __init__(self, descent: Descent, last: int | None, report: Callable[[Stretch], object]) -> None:
        self.last = last
        self._descent = descent
        self._report = report
        self._first = len(descent.tape)
        self._began = perf_counter()
        self._stopped = Event()
        self._seen = Event()

    def start(self, engine: Engine) -> None:
        """Begin, in a thread of its own."""
        Thread(target=self._run_guarded, args=(engine,), name="far", daemon=True).start()

    def stop(self) -> None:
        """Have the thread end without another report."""
        self._stopped.set()
        self._seen.set()

    def go_on(self) -> None:
        """The last report is on the screen: painting it while the thread runs would take three times as long."""
        self._seen.set()

    def progress(self, done: int) -> str:
        """How far it is, how fast, how long still."""
        speed = (done - self._first) / max(1e-3, perf_counter() - self._began)
        if self.last is None:
            sentence = _("{key} stops · epoch {done:,} · {speed:,.0f} epochs a second · until W no longer changes")
            return sentence.format(key=key_of("stop"), done=done, speed=speed)
        share = (done - self._first) / max(1, self.last + 1 - self._first)
        seconds = int((self.last + 1 - done) / max(1.0, speed))
        left = f"{seconds // 60}:{seconds % 60:02}"
        sentence = _(
            "{key} stops · {share:.0%} of the way to epoch {last:,} · {speed:,.0f} epochs a second · {left} left"
        )
        return sentence.format(key=key_of("stop"), share=share, last=self.last, speed=speed, left=left)

    def _run_guarded(self, engine: Engine) -> None:
        try:
            self._run(engine)
        except Exception as failure:  # a thread's failure would pass unseen: the app raises it
            self._report(Stretch(self, Columns(), over=True, failure=failure))

    def _run(self, engine: Engine) -> None:
        knobs, tape = self._descent.last_knobs, self._descent.tape
        left = MOST_EPOCHS if self.last is None else self.last + 1 - len(tape)
        before = tape.w(len(tape) - 1) if len(tape) else None
        state, count = tape.state(len(tape)), 16
        unreported, reported, why = Columns(), perf_counter(), None
        while left > 0 and not why and not self._stopped.is_set():
            began = perf_counter()
            epochs = engine.run_epochs(knobs, state, min(count, left))
            count = max(1, min(4 * count, round(count * SLICE_SECONDS / (perf_counter() - began + 1e-9))))
            if found := self._ending(epochs, before, state):
                index, why = found
                # the epoch after the last: the one under way, at the W that the run has come to
                one_more = engine.run_epochs(knobs, Tape(state).extended(knobs, epochs).state(index + 1), 1)
                epochs = epochs.part(0, index + 1)
                epochs.extend(one_more)
            stretch = Tape(state).extended(knobs, epochs)
            before, state, left = stretch.w(len(stretch) - 1), stretch.state(len(stretch)), left - len(stretch)
            unreported.extend(epochs)
            if perf_counter() - reported > REPORT_SECONDS:
                self._seen.clear()
                self._report(Stretch(self, unreported))
                self._seen.wait(timeout=1)
                unreported, reported = Columns(), perf_counter()
            sleep(PAUSE_SECONDS)
        if not self._stopped.is_set():
            self._report(Stretch(self, unreported, over=True, ending=why))

    def _ending(self, epochs: Columns, before: Weights | None, state: State) -> tuple[int, Ending] | None:
        """Where these epochs end the run; a run to a given epoch is ended only by breaking away."""
        found = first_ending(epochs, before, state.w)
        return found if found and (self.last is None or found[1] is Ending.NOT_FINITE) else None
