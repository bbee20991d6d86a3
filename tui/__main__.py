"""Start gradstep: `gradstep`, or `python -m tui`."""

import os
import signal
import sys
from types import FrameType


def _leave(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


# before anything slow is imported: until the terminal is ours, a signal just ends the program, without a traceback
for _signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_signal, _leave)


def main() -> None:
    """Run the command line, or, without arguments, the stepper at once: click takes a tenth of its first frame."""
    from tui.config.own_way import find_own_way

    own_way = find_own_way(sys.argv[1:])
    if len(sys.argv) == 1 and not own_way.start and "_GRADSTEP_COMPLETE" not in os.environ:
        from core.descent import Descent
        from tui.start import start_stepper

        start_stepper(Descent())
    else:
        from tui.command_line.cli import command_line

        command_line()


if __name__ == "__main__":
    main()
