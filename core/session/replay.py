"""Have a session's runs again, epoch by epoch, as they were: with the same knobs from the same states."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from time import perf_counter

from core.data import Dataset
from core.descent import PHASES, Descent, Kept
from core.language import _
from core.session.recipe import Recipe, Session
from core.state import Engine, State
from core.tape import Tape

SLICE_SECONDS = 0.012
"""About how long epochs run between two reports."""


@dataclass(frozen=True)
class Replayed:
    """The Descent of a session, and a sentence where it is not what it was."""

    descent: Descent
    note: str = ""


Replay = Generator[int, None, Replayed]
"""Hands over how many epochs have just been run, again and again, and returns what has come of them."""


def replay(session: Session, data: Dataset, engine: Engine) -> Replay:
    """Run a session's epochs anew on its table; the changed lines in it are run as well. May raise RunFailed."""
    tapes, note = [], ""
    for recipe in session.recipes:
        tape = yield from _run(recipe, engine)
        tapes.append(tape)
        if recipe.w and repr(recipe.w) != repr(tape.w(len(tape))):
            note = _("W is not what it was when this was saved: torch rounds otherwise here, or the file was edited")
    *others, tape = tapes
    ghost = others.pop(0) if session.ghost else None
    names = (name for name, _run in session.kept)
    kept = tuple(Kept(name, other, mark) for mark, (name, other) in enumerate(zip(names, others, strict=True)))
    knobs = session.run.turns[-1].knobs(session.run.program)
    return Replayed(_placed(session, Descent(knobs, data, tape, ghost=ghost, kept=kept), engine), note)


def replayed(session: Session, data: Dataset, engine: Engine) -> Replayed:
    """The same, without a pause."""
    replaying = replay(session, data, engine)
    while True:
        try:
            next(replaying)
        except StopIteration as done:
            result: Replayed = done.value
            return result


def _run(recipe: Recipe, engine: Engine) -> Generator[int, None, Tape]:
    tape, count = Tape(State(recipe.start)), 16
    ends = (*(turn.epoch for turn in recipe.turns[1:]), recipe.epochs)
    for turn, end in zip(recipe.turns, ends, strict=True):
        knobs = turn.knobs(recipe.program)
        while len(tape) < end:
            began = perf_counter()
            epochs = engine.run_epochs(knobs, tape.state(len(tape)), min(count, end - len(tape)))
            tape = tape.extended(knobs, epochs)
            if len(epochs) == count:
                count = max(1, min(4 * count, round(count * SLICE_SECONDS / (perf_counter() - began + 1e-9))))
            yield len(epochs)
    return tape


def _placed(session: Session, descent: Descent, engine: Engine) -> Descent:
    """The run at its place; where no epoch was run from there, with the knobs that were turned last."""
    if not session.run.is_beyond:
        return descent.resumed(session.tick, engine)
    tape, shown = descent.tape, None
    if session.tick:
        last = (session.tick - 1) // PHASES
        shown = engine.run_epoch(tape.knobs(last), last, tape.state(last))
    return replace(descent, tick=session.tick, shown=shown)
