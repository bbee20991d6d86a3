"""The language in which the program speaks: every sentence is written in English and looked up here when it is shown."""

from gettext import NullTranslations

_catalogue = NullTranslations()


def speak(catalogue: NullTranslations) -> None:
    """Have every sentence from now on looked up in this catalogue; NullTranslations is English."""
    global _catalogue
    _catalogue = catalogue


def _(sentence: str) -> str:
    """The sentence in the learner's language."""
    return _catalogue.gettext(sentence)


def counted(one: str, many: str, count: float) -> str:
    """The sentence for so many, in the learner's language; {count} is still to be put in."""
    return _catalogue.ngettext(one, many, 1 if count == 1 else 2)


def marked(sentence: str) -> str:
    """The sentence as it is written, to be looked up where it is shown: so that the catalogue's makers find it."""
    return sentence
