"""The Korean catalogue: every sentence of the program stands in it, with the same placeholders."""

import re
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tui" / "locale" / "ko" / "LC_MESSAGES"


def catalogue() -> Catalog:
    with (FOLDER / "gradstep.po").open("rb") as file:
        return read_po(file, locale="ko")


def test_every_sentence_is_translated() -> None:
    korean = catalogue()
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    missing = {
        message if isinstance(message, str) else message[0]
        for package in ("core", "tui")
        for _file, _line, message, _comments, _context in extract_from_dir(str(ROOT / package), keywords=keywords)
        if not (found := korean.get(message if isinstance(message, str) else message[0])) or not found.string
    }
    assert missing == set()


def test_a_translation_has_the_placeholders_of_its_sentence() -> None:
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"\{[^}]*\}", text))

    for message in catalogue():
        if isinstance(message.id, str) and message.id and isinstance(message.string, str):
            assert placeholders(message.string) == placeholders(message.id), message.id


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    with (FOLDER / "gradstep.mo").open("rb") as file:
        assert GNUTranslations(file)._catalog == GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
