"""The Korean catalogue holds what the code says, all of it and nothing else."""

import re
from gettext import GNUTranslations
from io import BytesIO
from string import Formatter
from typing import BinaryIO

import pytest
from babel.messages.catalog import Message as BabelMessage

from tests import catalogue
from tests.catalogue import Message

SENTENCES = catalogue.sentences()
KOREAN = {message.id: message for message in catalogue.translations() if message.id}


def forms(message: BabelMessage) -> list[str]:
    """The Korean forms of a message: one, for Korean counts without a plural."""
    found = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [form for form in found if form]


def fields(sentence: str) -> set[str]:
    """What stands in braces, with the way it is written out."""
    return {f"{field}!{how}:{form}" for _, field, form, how in Formatter().parse(sentence) if field is not None}


def test_there_are_sentences() -> None:
    assert len(SENTENCES) > 300


def test_every_sentence_of_the_code_is_translated() -> None:
    missing = [sentence for sentence in SENTENCES if sentence not in KOREAN]
    assert missing == [], "python -m tests.catalogue brings the .po up to date"
    assert [sentence for sentence in SENTENCES if not catalogue.is_translated(KOREAN[sentence])] == []


def test_no_translation_is_left_over() -> None:
    assert [message for message in KOREAN if message not in SENTENCES and message not in catalogue.of_click()] == []


@pytest.mark.parametrize("message", KOREAN, ids=str)
def test_a_translation_fills_in_what_its_sentence_does(message: Message) -> None:
    one, *many = [fields(english) for english in (message if isinstance(message, tuple) else (message,))]
    for korean in forms(KOREAN[message]):
        assert one.intersection(*many) <= fields(korean) <= one.union(*many)


def test_a_translation_ends_with_a_stop_only_where_its_sentence_does() -> None:
    """A sentence that goes into the middle of a line must not bring a full stop with it."""
    for message in SENTENCES:
        *_, english = message if isinstance(message, tuple) else (message,)
        for korean in forms(KOREAN[message]):
            assert english.endswith((".", "?")) or not korean.endswith("."), english


def test_only_words_of_the_code_are_the_same_in_korean() -> None:
    code = {"cost", "gradient", "update", "epoch", "lr", "sum", "mean"}
    for message in SENTENCES:
        *_, english = message if isinstance(message, tuple) else (message,)
        words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", english)))
        assert words <= code or english not in forms(KOREAN[message]), english


def test_the_mo_is_what_the_po_compiles_to() -> None:
    with catalogue.MO.open("rb") as file:
        assert looked_up_in(file) == looked_up_in(BytesIO(catalogue.compiled(catalogue.translations())))


def looked_up_in(file: BinaryIO) -> dict[str, str]:
    """What a .mo holds, without its header, which names the compiler."""
    held: dict[str, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {sentence: translation for sentence, translation in held.items() if sentence}
