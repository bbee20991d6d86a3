"""Everything that a config file can say: its name, what it is by default, what it means, and what is right for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.language import _, marked
from core.listing import GradientForm, Method
from core.numbers import parse_lr
from core.tables import BUILT_IN
from tui.keys import key_of
from tui.language import LANGUAGES


@dataclass(frozen=True)
class Setting:
    """One of them. `check` returns the value that holds, or raises ValueError with what would be right."""

    name: str
    about: str
    check: Callable[[Any], object]
    usual: object = None
    """What holds where nothing is said; None: it depends, and `example` is shown instead."""
    example: object = None


def spelled(value: object) -> str:
    """A value of the file in a sentence; of a long one the beginning."""
    if isinstance(value, list | dict):
        return "[...]" if isinstance(value, list) else "{...}"
    if isinstance(value, int) and value.bit_length() > 200:
        return "..."  # nobody reads it, and Python refuses to write the longest
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def one_of(*choices: object) -> Callable[[object], object]:
    """A check for one of several values."""

    def check(value: object) -> object:
        if value in choices and type(value) is type(choices[0]):
            return value
        listed = ", ".join(map(str, choices))
        raise ValueError(_("'{value}' is none of {listed}").format(value=spelled(value), listed=listed))

    return check


def truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(_("'{value}' is neither true nor false").format(value=spelled(value)))


def text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError(_("'{value}' is no text: write it in double quotes").format(value=spelled(value)))


def texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError(_("the list is empty"))
    return tuple(map(text, values))


def theme(value: object) -> object:
    from textual.theme import BUILTIN_THEMES  # textual: not for the command line where no theme is chosen

    if isinstance(value, str) and value in BUILTIN_THEMES:
        return value
    told = _("there is no theme '{value}': {key}, Theme shows them all")
    raise ValueError(told.format(value=spelled(value), key=key_of("command_palette")))


def speed(value: object) -> object:
    from tui.engine.player import SPEEDS

    return one_of(*SPEEDS)(value)


def lr(value: object) -> float:
    return parse_lr(_number(value))


def weights(value: object) -> str:
    """As after --w; how many there have to be the table tells."""
    return ",".join(map(_number, value if isinstance(value, list) else [value]))


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(_("'{value}' is no number").format(value=spelled(value)))
    return spelled(value) if isinstance(value, int) else str(value)


def about(setting: Setting) -> str:
    """What it means, in the language of now."""
    return _(setting.about).format(tables=", ".join(BUILT_IN))


SETTINGS = (
    Setting("theme", marked("The colours. ctrl+p, Theme shows them all."), theme, "textual-dark"),
    Setting("language", marked("ko or en; without it, the locale's."), one_of(*LANGUAGES), example="ko"),
    Setting("ascii", marked("Plain characters only: no braille, no boxes, no arrows; as --ascii."), truth, False),
    Setting("speed", marked("Epochs a second that play begins with: 1, 2, 3, 5, 10, 20 or 30."), speed, 3),
    Setting(
        "start.data",
        marked("A CSV file or a built-in table: {tables}."),
        text,
        "lecture",
    ),
    Setting("start.features", marked("The input columns; without it, all but the target."), texts, example=["A", "B"]),
    Setting("start.target", marked("The column y; without it, the last."), text, example="y"),
    Setting("start.standardize", marked("Scale each input to mean 0 and standard deviation 1."), truth, False),
    Setting("start.bias", marked("H(x) = Wx + b or Wx; without it, b, but not on the lecture's."), truth, example=True),
    Setting(
        "start.method",
        marked("manual, the gradient written by hand, or optim, torch.optim."),
        one_of(*(method.value for method in Method)),
        Method.MANUAL.value,
    ),
    Setting(
        "start.gradient",
        marked("How manual writes its gradient; without it, sum on the lecture's data, 2 * mean on others."),
        one_of(*(form.value for form in GradientForm)),
        example=GradientForm.MEAN.value,
    ),
    Setting(
        "start.lr", marked("From 0 to 1e6; without it, the lecture's, or one that does not diverge."), lr, example=0.1
    ),
    Setting("start.w", marked("The starting weights, one each; without it, 0."), weights, example=[0.0]),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
