"""A program that works until it is killed: `worker.py FOLDER SEED` lives through a story, and saves it by itself.

After each step it says which one and when: what is said has been seen by the learner.
"""

import sys
import time
from pathlib import Path

from core.session.shelf import Shelf
from tests.kills.story import story
from tui.sessions.autosave import Autosave


def work(folder: str, seed: int) -> None:
    autosave = Autosave(Shelf(Path(folder)), lambda told: print(told, file=sys.stderr, flush=True))
    for step, descent in enumerate(story(seed)):
        autosave.saw(descent)
        print(step, time.monotonic(), flush=True)
        time.sleep(0.002 * (step % 7))


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]))
