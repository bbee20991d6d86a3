"""Rows of styled text: what charts and panels are made of. No textual."""

from collections.abc import Iterable

Span = tuple[str, str]
"""A piece of text and the name of its style."""

Row = tuple[Span, ...]


def joined(spans: Iterable[Span]) -> Row:
    """The same text with neighbours of one style as one span."""
    joined: list[Span] = []
    for text, style in spans:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    return tuple(joined)
