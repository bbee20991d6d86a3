"""The command palette: textual's, which stumbles over a click where a resize has just left no widget."""

from contextlib import suppress

from textual.command import CommandPalette
from textual.errors import NoWidget
from textual.events import Click


class Palette(CommandPalette):
    """Textual's command palette, closed by a click beside it."""

    def _on_click(self, event: Click) -> None:  # type: ignore[override] # as textual has it: a handler may be either
        event.prevent_default()  # textual's own handler
        with suppress(NoWidget):
            if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
                self.dismiss()
