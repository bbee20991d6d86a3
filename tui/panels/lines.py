"""The text of the program to choose a statement from, in the place of the Code panel."""

from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from core.edits import PLACEHOLDER
from core.language import LazyString
from core.program import Line, Method, Phase, Program
from tui.drawing.text import Row, truncate, wrap
from tui.panels.code import GUTTER
from tui.panels.panel import Panel
from tui.safe_text import safe_text

NARROW = 60
"""Below this width the sentence under a line begins further left, to have room."""


class Lines(Panel):
    """What there is to say stands under the chosen statement, which is always in sight."""

    class Clicked(Message):
        """A statement was clicked on."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, program: Program, number: int, top: int) -> None:
        super().__init__()
        self._program = program
        self._statements = (*program.setup, *program.lines)
        self.chosen = _first(self._statements, program, number)
        self._top = top
        self._sentence: LazyString | str = ""
        self._style_of_sentence = "dim"

    @property
    def line(self) -> Line:
        """The statement that is chosen."""
        return self._statements[self.chosen]

    @property
    def row(self) -> int:
        """The row in which it stands."""
        return self.line.number - 1 - self._top

    def choose(self, index: int) -> None:
        """Choose a statement; beyond the ends the first or the last one."""
        self.chosen = min(max(0, index), len(self._statements) - 1)

    def say(self, sentence: LazyString | str, style: str) -> None:
        """Put a sentence under the chosen line."""
        self._sentence, self._style_of_sentence = sentence, style
        self.redraw()

    def scroll(self, width: int, height: int) -> None:
        """Have the chosen line and its sentence in sight."""
        under = len(self._under(width, height - 1))
        self._top = max(min(self._top, self.line.number - 1), self.line.number + under - height)

    def draw(self, width: int, height: int) -> list[Row]:
        self.scroll(width, height)
        rows = [self._row(number, width) for number in range(self._top + 1, len(self._program.text_lines) + 1)]
        rows[self.row + 1 : self.row + 1] = self._under(width, height - 1)
        return rows

    def _under(self, width: int, most: int) -> list[Row]:
        indentation = GUTTER if width >= NARROW else 2
        texts = wrap(str(self._sentence), width - indentation)
        if len(texts) > most > 0:
            texts[most - 1 :] = [truncate(" ".join(texts[most - 1 :]), width - indentation)]
        return [((" " * indentation + text, self._style_of_sentence),) for text in texts[: max(0, most)]]

    def _row(self, number: int, width: int) -> Row:
        chosen = self.line.number <= number <= self.line.end
        text = self._program.text_lines[number - 1]
        gutter = f"{'▶' if chosen else ' '}{number:3}{'*' if number in self._program.edited else ' '}"
        style = "lit" if chosen else "dim" if text.lstrip().startswith("#") else "text"
        shown = truncate(safe_text(text), max(1, width - GUTTER))
        return ((gutter.ljust(GUTTER), "lit" if chosen else "dim"), (shown, style))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw also where the whole screen is painted because what is typed has moved: that asks no widget before."""
        if self._is_dirty:
            self._draw_rows()
        return super().render_lines(crop)

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        under = len(self._under(self.content_size.width, self.content_size.height - 1))
        below = offset.y - self.row
        number = self._top + 1 + (offset.y if below <= 0 else max(self.row, offset.y - under))
        for index, line in enumerate(self._statements):
            if line.number <= number <= line.end:
                self.post_message(self.Clicked(index))


def _first(statements: tuple[Line, ...], program: Program, number: int) -> int:
    """The statement at this number; else one that is still to be written, or the one that makes the gradient."""
    gradients = {name for _parameter, name in program.gradients}
    in_optim = program.method is Method.OPTIM
    ways = (
        lambda line: line.number <= number <= line.end,
        lambda line: line.text == PLACEHOLDER,
        lambda line: "backward()" in line.text if in_optim else line.name in gradients,
        lambda line: line.phase is Phase.GRADIENT,
    )
    for way in ways:
        for index, line in enumerate(statements):
            if way(line):
                return index
    return len(statements) - 1
