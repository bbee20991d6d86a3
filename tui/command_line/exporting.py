"""`gradstep export`: the run of a session, written into a file or on stdout without a screen."""

import signal
import sys
from collections.abc import Iterable
from dataclasses import replace

from core.data import Dataset
from core.descent import Descent
from core.export.faults import CannotExport
from core.export.formats import FORMATS
from core.language import _
from core.session.faults import AlreadyThere, Unopenable, Unwritable
from core.session.opening import open_session
from core.session.recipe import Session
from core.session.replay import replayed
from core.state import Engine, RunFailed
from tui.complain import complain, without_torch
from tui.delivery import ToFile
from tui.start import load_torch

SIZE = (120, 36)
"""The screen of which a picture is made."""


class Refused(Exception):
    """What was asked for can't be done; the message is one sentence for the person who asked."""


def export_session(path: str, place: str, ending: str, may_replace: bool, accepted: bool) -> None:
    """Write the run of a session to a place, `-` for stdout. Raises Refused, and OSError for stdout."""
    try:
        text = _pieces(_run_of(path, accepted, ending), ending)
        if place == "-":
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader who closes the pipe ends it quietly
            sys.stdout.writelines(text)
        else:
            file = ToFile()
            file.deliver(file.place(place), text, may_replace)
    except AlreadyThere as refusal:
        raise Refused(_("{refusal}: --replace replaces it").format(refusal=refusal)) from None
    except (CannotExport, RunFailed, Unopenable, Unwritable) as refusal:
        raise Refused(str(refusal)) from None


def _run_of(path: str, accepted: bool, ending: str) -> Descent:
    """The run of a session, had again: with the lines that somebody has changed only where they are accepted."""
    opened = open_session(path)
    session = opened.session
    if ending in FORMATS:  # only a picture shows the other runs
        session = replace(session, ghost=None, kept=())
    _refuse_lines(session, path, accepted)
    engine = _engine(opened.data)
    again = replayed(session, opened.data, engine)
    for note in filter(None, (opened.note, again.note)):
        complain(_("note: {note}").format(note=note))
    return again.descent if len(again.descent.tape) else again.descent.goto(0, engine)


def _refuse_lines(session: Session, path: str, accepted: bool) -> None:
    """Nobody's lines run unseen: where they are not accepted they are shown, and nothing runs."""
    for change in session.changes:
        if change.refusal:
            raise Refused(f"{path}: {change.text}: {change.refusal}")
    if session.changes and not accepted:
        lines = "; ".join(f"{change.program}.py, line {change.number}: {change.text}" for change in session.changes)
        told = _("{path} changes lines of the program ({lines}): --accept-lines runs them, with your rights")
        raise Refused(told.format(path=path, lines=lines))


def _engine(data: Dataset) -> Engine:
    try:
        return load_torch(data)
    except Exception as error:  # whatever a broken installation raises
        raise Refused(without_torch(error)) from None


def _pieces(descent: Descent, ending: str) -> Iterable[str]:
    if ending in FORMATS:
        return FORMATS[ending].write(descent)
    from asyncio import run

    from tui.app import Stepper  # textual: for a picture only
    from tui.drawing.picture import picture_without_a_screen

    picture = run(picture_without_a_screen(Stepper(descent, _engine), SIZE))
    return [picture.svg if ending == ".svg" else picture.text]
