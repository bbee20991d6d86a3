"""Which lessons are done, from one start to the next: a small file in the user's folder for such things."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.language import _


class Progress:
    """The names of the lessons that are done. What can't be read or written is told once; the lessons go on."""

    def __init__(self, tell: Callable[[str], object], path: Path | None) -> None:
        """Without a path they are remembered as long as the program runs."""
        self._path = path
        self._tell = tell
        self._told = False
        self.done: frozenset[str] = frozenset()
        self._read()

    def add(self, name: str) -> None:
        """Remember that a lesson is done."""
        self._read()  # another gradstep may have written meanwhile
        if name not in self.done:
            self._write(self.done | {name})

    def reset(self, name: str | None = None) -> None:
        """Forget that a lesson is done; without a name, that any is."""
        self._read()
        self._write(self.done - {name} if name else frozenset())

    def _read(self) -> None:
        """What the file holds; where there is none, or it can't be read, what is known stays."""
        if self._path is None:
            return
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except UnicodeDecodeError:
            self._set_aside(self._path)
            return
        except OSError as error:
            self._complain(error)
            return
        try:
            self.done = _names(json.loads(text))
        except (ValueError, RecursionError):
            self._set_aside(self._path)

    def _set_aside(self, path: Path) -> None:
        """Rename a damaged file, so that nothing in it is lost and a new one can be written."""
        number, aside = 1, path.with_suffix(".damaged.json")
        while aside.exists():
            number += 1
            aside = path.with_suffix(f".damaged-{number}.json")
        try:
            path.rename(aside)
        except OSError as error:
            self._complain(error)
            return
        told = _("the file of your progress was damaged and is set aside as {path}; the lessons begin anew")
        self._tell(told.format(path=aside))

    def _write(self, done: frozenset[str]) -> None:
        """Write the file whole under another name, then put it in its place: it is never half written."""
        self.done = done
        if self._path is None:
            return
        text = json.dumps({"version": 1, "done": sorted(done)}, indent=1) + "\n"
        written: str | None = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", encoding="utf-8", dir=self._path.parent, delete=False) as file:
                written = file.name
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(written, self._path)
        except OSError as error:
            if written:
                with suppress(OSError):
                    os.unlink(written)
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        if self._told:
            return
        self._told = True
        told = _("your progress can't be remembered, {path}: {why}; the lessons work without it")
        self._tell(told.format(path=self._path, why=error.strerror))


def _names(content: object) -> frozenset[str]:
    """The names of a file of this form. Raises ValueError."""
    match content:
        case {"version": 1, "done": [*names]} if all(isinstance(name, str) for name in names):
            return frozenset(map(str, names))
    raise ValueError("no progress")
