"""The run that a command begins with: what its options leave open is as the config file says."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import click

from core.descent import Descent
from core.language import _
from tui.complain import complain
from tui.config.own_way import in_use


def begun(context: click.Context, build: Callable[..., Descent], options: dict[str, Any]) -> Descent:
    """What `build` makes of the options and of the config file.

    What of the file doesn't fit (a table that can't be read, weights for another number of inputs) is told and left
    out; a mistake in the options themselves is raised.
    """
    given = {name for name in options if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE}
    left_out, refused = "", None
    for doubtful, start in _narrower(in_use().start, of_another_table="data" in given):
        try:
            descent = build(**options | {name: value for name, value in start.items() if name not in given})
        except click.UsageError as mistake:
            if not doubtful:
                raise
            left_out, refused = doubtful, refused or mistake
        else:
            if refused:
                in_use().leave_out(f"start.{left_out}", refused.message)
            return descent
    raise AssertionError("the last attempt has nothing doubtful in it")


def tell_notes() -> None:
    """Say on stderr what is wrong in the config file."""
    for sentence in in_use().told():
        complain(_("note: {note}").format(note=sentence))


def _narrower(start: dict[str, object], of_another_table: bool) -> Iterator[tuple[str, dict[str, object]]]:
    """The start that the file asks for, and then with less and less of what may not fit; the name of that first."""
    if of_another_table or not start:
        from_file = start
    else:
        from_file = start | ({"data": os.path.expanduser(str(start["data"]))} if "data" in start else {})
    free = {name: value for name, value in from_file.items() if name in ("method", "gradient", "standardize")}
    if not of_another_table:
        if "w" in from_file:
            yield "w", from_file
        without_w = {name: value for name, value in from_file.items() if name != "w"}
        if tables := [name for name in ("data", "features", "target") if name in without_w]:
            yield tables[0], without_w
        else:
            free = without_w
    yield "", free
