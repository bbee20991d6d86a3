"""The lines of a program to choose one from, in the place of the Code panel; what there is to say stands under it."""

from textual.events import Click
from textual.message import Message

from core.language import Sentence
from core.listing import Line, Listing
from tui.drawing.rows import Row, cut, wrapped
from tui.panels.code import GUTTER, gutter, shown_text
from tui.panels.panel import Panel

NARROW = 60
"""Below this width the sentence under a line begins further left, to have room."""


class Lines(Panel):
    """As many lines as there is room for, the chosen one and what is said of it always among them."""

    class Clicked(Message):
        """A line was clicked on."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, listing: Listing, lines: list[Line], chosen: int, top: int) -> None:
        super().__init__()
        self._listing, self._lines = listing, lines
        self.chosen = chosen
        self._top = top
        self._told: Sentence | str = ""
        self._style_of_told = "dim"

    @property
    def line(self) -> Line:
        """The line that is chosen."""
        return self._lines[self.chosen]

    @property
    def row(self) -> int:
        """The row in which the chosen line stands."""
        return self.chosen - self._top

    def choose(self, index: int) -> None:
        """Choose a line; beyond the ends the first or the last one."""
        self.chosen = min(max(0, index), len(self._lines) - 1)

    def tell(self, told: Sentence | str, style: str) -> None:
        """Say something under the chosen line."""
        self._told, self._style_of_told = told, style
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        told = self._told_rows(width, height - 1)
        self._top = max(min(self._top, self.chosen), self.chosen + 1 + len(told) - height)
        rows = [self._row(index, width) for index in range(self._top, len(self._lines))]
        rows[self.row + 1 : self.row + 1] = told
        return rows

    def _told_rows(self, width: int, most: int) -> list[Row]:
        indentation = GUTTER if width >= NARROW else 2
        texts = wrapped(str(self._told), width - indentation)
        if len(texts) > most > 0:
            texts[most - 1 :] = [cut(" ".join(texts[most - 1 :]), width - indentation)]
        return [((" " * indentation + text, self._style_of_told),) for text in texts[: max(0, most)]]

    def _row(self, index: int, width: int) -> Row:
        line = self._lines[index]
        chosen = index == self.chosen
        style = "lit" if chosen else "dim" if line.is_comment else "text"
        return (
            (gutter(line, self._listing, chosen), "lit" if chosen else "dim"),
            (cut(shown_text(line), max(1, width - GUTTER)), style),
        )

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        told = len(self._told_rows(self.content_size.width, self.content_size.height - 1))
        below = offset.y - self.row - told
        index = self.chosen + (offset.y - self.row if offset.y <= self.row else max(0, below))
        if index < len(self._lines):
            self.post_message(self.Clicked(index))
