"""Start the stepper in the terminal, and end the process with the right exit code."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from core.data import Dataset
from core.descent import Descent
from core.language import _
from core.state import Engine
from tui.complain import complain, named

if TYPE_CHECKING:
    from core.session.opening import Opened


def start_stepper(descent: Descent, opened: "Opened | None" = None, opening: str = "") -> None:
    """Run the stepper until the learner leaves it, or refuse where there is no terminal. Does not return.

    `opened` is a session to go on with; the descent is then its start. `opening` is an action to begin with.
    """
    if missing := what_is_missing():
        complain(_("{missing}; 'gradstep run' prints the epochs without a screen").format(missing=missing))
        sys.exit(2)
    gc.disable()  # what is imported now stays: looking for garbage in it is a tenth of the way to the first epoch
    from tui.app import Stepper
    from tui.config.own_way import in_use
    from tui.places import state_folder
    from tui.terminal import Terminal

    for name in ("COLUMNS", "LINES"):  # the terminal itself knows its size
        os.environ.pop(name, None)
    if not os.environ.get("NO_COLOR"):  # an empty one says nothing
        os.environ.pop("NO_COLOR", None)
    stepper = Stepper(descent, load_torch, state_folder() / "runs", opened, opening, in_use())
    stepper.driver_class = Terminal
    stepper.run()
    stepper.sessions.close()
    stepper.own_way.write()
    if stepper.failure is not None:
        complain(_("something went wrong inside gradstep ({error})").format(error=named(stepper.failure)))
    sys.stdout.flush()
    # a thread may be in the middle of importing torch: nobody waits for it
    os._exit(stepper.return_code or 0)


def what_is_missing() -> str:
    """Why no screen can be painted here; empty where one can."""
    for name, stream in (("stdin", sys.stdin), ("stdout", sys.stdout)):
        if stream is None or stream.closed or not stream.isatty():
            return _("{stream} is not a terminal, and the stepper needs one").format(stream=name)
    if os.environ.get("TERM", "") in ("", "dumb"):
        return _("TERM names no terminal that can show the stepper")
    return ""


def load_torch(data: Dataset) -> Engine:
    """The engine that runs the real program; importing it takes four times as long as painting the first frame."""
    try:
        from core.epoch import TorchEngine
    finally:
        gc.enable()
    gc.freeze()  # nor is torch ever garbage: without this a key would wait 100 ms for the collector now and then
    gc.set_threshold(50_000, 20, 50)  # a repaint makes 10,000 short-lived objects, not a reason to look for garbage
    return TorchEngine(data)
