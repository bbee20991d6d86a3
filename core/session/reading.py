"""From a file's text to a Session: everything is looked at, nothing is run; what is wrong is told with its place."""

import os

from core.beginning import program_for
from core.data import Source
from core.descent import MOST_KEPT
from core.float32 import float32
from core.language import _
from core.listing import Method
from core.lr import Lr
from core.numbers import LARGEST_LR, MEMORY
from core.session.faults import Fault, Unopenable
from core.session.file import read_text
from core.session.parts import Part, whole_of
from core.session.recipe import Recipe, Session, Table, Turn, changeable
from core.session.writing import VERSION
from core.state import Weights
from core.tables import BUILT_IN

PROGRAMS = tuple(program_for(inputs, bias) for inputs in (1, 2) for bias in (False, True))

LONGEST_LINE = 400
LONGEST_NAME = 200
LONGEST_PATH = 4096
MOST_WEIGHTS = 1000
MOST_PROGRAMS = 1000
"""How many ways a session may write its program: each is compiled."""

NOT_FINITE = ("inf", "-inf", "nan")


def read_session(path: str) -> Session:
    """The session in a file. Raises Unopenable."""
    try:
        text = read_text(path)
        return session_of(text, os.path.dirname(os.path.abspath(path)))
    except Fault as fault:
        raise Unopenable(f"{path}: {fault}") from None
    except MemoryError:
        raise Unopenable(_("{path} is too large for the memory").format(path=path)) from None


def session_of(text: str, folder: str) -> Session:
    """The session in a text; a file that is named without a folder is looked for in `folder`. Raises Fault."""
    whole = whole_of(text)
    _check_version(whole)
    members = whole.members(("gradstep", "table", "run", "tick"), ("ghost", "kept"))
    run = _run(members["run"], may_be_beyond=True)
    session = Session(
        _table(members["table"], folder),
        run,
        _tick(members["tick"], run),
        _run(members["ghost"]) if "ghost" in members else None,
        _kept(members["kept"]) if "kept" in members else (),
    )
    most = MEMORY // (4 * (1 + 2 * len(run.start)))
    if session.epochs > most:
        told = _("{epochs} epochs are too many for the memory: there can be {most}")
        raise Fault(told.format(epochs=session.epochs, most=most))
    if len({(recipe.program, turn.lines) for recipe in session.recipes for turn in recipe.turns}) > MOST_PROGRAMS:
        raise Fault(_("the program is changed in more than {most} ways").format(most=MOST_PROGRAMS))
    return session


def _check_version(whole: Part) -> None:
    members = whole.any_members()
    if "gradstep" not in members:
        raise Fault(_("this is no session of gradstep: it has no 'gradstep' with a version"))
    version = members["gradstep"].whole(10**9)
    if version > VERSION:
        told = _("it was saved by a newer gradstep, in version {version}; this one reads up to {known}")
        raise Fault(told.format(version=version, known=VERSION))
    if version < VERSION:
        raise members["gradstep"].fault(str(VERSION))


def _table(part: Part, folder: str) -> Table:
    which = "file" if "file" in part.any_members() else "name"
    members = part.members((which,), ("features", "target", "standardized", "sha256"))
    if which == "file":
        name = os.path.normpath(os.path.join(folder, members["file"].text(LONGEST_PATH)))
    else:
        name = members["name"].word(BUILT_IN)
    features: tuple[str, ...] = ()
    if "features" in members:
        features = tuple(entry.text(LONGEST_PATH) for entry in members["features"].entries())
    target = members["target"].text(LONGEST_PATH) if "target" in members else ""
    standardized = members["standardized"].flag() if "standardized" in members else False
    fingerprint = members["sha256"].text(64) if "sha256" in members else ""
    return Table(Source(name, features, target), standardized, fingerprint)


def _run(part: Part, may_be_beyond: bool = False, others: tuple[str, ...] = ()) -> Recipe:
    members = part.members(("program", "start", "turns", "epochs", *others), ("w",))
    program = members["program"].word(PROGRAMS)
    start = _weights(members["start"])
    w = _weights(members["w"]) if "w" in members else ()
    if w and len(w) != len(start):
        told = _("{where} must have as many numbers as {other}")
        raise Fault(told.format(where=members["w"].where, other=members["start"].where))
    epochs = members["epochs"].whole(MEMORY)
    entries = members["turns"].entries()
    turns = tuple(_turn(entry, program) for entry in entries)
    if not turns or turns[0].epoch != 0:
        raise Fault(_("{where} must begin with the knobs at epoch 0").format(where=members["turns"].where))
    for entry, turn, before in zip(entries[1:], turns[1:], turns, strict=False):
        if turn.epoch <= before.epoch:
            raise Part(turn.epoch, f"{entry.where}.epoch").fault(_("larger than {epoch}").format(epoch=before.epoch))
    if turns[-1].epoch > epochs or (turns[-1].epoch == epochs and not may_be_beyond):
        raise Part(turns[-1].epoch, f"{entries[-1].where}.epoch").fault(_("one of the {count}").format(count=epochs))
    return Recipe(program, start, turns, epochs, w)


def _turn(part: Part, program: str) -> Turn:
    members = part.members(("epoch", "method", "manual_lr", "optim_lr"), ("manual_lr_rung", "optim_lr_rung", "lines"))
    method = Method(members["method"].word([method.value for method in Method]))
    lines: tuple[tuple[int, str], ...] = ()
    if "lines" in members:
        allowed = {str(number) for number in changeable(program)}
        found = members["lines"].any_members()
        for key, line in found.items():
            if key not in allowed:
                told = _("{where}: {program}.py has no line of that number that can be changed")
                raise Fault(told.format(where=line.where, program=program))
        lines = tuple(sorted((int(key), line.text(LONGEST_LINE)) for key, line in found.items()))
    return Turn(members["epoch"].whole(MEMORY), method, _lr(members, "manual_lr"), _lr(members, "optim_lr"), lines)


def _lr(members: dict[str, Part], name: str) -> Lr:
    value = members[name].number(0, LARGEST_LR)
    rung = members.get(f"{name}_rung")
    return Lr.at(value) if rung is None else Lr(value, rung.number(0, LARGEST_LR))


def _weights(part: Part) -> Weights:
    entries = part.entries()
    if not 1 <= len(entries) <= MOST_WEIGHTS:
        raise Fault(_("{where} must have from 1 to {most} numbers").format(where=part.where, most=MOST_WEIGHTS))
    return tuple(_weight(entry) for entry in entries)


def _weight(part: Part) -> float:
    if part.value in NOT_FINITE and isinstance(part.value, str):
        return float(part.value)
    return float32(part.number(-3.4028235677973366e38, 3.4028235677973366e38))


def _tick(part: Part, run: Recipe) -> int:
    """The place: within the run, or beyond its last epoch where its last turn is."""
    last = 4 * run.epochs + (3 if run.is_beyond and run.epochs else -1 if run.epochs else 0)
    tick = part.whole(max(0, last))
    if run.is_beyond and tick < 4 * run.epochs:
        raise part.fault(_("from {least} on, where the last knobs are turned").format(least=4 * run.epochs))
    return tick


def _kept(part: Part) -> tuple[tuple[str, Recipe], ...]:
    if len(part.entries()) > MOST_KEPT:
        raise part.fault(_("at most {count} runs").format(count=MOST_KEPT))
    runs = [_run(entry, others=("name",)) for entry in part.entries()]
    names = [entry.any_members()["name"].text(LONGEST_NAME) for entry in part.entries()]
    return tuple(zip(names, runs, strict=True))
