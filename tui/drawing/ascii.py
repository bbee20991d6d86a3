"""Signs that are no letters, drawn with ASCII for terminals and screen readers that have no others.

Letters stay as they are, Korean ones too.
"""

from functools import lru_cache
from typing import TextIO

from rich.cells import cell_len

_ascii_mode = False

SAME_WIDTH = {
    "→": ">", "←": "<", "↑": "^", "↓": "v", "↗": "^", "↖": "^", "↙": "v", "↘": "v",
    "▶": ">", "◀": "<", "●": "@", "○": "o", "◌": "%", "✓": "v", "≈": "~", "×": "x", "·": "-", "…": ".", "–": "-",
    "▲": "^", "■": "#", "◆": "&", "▼": "V", "△": "A", "□": "=", "◇": "$", "▽": "Y",
    "─": "-", "╌": ".", "│": "|", "┤": "|", "├": "|", "┼": "+", "╂": "#", "═": "=", "━": "-", "║": "|", "┃": "|",
    "▁": "_", "▔": "-", "▎": "|", "▊": "|", "▌": "|", "▐": "|", "▕": "|", "▏": "|", "█": "#", "“": '"', "”": '"',
    "Σ": "S", "α": "a", "∇": "D", "∂": "d", "‘": "'", "’": "'", "•": "*", "−": "-", "∞": "8", "²": "2", "\xa0": " ",
    "🔎": "/ ",
}  # fmt: skip
"""As many cells for each."""

IN_LINES = {"→": "->", "←": "<-", "…": "...", "∞": "inf"}
"""Where text runs on, there is more room."""

_SIGNS = ((0x2010, 0x2BFF), (0x1FB00, 0x1FBFF))
"""Where punctuation, arrows, mathematical signs, boxes, blocks, shapes and braille are."""

BRAILLE = 0x2800


def set_ascii_mode(on: bool) -> None:
    """Have everything from now on drawn in ASCII, or as usual."""
    global _ascii_mode
    _ascii_mode = on


def ascii_mode() -> bool:
    return _ascii_mode


@lru_cache(4096)
def ascii_cells(text: str) -> str:
    """The text with signs of ASCII, as wide as before."""
    return text if text.isascii() else "".join(map(_ascii_cell, text))


def to_ascii(text: str) -> str:
    """The text with signs of ASCII, not always as wide as before."""
    return ascii_cells("".join(IN_LINES.get(character, character) for character in text))


def _ascii_cell(character: str) -> str:
    code = ord(character)
    if character in SAME_WIDTH:
        return SAME_WIDTH[character]
    if BRAILLE <= code < BRAILLE + 256:
        return _ascii_dots(code - BRAILLE)
    if any(first <= code <= last for first, last in _SIGNS):
        return _ascii_box(character) * cell_len(character)
    return character


def _ascii_box(character: str) -> str:
    """What stands for the signs that have no line in the table: corners of boxes, blocks, and all others."""
    code = ord(character)
    return "+" if 0x2500 <= code < 0x2580 else "#" if 0x2580 <= code < 0x25A0 or code > 0x1FB00 else "?"


@lru_cache(256)
def _ascii_dots(bits: int) -> str:
    """The character whose shape is the nearest to a cell of braille: two dots in each of four rows."""
    left, right = (
        [row for row, bit in enumerate(column) if bits & bit]
        for column in ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
    )
    rows = left + right
    if not rows:
        return " "
    if len(rows) > 6:
        return "#"
    if max(rows) - min(rows) < 2:
        middle = _mean(rows)
        return "'" if middle <= 1 else "." if middle >= 2 else "-"
    rise = _mean(left) - _mean(right) if left and right else 0
    if abs(rise) < 0.5:
        return "|" if len(set(rows)) > 2 else ":"
    return "/" if rise > 0 else "\\"


def _mean(rows: list[int]) -> float:
    return sum(rows) / len(rows)


class AsciiWriter:
    """A stream that is written to in ASCII's signs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(to_ascii(text))

    def flush(self) -> None:
        self._stream.flush()
