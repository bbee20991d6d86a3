"""Sentences for the person at the command line."""

import sys
from contextlib import suppress

from tui.safe_text import safe_text


def complain(sentence: str) -> None:
    """Tell the person at the command line, on stderr if there is one."""
    with suppress(OSError, ValueError):
        print(f"gradstep: {safe_text(sentence)}", file=sys.stderr)
