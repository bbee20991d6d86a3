"""A program's text in syntax colours, as Textual's own highlight finds them."""

from collections.abc import Iterator
from functools import lru_cache

from tui.drawing.text import Row

MOST_CHANGED = 3
"""A change of up to this many lines colours those alone: turning the lr changes one of them."""

_coloured: tuple[tuple[str, ...], tuple[Row, ...]] | None = None
"""The lines that were coloured last; None until load() has run."""


def load() -> None:
    """Import pygments, which takes 80 ms: until then every text is plain."""
    global _coloured
    _highlight("")
    _coloured = _coloured or ((), ())


def colour_lines(lines: tuple[str, ...]) -> tuple[Row, ...]:
    """Each line of a program as spans of text, keyword, string, number, comment and function."""
    global _coloured
    if _coloured is None:
        return tuple(((line, "text"),) for line in lines)
    before, rows = _coloured
    if lines != before:
        changed = [index for index, pair in enumerate(zip(lines, before, strict=False)) if pair[0] != pair[1]]
        if len(lines) == len(before) and len(changed) <= MOST_CHANGED:
            rows = tuple(_highlight(line)[0] if index in changed else rows[index] for index, line in enumerate(lines))
        else:
            rows = _highlight("\n".join(lines))
        _coloured = lines, rows
    return rows


@lru_cache(64)
def _highlight(text: str) -> tuple[Row, ...]:
    from pygments.token import Token  # type: ignore[import-untyped]
    from textual.highlight import HighlightTheme, highlight

    class Looks(HighlightTheme):
        STYLES = {
            Token.Comment: "comment",
            Token.Keyword: "keyword",
            Token.Operator.Word: "keyword",
            Token.Keyword.Constant: "number",
            Token.Literal.Number: "number",
            Token.Literal.String: "string",
            Token.Name.Builtin: "function",
            Token.Name.Function: "function",
            Token.Name.Class: "function",
            Token.Name.Decorator: "function",
        }

    content = highlight(text, language="python", theme=Looks)
    looks = ["text"] * len(text)
    for span in content.spans[1:]:  # the first is that of all the text
        looks[span.start : span.end] = [str(span.style)] * (min(span.end, len(text)) - span.start)
    return tuple(_rows(text, looks))


def _rows(text: str, looks: list[str]) -> Iterator[Row]:
    start = 0
    for line in text.split("\n"):
        spans: list[tuple[str, str]] = []
        for character, look in zip(line, looks[start : start + len(line)], strict=True):
            if spans and spans[-1][1] == look:
                spans[-1] = (spans[-1][0] + character, look)
            else:
                spans.append((character, look))
        yield tuple(spans)
        start += len(line) + 1
