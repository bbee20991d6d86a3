"""The folder in which programs save their runs by themselves: a file for each run, and a lock on it while one works."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from core.language import _
from core.session.faults import Unwritable
from core.session.file import reason, sweep, write_durably

MOST_KEPT = 10
"""So many runs of programs that have ended are kept, the newest."""

ENDING, LOCK = ".gradstep", ".lock"


class Place:
    """A run's file on the shelf, locked for this process until it ends: no other one offers it or writes to it."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    def write(self, text: str) -> None:
        """Replace what is there, durably. Raises Unwritable."""
        write_durably(str(self.path), text, mode=0o600)

    @property
    def saved(self) -> float:
        """When it was written last, in seconds since 1970."""
        return self.path.stat().st_mtime

    def release(self) -> None:
        """Let another process have it."""
        os.close(self._lock)

    def discard(self) -> None:
        """Take the run away."""
        for path in (self.path, _lock_of(self.path)):
            with suppress(OSError):
                path.unlink()
        self.release()


class Shelf:
    """The folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_place(self) -> Place:
        """A place for a run that has none yet. Raises Unwritable."""
        path = self.folder / f"{os.getpid()}-{os.urandom(4).hex()}{ENDING}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _locked(_lock_of(path))
        except OSError as error:
            raise Unwritable(_("{path} can't be written: {why}").format(path=path, why=reason(error))) from None
        if lock is None:
            raise Unwritable(_("{path} can't be locked").format(path=path))
        return Place(path, lock)

    def newest(self) -> Place | None:
        """The run that was saved last by a program that has ended, locked for this one; None where there is none."""
        return next(filter(None, map(_claimed, self._runs())), None)

    def tidy(self) -> None:
        """Take away what killed programs have left half done, and runs of long ago."""
        sweep(str(self.folder))
        for path in self._runs()[MOST_KEPT:]:
            if place := _claimed(path):
                place.discard()
        for lock in self._found(LOCK):
            if not lock.with_suffix(ENDING).exists() and (place := _claimed(lock.with_suffix(ENDING))):
                place.discard()

    def _runs(self) -> list[Path]:
        """The files of all runs, the newest first."""
        runs = []
        for path in self._found(ENDING):
            with suppress(OSError):  # its program has just taken it away
                runs.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(runs, reverse=True)]

    def _found(self, ending: str) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.suffix == ending]
        except OSError:
            return []


def _lock_of(path: Path) -> Path:
    return path.with_suffix(LOCK)


def _claimed(path: Path) -> Place | None:
    """The place of a file, unless the program that it belongs to still runs."""
    with suppress(OSError):
        if (lock := _locked(_lock_of(path))) is not None:
            return Place(path, lock)
    return None


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock; None where another process has it, or has just taken it away."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_ino == os.stat(path).st_ino:
            return lock
    except OSError:
        pass
    os.close(lock)
    return None
