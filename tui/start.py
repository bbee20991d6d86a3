"""Start the stepper in the terminal, and end the process with the right exit code."""

import os
import sys

from core.state import Knobs, State
from tui.app import Stepper
from tui.cli import complain
from tui.terminal import Terminal


def start_stepper(knobs: Knobs, start: State) -> None:
    """Run the stepper until the learner leaves it. Does not return."""
    for name in ("COLUMNS", "LINES"):  # the terminal itself knows its size
        os.environ.pop(name, None)
    stepper = Stepper(knobs, start)
    stepper.driver_class = Terminal
    stepper.run()
    if stepper.failure is not None:
        complain(f"something went wrong inside gradstep ({type(stepper.failure).__name__}: {stepper.failure})")
    sys.stdout.flush()
    # a thread may be in the middle of importing torch: nobody waits for it
    os._exit(stepper.return_code or 0)
