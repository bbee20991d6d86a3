"""Rows of styled text: what charts and panels are made of. No widgets."""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size

Span = tuple[str, str]
"""A piece of text and the name of its style."""

Row = tuple[Span, ...]


def right(text: str, cells: int) -> str:
    """The text at the right end of a field; str.rjust counts characters."""
    return " " * (cells - cell_len(text)) + text


def left(text: str, cells: int) -> str:
    """The text at the left end of a field; str.ljust counts characters."""
    return text + " " * (cells - cell_len(text))


def truncate(text: str, cells: int) -> str:
    """The text in at most `cells` cells, with an ellipsis where it had to be shortened."""
    return text if cell_len(text) <= cells else set_cell_size(text, max(0, cells - 1)).rstrip() + "…" * (cells > 0)


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
    widths = [cell_len(text) for text, _style in new]
    width_before = sum(cell_len(text) for text, _style in old)
    if sum(widths) != width_before:
        end = 0
    return sum(widths[:start]), max(sum(widths), width_before) - sum(widths[len(widths) - end :])


def merge_spans(spans: Iterable[Span]) -> Row:
    """The same text with neighbours of one style as one span."""
    merged: list[Span] = []
    for text, style in spans:
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    return tuple(merged)


def truncate_spans(spans: Iterable[Span], cells: int) -> Row:
    """Spans in at most `cells` cells, with an ellipsis where they had to be shortened."""
    shortened: list[Span] = []
    for text, style in spans:
        if cell_len(text) > cells:
            return (*shortened, (truncate(text, cells), style)) if cells else _with_ellipsis(shortened)
        shortened.append((text, style))
        cells -= cell_len(text)
    return tuple(shortened)


def _with_ellipsis(spans: list[Span]) -> Row:
    if not spans:
        return ()
    *before, (text, style) = spans
    return (*before, (truncate(text + " ", cell_len(text)), style))


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most `cells` cells, broken between words; a word that is longer is truncated."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if cell_len(longer) <= cells:
            lines[-1] = longer
        else:
            lines.append(truncate(word, cells))
    return [line for line in lines if line]
