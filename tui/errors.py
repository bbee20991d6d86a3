"""Errors in sentences: at the command line, on the screen, and as a traceback in a file of the state folder."""

import sys
from contextlib import suppress
from pathlib import Path

from core.language import N_, _
from tui.drawing.ascii import ascii_mode, to_ascii
from tui.places import state_folder
from tui.safe_text import safe_text

_FREQUENT = (
    N_("Permission denied"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("No space left on device"),
    N_("Input/output error"),
)
"""What the system says often, and always in English."""


def print_error(sentence: str) -> None:
    """Print a sentence for the person at the command line, on stderr if there is one."""
    with suppress(OSError, ValueError):
        text = safe_text(sentence)
        print(f"gradstep: {to_ascii(text) if ascii_mode() else text}", file=sys.stderr)


def os_reason(error: OSError) -> str:
    """Why the system refuses, in its own words."""
    return _(error.strerror or str(error))


def describe_error(error: BaseException) -> str:
    """An exception as its kind and its message."""
    return safe_text(f"{type(error).__name__}: {error}")


def failure_sentence(error: BaseException) -> str:
    """The sentence for a failure inside gradstep; its traceback is written to a file, which the sentence names."""
    path = log_traceback(error)
    if path is None:
        return _("something went wrong inside gradstep ({error})").format(error=describe_error(error))
    sentence = _("something went wrong inside gradstep ({error}); the details are in {path}")
    return sentence.format(error=describe_error(error), path=path)


def log_traceback(error: BaseException) -> Path | None:
    """Write the traceback to a file in the state folder; None where the disk doesn't let us."""
    import time
    import traceback

    path = state_folder() / f"failure-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return path
