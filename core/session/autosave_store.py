"""The folder in which programs save their runs automatically: a file for each run, and a lock on it while one works."""

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.language import _
from core.session.file import Unwritable, os_reason, remove_stale_files, write_durably

MOST_KEPT = 10  # of the runs of programs that have ended, the newest
ENDING, LOCK = ".gradstep", ".lock"


@dataclass(frozen=True)
class AutosaveFile:
    """A run's file, locked for this process until it ends: no other one offers it or writes to it."""

    path: Path
    lock: int

    def write(self, text: str) -> None:
        """Replace what is there, durably. Raises Unwritable."""
        write_durably(str(self.path), text, mode=0o600)

    def release(self) -> None:
        """Let another process have it."""
        os.close(self.lock)

    def discard(self) -> None:
        """Remove the run."""
        self.path.unlink(missing_ok=True)
        self.path.with_suffix(LOCK).unlink(missing_ok=True)
        self.release()


class AutosaveStore:
    """The folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_file(self) -> AutosaveFile:
        """A file for a run that has none yet. Raises Unwritable."""
        path = self.folder / f"{os.getpid()}-{os.urandom(4).hex()}{ENDING}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _locked(path)
        except OSError as error:
            raise Unwritable(_("{path} can't be written: {why}").format(path=path, why=os_reason(error))) from None

    def newest(self) -> AutosaveFile | None:
        """The run that was saved last by a program that has ended, locked for this one; None where there is none."""
        for path in self._runs():
            with suppress(OSError):
                if path.exists():
                    return _locked(path)
        return None

    def tidy(self) -> None:
        """Remove what killed programs have left half done, and runs of long ago."""
        remove_stale_files(str(self.folder))
        for number, path in enumerate(self._runs()):
            with suppress(OSError):
                if number >= MOST_KEPT or not path.exists():
                    _locked(path).discard()

    def _runs(self) -> list[Path]:
        """The files of all runs, the newest first, and last those of programs that ended before they wrote any."""
        with suppress(OSError):
            paths = {path.with_suffix(ENDING) for path in self.folder.iterdir() if path.suffix in (ENDING, LOCK)}
            return sorted(paths, key=lambda path: path.stat().st_mtime if path.exists() else 0, reverse=True)
        return []


def _locked(path: Path) -> AutosaveFile:
    """The file of a run. Raises OSError where the program that it belongs to still runs."""
    lock = os.open(path.with_suffix(LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.fstat(lock).st_nlink:
            raise FileNotFoundError  # it has just been removed by another
    except OSError:
        os.close(lock)
        raise
    return AutosaveFile(path, lock)
