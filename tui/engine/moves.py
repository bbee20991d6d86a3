"""What the keys do, as pure functions: moves from a Descent to a tick, turns from knobs to knobs."""

from collections.abc import Callable
from dataclasses import replace

from core.descent import PHASES, Descent
from core.language import marked
from core.listing import GradientForm, Method
from core.state import Knobs

MOVES: dict[str, Callable[[Descent], int]] = {
    "next_epoch": lambda descent: descent.next_epoch,
    "next_phase": lambda descent: descent.tick + 1,
    "previous_epoch": lambda descent: descent.previous_epoch,
    "previous_phase": lambda descent: descent.tick - 1,
    "ten_forward": lambda descent: (descent.epoch + 10) * PHASES,
    "ten_back": lambda descent: (descent.epoch - 10) * PHASES,
    "first": lambda descent: 0,
    "last": lambda descent: descent.last_epoch,
}


def other_gradient(knobs: Knobs) -> Knobs:
    """Manual's gradient line in its other form; optim has no such line, and keeps its knobs."""
    if knobs.method is Method.OPTIM:
        return knobs
    listing = knobs.listing
    form = GradientForm.MEAN if listing.gradient_form is GradientForm.SUM else GradientForm.SUM
    return replace(knobs, listing=listing.with_gradient_form(form))


TURNS: dict[str, Callable[[Knobs], Knobs]] = {
    "method": lambda knobs: replace(knobs, method=knobs.method.other),
    "gradient": other_gradient,
    "lr_up": lambda knobs: knobs.with_lr(knobs.lr.up()),
    "lr_down": lambda knobs: knobs.with_lr(knobs.lr.down()),
    "lr_double": lambda knobs: knobs.with_lr(knobs.lr.times(2)),
    "lr_halve": lambda knobs: knobs.with_lr(knobs.lr.times(0.5)),
}

UNTURNED = {
    "gradient": marked("g exchanges manual's gradient line; optim takes its gradient from cost.backward()"),
    "lr_up": marked("lr is at the top of the ladder, 1e6"),
    "lr_down": marked("lr is at the bottom of the ladder, 0"),
    "lr_double": marked("twice this lr is beyond the largest, 1e6; twice 0 is 0"),
    "lr_halve": marked("half of lr 0 is 0"),
}
"""What to say where a turn leaves the knobs as they were."""
