"""The command line. It imports neither torch nor textual to answer --help, --version or a mistake.

Its sentences are looked up when it is imported: by then the language has been chosen.
"""

import os
import re
import sys
from functools import partial
from typing import Any

import click

from core.language import _
from core.parsing import parse_whole
from core.tables import BUILT_IN
from tui.command_line.completion import HOW, script, tables
from tui.command_line.options import (
    LOOK_OPTIONS,
    RUN_OPTIONS,
    TABLE_OPTIONS,
    descent_from,
    descent_of,
    parsed,
    print_config_notes,
    source_of,
    with_options,
)
from tui.command_line.output import Mistake, to_stdout, with_engine
from tui.command_line.wide_help import WideFormatter
from tui.drawing.ascii import ascii_mode
from tui.errors import describe_error, print_error
from tui.language import current_language, translate_click

ENDINGS = (".py", ".ipynb", ".csv", ".md", ".svg", ".txt")

click.Context.formatter_class = WideFormatter


@click.group(
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
    command = context.invoked_subcommand
    if command is None:
        _open_stepper(descent_from(context, options))
    for name in options:
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            sentence = _("{name} stands before '{command}': write it after, as in gradstep {command} {name} ...")
            raise Mistake(sentence.format(name=f"--{name}", command=command))


def _open_stepper(*arguments: Any, **options: Any) -> None:
    from tui.start import start_stepper  # textual: not for --help

    start_stepper(*arguments, **options)


@gradstep.command(help=_("Print the epochs without a screen, as the lecture's program does."))
@with_options(*TABLE_OPTIONS, *RUN_OPTIONS)
@click.option(
    "--epochs",
    type=parsed("EPOCHS", partial(parse_whole, "epochs")),
    default="10",
    help=_("nb_epochs: the last epoch to print.  [default: 10]"),
)
@click.option(
    "--every",
    type=parsed("N", partial(parse_whole, "every", least=1)),
    default="1",
    help=_("Print every N-th epoch.  [default: 1]"),
)
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
    knobs = descent_from(context, options).knobs
    print_config_notes()
    from tui.command_line.printing import print_epochs  # more than --help needs

    with_engine(lambda engine: print_epochs(engine, knobs, epochs, every, "explain" if explain else form))


@gradstep.command(
    help=_(
        "Say what a table holds, at which lr a run on it breaks, and what can't be learned from it.\n\n"
        "FILE is a CSV file or the name of a built-in table, as after --data."
    ),
)
@click.argument("file", required=False, shell_complete=tables)
@with_options(*TABLE_OPTIONS)
def check(
    file: str | None, data: str | None, features: tuple[str, ...], target: str, bias: bool | None, standardize: bool
) -> None:
    """Look at one table, given as FILE or after --data."""
    if (file is None) == (data is None):
        raise Mistake(_("check reads one table: write it as in gradstep check scores.csv"))
    source = source_of(data if file is None else file, features, target)
    print_config_notes()
    from tui.command_line.checking import print_check  # more than --help needs

    with_engine(lambda engine: print_check(engine, source, bias, standardize))


@gradstep.command(name="open", help=_("Continue a session that was saved with ctrl+s, where it was."))
@click.argument("file", type=click.Path())
@with_options(*LOOK_OPTIONS)
def open_file(file: str) -> None:
    """Open the stepper with a session from a file."""
    from core.session.opening import open_session  # msgspec: not for --help

    try:
        opened = open_session(file)
    except ValueError as error:
        raise Mistake(str(error)) from None
    _open_stepper(opened.start, opened)


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
    _open_stepper(opening=lesson_opening(number or "list"))


def lesson_opening(number: str) -> str:
    """The action that begins with a lesson, or shows their list. Raises Mistake for a number that none has."""
    from tui.lessons.reading import read_course  # only for its number

    count = len(read_course().lessons)
    if number == "list":
        return "lessons('open')"
    if not re.fullmatch("[0-9]{1,4}", number) or not 1 <= int(number) <= count:
        sentence = _("there is no lesson '{number}': write a number from 1 to {count}, as in gradstep lessons 3")
        raise Mistake(sentence.format(number=number, count=count))
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
    type=parsed("PORT", partial(parse_whole, "port", most=65535)),
    default="8642",
    help=_("Where browsers find it; 0: any that is free.  [default: 8642]"),
)
@click.option(
    "--sessions",
    type=parsed("N", partial(parse_whole, "sessions", least=1, most=100)),
    default="4",
    help=_("How many sessions there may be at a time.  [default: 4]"),
)
def serve(lesson: str | None, port: int, sessions: int, **options: Any) -> None:
    """Serve the stepper on this machine until ctrl+c."""
    descent_of(**options)  # a mistake is said here, not in every browser
    opening = lesson_opening(lesson) if lesson else ""
    if options["data"] not in (None, *BUILT_IN):
        options["data"] = os.path.abspath(options["data"])
    try:
        from tui.web.serving import Serving  # aiohttp: not for --help, and not always there
        from tui.web.session_main import argument
    except ImportError as error:
        sentence = _("serve needs more than is installed here: pip install 'gradstep[web]' ({error})")
        raise Mistake(sentence.format(error=describe_error(error))) from None
    print_config_notes()
    try:
        serving = Serving(port, sessions, argument(current_language(), ascii_mode(), opening, options))
    except ValueError as error:
        raise Mistake(str(error)) from None
    to_stdout(lambda: print(serving.url_message))
    sys.exit(serving.serve())


