"""A dialog that asks for one number."""

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from core.language import _
from tui.screens.asking import Asking, Line


class Ask(Asking):
    """It stays open until what is typed can be read, and says in a sentence why it can't.

    An answer that is proposed stands there to be taken or typed over.
    """

    def __init__(
        self, question: str, hint: str, parse: Callable[[str], Any], answered: Callable[[Any], None], proposed: str = ""
    ) -> None:
        super().__init__()
        self._question, self._hint = question, hint
        self._parse, self._answered, self._proposed = parse, answered, proposed

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._question
            dialog.border_subtitle = _("enter: take it   esc: leave it")
            yield Line(self._proposed, max_length=100)
            yield Static(self._hint, markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not self.is_current:  # keys that came faster than the dialog closes
            return
        try:
            answer = self._parse(event.value)
        except ValueError as error:
            self.say(str(error), "mistake")
            return
        self.dismiss()
        self._answered(answer)
