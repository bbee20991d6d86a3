"""The replay of a session in a thread, in slices, so that the screen goes on answering keys."""

from collections.abc import Callable
from threading import Event, Thread
from time import perf_counter, sleep

from core.language import _
from core.session.opening import Opened
from core.session.replay import Replayed, replay
from core.session.trying import try_lines
from core.state import Engine
from tui.keys import key_of

PAUSE_SECONDS = 0.001
REPORT_SECONDS = 0.25


class Replaying:
    """One replay. It is reported now and then, and once what has come of it: the run, or what has failed."""

    def __init__(self, opened: Opened, report: Callable[["Replaying", Replayed | Exception | None], object]) -> None:
        self._opened = opened
        self._report = report
        self._done = 0
        self._began = False
        self._stopped = Event()

    def start(self, engine: Engine) -> None:
        """Begin, in a thread of its own, unless it has begun."""
        if not self._began:
            self._began = True
            Thread(target=self._run_guarded, args=(engine,), name="replay", daemon=True).start()

    def stop(self) -> None:
        """Have the thread end without another report."""
        self._stopped.set()

    @property
    def progress(self) -> str:
        """How far it is."""
        epochs = self._opened.session.epochs
        told = _("{key} stops · going through your run again: {share:.0%} of {epochs:,} epochs")
        return told.format(key=key_of("stop"), share=self._done / max(1, epochs), epochs=epochs)

    def _run_guarded(self, engine: Engine) -> None:
        try:
            self._run(engine)
        except Exception as failure:  # a thread's failure would pass unseen
            self._report(self, failure)

    def _run(self, engine: Engine) -> None:
        try_lines(self._opened.session, self._opened.data)
        reported = perf_counter()
        replaying = replay(self._opened.session, self._opened.data, engine)
        while not self._stopped.is_set():
            try:
                self._done += next(replaying)
            except StopIteration as end:
                self._report(self, end.value)
                return
            if perf_counter() - reported > REPORT_SECONDS:
                self._report(self, None)
                reported = perf_counter()
            sleep(PAUSE_SECONDS)
