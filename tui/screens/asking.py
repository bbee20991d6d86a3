"""A dialog with a line to type into."""

from typing import Any

from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.safe_text import safe_text


class Line(Input):
    """What is typed; a proposal is chosen as a whole, to be typed over."""

    def __init__(self, proposed: str = "", **options: Any) -> None:
        super().__init__(proposed, select_on_focus=False, **options)

    def on_mount(self) -> None:
        self.action_select_all()  # and not when the focus comes: something may have been typed by then


class Asking(ModalScreen[None]):
    """It has one line, what it says stands below that, and esc leaves it."""

    BINDINGS = [("escape", "close", "Close")]

    def say(self, text: str, style: str = "") -> None:
        said = self.query_one(Static)
        said.update(safe_text(text))
        said.set_classes(style)

    def action_close(self) -> None:
        if self.is_current:  # keys that came faster than the dialog closes
            self.dismiss()
