"""A config file as it is: its values, the line of each, and why it holds none where that is so."""

import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.language import _, marked
from core.session.file import reason

MOST_BYTES = 20_000
"""No config is longer. (The time that tomllib takes for a name of very many parts grows with its square.)"""

_HEADER = re.compile(r"\s*\[\[?([^\[\]]*)\]\]?\s*(#.*)?")
_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True)
class File:
    """What stands in the file; with a mistake, nothing does."""

    path: str
    values: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """By the whole name: start.lr."""
    mistake: Callable[[], str] | None = None
    """Why the file holds nothing, in the language of now."""

    def line(self, name: str) -> int:
        """The line of a value, or of the table that holds it; 0 where that is not to be found."""
        return self.lines.get(name) or self.lines.get(name.partition(".")[0], 0)

    def at(self, name: str) -> str:
        """Where a value stands, as it is told."""
        line = self.line(name)
        return _("{path}, line {line}").format(path=self.path, line=line) if line else self.path


def read(path: str) -> File:
    """Read a config file; whatever is the matter with it, it is a File."""
    try:
        text = _text(path)
    except (OSError, ValueError) as error:
        refused = error
        return File(path, mistake=lambda: _("{path} can't be read: {why}").format(path=path, why=reason(refused)))
    if callable(text):
        return File(path, mistake=text)
    try:
        return File(path, tomllib.loads(text), lines_of(text))
    except (ValueError, RecursionError) as error:  # also a number of too many digits
        what = error
        return File(path, mistake=lambda: _no_toml(path, text, what))


def _text(path: str) -> str | Callable[[], str]:
    """The text of the file, or what is to be said instead of it. Raises OSError or ValueError."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)  # a pipe must not hold us up
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return lambda: _("{path} is no file: a config is a text in TOML").format(path=path)
        content = b""
        while len(content) <= MOST_BYTES and (more := os.read(fd, MOST_BYTES + 1 - len(content))):
            content += more
    finally:
        os.close(fd)
    if len(content) > MOST_BYTES:
        told = marked("{path} is larger than any config: at most {most:,} bytes")
        return lambda: _(told).format(path=path, most=MOST_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return lambda: _("{path}, line {line}: this is no UTF-8").format(path=path, line=line)


def _no_toml(path: str, text: str, error: Exception) -> str:
    """Where the file stops being TOML, and what tomllib says of it."""
    if isinstance(error, RecursionError):
        return _("{path} is no TOML: it is nested too deep").format(path=path)
    if not isinstance(error, tomllib.TOMLDecodeError):
        digits = re.search(r"[0-9_]{4000,}", text)
        line = text.count("\n", 0, digits.start() if digits else 0) + 1
        return _("{path}, line {line}: a number has too many digits").format(path=path, line=line)
    place = _PLACE.search(str(error))
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    what = _PLACE.sub("", str(error))
    return _("{path}, line {line}: this is no TOML ({what})").format(path=path, line=line, what=what)


def lines_of(text: str) -> dict[str, int]:
    """The line on which each name stands first: start.lr, and start for its table."""
    table, lines = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.fullmatch(line):
            table = _plain(header[1])
            lines.setdefault(table, number)
        elif "=" in line:
            name = _plain(line.partition("=")[0])
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _plain(name: str) -> str:
    """A name without the quotes and spaces that TOML allows in it."""
    return re.sub(r"[\s\"']", "", name)
