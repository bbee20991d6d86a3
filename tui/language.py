"""The language of the screen: the one asked for, else the locale's, else English."""

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from core.language import Catalogue, set_catalogue

LOCALE = Path(__file__).parent / "locale"

LANGUAGES = ("ko", "en")

_current = "en"


def set_start_language(arguments: Sequence[str], chosen: str = "") -> None:
    """Take the language that the command line asks for, or the one that was chosen, or the locale's."""
    set_language(asked_for(arguments) or chosen or language_of(os.environ))


def set_language(language: str) -> None:
    """Show every sentence from now on in this language, one of LANGUAGES."""
    global _current
    _current = language
    set_catalogue(catalogue_of(language))


def current_language() -> str:
    """The language of the sentences, one of LANGUAGES."""
    return _current


def toggle_language() -> str:
    """Change to the other language; which one that is."""
    set_language(LANGUAGES[LANGUAGES.index(_current) - 1])
    return _current


def catalogue_of(language: str) -> Catalogue | None:
    """The sentences of a language; English has none, for they stand in the code."""
    if language == "en":
        return None
    from gettext import GNUTranslations  # not for the first frame in English

    with (LOCALE / language / "LC_MESSAGES" / "gradstep.mo").open("rb") as file:
        return GNUTranslations(file)


def translate_click() -> None:
    """Let click, which asks Python's own gettext, find its words in our catalogue."""
    import gettext  # not for the first frame

    os.environ["LANGUAGE"] = _current
    gettext.bindtextdomain("gradstep", LOCALE)
    gettext.textdomain("gradstep")


def asked_for(arguments: Sequence[str]) -> str:
    """The language that a command line asks for, `--lang ko` or `--lang=ko`, the last one where there are several.

    It is looked for before click reads the line, for --help and a mistake on it are shown in that language, too.
    """
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    asked = ""
    for option, following in pairwise([*options, ""]):
        name, _, value = option.partition("=")
        if name == "--lang" and (value or following) in LANGUAGES:
            asked = value or following
    return asked


def language_of(environment: Mapping[str, str]) -> str:
    """The locale's language, as gettext has it: LANGUAGE may list others, in order, but not where the locale is C."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if _code(locale) in ("", "C", "POSIX"):
        return "en"
    wanted = [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((code for code in map(_code, wanted) if code in LANGUAGES), "en")


def _code(locale: str) -> str:
    """The language of a locale: ko of ko_KR.UTF-8."""
    return locale.partition(".")[0].partition("@")[0].partition("_")[0]
