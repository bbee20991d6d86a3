"""The lines of a file: counted, checked to be text, and what separates the cells in them."""

import re
from collections.abc import Iterator
from typing import TextIO

from core.csv_file.faults import Fault, Undecodable
from core.language import _, marked

LONGEST_LINE = 1_000_000

_BATCH = 1 << 17
"""Characters read at once: less than the longest line, so that only the last line of a batch can be too long."""

SEPARATORS = {"\t": marked("tabs"), ";": marked("semicolons"), ",": marked("commas"), " ": marked("spaces")}

_CONTROL_CHARACTERS = bytes({*range(32), 127} - {*b"\t\n"})
_NO_TEXT = re.compile(f"([\udc80-\udcff])|[{re.escape(_CONTROL_CHARACTERS.decode())}]")
_UNDECODABLE = re.compile("([\udc80-\udcff])")
_BLANK_LINES = re.compile(r'(?:[ \t\n,;]|"")*+(?=.)')
_QUOTED = re.compile(r'(?<![^,;\t \n])"[^"]*(?:""[^"]*)*(?:"|\Z)')


class Lines:
    """The lines of a file, one by one or in batches: counted, and checked to be text."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self.count = 0
        self.may_be_names = True
        """Until the reader knows where the data begin: a column's name may hold control characters, a number not."""

    def rewind(self, lines: int) -> None:
        """Go on after the first `lines` of the file."""
        self._handle.seek(0)
        for _line in range(lines):
            self._handle.readline()
        self.count = lines

    def __iter__(self) -> Iterator[str]:
        while line := self._handle.readline(LONGEST_LINE + 1):
            yield self._checked(line)

    def texts(self) -> Iterator[str]:
        """Whole lines, many at once, neither counted nor checked."""
        while text := self._handle.read(_BATCH):
            yield text if text[-1] == "\n" else text + self._handle.readline(LONGEST_LINE + 1)

    def batches(self) -> Iterator[tuple[int, str]]:
        """Whole lines, many at once, and how many are before them."""
        for text in self.texts():
            yield self.count, self._checked(text)

    def _checked(self, text: str) -> str:
        before = self.count
        end = len(text) - text.endswith("\n")
        self.count += text.count("\n", 0, end) + 1
        if end - text.rfind("\n", 0, end) > LONGEST_LINE + 1:
            sentence = _("there are more than {most} characters: write every row on its own line")
            raise Fault(sentence.format(most=LONGEST_LINE), self.count)
        suspicious = not text.isascii() or len(without(text, _CONTROL_CHARACTERS)) < len(text)
        if suspicious and (found := (_UNDECODABLE if self.may_be_names else _NO_TEXT).search(text)):
            line = before + 1 + text.count("\n", 0, found.start())
            if found[1]:
                raise Undecodable(_("there are bytes that are neither UTF-8 nor cp949: save it as CSV UTF-8"), line)
            raise Fault(_("there is a control character, so this is no text: export it as CSV"), line)
        return text


def find_separator(lines: Lines) -> tuple[str, int]:
    """What separates the columns, and how many lines are before the first row."""
    for before, text in lines.batches():
        if not (blank := _BLANK_LINES.match(text)):
            continue
        begin = text.rfind("\n", 0, blank.end()) + 1
        line = text[begin:].partition("\n")[0]
        before += text.count("\n", 0, begin)
        if declared := re.fullmatch(r'"?sep=([,;\t])"?', line, re.IGNORECASE):
            return declared[1], before + 1
        if '"' in line:
            line = _QUOTED.sub('"', text[begin:]).partition("\n")[0]
        return next((separator for separator in SEPARATORS if separator in line.strip(" ")), ","), before
    raise Fault(_("is empty: it must have a row of numbers for every example"))


def without(text: str, characters: bytes) -> bytes:
    """What is left of a text; a character that isn't ASCII is left as "?"."""
    return text.encode("ascii", "replace").translate(None, characters)
