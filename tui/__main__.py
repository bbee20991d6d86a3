"""Start gradstep: `gradstep`, or `python -m tui`."""

import os
import signal
from types import FrameType


def _leave(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


# before anything slow is imported: until the terminal is ours, a signal just ends the program, without a traceback
for _signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_signal, _leave)


def main() -> None:
    """Run the command line and leave with its exit code."""
    from tui.cli import command_line

    command_line()


if __name__ == "__main__":
    main()
