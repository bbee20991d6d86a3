"""The catalogue of sentences: `python -m tests.catalogue` brings the Korean one up to date with the code.

It writes the .po, with new sentences to be translated and those that no code uses any more left out, and compiles the
.mo from it. What is missing then is on stdout; run it again after the .po has been edited.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as BabelMessage
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "tui" / "locale" / "ko" / "LC_MESSAGES" / "gradstep.po"
MO = PO.with_suffix(".mo")

SENTENCE: dict[str, list[tuple[int, ...]]] = {
    "_": [(0,)],
    "marked": [(0,)],
    "counted": [(0, 1)],
    "Key": [(2,), (3,), (4,)],
}
"""Which arguments of which functions are sentences, or a sentence for one thing and one for several."""

OF_CLICK: dict[str, list[tuple[int, ...]]] = {"_": [(0,)], "ngettext": [(0, 1)]}
CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "types")
"""The modules of click that write on our command line."""

Message = str | tuple[str, ...]
"""A sentence, or one for one thing and one for several."""


def sentences() -> dict[Message, list[str]]:
    """Every sentence of core and tui, and the files that hold it."""
    files = sorted(path for room in ("core", "tui") for path in (ROOT / room).rglob("*.py"))
    found: dict[Message, list[str]] = {}
    for path in files:
        for message in _messages(path, SENTENCE):
            found.setdefault(message, []).append(path.relative_to(ROOT).as_posix())
    return found


def of_click() -> set[Message]:
    """What click has to say, in the version that is installed."""
    room = Path(click.__file__).parent
    return {message for name in CLICK for message in _messages(room / f"{name}.py", OF_CLICK)}


def translations() -> Catalog:
    """The Korean catalogue as it stands in its .po."""
    with PO.open("rb") as file:
        return read_po(file, locale="ko", abort_invalid=True)


def compiled(catalogue: Catalog) -> bytes:
    """The .mo of a catalogue."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def up_to_date(old: Catalog) -> Catalog:
    """The sentences of the code, and of click where they are translated, with the translations that there are."""
    new = Catalog(
        locale="ko",
        project="gradstep",
        version="0.1",
        header_comment="# The Korean sentences of gradstep. Brought up to date by: python -m tests.catalogue",
        msgid_bugs_address="gradstep",
        last_translator="gradstep",
        language_team="Korean",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    known = {message.id: message for message in old if message.id}
    wanted: dict[Message, list[str]] = sentences()
    wanted |= {message: ["click"] for message in sorted(of_click() & known.keys(), key=str) if message not in wanted}
    for message, files in wanted.items():
        translation = known[message].string if message in known else None
        new.add(message, translation, locations=[(file, 0) for file in dict.fromkeys(files)])
    return new


def is_translated(message: BabelMessage) -> bool:
    """Whether all its forms are."""
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy


def _messages(path: Path, functions: dict[str, list[tuple[int, ...]]]) -> Iterator[Message]:
    """The sentences in a file: Babel's own reader passes over those in another call's arguments."""
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    for node in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if not isinstance(node.func, ast.Name):
            continue
        for places in functions.get(node.func.id, []):
            found = [node.args[place] for place in places if place < len(node.args)]
            if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in found):
                raise ValueError(f"{path}, line {node.lineno}: a sentence is one literal, filled by .format()")
            texts = [a.value for a in found if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value]
            if texts and len(texts) == len(places):
                yield tuple(texts) if len(texts) > 1 else texts[0]


def update() -> None:
    catalogue = up_to_date(translations())
    with PO.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False)
    MO.write_bytes(compiled(catalogue))
    for message in catalogue:
        if message.id and not is_translated(message):
            print(message.id)


if __name__ == "__main__":
    update()
