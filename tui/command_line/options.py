"""The options that several commands take, and the run that they ask for."""

import csv
import os
from collections.abc import Callable
from typing import Any

import click

from core.descent import Descent
from core.edits import GradientForm, with_start
from core.language import _
from core.lr import Lr
from core.parsing import parse_lr, parse_weights
from core.program import Method
from core.start import is_fitted, start_knobs
from core.table import open_table
from core.table_reader import Source
from core.tables import BUILT_IN
from tui.command_line.completion import tables
from tui.command_line.output import Mistake
from tui.errors import print_error
from tui.language import LANGUAGES
from tui.settings import current

Command = Callable[..., None]


def parsed(name: str, parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    """The type of an option, called `name`, whose parser raises a ValueError with a sentence."""

    def convert(value: Any) -> Any:
        try:
            return parse(value) if isinstance(value, str) else value
        except ValueError as error:
            raise Mistake(str(error)) from None

    convert.__name__ = name
    return convert


def parse_names(text: str) -> tuple[str, ...]:
    """Names separated by commas; one that holds a comma stands in double quotes."""
    names = next(csv.reader([text], skipinitialspace=True), [])
    if not all(name.strip() for name in names) or not names:
        sentence = _("features '{text}' names no column: write names with commas between them, as in A,B")
        raise ValueError(sentence.format(text=text))
    return tuple(names)


LOOK_OPTIONS = (  # main has looked for them, before there was anything to say
    click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_("Korean or English.  [default: the locale's]"),
    ),
    click.option(
        "--ascii", is_flag=True, expose_value=False, help=_("Plain characters only: no braille, no boxes, no arrows.")
    ),
)
TABLE_OPTIONS = (
    click.option(
        "--data",
        shell_complete=tables,
        help=_("A CSV file, or {tables}.  [default: lecture]").format(tables=", ".join(BUILT_IN)),
    ),
    click.option(
        "--features",
        type=parsed("A,B", parse_names),
        help=_("The input columns.  [default: all but the target]"),
    ),
    click.option("--target", default="", help=_("The column y.  [default: the last]")),
    click.option(
        "--bias/--no-bias", default=None, help=_("H(x) = Wx + b or Wx.  [default: bias, but not on the lecture's]")
    ),
    click.option("--standardize/--no-standardize", help=_("Scale each input to mean 0 and standard deviation 1.")),
    *LOOK_OPTIONS,
)
RUN_OPTIONS = (
    click.option(
        "--method",
        type=click.Choice([method.value for method in Method]),
        default="manual",
        help=_("The gradient written by hand, or torch.optim.  [default: manual]"),
    ),
    click.option(
        "--gradient",
        type=click.Choice([form.value for form in GradientForm]),
        help=_("How manual writes its gradient.  [default: sum on the lecture's data, 2 * mean on others]"),
    ),
    click.option(
        "--lr",
        type=parsed("LR", parse_lr),
        help=_("The learning rate, from 0 to 1e6.  [default: the lecture's, or one that does not diverge]"),
    ),
    click.option("--w", help=_("The starting weights, with commas between them.  [default: 0]")),
)


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """The same options for several commands."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def source_of(data: str | None, features: tuple[str, ...] | None, target: str) -> Source:
    """The table that the options ask for. Raises Mistake."""
    try:
        return open_table("lecture" if data is None else data, features or (), target)
    except ValueError as error:
        raise Mistake(str(error)) from None


def descent_of(
    data: str | None = None,
    features: tuple[str, ...] | None = None,
    target: str = "",
    bias: bool | None = None,
    standardize: bool = False,
    method: str = "manual",
    gradient: str | None = None,
    lr: float | None = None,
    w: str | None = None,
) -> Descent:
    """The run that the options ask for, before its first epoch. Raises Mistake."""
    source = source_of(data, features, target)
    knobs = start_knobs(source, bias, Method(method), GradientForm(gradient) if gradient else None, standardize)
    if lr is not None:
        if not is_fitted(knobs):
            knobs = knobs.edited(lambda program: program.with_lr(lr))
        knobs = knobs.with_lr(Lr.at(lr))
    if w is not None:
        first, *others = knobs.program.parameters
        names = [first] if source.inputs == 1 else [f"{first}{number}" for number in range(1, source.inputs + 1)]
        try:
            values = parse_weights(w, [*names, *others])
        except ValueError as error:
            raise Mistake(str(error)) from None
        start = {first: values[: source.inputs], **dict.fromkeys(others, values[source.inputs :])}
        knobs = knobs.edited(lambda program: with_start(program, start))
    return Descent(knobs)


def descent_from(context: click.Context, options: dict[str, Any]) -> Descent:
    """What the options and the config file ask for. Raises Mistake for the options.

    What the file says of its own table does not hold for another one; where it doesn't fit that is said, and left out.
    """
    given = {name for name in options if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE}
    start = {name: value for name, value in current().start.items() if name not in given}
    anywhere = {name: value for name, value in start.items() if name in ("method", "gradient", "standardize")}
    if "data" in given:
        start = anywhere
    elif "data" in start:
        start["data"] = os.path.expanduser(start["data"])
    try:
        return descent_of(**options | start)
    except Mistake as mistake:
        descent = descent_of(**options | anywhere)
        current().leave_out("start", mistake.message)
        return descent


def print_config_notes() -> None:
    """Say on stderr what is wrong in the config file."""
    for sentence in current().mistakes:
        print_error(_("note: {note}").format(note=sentence))