@gradstep.command(
    help=_(
        "Write the run of a session into a file: a script, a notebook, a table, sentences, or a picture.\n\n"
        "SESSION is a file that was saved with ctrl+s."
    ),
)
@click.argument("session", type=click.Path())
@click.option("--to", "place", required=True, metavar="FILE", help=_("Where it goes; - is stdout."))
@click.option(
    "--format",
    "form",
    type=click.Choice([ending[1:] for ending in ENDINGS]),
    help=_("As what it is written.  [default: what the ending of FILE says]"),
)
@click.option("--replace", is_flag=True, help=_("Replace FILE if it is there."))
@click.option("--accept-lines", is_flag=True, help=_("Run the lines that somebody has changed in SESSION."))
@with_options(*LOOK_OPTIONS)
def export(session: str, place: str, form: str | None, replace: bool, accept_lines: bool) -> None:
    """Write the run of a session down, without a screen."""
    ending = f".{form}" if form else os.path.splitext(place)[1].lower()
    if ending not in ENDINGS:
        sentence = _("the file ending chooses the format: it is one of {endings}, or --format says it")
        raise Mistake(sentence.format(endings=", ".join(ENDINGS)))
    from tui.command_line.exporting import export_session  # msgspec: not for --help

    with_engine(lambda engine: export_session(engine, session, place, ending, replace, accept_lines))


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
    from tui.command_line.config import print_config, write_config  # msgspec: not for --help

    to_stdout(write_config if write else print_config)


@gradstep.command(
    help=_("Print what makes a shell complete gradstep's commands, options and files, and where to put it.")
)
@click.argument("shell", type=click.Choice(list(HOW)))
@with_options(*LOOK_OPTIONS)
def completion(shell: str) -> None:
    """Print the script for a shell."""
    to_stdout(lambda: print(script(gradstep, shell), end=""))


def command_line() -> None:
    """Carry out the command; a mistake of the caller ends in one sentence and exit code 2."""
    translate_click()
    try:
        gradstep.main(prog_name="gradstep", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as mistake:
        print_error(_sentence(mistake))
        sys.exit(2)


def _sentence(mistake: click.ClickException) -> str:
    """What was wrong and, where click doesn't say it, where to find what would be right."""
    if isinstance(mistake, Mistake):
        return mistake.message
    sentence = mistake.format_message().removesuffix(".")
    if isinstance(mistake, click.BadParameter) or not isinstance(mistake, click.UsageError):
        return sentence
    command = mistake.ctx.command_path if mistake.ctx else "gradstep"
    return _("{sentence}: '{command} --help' lists what there is").format(sentence=sentence, command=command)
