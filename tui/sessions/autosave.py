"""The run on the screen, written down while one works: in a thread, so that no key waits for the disk."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import sleep

from core.descent import Descent
from core.session.autosave_store import AutosaveFile, AutosaveStore
from core.session.file import Unwritable

DELAY = 0.3  # seconds from a change to its being written: what comes in between is written with it
RETRY = 3.0  # where it has failed


class Autosave:
    """Keeps a run's file up to date, so that at most a second of it is ever missing."""

    def __init__(self, store: AutosaveStore, say: Callable[[str], object]) -> None:
        self._store, self._say = store, say
        self._file: AutosaveFile | None = None
        self._written: Descent | None = None
        self._changed = Event()
        self._writing = Lock()
        """Held by whoever writes, or says where to; never by a key."""
        self._failed = False
        self._thread = Thread(target=self._write_changes, name="autosave", daemon=True)
        self.latest: Descent | None = None
        """The run that is being saved."""

    def record(self, descent: Descent) -> None:
        """Have a run written, soon."""
        if descent is not self.latest:
            self.latest = descent
            self._changed.set()
            if not self._thread.is_alive():
                self._thread.start()

    def flush(self) -> None:
        """Write what is not yet written, now."""
        from core.session.session import Session, text_of  # msgspec: not for the first frame

        with self._writing:
            self._changed.clear()
            descent = self.latest
            if descent is None or descent is self._written:
                return
            try:
                self._file = self._file or self._store.new_file()
                self._file.write(text_of(Session.of(descent)))
                self._written, self._failed = descent, False
            except Unwritable as refusal:
                self._changed.set()
                if not self._failed:
                    self._say(str(refusal))
                self._failed = True

    def exchange(self, file: AutosaveFile | None, descent: Descent | None = None) -> AutosaveFile | None:
        """Have what is recorded from now on written to another file, a new one where none is given.

        `descent` is what stands there already. Returns the file before, if anything was written to it.
        """
        self.flush()
        with self._writing:
            before, self._file = self._file, file
            self.latest = self._written = descent
        return before

    def close(self) -> None:
        """Write the rest before the program ends, unless that takes longer than anybody waits."""
        last = Thread(target=self.flush, daemon=True)
        last.start()
        last.join(timeout=1)

    def _write_changes(self) -> None:
        while self._changed.wait():
            sleep(RETRY if self._failed else DELAY)
            self.flush()
