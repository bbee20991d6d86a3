"""From a session's file to a session: everything is checked, nothing is run."""

import re

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import decode

from core.descent import Descent
from core.language import N_, _
from core.program import ProgramError
from core.session.edited_lines import edited_lines, has_base, without_edited_lines
from core.session.file import Fault, Unopenable, read_text
from core.session.session import VERSION, LoadedSession, SavedProgram, Session

TYPES = {
    "int": N_("a whole number"),
    "float": N_("a number"),
    "str": N_("text"),
    "array": N_("a list"),
    "object": N_("an object"),
    "bool": N_("true or false"),
    "null": N_("nothing"),
}

SENTENCES = (
    (r"Object missing required field `(.+)`", N_("{where} has no {first}")),
    (r"Object contains unknown field `(.+)`", N_("{where} has a key that is not known: {first}")),
    (r"Expected `(.+)`, got `(.+)`", N_("{where} must be {first}, not {second}")),
    (r"Expected `(.+)` of length (.+)", N_("{where} must be {first} of length {second}")),
    (r"Expected `(.+)` (.+)", N_("{where} must be {first} {second}")),
    (r"(.+)", N_("{where}: {first}")),
)
"""What msgspec says, and the checks of the structs: in our words."""


class _Head(Struct):
    gradstep: int = -1


def open_session(path: str) -> LoadedSession:
    """The session in a file. Nothing of it is run. Raises Unopenable."""
    try:
        session = session_of(read_text(path))
        return LoadedSession(session, _start(session), path)
    except Fault as fault:
        raise Unopenable(f"{path}: {fault}") from None


def session_of(text: str) -> Session:
    """The session in a text. Raises Fault."""
    try:
        version = decode(text, type=_Head).gradstep
        if version == -1:
            raise Fault(_("not a gradstep session: it has no 'gradstep' with a version"))
        if version == 1:
            raise Fault(_("a session of gradstep 0.1.0, which this version can't replay: open it with that version"))
        if version != VERSION:
            raise Fault(_("it was saved by another gradstep, in version {version}").format(version=version))
        session = decode(text, type=Session)
    except ValidationError as error:
        raise Fault(_sentence(str(error))) from None
    except DecodeError as error:
        byte = re.search(r"\(byte (\d+)\)", str(error))
        line = text.encode()[: int(byte[1]) if byte else None].count(b"\n") + 1
        raise Fault(_("line {line}: this is not JSON").format(line=line)) from None
    except RecursionError:
        raise Fault(_("it is nested too deep")) from None
    except UnicodeError:
        raise Fault(_("not a gradstep session (not a text file)")) from None
    for index in range(len(session.texts)):
        try:
            session.program(SavedProgram(index)).check()
        except ProgramError as error:
            raise Fault(_shortened(f"texts[{index}]: {error}")) from None
    if session.line and session.line >= len(session.program(session.knobs.program).lines):
        raise Fault(_("line must be the number of a line of the loop"))
    return session


def _start(session: Session) -> Descent:
    """The run before its first epoch, with none of the lines that somebody has edited."""
    if edited_lines(session):
        if not has_base(session):
            return Descent()
        session = without_edited_lines(session)
    return Descent(session.knobs_of(session.run.segments[0] if session.run.segments else session.knobs))


def _sentence(message: str) -> str:
    """What is wrong with a value: its place, and what is allowed there."""
    said, _at, path = message.partition(" - at `$")
    where = path.strip(".`") or _("the file")
    found, sentence = next(
        (found, text) for pattern, text in SENTENCES if (found := re.match(pattern, said, re.DOTALL))
    )
    first, second = (
        "|".join(_(TYPES.get(kind, kind)) for kind in part.split(" | ")) for part in (*found.groups(), "")[:2]
    )
    return _shortened(_(sentence).format(where=where, first=first, second=second))


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}..."
