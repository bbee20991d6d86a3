"""The changed lines of a session, tried before they are replayed: in a process of its own, as the editor tries them."""

from collections.abc import Iterator
from queue import SimpleQueue

from core.data import Dataset
from core.session.recipe import Change, Session, numbers
from core.state import RunFailed, State
from core.trial.attempt import Attempt
from core.trial.process import TrialProcess
from core.trial.result import Fault, Trial

STOPPED = (Fault.TIME, Fault.MEMORY, Fault.TABLE, Fault.DIED)
"""What no line may do that is replayed; all else has its place on the tape, an exception too."""


def try_lines(session: Session, data: Dataset) -> None:
    """Raise RunFailed for the first line that takes too long, or too much memory, or ends the process."""
    attempts = list(_attempts(session))
    if not attempts:
        return
    trials: SimpleQueue[Trial] = SimpleQueue()
    process = TrialProcess(data, attempts[0].knobs, lambda attempt, trial: trials.put(trial))
    process.start()
    try:
        for attempt in attempts:
            process.try_line(attempt)
            if (trial := trials.get()).fault in STOPPED:
                raise RunFailed(trial.sentence, trial.line)
    finally:
        process.close()


def _attempts(session: Session) -> Iterator[Attempt]:
    """Each program that somebody has changed, once."""
    seen = set()
    for recipe in session.recipes:
        for turn in recipe.turns:
            knobs = turn.knobs(recipe.program)
            runs = numbers(knobs.listing, knobs.method)
            changed = [n for n, text in turn.lines if n in runs and not Change(recipe.program, n, text).is_ours]
            if changed and (knobs.listing, knobs.method) not in seen:
                seen.add((knobs.listing, knobs.method))
                yield Attempt(knobs, changed[-1], State(recipe.start))
