"""What holds of a config file, and what is wrong in it."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from core.language import _
from tui.config.file import File, read
from tui.config.key_names import Chosen, chosen_keys
from tui.config.settings import BY_NAME, spelled

TABLES = ("start", "keys")


class Config:
    """A config file, of which every value that is right holds, whatever else is wrong."""

    def __init__(self, file: File) -> None:
        self.file = file

    def value(self, name: str) -> object:
        """What the file says, start.lr for example; None where it says nothing that holds."""
        found = self._found(name)
        try:
            return None if found is None else BY_NAME[name].check(found)
        except ValueError:
            return None

    @property
    def start(self) -> dict[str, object]:
        """What the file says of the start, by the names of the options."""
        names = [name for name in BY_NAME if name.startswith("start.")]
        values = {name.partition(".")[2]: self.value(name) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the actions whose keys are other than usual."""
        return self._chosen.keys

    @cached_property
    def _chosen(self) -> Chosen:
        return chosen_keys(self._table("keys"))

    def told(self) -> list[str]:
        """What is wrong, a sentence each with the file and the line, in the language of now."""
        if self.file.mistake:
            return [self.file.mistake()]
        told = _("{where}: {what}")
        mistakes = sorted(self._mistakes(), key=lambda mistake: self.file.line(mistake[0]))
        return [told.format(where=self.file.at(name), what=what) for name, what in mistakes]

    def _mistakes(self) -> Iterator[tuple[str, str]]:
        for name, value in self.file.values.items():
            if name in TABLES:
                if not isinstance(value, dict):
                    yield name, _("{name} is a table: write [{name}], and below it what it holds").format(name=name)
            elif name not in BY_NAME:
                yield name, _("there is no '{name}' in a config").format(name=spelled(name))
        for name in self._table("start"):
            if f"start.{name}" not in BY_NAME:
                yield f"start.{name}", _("there is no '{name}' in a config").format(name=spelled(f"start.{name}"))
        for name, setting in BY_NAME.items():
            if (found := self._found(name)) is not None:
                try:
                    setting.check(found)
                except ValueError as error:
                    yield name, f"{name}: {error}"
        for action, what in chosen_keys(self._table("keys")).mistakes:
            yield f"keys.{action}", what

    def _table(self, name: str) -> Mapping[str, object]:
        table = self.file.values.get(name)
        return table if isinstance(table, dict) else {}

    def _found(self, name: str) -> object:
        table, _dot, key = name.rpartition(".")
        return self._table(table).get(key) if table else self.file.values.get(key)


def config_at(path: str) -> Config:
    """The config in a file, whatever is the matter with it."""
    return Config(read(path))
