"""Start the stepper in the terminal, and end the process with the right exit code."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from core.engine.client import EngineClient
from core.language import _
from tui.errors import failure_sentence, print_error

if TYPE_CHECKING:
    from core.descent import Descent
    from core.session.session import LoadedSession


def start_stepper(
    descent: "Descent | None" = None,
    opened: "LoadedSession | None" = None,
    opening: str = "",
    engine: EngineClient | None = None,
) -> None:
    """Run the stepper until the learner leaves it, or refuse where there is no terminal. Does not return.

    `opened` is a session to resume; the descent is then its start. `opening` is an action to begin with. `engine` is
    one that has been started already.
    """
    if missing := missing_terminal():
        print_error(_("{missing}; 'gradstep run' prints the epochs without a screen").format(missing=missing))
        sys.exit(2)
    if engine is None:
        engine = EngineClient()
        engine.start()
    gc.disable()  # what is imported now stays: looking for garbage in it is a tenth of the way to the first frame
    from core.descent import Descent
    from tui.app import GradstepApp
    from tui.places import state_folder
    from tui.settings import current
    from tui.terminal import Terminal

    for name in ("COLUMNS", "LINES"):  # the terminal itself knows its size
        os.environ.pop(name, None)
    if not os.environ.get("NO_COLOR"):  # an empty one says nothing
        os.environ.pop("NO_COLOR", None)
    app = GradstepApp(descent or Descent(), engine, state_folder() / "runs", opened, opening, current())
    app.driver_class = Terminal
    app.run()
    engine.close()
    app.stepper.sessions.close()
    app.settings.save()
    if app.failure is not None:
        print_error(failure_sentence(app.failure))
    sys.stdout.flush()
    os._exit(app.return_code or 0)


def missing_terminal() -> str:
    """Why no screen can be painted here; empty where one can."""
    for name, stream in (("stdin", sys.stdin), ("stdout", sys.stdout)):
        if stream is None or stream.closed or not stream.isatty():
            return _("{stream} is not a terminal, and the stepper needs one").format(stream=name)
    if os.environ.get("TERM", "") in ("", "dumb"):
        return _("TERM names no terminal that can show the stepper")
    return ""
