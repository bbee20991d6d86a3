"""The command palette: textual's, which stumbles over a click where a resize has just left no widget."""

from contextlib import suppress

from textual.command import CommandPalette
from textual.errors import NoWidget
from textual.events import Click


class Palette(CommandPalette):
    """Textual's command palette, closed by a click beside it."""

    def _on_click(self, event: Click) -> None:  # type: ignore[override] # as textual has it: a handler may be either
        event.prevent_default()  # or textual would call its own handler as well, unguarded
        with suppress(NoWidget):
            super()._on_click(event)
