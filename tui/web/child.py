"""The process of one session: the stepper without files, behind a browser. The server starts it, nobody else."""

import gc
import json
import os
import sys
from dataclasses import replace

from core.data import Dataset
from core.descent import Descent
from core.tables import BUILT_IN
from tui.config.own_way import OwnWay

WITHHELD = frozenset({"edit", "suspend_process", "go_on"})
"""Code is not for visitors to write, and there is no shell and no earlier run to go to."""


class Visitors(OwnWay):
    """The keys and the theme of whoever serves the program. What visitors choose is nobody else's."""

    def told(self) -> list[str]:
        return []  # who serves it has been told


def argument(language: str, plain: bool, opening: str, options: dict[str, object]) -> str:
    """What a session's process is told: how to look, an action to begin with, and the options of the run."""
    look = ["--lang", language, *(["--ascii"] if plain else [])]
    return json.dumps([look, opening, options])


def without_folder(descent: Descent) -> Descent:
    """The run with its table's file as the visitor is to know it, by its name alone; it is read from there again."""

    def renamed(data: Dataset) -> Dataset:
        if data.source is None or data.source.name in BUILT_IN:
            return data
        folder, name = os.path.split(data.source.name)
        os.chdir(folder)
        original = data.original and renamed(data.original)
        return replace(data, source=replace(data.source, name=name), original=original)

    return replace(descent, data=renamed(descent.data))


def main() -> None:
    """Run the stepper until the learner or the page leaves it. Does not return."""
    look, opening, options = json.loads(sys.argv[1])
    own_way = Visitors(OwnWay.found().config)
    own_way.begin(look)
    from tui.command_line.cli import descent_of  # its sentences are looked up when it is imported
    from tui.complain import complain, named
    from tui.start import load_torch

    descent = without_folder(descent_of(**options))
    gc.disable()  # as in tui.start, until torch is there
    from tui.app import Stepper
    from tui.web.driver import Browser

    stepper = Stepper(descent, load_torch, opening=opening, own_way=own_way)
    stepper.driver_class = Browser
    stepper.withheld = WITHHELD
    stepper.run()
    if stepper.failure is not None:
        complain(named(stepper.failure))
    os._exit(stepper.return_code or 0)


if __name__ == "__main__":
    main()
