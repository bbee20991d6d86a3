"""Sentences for the person at the command line."""

import sys
from contextlib import suppress

from tui.safe_text import safe_text


def complain(sentence: str) -> None:
    """Tell the person at the command line, on stderr if there is one."""
    with suppress(OSError, ValueError):
        print(f"gradstep: {safe_text(sentence)}", file=sys.stderr)


def without_torch(error: Exception) -> str:
    """The sentence for whoever has no torch that can be imported."""
    return f"torch can't be loaded, so no epoch can run; try pip install torch ({named(error)})"


def named(error: Exception) -> str:
    """An exception as its kind and its message."""
    return f"{type(error).__name__}: {error}"
