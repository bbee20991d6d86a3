"""What commands print on stdout, and what is said where that fails."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import click

from core.language import _
from core.state import EngineDied, RunFailed
from tui.drawing.ascii import AsciiWriter, ascii_mode
from tui.errors import os_reason, print_error

if TYPE_CHECKING:
    from core.engine.client import LocalEngine


class Mistake(click.UsageError):
    """Something wrong on the command line, in a whole sentence of ours."""


def to_stdout(write: Callable[[], None]) -> None:
    """Print something. Raises Mistake for a ValueError with a sentence; a run or a disk that fails ends with code 1."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader who closes the pipe ends it quietly
    try:
        with redirect_stdout(AsciiWriter(sys.stdout) if ascii_mode() else sys.stdout):
            write()
        sys.stdout.flush()
    except ValueError as refusal:
        raise Mistake(str(refusal)) from None
    except RunFailed as failure:
        print_error(str(failure))
        sys.exit(1)
    except OSError as error:
        print_error(_("stdout can't be written: {reason}").format(reason=os_reason(error)))
        os._exit(1)  # a normal exit would try to write the rest
    finally:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a closed connection ends no server


def with_engine(write: "Callable[[LocalEngine], None]") -> None:
    """Print what an engine in this process answers."""
    from core.engine.client import LocalEngine  # more than --help needs

    try:
        engine = LocalEngine()
    except EngineDied as death:
        print_error(str(death))
        sys.exit(1)
    to_stdout(lambda: write(engine))
