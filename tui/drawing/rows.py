"""Rows of styled text: what charts and panels are made of. No widgets."""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size

Span = tuple[str, str]
"""A piece of text and the name of its style."""

Row = tuple[Span, ...]


def right(text: str, cells: int) -> str:
    """The text at the right end of so many cells; str.rjust counts characters."""
    return " " * (cells - cell_len(text)) + text


def left(text: str, cells: int) -> str:
    """The text at the left end of so many cells; str.ljust counts characters."""
    return text + " " * (cells - cell_len(text))


def cut(text: str, cells: int) -> str:
    """The text in at most so many cells, with an ellipsis where it had to be cut."""
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1).rstrip() + "…"


def cells_of(text: str) -> list[str]:
    """The text in a list with one entry a cell; behind a wide character the second one is empty."""
    return [part for character in text for part in (character, *[""] * (cell_len(character) - 1))]


def changed_columns(old: Row, new: Row) -> tuple[int, int] | None:
    """From which column to which (in cells, the end excluded) two rows differ; None where they are alike."""
    if old == new:
        return None
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    widths = [cell_len(text) for text, _ in new]
    if sum(widths) != sum(cell_len(text) for text, _ in old):
        end = 0
    width = max(sum(widths), sum(cell_len(text) for text, _ in old))
    return sum(widths[:start]), width - sum(widths[len(widths) - end :])


def joined(spans: Iterable[Span]) -> Row:
    """The same text with neighbours of one style as one span."""
    joined: list[Span] = []
    for text, style in spans:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    return tuple(joined)


def wrapped(text: str, cells: int) -> list[str]:
    """The text in lines of at most so many cells, broken between words; a word that is longer is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if cell_len(longer) <= cells:
            lines[-1] = longer
        else:
            lines.append(cut(word, cells))
    return [line for line in lines if line]
