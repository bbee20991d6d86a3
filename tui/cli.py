"""The command line. It imports neither torch nor textual to answer --help, --version or a mistake."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from core.listing import GradientForm, Method
from core.lr import Lr
from core.numbers import parse_epochs, parse_every, parse_lr, parse_w
from core.state import Knobs, State
from tui.complain import complain, without_torch


class Mistake(click.UsageError):
    """Something wrong on the command line, told in a whole sentence of ours."""


class Number(click.ParamType[float]):
    """A number read by one of core.numbers' parsers."""

    def __init__(self, name: str, parse: Callable[[str], float]) -> None:
        self.name = name
        self.parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return self.parse(str(value))
        except ValueError as error:
            raise Mistake(str(error)) from None


def start_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where a run begins, for the stepper and for `run` alike."""
    for option in (
        click.option("--w", type=Number("w", parse_w), default="0", help="The starting weight.  [default: 0]"),
        click.option(
            "--lr", type=Number("lr", parse_lr), help="The learning rate, from 0 to 1e6.  [default: the lecture's]"
        ),
        click.option(
            "--gradient",
            type=click.Choice([form.value for form in GradientForm]),
            default="sum",
            help="How manual writes its gradient: sum, or the slide's 2 * mean.  [default: sum]",
        ),
        click.option(
            "--method",
            type=click.Choice([method.value for method in Method]),
            default="manual",
            help="The gradient written by hand, or torch.optim.  [default: manual]",
        ),
    ):
        command = option(command)
    return command


def knobs_of(method: str, gradient: str, lr: float | None) -> Knobs:
    """The knobs that the options ask for."""
    lecture = Knobs.of_lecture()
    listing = lecture.listing.with_gradient_form(GradientForm(gradient))
    knobs = replace(lecture, listing=listing, method=Method(method))
    return knobs if lr is None else knobs.with_lr(Lr.at(lr))


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@start_options
@click.version_option(package_name="gradstep", message="gradstep %(version)s")
@click.pass_context
def gradstep(context: click.Context, method: str, gradient: str, lr: float | None, w: float) -> None:
    """Step through gradient descent, one epoch per keypress.

    Without a command it opens the stepper; the options say in which state.
    """
    if context.invoked_subcommand is not None:
        for name, parameter in (("--method", "method"), ("--gradient", "gradient"), ("--lr", "lr"), ("--w", "w")):
            if context.get_parameter_source(parameter) is click.core.ParameterSource.COMMANDLINE:
                command = context.invoked_subcommand
                raise Mistake(f"{name} stands before '{command}': write it after, as in gradstep {command} {name} ...")
        return
    from tui.start import start_stepper  # textual: not for --help

    start_stepper(knobs_of(method, gradient, lr), State((w,)))


@gradstep.command()
@start_options
@click.option(
    "--epochs",
    type=Number("epochs", parse_epochs),
    default="10",
    help="nb_epochs: the last epoch to print.  [default: 10]",
)
@click.option("--every", type=Number("N", parse_every), default="1", help="Print every N-th epoch.  [default: 1]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["lecture", "csv", "json"]),
    default="lecture",
    help="The lecture's lines, or full precision as csv or json (null for inf and nan).  [default: lecture]",
)
def run(method: str, gradient: str, lr: float | None, w: float, epochs: int, every: int, form: str) -> None:
    """Print the epochs without a screen, as the lecture's program does."""
    try:
        from tui.printing import print_epochs  # torch: not for --help
    except Exception as error:  # whatever a broken installation raises
        complain(without_torch(error))
        sys.exit(1)
    try:
        print_epochs(knobs_of(method, gradient, lr), State((w,)), epochs, every, form)
    except OSError as error:
        complain(f"stdout can't be written: {error.strerror}")
        os._exit(1)  # a normal exit would try to write the rest


def command_line() -> None:
    """Run gradstep; a mistake of the caller ends in one sentence and exit code 2."""
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
    return f"{sentence}: '{command} --help' lists what there is"
