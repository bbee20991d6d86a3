"""A language for tests: English in letters of its own, so that what was not looked up stands out in plain ones."""

import re
from gettext import NullTranslations
from string import Formatter, ascii_letters

OWN = {ord(letter): 0x1D5A0 + index for index, letter in enumerate(sorted(ascii_letters))}
"""Letters as wide as the plain ones: mathematical sans-serif."""

_NUMBER = re.compile(r"(?<![A-Za-z_])[-+]?[0-9][0-9.,]*(?:[eE][-+]?[0-9]+)?")


class Pseudo(NullTranslations):
    """Every sentence in letters of its own; what stands in {braces} is left as it is."""

    def gettext(self, message: str) -> str:
        parts = []
        for text, field, form, conversion in Formatter().parse(message):
            parts.append(text.translate(OWN))
            if field is not None:
                parts.append(f"{{{field}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}")
        return "".join(parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def plain_words(text: str) -> set[str]:
    """The words in plain letters."""
    return set(re.findall(r"[A-Za-z][A-Za-z_0-9]*", _NUMBER.sub(" ", text)))
