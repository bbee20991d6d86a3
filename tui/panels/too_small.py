"""What is shown where there is no room for the stepper."""

from tui.panels.panel import Panel
from tui.rows import Row

ROOM = (40, 10)


class TooSmall(Panel):
    """One line that says how much room is needed."""

    def draw(self, width: int, height: int) -> list[Row]:
        need = f"{ROOM[0]} x {ROOM[1]}"
        sentences = (f"gradstep needs {need} characters; here are {width} x {height}", f"needs {need}", need)
        return [((next((text for text in sentences if len(text) <= width), need), "warn"),)]
