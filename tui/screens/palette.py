"""The command palette: Textual's, which stumbles over a click where a resize has just left no widget."""

from contextlib import suppress
from functools import partial
from typing import Any

from rich.align import Align
from rich.text import Text
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.errors import NoWidget
from textual.events import Click
from textual.widgets.option_list import Option

from core.language import _


class Palette(CommandPalette):
    """Textual's command palette, closed by a click beside it."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close it, once: Textual would close the dialog below for a key that comes while it closes."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _action_command_list(self, command: str) -> None:
        with suppress(KeyError):  # a page of a list that a resize has left without lines
            super()._action_command_list(command)

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own, with its words in the learner's language."""
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(
            self._NO_MATCHES_COUNTDOWN, partial(self._show_no_matches, search_value)
        )

    def _show_no_matches(self, searched: str) -> None:
        if searched:
            nothing = Align.center(Text(_("No matches found"), style="not bold"))
            self.query_one(CommandList).add_option(Option(nothing, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(searched)

    def _on_click(self, event: Click) -> None:  # type: ignore[override] # as textual has it: a handler may be either
        event.prevent_default()  # or textual would call its own handler as well, unguarded
        with suppress(NoWidget):
            super()._on_click(event)
