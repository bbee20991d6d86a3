"""The command line. It imports neither torch nor textual to answer --help, --version or a mistake.

Its sentences are looked up when it is imported: by then the language has been chosen.
"""

import csv
import os
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import click

from core.beginning import beginning
from core.data import Dataset, standardized
from core.descent import Descent
from core.language import _
from core.listing import GradientForm, Method
from core.numbers import parse_epochs, parse_every, parse_lr, parse_port, parse_sessions, parse_weights
from core.tables import BUILT_IN, open_table
from tui.command_line.completion import SHELLS, files, script, tables
from tui.command_line.starting import begun, tell_notes
from tui.command_line.wide_help import Commands
from tui.complain import complain, named, reason_of, without_torch
from tui.drawing.signs import PlainWriter, are_plain
from tui.language import LANGUAGES, spoken, tell_libraries


class Mistake(click.UsageError):
    """Something wrong on the command line, told in a whole sentence of ours."""


class Parsed(click.ParamType[Any]):
    """A value read by a parser that raises a ValueError with a sentence."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self.parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self.parse(value) if isinstance(value, str) else value
        except ValueError as error:
            raise Mistake(str(error)) from None


def parse_names(text: str) -> tuple[str, ...]:
    """Names separated by commas; one that holds a comma stands in double quotes."""
    names = next(csv.reader([text], skipinitialspace=True), [])
    if not all(name.strip() for name in names) or not names:
        sentence = _("features '{text}' names no column: write names with commas between them, as in A,B")
        raise ValueError(sentence.format(text=text))
    return tuple(names)


Command = Callable[..., None]

LANGUAGE_OPTION = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,  # who starts the program has looked for it, before there was anything to say
    help=_("Korean or English.  [default: the locale's]"),
)
LOOK_OPTIONS = (
    LANGUAGE_OPTION,
    click.option(
        "--ascii",
        is_flag=True,
        expose_value=False,  # looked for as well
        help=_("Plain characters only: no braille, no boxes, no arrows."),
    ),
)
TABLE_OPTIONS = (
    click.option(
        "--data",
        shell_complete=tables,
        help=_("A CSV file, or {tables}.  [default: lecture]").format(tables=", ".join(BUILT_IN)),
    ),
    click.option(
        "--features", type=Parsed("A,B", parse_names), help=_("The input columns.  [default: all but the target]")
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
        type=Parsed("lr", parse_lr),
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


def dataset_of(data: str | None, features: tuple[str, ...] | None, target: str, standardize: bool) -> Dataset:
    """The table that the options ask for; one that can't be read is a Mistake."""
    try:
        table = open_table("lecture" if data is None else data, features or (), target)
    except ValueError as error:  # Unreadable
        raise Mistake(str(error)) from None
    return standardized(table) if standardize else table


def descent_of(
    method: str, gradient: str | None, lr: float | None, w: str | None, bias: bool | None, **table: Any
) -> Descent:
    """The run that the options ask for, before its first epoch."""
    form = GradientForm(gradient) if gradient else None
    descent = beginning(dataset_of(**table), bias, Method(method), form, lr)
    if w is None:
        return descent
    try:
        return descent.begun_at(parse_weights(w, descent.names))
    except ValueError as error:
        raise Mistake(str(error)) from None


@click.group(
    cls=Commands,
    subcommand_metavar=_("[COMMAND] [ARGS]..."),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_(
        "Step through gradient descent, one epoch per keypress.\n\n"
        "Without a command it opens the stepper; the options say on which data and in which state."
    ),
)
@with_options(*TABLE_OPTIONS, *RUN_OPTIONS)
@click.version_option(package_name="gradstep", message="gradstep %(version)s", help=_("Show the version and exit."))
@click.pass_context
def gradstep(context: click.Context, /, **options: Any) -> None:
    """Open the stepper, where no command follows."""
    if context.invoked_subcommand is not None:
        for parameter in context.command.params:
            source = context.get_parameter_source(parameter.name or "")
            if source is click.core.ParameterSource.COMMANDLINE and parameter.expose_value:
                name, command = parameter.opts[0], context.invoked_subcommand
                sentence = _("{name} stands before '{command}': write it after, as in gradstep {command} {name} ...")
                raise Mistake(sentence.format(name=name, command=command))
        return
    descent = begun(context, descent_of, options)
    from tui.start import start_stepper  # textual: not for --help

    start_stepper(descent)


