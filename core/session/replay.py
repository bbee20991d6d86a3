"""Replay a session's epochs: with the same knobs from the same states, to the bit."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.descent import Descent, Kept, Tick
from core.language import _
from core.log import EpochLog
from core.parsing import MEMORY
from core.requests import Engine, Open, Run
from core.session.session import Run as SavedRun
from core.session.session import Session, end_of
from core.state import EpochsRun, Opened, RunFailed

SLICE = 1000  # epochs that run between two reports


@dataclass(frozen=True)
class Replayed:
    """The Descent of a session, and a sentence where it is not what it was."""

    descent: Descent
    note: str = ""


async def replay(session: Session, engine: Engine, report: Callable[[int], object] = lambda epochs: None) -> Replayed:
    """Run a session's epochs on an engine; its edited lines are run as well.

    `report` is given how many epochs have been run, again and again. Raises RunFailed and EngineDied.
    """
    logs, opened, note, done = list[EpochLog](), None, "", 0
    for run in session.runs:
        log, opened = await _replayed(session, run, engine, done, report)
        if run.end not in ([], end_of(log)):
            note = _("W is not what it was when this was saved: torch rounds otherwise here, or the file was edited")
        logs.append(log)
        done += run.epochs
    ghost = logs.pop(0) if session.ghost else None
    kept = tuple(Kept(run.name, log, mark) for mark, (run, log) in enumerate(zip(session.kept, logs, strict=False)))
    descent = Descent(session.knobs_of(session.knobs), logs[-1], opened=opened, ghost=ghost, kept=kept)
    descent = replace(descent, tick=Tick(min(session.tick.epoch, len(logs[-1])), session.tick.line))
    while (request := descent.request) is not None:
        reply = await engine.ask(request)
        descent = descent.answered(reply)
        if isinstance(reply, EpochsRun) and reply.failure:  # the place is one that no epoch could be run from
            if not len(descent.log):
                raise reply.failure
            descent = descent.at_end()
    return Replayed(descent, note)


async def _replayed(
    session: Session, run: SavedRun, engine: Engine, done: int, report: Callable[[int], object]
) -> tuple[EpochLog, Opened]:
    first = session.knobs_of(run.segments[0] if run.segments else session.knobs)
    opened = await engine.ask(Open(first.program))
    log, most = EpochLog.of(opened), MEMORY // (4 * (1 + 2 * sum(slot.size for slot in opened.weights)))
    if run.epochs > most:
        sentence = _("{epochs} epochs are too many for the memory: there can be {most}")
        raise RunFailed(sentence.format(epochs=run.epochs, most=most))
    ends = (*(segment.epoch for segment in run.segments[1:]), run.epochs)
    for segment, end in zip(run.segments, ends, strict=True):
        knobs = session.knobs_of(segment)
        while (length := len(log)) < end:
            at, state = log.state(length)
            reply = await engine.ask(Run(knobs.program, state, at, length, min(SLICE, end - length)))
            if reply.failure or not len(reply):
                raise reply.failure or RunFailed(_("an epoch can't be run"))
            log = log.extended(knobs, reply)
            report(done + len(log))
    return log, opened
