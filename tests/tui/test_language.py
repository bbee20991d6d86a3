"""Which language is spoken, and that the screen follows."""

from gettext import NullTranslations

import pytest

from core.language import Sentence, _, speak
from tui.language import asked_for, language_of


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8@x"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, "ko"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ko:en"}, "ko"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:ko_KR:en"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LANGUAGE": "fr"}, "ko"),
        ({"LANG": "C", "LANGUAGE": "ko"}, "en"),
        ({"LANGUAGE": "ko"}, "en"),
    ],
)
def test_the_locale_chooses_the_language_as_gettext_has_it(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("", ""),
        ("--lang ko", "ko"),
        ("--lang=en run", "en"),
        ("run --lr 0.1 --lang ko", "ko"),
        ("--lang en run --lang=ko", "ko"),
        ("--lang=ko run --lang en", "en"),
        ("--lang fr", ""),
        ("--lang", ""),
        ("check -- --lang ko", ""),
    ],
)
def test_the_command_line_asks_for_a_language_before_or_after_the_command(line: str, language: str) -> None:
    assert asked_for(line.split()) == language


class Shouted(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()


def test_a_kept_sentence_follows_the_language() -> None:
    kept = Sentence(lambda: _("Help"))
    assert str(kept) == kept == "Help"
    speak(Shouted())
    assert f"{kept}" == "HELP"
    speak(None)
    assert f"{kept}" == "Help"
