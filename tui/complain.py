"""Sentences for the person at the command line."""

import sys
from contextlib import suppress

from core.language import _, marked
from tui.drawing.signs import are_plain, plain_line
from tui.safe_text import safe_text

_OFTEN = (
    marked("Permission denied"),
    marked("No such file or directory"),
    marked("Not a directory"),
    marked("No space left on device"),
    marked("Input/output error"),
)
"""What the system says often, and always in English."""


def complain(sentence: str) -> None:
    """Tell the person at the command line, on stderr if there is one."""
    with suppress(OSError, ValueError):
        text = safe_text(sentence)
        print(f"gradstep: {plain_line(text) if are_plain() else text}", file=sys.stderr)


def without_torch(error: Exception) -> str:
    """The sentence for whoever has no torch that can be imported."""
    sentence = _("torch can't be loaded, so no epoch can run; try pip install torch ({error})")
    return sentence.format(error=named(error))


def cannot_run(method: str, error: Exception) -> str:
    """The sentence where one of the methods does not run."""
    return _("{method} can't run here ({error})").format(method=method, error=named(error))


def reason_of(error: OSError) -> str:
    """Why the system refuses, in its own words."""
    return _(error.strerror or str(error))


def named(error: Exception) -> str:
    """An exception as its kind and its message."""
    return safe_text(f"{type(error).__name__}: {error}")