@gradstep.command(help=_("Print the epochs without a screen, as the lecture's program does."))
@with_options(*TABLE_OPTIONS, *RUN_OPTIONS)
@click.option(
    "--epochs",
    type=Parsed("epochs", parse_epochs),
    default="10",
    help=_("nb_epochs: the last epoch to print.  [default: 10]"),
)
@click.option("--every", type=Parsed("N", parse_every), default="1", help=_("Print every N-th epoch.  [default: 1]"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["lecture", "csv", "json"]),
    default="lecture",
    help=_("The lecture's lines, or full precision as csv or json (null for inf and nan).  [default: lecture]"),
)
@click.option("--explain", is_flag=True, help=_("Say in sentences what every epoch does, with its arithmetic."))
@click.pass_context
def run(context: click.Context, /, epochs: int, every: int, form: str, explain: bool, **options: Any) -> None:
    """Print the epochs without a screen, as the lecture's program does."""
    if explain and form != "lecture":
        raise Mistake(_("--explain and --format {form} are two ways to print the epochs: choose one").format(form=form))
    descent = begun(context, descent_of, options)
    tell_notes()
    try:
        from tui.command_line.printing import print_epochs  # torch: not for --help
    except Exception as error:  # whatever a broken installation raises
        complain(without_torch(error))
        sys.exit(1)
    _to_stdout(lambda: print_epochs(descent, epochs, every, "explain" if explain else form))


@gradstep.command(
    help=_(
        "Say what a table holds, at which lr a run on it breaks, and what can't be learned from it.\n\n"
        "FILE is a CSV file or the name of a built-in table, as after --data."
    ),
)
@click.argument("file", required=False, shell_complete=tables)
@with_options(*TABLE_OPTIONS)
def check(file: str | None, bias: bool | None, data: str | None, **table: Any) -> None:
    """Look at one table, given as FILE or after --data."""
    if (file is None) == (data is None):
        raise Mistake(_("check reads one table: write it as in gradstep check scores.csv"))
    descent = beginning(dataset_of(file if data is None else data, **table), bias)
    tell_notes()
    from tui.command_line.checking import print_check  # rich: not for --help

    _to_stdout(lambda: print_check(descent.data, descent.knobs.listing))


@gradstep.command(name="open", help=_("Go on with a session that was saved with ctrl+s, where it was."))
@click.argument("file", shell_complete=files)
@with_options(*LOOK_OPTIONS)
def open_file(file: str) -> None:
    """Open the stepper with a session from a file."""
    from core.session.opening import open_session  # json: not for --help

    try:
        opened = open_session(file)
    except ValueError as error:  # Unopenable
        raise Mistake(str(error)) from None
    from tui.start import start_stepper  # textual: not for --help

    start_stepper(opened.start, opened)


@gradstep.command(
    help=_(
        "Open the stepper with the lessons: the lecture's pages in order, each with a task.\n\n"
        "NUMBER is the lesson to begin with; without it their list is opened."
    )
)
@click.argument("number", required=False)
@with_options(*LOOK_OPTIONS)
def lessons(number: str | None) -> None:
    """Open the list of the lessons, or one of them."""
    opening = lesson_opening(number) if number is not None else "lessons('open')"
    from tui.start import start_stepper  # textual: not for --help

    start_stepper(Descent(), opening=opening)


def lesson_opening(number: str) -> str:
    """The action that begins with a lesson; a number that none has is a Mistake."""
    from tui.lessons.reading import read_course  # only for its number

    count = len(read_course().lessons)
    if not re.fullmatch("[0-9]{1,4}", number) or not 1 <= int(number) <= count:
        told = _("there is no lesson '{number}': write a number from 1 to {count}, as in gradstep lessons 3")
        raise Mistake(told.format(number=number, count=count))
    return f"lessons('{int(number)}')"


