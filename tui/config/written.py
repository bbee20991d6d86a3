"""A config written out: every setting with what it means and what holds, fit to be copied into the file."""

import json
from collections.abc import Iterator

from core.language import _, marked
from tui.config.config import Config
from tui.config.settings import SETTINGS, Setting, about
from tui.drawing.rows import wrapped
from tui.keys import GROUPS
from tui.safe_text import safe_text

HEAD = marked(
    "gradstep's config, a text in TOML. What stands here holds from the next start on, an option of the command line "
    "goes before it. A line with # in front says nothing: what follows it is an example or the default."
)
START = marked(
    "How the stepper and gradstep run begin. features, target, bias, lr and w belong to the table named here: with "
    "--data on the command line they do not hold."
)
KEYS_OF_ACTIONS = marked(
    "The keys of every action: one, several in a list, or none, []. A letter answers to its Hangul key, too. ctrl+q "
    "always leaves."
)


def written(config: Config) -> str:
    """The whole config as a text in TOML."""
    return "\n".join(_lines(config)) + "\n"


def _lines(config: Config) -> Iterator[str]:
    yield f"# {safe_text(config.file.path)}"
    yield from _comment(_(HEAD))
    table = ""
    for setting in SETTINGS:
        yield ""
        if setting.name.startswith("start.") and not table:
            table = "start"
            yield from ("[start]", *_comment(_(START)), "")
        yield from (*_comment(about(setting)), _line(config, setting))
    yield from ("", "[keys]", *_comment(_(KEYS_OF_ACTIONS)))
    for group, keys in GROUPS.items():
        yield from ("", *_comment(_(group)))
        for key in keys:
            mark = "" if key.id in config.keys else "# "
            chosen = config.keys.get(key.id, key.usual)
            yield f"{mark}{key.id} = {_toml(list(chosen))}  # {_(key.name)}"


def _line(config: Config, setting: Setting) -> str:
    name = setting.name.rpartition(".")[2]
    value = config.value(setting.name)
    if value is not None:
        return f"{name} = {_toml(value)}"
    return f"# {name} = {_toml(setting.example if setting.usual is None else setting.usual)}"


def _toml(value: object) -> str:
    """A value in TOML, which writes texts, lists, numbers, true and false as JSON does."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrapped(text, 98)]
