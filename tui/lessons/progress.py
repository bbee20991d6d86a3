"""Which lessons are done, from one start to the next: a small file in the user's folder for such things."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from msgspec import DecodeError, Struct, json

from core.language import _
from core.session.file import Fault, Unopenable, Unwritable, os_reason, read_text, write_durably


class _Done(Struct):
    done: list[str]
    version: int = 1


class Progress:
    """The names of the lessons that are done. What can't be read or written is said once; the lessons go on."""

    def __init__(self, say: Callable[[str], object], path: Path | None) -> None:
        """Without a path they are remembered as long as the program runs."""
        self._say, self._path, self._said = say, path, False
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
        try:
            if self._path and self._path.exists():
                self.done = frozenset(json.decode(read_text(str(self._path)), type=_Done).done)
        except (Unopenable, OSError) as error:
            self._say_once(error)
        except (Fault, DecodeError, RecursionError, UnicodeError):
            self._set_aside()

    def _set_aside(self) -> None:
        """Rename a damaged file, so that nothing in it is lost and a new one can be written."""
        assert self._path is not None
        names = (self._path.with_suffix(f".damaged-{number}.json") for number in count(1))
        aside = next(path for path in names if not path.exists())
        try:
            self._path.rename(aside)
        except OSError as error:
            self._say_once(error)
            return
        sentence = _("the file of your progress was damaged and is set aside as {path}; the lessons start over")
        self._say(sentence.format(path=aside))

    def _write(self, done: frozenset[str]) -> None:
        self.done = done
        if self._path:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_durably(str(self._path), json.format(json.encode(_Done(sorted(done)))).decode() + "\n")
            except (Unwritable, OSError) as error:
                self._say_once(error)

    def _say_once(self, error: Exception) -> None:
        if not self._said:
            self._said = True
            why = os_reason(error) if isinstance(error, OSError) else error
            self._say(_("your progress can't be remembered, and the lessons work without it: {why}").format(why=why))
