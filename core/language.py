"""The language of every sentence: each is written in English and looked up here when it is shown."""

from collections import UserString
from collections.abc import Callable
from typing import Protocol


class Catalogue(Protocol):
    """The sentences in another language, as gettext's translations have them."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


_catalogue: Catalogue | None = None


def set_catalogue(catalogue: Catalogue | None) -> None:
    """Look every sentence up in this catalogue from now on; without one it stays English."""
    global _catalogue
    _catalogue = catalogue


def _(message: str) -> str:
    """The sentence in the learner's language."""
    # gettext has its own header under the empty text
    return _catalogue.gettext(message) if _catalogue and message else message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The sentence for a count, in the learner's language."""
    if _catalogue:
        return _catalogue.ngettext(singular, plural, n)
    return singular if n == 1 else plural


def N_(message: str) -> str:
    """Mark a sentence that is looked up later, where it is shown."""
    return message


class LazyString(UserString):
    """A sentence that is kept, LazyString(lambda: _("...")): looked up whenever it is read, it follows the language."""

    def __init__(self, look_up: Callable[[], str]) -> None:
        self._look_up = look_up

    @property
    def data(self) -> str:  # type: ignore[override] # UserString keeps a str here
        return self._look_up()
