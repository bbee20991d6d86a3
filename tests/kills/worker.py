"""A learner who works until killed: each step of a story is saved automatically.

After each step it says which one and when: what is said has been seen by the learner.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from core.descent import Descent
from core.session.autosave_store import AutosaveStore
from tests.core.stories import Story, line, lr, switch
from tests.fake_engine import FakeEngine
from tui.sessions.autosave import Autosave

EDITS = (line("optimizer.zero_grad()", "pass"), line("pass", "optimizer.zero_grad()"))


def story(seed: int) -> Iterator[Descent]:
    """What is on the screen, from the start on and without an end; always the same for a seed."""
    choose, now = random.Random(seed), Story(answer=FakeEngine()._answer)
    while True:
        yield now.descent
        epoch = now.descent.epoch
        match choose.randrange(9):
            case 0:
                now.turn(choose.choice([switch, lr(choose.randrange(1, 30) / 100), *EDITS]))
            case 1:
                now.to(max(0, epoch - 1), choose.randrange(3))
            case 2:
                now.keep(choose.choice("abcde"))
            case 3 if choose.random() < 0.2:
                now.restart()
            case 4:
                now.to(epoch + 10)
            case _:
                now.to(epoch + 1)


def work(folder: str, seed: int, output: int) -> NoReturn:
    """Live through a story until killed; each step and its moment are written to a pipe."""
    autosave = Autosave(AutosaveStore(Path(folder)), lambda sentence: os.write(2, sentence.encode()))
    for step, descent in enumerate(story(seed)):
        autosave.record(descent)
        os.write(output, f"{step} {time.monotonic()}\n".encode())
        time.sleep(0.002 * (step % 7))
    os._exit(1)
