"""The keys that a config file gives to actions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.language import _
from tui.config.settings import spelled
from tui.keys import HANGUL, KEYS, SHOWN

RESERVED = ("ctrl+q", "ctrl+c")
"""These always lead out."""

_LATIN = {hangul: latin for latin, hangul in HANGUL.items()}
_ALIASES = {
    **{shown: key for key, shown in SHOWN.items()},
    "return": "enter",
    "esc": "escape",
    "comma": ",",
    " ": "space",
    # what a terminal sends for these is the other key
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+[": "escape",
}
_NAMED = (
    r"up|down|left|right|home|end|pageup|pagedown|insert|delete|backspace|tab|enter|escape|space|f[1-9]|f1[0-9]|f2[0-4]"
)
_KEY = re.compile(rf"(?:(?:ctrl|shift|alt)\+)*(?:{_NAMED})|(?:ctrl|alt)\+[a-z]")


@dataclass(frozen=True)
class Chosen:
    """The keys of the actions that the file speaks of and of those that lose one to them, and what is wrong in it."""

    keys: Mapping[str, tuple[str, ...]]
    mistakes: tuple[tuple[str, str], ...]
    """The id, and what is wrong."""


def key_name(text: object) -> str:
    """A key as textual knows it. Raises ValueError with what would be right."""
    if not isinstance(text, str):
        raise ValueError(_('\'{key}\' is no key: keys are texts, such as "n" or "ctrl+n"').format(key=spelled(text)))
    name = text if len(text) == 1 else text.strip().lower()
    name = _ALIASES.get(name, _LATIN.get(name, name))
    if name in RESERVED:
        raise ValueError(_("{key} can't be given away: ctrl+q always leaves").format(key=name))
    if not (len(name) == 1 and name.isprintable() and not name.isspace()) and not _KEY.fullmatch(name):
        told = _("'{key}' is no key: write a character, or space, enter, up, f5, ctrl+n and their like")
        raise ValueError(told.format(key=spelled(text)))
    return name


def chosen_keys(table: Mapping[str, object]) -> Chosen:
    """What the table of keys says. A key goes to the action that is given it first; usual keys give way to it."""
    by_id = {key.id: key for key in KEYS}
    mistakes: list[tuple[str, str]] = []
    keys: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for action, value in table.items():
        if action not in by_id:
            mistakes.append((action, _("there is no action '{action}'").format(action=spelled(action))))
            continue
        own: list[str] = []
        wanted = value if isinstance(value, list) else [value]
        for text in wanted:
            try:
                name = key_name(text)
            except ValueError as error:
                mistakes.append((action, str(error)))
                continue
            if (first := owner.setdefault(name, action)) != action:
                told = _("{key} is the key of {first} already, and stays it")
                mistakes.append((action, told.format(key=name, first=first)))
            elif name not in own:
                own.append(name)
        if own or not wanted:
            keys[action] = tuple(own)
    return Chosen(keys | _giving_way(keys, owner, mistakes), tuple(mistakes))


def _giving_way(
    keys: Mapping[str, tuple[str, ...]], owner: Mapping[str, str], mistakes: list[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """The actions whose usual keys were given to others; one that has none left is told of."""
    giving: dict[str, tuple[str, ...]] = {}
    for key in KEYS:
        taken = [name for name in key.usual if name in owner]
        if key.id in keys or not taken:
            continue
        giving[key.id] = tuple(name for name in key.usual if name not in owner)
        if not giving[key.id]:
            told = _("{key} was the only key of {action}, which now has none: give it another one")
            mistakes.append((owner[taken[0]], told.format(key=taken[0], action=key.id)))
    return giving
