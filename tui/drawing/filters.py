"""What becomes of a line of the screen just before it is painted: textual's hook for terminals with less."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.drawing.ascii import ascii_cells

FAINT = 0.55
"""A text with less contrast to its ground was meant to be dim (of 1, between black and white)."""

STANDS_OUT = 0.4
"""A ground that differs so much from its widget's was meant to stand out."""


class AsciiFilter(LineFilter):
    """Signs that are no letters, drawn with ASCII's."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(ascii_cells(text), style, control) for text, style, control in segments]


class NoColorFilter(LineFilter):
    """No colour at all: what was faint is dim instead, and what stood out by its ground is reversed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, without_colors(style, background) if style else style, control)
            for text, style, control in segments
        ]


@lru_cache(1024)
def without_colors(style: Style, background: Color) -> Style:
    """A style with all but its colours, on a widget with this background."""
    text, ground = (Color.from_rich_color(color) if color else None for color in (style.color, style.bgcolor))
    stands_out = bool(ground and abs(ground.brightness - background.brightness) > STANDS_OUT)
    faint = bool(text and ground and abs(text.brightness - ground.brightness) < FAINT)
    return Style(
        bold=style.bold,
        dim=(style.dim or faint) and not style.bold,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse or stands_out,
        strike=style.strike,
        meta=style.meta or None,
    )
