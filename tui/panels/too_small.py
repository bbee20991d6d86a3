"""What is shown where there is no room for the stepper."""

from rich.cells import cell_len

from core.language import _
from tui.drawing.text import Row
from tui.panels.panel import Panel

ROOM = (40, 10)


class TooSmall(Panel):
    """One line that says how much room is needed."""

    def draw(self, width: int, height: int) -> list[Row]:
        need = f"{ROOM[0]} x {ROOM[1]}"
        sentences = (
            _("gradstep needs {need} characters; here are {width} x {height}").format(
                need=need, width=width, height=height
            ),
            _("needs {need}").format(need=need),
        )
        return [((next((text for text in sentences if cell_len(text) <= width), need), "warn"),)]
