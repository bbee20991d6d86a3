"""A learner's doings, made up but always the same for a seed: move after move on a fake engine."""

import random
from collections.abc import Iterator
from dataclasses import replace

from core.descent import PHASES, Descent
from core.listing import GradientForm
from core.state import Knobs
from tests.fake_engine import FakeEngine

LINES = ((55, "pass"), (55, "optimizer.zero_grad()"), (33, "W = W - lr * gradient"))
"""Lines of weight.py that are changed, and changed back."""


def story(seed: int) -> Iterator[Descent]:
    """What is on the screen, from the start on and without an end."""
    choose, engine = random.Random(seed), FakeEngine()
    descent = Descent().goto(0, engine)
    while True:
        yield descent
        match choose.randrange(12):
            case 0:
                descent = descent.turn(turned(descent.knobs, choose), engine)
            case 1:
                descent = descent.goto(descent.previous_epoch, engine)
            case 2:
                descent = descent.keep(choose.choice("abcde"))
            case 3 if choose.random() < 0.2:
                descent = descent.restarted((choose.randrange(-20, 20) / 4,), engine)
            case 4:
                descent = descent.goto((descent.epoch + 10) * PHASES, engine)
            case 5:
                descent = descent.goto(descent.tick + 1, engine)
            case _:
                descent = descent.goto(descent.next_epoch, engine)


def turned(knobs: Knobs, choose: random.Random) -> Knobs:
    match choose.randrange(5):
        case 0:
            return replace(knobs, method=knobs.method.other)
        case 1:
            return knobs.with_lr(knobs.lr.up())
        case 2:
            return knobs.with_lr(knobs.lr.down())
        case 3:
            return replace(knobs, listing=knobs.listing.with_gradient_form(choose.choice(list(GradientForm))))
        case _:
            return replace(knobs, listing=knobs.listing.with_line(*choose.choice(LINES)))
