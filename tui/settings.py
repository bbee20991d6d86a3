"""The learner's settings: what the config file says, and what was chosen in the program."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.language import _
from tui.places import config_file, state_folder

MOST_BYTES = 20_000
"""No config is longer. (The time that tomllib takes for a name of very many parts grows with its square.)"""

CHOICES = ("theme", "language")

_HEADER = re.compile(r"\s*\[\[?([^\[\]]*)\]\]?\s*(#.*)?")
_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass
class Settings:
    """What the config file says and what was chosen in the program; what is wrong in the file doesn't hold."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """What holds of the file, by its names: theme, start.lr."""
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The keys of the actions whose keys are not the default ones."""
    mistakes: list[str] = field(default_factory=list)
    """What is wrong in the file: a sentence each, with the file and the line."""
    broken: bool = False
    """Whether the file could not be read at all."""
    choices: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By name: what was chosen last in the program, and what the file said then."""
    unsaved: bool = False
    _path: str = ""
    _lines: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Settings":
        """What is in the platform's places."""
        settings = cls(choices=_read_choices(), _path=config_file())
        if os.path.lexists(settings._path):
            settings._read_config()
        return settings

    def _read_config(self) -> None:
        import tomllib

        from tui.settings_fields import key_problems, settings_problems  # msgspec: only where there is a config

        text = ""
        try:
            text = _read(self._path)
            table = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            self.broken, said = True, str(error)
            place = _PLACE.search(said)
            self._lines = {"": int(place[1]) if place and place[1] else text.count("\n") + 1} if text else {}
            self.leave_out("", _("this is not TOML ({what})").format(what=_PLACE.sub("", said)) if text else said)
            return
        self._lines = _lines_of(text)
        self.values, wrong = settings_problems(table)
        self.keymap, wrong_keys = key_problems(table.get("keys", {}))
        for name, why in sorted((*wrong, *wrong_keys), key=lambda each: self._lines.get(each[0], 0)):
            self.leave_out(name, why)

    def leave_out(self, name: str, why: str) -> None:
        """Something in the file does not fit and does not hold."""
        line = self._lines.get(name)
        where = self._path if line is None else _("{path}, line {line}").format(path=self._path, line=line)
        self.mistakes.append(_("{where}: {what}").format(where=where, what=why))

    @property
    def speed(self) -> int:
        """How many epochs a second play begins with."""
        return int(self.values.get("speed", 3))

    @property
    def ascii(self) -> bool:
        return bool(self.values.get("ascii", False))

    @property
    def start(self) -> dict[str, Any]:
        """What the file says of the run to begin with, by the names of the options."""
        return {name.removeprefix("start."): each for name, each in self.values.items() if name.startswith("start.")}

    def choice(self, name: str) -> str:
        """The theme or the language that was said last, in the program or in the file; empty where none was."""
        configured = str(self.values.get(name, ""))
        chosen, then = self.choices.get(name, ("", ""))
        return chosen if chosen and then == configured else configured

    def remember(self, name: str, choice: str) -> None:
        """Remember what was chosen in the program; it holds until the file says something else."""
        if choice != self.choice(name):
            self.choices[name] = choice, str(self.values.get(name, ""))
            self.unsaved = True

    def save(self) -> None:
        """Write the choices down, if the disk lets us: nothing depends on it."""
        if not self.unsaved:
            return
        self.unsaved = False
        text = "".join(f"{name}\t{choice}\t{then}\n" for name, (choice, then) in self.choices.items())
        try:
            folder = state_folder()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / "choices.new").write_text(text, encoding="utf-8")
            os.replace(folder / "choices.new", folder / "choices")
        except OSError:
            pass


_current = Settings()


def current() -> Settings:
    """The settings that were loaded when the program began; before that, the defaults."""
    return _current


def load() -> Settings:
    """Load the settings and have them hold from now on."""
    global _current
    _current = Settings.load()
    return _current


def _read(path: str) -> str:
    """The text of a config. Raises ValueError with a sentence."""
    if not os.path.isfile(path):
        raise ValueError(_("not a file; the config is a TOML file"))
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(_("too long for a config"))
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ValueError(_("can't be read: {why}").format(why=error.strerror)) from None
    except UnicodeDecodeError:
        raise ValueError(_("not a text in UTF-8")) from None


def _lines_of(text: str) -> dict[str, int]:
    """The line on which each name stands first: start.lr, and start for its table."""
    prefix, lines = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), start=1):
        header = _HEADER.fullmatch(line)
        name = re.sub(r"[\s\"']", "", header[1] if header else line.partition("=")[0])  # TOML allows these in it
        if header:
            prefix = f"{name}."
            lines.setdefault(name, number)
        elif "=" in line:
            lines.setdefault(prefix + name, number)
    return lines


def _read_choices() -> dict[str, tuple[str, str]]:
    try:
        fd = os.open(state_folder() / "choices", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            lines = file.read(1000).decode("utf-8", "replace").split("\n")
    except OSError:
        return {}
    rows = [line.split("\t") for line in lines[:-1]]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3 and row[0] in CHOICES}
