"""The process of one session: the stepper without files, behind a browser. The server starts it, nobody else."""

import gc
import json
import os
import sys

from tui.settings import Settings, load

DISABLED_ACTIONS = frozenset({"edit", "suspend_process", "resume_previous"})
"""Actions disabled when served in a browser: code is not for visitors to write, and there is no shell."""


class VisitorSettings(Settings):
    """The keys and the theme of whoever serves the program. What visitors choose is not remembered."""

    def save(self) -> None:
        """Nothing: a visitor's choices are nobody else's."""


def argument(language: str, ascii_only: bool, opening: str, options: dict[str, object]) -> str:
    """What a session's process is given: how to look, an action to begin with, and the options of the run."""
    look = ["--lang", language, *(["--ascii"] if ascii_only else [])]
    return json.dumps([look, opening, options])


def main() -> None:
    """Show the stepper until the learner or the page leaves it. Does not return."""
    look, opening, options = json.loads(sys.argv[1])
    server = load()
    settings = VisitorSettings(server.values, server.keymap)
    from tui.drawing.ascii import set_ascii_mode
    from tui.language import set_start_language

    set_start_language(look)
    set_ascii_mode("--ascii" in look)
    from core.engine.client import EngineClient

    engine = EngineClient()
    engine.start()
    from tui.command_line.options import descent_of  # its sentences are looked up when it is imported
    from tui.errors import describe_error, print_error

    descent = descent_of(**options)
    gc.disable()  # as in tui.start
    from tui.app import GradstepApp
    from tui.web.driver import BrowserDriver

    app = GradstepApp(descent, engine, settings=settings, opening=opening, disabled_actions=DISABLED_ACTIONS)
    app.driver_class = BrowserDriver
    app.run()
    engine.close()
    if app.failure is not None:
        print_error(describe_error(app.failure))
    os._exit(app.return_code or 0)


if __name__ == "__main__":
    main()
