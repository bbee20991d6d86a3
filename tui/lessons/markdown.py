"""A little Markdown as rows of styled text: paragraphs, lists, **bold** and `code`, broken to a width in cells."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

from tui.drawing.rows import Row, Span, joined

_PIECE = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>.+?)`|(?P<plain>[^*`]+|[*`])")

STYLES = {"bold": "key", "code": "accent"}


def rows_of(text: str, width: int, style: str) -> list[Row]:
    """The text in rows of at most `width` cells: what is bold as a key, what is code in its own colour."""
    return [row for block in _blocks(text) for row in (_broken(block, max(2, width), style) if block else [()])]


def bold_in(text: str) -> list[str]:
    """What is bold in a text: the keys that it names."""
    return [match["bold"] for match in _PIECE.finditer(text) if match["bold"]]


def plain(text: str) -> str:
    """The text on one line, without its marks."""
    pieces = _PIECE.finditer(" ".join(text.split()))
    return "".join(match["bold"] or match["code"] or match["plain"] for match in pieces)


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs and list items, each on one line; an empty one between paragraphs."""
    block: list[str] = []
    for line in text.strip().splitlines():
        if block and (not line.strip() or line.startswith("- ")):
            yield " ".join(block)
            block = []
        if line.strip():
            block.append(line.strip())
        else:
            yield ""
    yield " ".join(block)


def _broken(block: str, width: int, style: str) -> Iterator[Row]:
    indent = 2 if block.startswith("- ") else 0
    row: list[Span] = []
    used = 0
    for word in _words(block, style):
        size = sum(cell_len(text) for text, _ in word)
        gap = 1 if used > indent else 0
        if used > indent and used + gap + size > width:
            yield joined(row)
            row, used, gap = [(" " * indent, style)] if indent else [], indent, 0
        for text, look in ((" ", style), *word) if gap else word:
            for number, part in enumerate(
                chop_cells(text, max(2, width - indent)) if size > width - indent else [text]
            ):
                if number or used + cell_len(part) > width:
                    yield joined(row)
                    row, used = [(" " * indent, style)] if indent else [], indent
                row.append((part, look))
                used += cell_len(part)
    yield joined(row)


def _words(block: str, style: str) -> Iterator[list[Span]]:
    """The words of a block, each with its styles: the keys of `**w**,` stand with their comma. Code is not broken."""
    word: list[Span] = []
    for match in _PIECE.finditer(block):
        kind = match.lastgroup or "plain"
        if kind != "plain":
            word.append((match[kind], STYLES[kind]))
            continue
        first, *rest = match[kind].split(" ")
        if first:
            word.append((first, style))
        for part in rest:
            if word:
                yield word
            word = [(part, style)] if part else []
    if word:
        yield word