@gradstep.command(
    help=_(
        "Show the stepper in browsers on this machine, for a projector or where there is no good terminal.\n\n"
        "The options say with what each session begins. Nothing can be edited there, and no files are opened."
    ),
)
@with_options(*TABLE_OPTIONS, *RUN_OPTIONS)
@click.option("--lesson", metavar="NUMBER", help=_("The lesson that each session begins with."))
@click.option(
    "--port",
    type=Parsed("port", parse_port),
    default="8642",
    help=_("Where browsers find it; 0: any that is free.  [default: 8642]"),
)
@click.option(
    "--sessions",
    type=Parsed("N", parse_sessions),
    default="4",
    help=_("How many sessions there may be at a time.  [default: 4]"),
)
def serve(lesson: str | None, port: int, sessions: int, **options: Any) -> None:
    """Serve the stepper on this machine until ctrl+c."""
    descent_of(**options)  # a mistake is told here, not in every browser
    opening = lesson_opening(lesson) if lesson else ""
    if options["data"] not in (None, *BUILT_IN):
        options["data"] = os.path.abspath(options["data"])
    try:
        from tui.web.child import argument
        from tui.web.serving import Serving  # aiohttp: not for --help, and not always there
    except ImportError as error:
        told = _("serve needs more than is installed here: pip install 'gradstep[web]' ({error})")
        raise Mistake(told.format(error=named(error))) from None
    tell_notes()
    try:
        serving = Serving(port, sessions, argument(spoken(), are_plain(), opening, options))
    except ValueError as error:
        raise Mistake(str(error)) from None
    _to_stdout(lambda: print(serving.invitation))
    sys.exit(serving.run())


@gradstep.command(
    help=_(
        "Write the run of a session into a file: a script, a notebook, a table, sentences, or a picture.\n\n"
        "SESSION is a file that was saved with ctrl+s."
    ),
)
@click.argument("session")
@click.option("--to", "place", required=True, metavar="FILE", help=_("Where it goes; - is stdout."))
@click.option(
    "--format",
    "form",
    type=click.Choice(["py", "ipynb", "csv", "md", "svg", "txt"]),
    help=_("As what it is written.  [default: what the ending of FILE says]"),
)
@click.option("--replace", is_flag=True, help=_("Replace FILE if it is there."))
@click.option("--accept-lines", is_flag=True, help=_("Run the lines that somebody has changed in SESSION."))
@with_options(*LOOK_OPTIONS)
def export(session: str, place: str, form: str | None, replace: bool, accept_lines: bool) -> None:
    """Write the run of a session down, without a screen."""
    ending = f".{form}" if form else os.path.splitext(place)[1].lower()
    if ending not in (endings := (".py", ".ipynb", ".csv", ".md", ".svg", ".txt")):
        told = _("the name says as what it is written: it ends in {endings}, or --format says it")
        raise Mistake(told.format(endings=", ".join(endings)))
    from tui.command_line.exporting import Refused, export_session  # json: not for --help

    try:
        _to_stdout(lambda: export_session(session, place, ending, replace, accept_lines))
    except Refused as refusal:
        raise Mistake(str(refusal)) from None


@gradstep.command(
    help=_(
        "Print the config file, with what can stand in it and what holds: theme, language, start, speed and keys.\n\n"
        "Where it is stands in the first line; gradstep config --write makes one, if there is none."
    )
)
@click.option("--write", is_flag=True, help=_("Make the file; one that is there already is not touched."))
@with_options(*LOOK_OPTIONS)
def config(write: bool) -> None:
    """Print or make the config file."""
    from tui.config.command import make, printed  # json: not for --help

    try:
        _to_stdout(make if write else printed)
    except ValueError as refusal:
        raise Mistake(str(refusal)) from None


@gradstep.command(
    help=_("Print what makes a shell complete gradstep's commands, options and files, and where to put it.")
)
@click.argument("shell", type=click.Choice(SHELLS))
@with_options(*LOOK_OPTIONS)
def completion(shell: str) -> None:
    """Print the script for a shell."""
    _to_stdout(lambda: print(script(gradstep, shell), end=""))


def _to_stdout(write: Callable[[], None]) -> None:
    try:
        with redirect_stdout(PlainWriter(sys.stdout) if are_plain() else sys.stdout):
            write()
        sys.stdout.flush()
    except OSError as error:
        complain(_("stdout can't be written: {reason}").format(reason=reason_of(error)))
        os._exit(1)  # a normal exit would try to write the rest


def command_line() -> None:
    """Run gradstep; a mistake of the caller ends in one sentence and exit code 2."""
    tell_libraries()
    try:
        gradstep.main(prog_name="gradstep", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as mistake:
        complain(sentence_of(mistake))
        sys.exit(2)


def sentence_of(mistake: click.ClickException) -> str:
    """What was wrong and, where click doesn't say it, where to find what would be right."""
    if isinstance(mistake, Mistake):
        return mistake.message
    sentence = mistake.format_message().removesuffix(".")
    if isinstance(mistake, click.BadParameter) or not isinstance(mistake, click.UsageError):
        return sentence
    command = mistake.ctx.command_path if mistake.ctx else "gradstep"
    return _("{sentence}: '{command} --help' lists what there is").format(sentence=sentence, command=command)
