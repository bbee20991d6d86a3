"""A session as text: JSON that a person can read, with a line for every turn, so that two of them can be compared."""

import json
import os
from collections.abc import Iterable
from math import isfinite

from core.language import _
from core.lr import Lr
from core.session.faults import Unwritable
from core.session.file import MOST_BYTES, write_durably
from core.session.recipe import Recipe, Session, Table, Turn
from core.state import Weights
from core.tables import BUILT_IN

VERSION = 1


def text_of(session: Session, folder: str = "") -> str:
    """The session as JSON; a table below `folder`, where the file is to stand, is named as from there.

    Raises Unwritable where it would be longer than is read again.
    """
    members = [
        f'"gradstep": {VERSION}',
        f'"table": {_in_line(_table(session.table, folder))}',
        f'"run": {_block(_run(session.run))}',
        f'"tick": {session.tick}',
    ]
    if session.ghost:
        members.append(f'"ghost": {_block(_run(session.ghost))}')
    if session.kept:
        kept = (_block([f'"name": {_in_line(name)}', *_run(recipe)]) for name, recipe in session.kept)
        members.append(f'"kept": {_block(kept, "[]")}')
    text = f"{_block(members)}\n"
    if len(text.encode("utf-8", "backslashreplace")) > MOST_BYTES:
        raise Unwritable(_("the run has more turns of the knobs than a session can hold"))
    return text


def save_session(session: Session, path: str, replace: bool = False) -> None:
    """Write a session under a name, durably. Raises Unwritable, or AlreadyThere where it may not replace a file."""
    write_durably(path, text_of(session, os.path.dirname(os.path.realpath(path))), replace)


def _table(table: Table, folder: str) -> dict[str, object]:
    source = table.source
    members: dict[str, object]
    if source.name in BUILT_IN:
        members = {"name": source.name}
    else:
        beside = bool(folder) and os.path.commonpath([folder, source.name]) == folder
        members = {"file": os.path.relpath(source.name, folder) if beside else source.name}
    if source.features:
        members["features"] = source.features
    if source.target:
        members["target"] = source.target
    if table.standardized:
        members["standardized"] = True
    if table.fingerprint:
        members["sha256"] = table.fingerprint
    return members


def _run(recipe: Recipe) -> list[str]:
    turns = (_in_line(_turn(turn)) for turn in recipe.turns)
    members = [
        f'"program": {_in_line(recipe.program)}',
        f'"start": {_in_line(_weights(recipe.start))}',
        f'"turns": {_block(turns, "[]")}',
        f'"epochs": {recipe.epochs}',
    ]
    return [*members, f'"w": {_in_line(_weights(recipe.w))}'] if recipe.w else members


def _turn(turn: Turn) -> dict[str, object]:
    members: dict[str, object] = {"epoch": turn.epoch, "method": turn.method.value}
    members |= _lr("manual_lr", turn.manual_lr) | _lr("optim_lr", turn.optim_lr)
    if turn.lines:
        members["lines"] = {str(number): text for number, text in turn.lines}
    return members


def _lr(name: str, lr: Lr) -> dict[str, object]:
    """A rate, and its rung beside the ladder where that is another."""
    return {name: lr.value} if lr.anchor == lr.value else {name: lr.value, f"{name}_rung": lr.anchor}


def _weights(weights: Weights) -> list[float | str]:
    """JSON has no inf and no nan: they are words."""
    return [value if isfinite(value) else str(value) for value in weights]


def _in_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(members: Iterable[str], brackets: str = "{}") -> str:
    """Members below one another, each a step further in."""
    inside = ",\n".join(members).replace("\n", "\n  ")
    return f"{brackets[0]}\n  {inside}\n{brackets[1]}"
