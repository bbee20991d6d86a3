"""The command palette: textual's, which stumbles over a click where a resize has just left no widget."""

from contextlib import suppress
from functools import partial

from rich.align import Align
from rich.text import Text
from textual.command import CommandList, CommandPalette
from textual.errors import NoWidget
from textual.events import Click
from textual.widgets.option_list import Option

from core.language import _


class Palette(CommandPalette):
    """Textual's command palette, closed by a click beside it."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own, with its words in the learner's language."""
        self._stop_no_matches_countdown()
        told = partial(self._tell_no_matches, search_value)
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, told)

    def _tell_no_matches(self, searched: str) -> None:
        if searched:
            told = Align.center(Text(_("No matches found"), style="not bold"))
            self.query_one(CommandList).add_option(Option(told, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(searched)

    def _on_click(self, event: Click) -> None:  # type: ignore[override] # as textual has it: a handler may be either
        event.prevent_default()  # or textual would call its own handler as well, unguarded
        with suppress(NoWidget):
            super()._on_click(event)
