"""The run on the screen, written down while one works: in a thread, so that no key waits for the disk."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import sleep

from core.descent import Descent
from core.session.shelf import Place, Shelf

DELAY = 0.3
"""Seconds from a change to its being written: what comes in between is written with it."""

RETRY = 3.0
"""Seconds until it is tried again where it has failed."""


class Autosave:
    """Keeps a run's file up to date, so that at most a second of it is ever missing."""

    def __init__(self, shelf: Shelf, tell: Callable[[str], object]) -> None:
        self._shelf, self._tell = shelf, tell
        self._place: Place | None = None
        self._latest: Descent | None = None
        self._written: Descent | None = None
        self._changed = Event()
        self._writing = Lock()
        """Held by whoever writes, or says where to; never by a key."""
        self._failed = False
        self._thread: Thread | None = None

    def saw(self, descent: Descent) -> None:
        """Have a run written, soon."""
        self._latest = descent
        self._changed.set()
        if self._thread is None:
            self._thread = Thread(target=self._write_on, name="autosave", daemon=True)
            self._thread.start()

    def has(self, descent: Descent) -> bool:
        """Whether it was this run, as it is, that was seen last."""
        return descent is self._latest

    def flush(self) -> None:
        """Write what is not yet written, now."""
        with self._writing:
            self._changed.clear()
            if self._latest is not None and self._latest is not self._written:
                self._write(self._latest)

    def exchange(self, place: Place | None, descent: Descent | None = None) -> Place | None:
        """Have what is seen from now on written to another place, a new one where none is given.

        `descent` is what stands there already. Returns the place before, if anything was written to it.
        """
        self.flush()
        with self._writing:
            before, self._place = self._place, place
            self._latest = self._written = descent
        return before

    def close(self) -> None:
        """Write the rest before the program ends, unless that takes longer than anybody waits."""
        last = Thread(target=self.flush, daemon=True)
        last.start()
        last.join(timeout=1)

    def _write_on(self) -> None:
        while True:
            self._changed.wait()
            sleep(RETRY if self._failed else DELAY)
            self.flush()

    def _write(self, descent: Descent) -> None:
        from core.session.recipe import Session  # json and its like: not for the first frame
        from core.session.writing import text_of

        try:
            session = Session.of(descent)
            if session.is_worth_keeping:
                self._place = self._place or self._shelf.new_place()
                self._place.write(text_of(session))
        except ValueError as refusal:  # Unwritable
            self._changed.set()
            if not self._failed:
                self._tell(str(refusal))
            self._failed = True
        else:
            self._written, self._failed = descent, False
