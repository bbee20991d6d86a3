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
    from tui.settings import load

    settings = load()
    from tui.drawing.ascii import set_ascii_mode
    from tui.language import LANGUAGES, set_start_language

    options = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    language = settings.choice("language")
    set_start_language(options, language if language in LANGUAGES else "")
    set_ascii_mode(settings.ascii or "--ascii" in options)
    if settings.keymap:
        from tui.keys import set_own_keys

        set_own_keys(settings.keymap)
    if len(sys.argv) == 1 and not settings.start and "_GRADSTEP_COMPLETE" not in os.environ:
        from tui.start import start_stepper

        start_stepper()
    else:
        from tui.command_line.cli import command_line

        command_line()


if __name__ == "__main__":
    main()
