"""The list of the other runs: one is taken up, to go on from its end, or a kept one is dropped."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core.descent import Descent
from core.language import _
from core.tape import Tape
from tui.keys import HANGUL
from tui.panels.runs import Run, runs_of, table
from tui.screens.retold import Retold

WIDTH = 86

FRAME = 3
"""The rows of the dialog beside the list: the heading, and the border."""


class RunList(Retold):
    """It stays open while runs are dropped, and closes when one is taken up or none is left."""

    BINDINGS = [("escape", "close", "Close"), (f"d,{HANGUL['d']},delete,backspace", "drop", "Drop")]

    def __init__(
        self,
        descent: Callable[[], Descent],
        take_up: Callable[[Tape], None],
        drop: Callable[[str | None], None],
        row: int,
    ) -> None:
        super().__init__()
        self._descent, self._take_up, self._drop, self._row = descent, take_up, drop, row

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(markup=False)
            yield OptionList()

    def on_mount(self) -> None:
        self.tell()
        self.query_one(OptionList).focus()

    def tell(self) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title = _("Runs")
        dialog.border_subtitle = _("enter: go on from it   d: drop it   esc: leave it")
        self._list()

    def on_resize(self) -> None:
        self._list()

    def _list(self) -> None:
        options = self.query_one(OptionList)
        row = self._row if options.highlighted is None else options.highlighted
        heading, _present, *rows = table(self._descent(), runs_of(self._descent()), min(WIDTH, self.size.width) - 6)
        self.query_one(Static).update("".join(text for text, _style in heading))
        options.styles.max_height = max(1, self.size.height - FRAME)
        options.clear_options()
        options.add_options([Option(Content("".join(text for text, _style in cells))) for cells in rows])
        options.highlighted = min(row, len(rows) - 1) if rows else None

    @property
    def _others(self) -> list[Run]:
        return runs_of(self._descent())[1:]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self.is_current:  # keys that came faster than the dialog closes
            self.dismiss()
            self._take_up(self._others[event.option_index].tape)

    def action_drop(self) -> None:
        row = self.query_one(OptionList).highlighted
        if not self.is_current or row is None:
            return
        self._drop(self._others[row].kept)
        if self._others:
            self._list()
        else:
            self.dismiss()

    def action_close(self) -> None:
        if self.is_current:
            self.dismiss()
