"""The language in which the program speaks: each sentence is written in English and looked up here when it is shown."""

from collections import UserString
from collections.abc import Callable
from typing import Protocol


class Catalogue(Protocol):
    """The sentences in another language, as gettext's translations have them."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


_catalogue: Catalogue | None = None


def speak(catalogue: Catalogue | None) -> None:
    """Have every sentence from now on looked up in this catalogue; without one it stays English."""
    global _catalogue
    _catalogue = catalogue


def _(sentence: str) -> str:
    """The sentence in the learner's language."""
    # gettext has its own header under the empty text
    return _catalogue.gettext(sentence) if _catalogue and sentence else sentence


def counted(one: str, many: str, count: float) -> str:
    """The sentence for so many, in the learner's language; {count} is still to be put in."""
    if _catalogue:
        return _catalogue.ngettext(one, many, 1 if count == 1 else 2)
    return one if count == 1 else many


def marked(sentence: str) -> str:
    """The sentence as it is written, to be looked up where it is shown: so that the catalogue's makers find it."""
    return sentence


class Sentence(UserString):
    """A sentence that is kept, Sentence(lambda: _("...")): looked up whenever it is read, it follows the language."""

    def __init__(self, look_up: Callable[[], str]) -> None:
        self._look_up = look_up

    @property
    def data(self) -> str:  # type: ignore[override] # UserString keeps a str here
        return self._look_up()
