"""What a config file can hold: one struct declares, checks and documents it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from core.language import N_, _
from core.parsing import parse_lr
from tui.drawing.text import wrap
from tui.keys import ACTIONS, HANGUL, SHOWN, key_of

# fmt: off
Number = Annotated[float, Meta(ge=-3.4e38, le=3.4e38)]


class Start(Struct):
    """How the stepper and gradstep run begin. Every field has an example."""

    data: Annotated[str, Meta(min_length=1, description=N_("A CSV file or a built-in table."))] = "lecture"
    features: Annotated[list[str] | str,
                        Meta(description=N_("The input columns; without it, all but the target."))] = "A"
    target: Annotated[str, Meta(description=N_("The column y; without it, the last."))] = "y"
    standardize: Annotated[bool, Meta(description=N_("Scale each input to mean 0 and standard deviation 1."))] = False
    bias: Annotated[bool, Meta(description=N_("H(x) = Wx + b or Wx; without it, b, but not on the lecture's."))] = True
    method: Annotated[Literal["manual", "optim"],
                      Meta(description=N_("manual, the gradient written by hand, or optim, torch.optim."))] = "manual"
    gradient: Annotated[Literal["sum", "mean"], Meta(description=N_(
        "How manual writes its gradient; without it, sum on the lecture's data, 2 * mean elsewhere."))] = "mean"
    lr: Annotated[float | str,
                  Meta(description=N_("From 0 to 1e6; without it, the lecture's, or one that does not diverge."))] = 0.1
    w: Annotated[list[Number] | Number | str,
                 Meta(description=N_("The starting weights, one each; without it, 0."))] = 0.0


class Fields(Struct):
    """The config file itself, beside its tables."""

    theme: Annotated[str, Meta(description=N_("The colours. ctrl+p, Theme shows them all."))] = "textual-dark"
    language: Annotated[Literal["ko", "en"], Meta(description=N_("ko or en; without it, the locale's."))] = "ko"
    ascii: Annotated[bool, Meta(description=N_(
        "Plain characters only: no braille, no boxes, no arrows; as --ascii."))] = False
    speed: Annotated[Literal[1, 2, 3, 5, 10, 20, 30], Meta(description=N_(
        "Epochs a second that play begins with: 1, 2, 3, 5, 10, 20 or 30."))] = 3
# fmt: on


TABLES: Mapping[str, type[Struct]] = {"": Fields, "start.": Start}

HEAD = N_(
    "gradstep's config, a TOML file. What stands here holds from the next start on; an option of the command line "
    "overrides it. A line with # in front says nothing: what follows it is an example or the default."
)
START = N_(
    "How the stepper and gradstep run begin. features, target, bias, lr and w belong to the table named here: with "
    "--data on the command line they do not hold."
)
KEYS = N_(
    "The keys of every action: one, several in a list, or none, []. A letter answers to its Hangul key, too. ctrl+q "
    "always leaves."
)

RESERVED = ("ctrl+q", "ctrl+c")
_LATIN = {hangul: latin for latin, hangul in HANGUL.items()}
_ALIASES = {
    **{shown: key for key, shown in SHOWN.items()},
    "return": "enter",
    "esc": "escape",
    "comma": ",",
    " ": "space",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+[": "escape",  # what a terminal sends for these is the other key
}
_KEY = re.compile(
    r"(?:(?:ctrl|shift|alt)\+)*(?:up|down|left|right|home|end|pageup|pagedown|insert|delete|backspace|tab|enter|escape"
    r"|space|f[1-9]|f1[0-9]|f2[0-4])|(?:ctrl|alt)\+[a-z]"
)

Problem = tuple[str, str]
"""The name of a setting, and what is wrong with it."""


def settings_problems(table: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What of a config holds, by its names, and what is wrong in it."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in ("start", "keys"):
        if not isinstance(table.get(name, {}), dict):
            problems.append(
                (name, _("{name} is a table: write [{name}], and below it what it holds").format(name=name))
            )
    start = table.get("start", {})
    named = {name: value for name, value in table.items() if name not in ("start", "keys")}
    named |= {f"start.{name}": value for name, value in start.items()} if isinstance(start, dict) else {}
    for name, value in named.items():
        prefix = "start." if name.startswith("start.") else ""
        hint = get_type_hints(TABLES[prefix], include_extras=True).get(name.removeprefix(prefix))
        try:
            if hint is None:
                raise ValueError(_("there is no '{name}' in a config").format(name=_short(name)))
            values[name] = _checked(name, value, hint)
        except ValueError as error:
            problems.append((name, str(error)))
    return values, problems


def _checked(name: str, value: Any, hint: Any) -> Any:
    """The value that holds. Raises ValueError with what would be right."""
    try:
        checked = msgspec.convert(value, hint)
    except msgspec.ValidationError:
        sentence = _("{name}: '{value}' does not fit: write {allowed}")
        raise ValueError(sentence.format(name=name, value=_short(value), allowed=_allowed(hint))) from None
    if name == "start.lr":
        return parse_lr(str(value))
    if name == "start.w":
        return ",".join(map(str, value if isinstance(value, list) else [value]))
    if name == "start.features":
        return tuple(checked) if isinstance(checked, list) else (checked,)
    if name == "theme":
        from textual.theme import BUILTIN_THEMES  # textual: not for the command line where no theme is chosen

        if checked not in BUILTIN_THEMES:
            sentence = _("there is no theme '{value}': {key}, Theme shows them all")
            raise ValueError(sentence.format(value=_short(checked), key=key_of("command_palette")))
    return checked


def _allowed(hint: Any) -> str:
    """What a type allows, in words."""
    kind = get_args(hint)[0]
    if hasattr(kind, "__origin__") and kind.__origin__ is Literal:
        return ", ".join(map(str, get_args(kind)))
    if kind is bool:
        return _("true or false")
    return _("a text in double quotes") if kind is str else _("a number, or several in a list")


def _short(value: object) -> str:
    """A value of the file in a sentence; of a long one the beginning."""
    if isinstance(value, list | dict) or (isinstance(value, int) and value.bit_length() > 200):
        return "..."  # Python refuses to write the longest numbers
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


# keys


def _key_name(text: object) -> str:
    """A key as textual knows it. Raises ValueError with what would be right."""
    if not isinstance(text, str):
        raise ValueError(_('\'{key}\' is not a key: keys are texts, such as "n" or "ctrl+n"').format(key=_short(text)))
    name = text if len(text) == 1 else text.strip().lower()
    name = _ALIASES.get(name, _LATIN.get(name, name))
    if name in RESERVED:
        raise ValueError(_("{key} can't be given away: ctrl+q always leaves").format(key=name))
    if not (len(name) == 1 and name.isprintable() and not name.isspace()) and not _KEY.fullmatch(name):
        sentence = _("'{key}' is not a key: write a character, or space, enter, up, f5, ctrl+n and their like")
        raise ValueError(sentence.format(key=_short(text)))
    return name


def key_problems(table: object) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """The keys of the actions that the file names, of those that lose one to them, and what is wrong."""
    keys: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    owner: dict[str, str] = {}
    known = {action.id for action in ACTIONS}
    for action, value in table.items() if isinstance(table, dict) else ():
        if action not in known:
            problems.append((f"keys.{action}", _("there is no action '{action}'").format(action=_short(action))))
            continue
        wanted, own = value if isinstance(value, list) else [value], list[str]()
        for text in wanted:
            try:
                name = _key_name(text)
                if (first := owner.setdefault(name, action)) != action:
                    sentence = _("{key} is the key of {first} already, and stays it")
                    raise ValueError(sentence.format(key=name, first=first))
                own.append(name)
            except ValueError as error:
                problems.append((f"keys.{action}", str(error)))
        if own or not wanted:
            keys[action] = tuple(dict.fromkeys(own))
    for each in ACTIONS:
        taken = [name for name in each.default_keys if name in owner]
        if each.id not in keys and taken:
            keys[each.id] = tuple(name for name in each.default_keys if name not in owner)
            if not keys[each.id]:
                sentence = _("{key} was the only key of {action}, which now has none: give it another one")
                problems.append((f"keys.{owner[taken[0]]}", sentence.format(key=taken[0], action=each.id)))
    return keys, problems


# the file written out


def template(path: str, values: Mapping[str, Any], keymap: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The lines of a config that holds what holds now; defaults and examples are commented out."""
    yield from (f"# {path}", *_comment(HEAD))
    for prefix, struct in TABLES.items():
        if prefix:
            yield from ("", "[start]", *_comment(START))
        for name, hint in get_type_hints(struct, include_extras=True).items():
            mark = "" if prefix + name in values else "# "
            yield from ("", *_comment(hint.__metadata__[0].description))
            yield f"{mark}{name} = {_toml(values.get(prefix + name, getattr(struct(), name)))}"
    yield from ("", "[keys]", *_comment(KEYS))
    group = ""
    for action in ACTIONS:
        if action.group != group:
            group = action.group
            yield from ("", *_comment(group))
        mark = "" if action.id in keymap else "# "
        yield f"{mark}{action.id} = {_toml(keymap.get(action.id, action.default_keys))}  # {_(action.name)}"


def _toml(value: object) -> str:
    """A value in TOML, which writes texts, lists, numbers, true and false as JSON does."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _comment(sentence: str) -> list[str]:
    return [f"# {line}" for line in wrap(_(sentence), 98)]
