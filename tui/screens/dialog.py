"""What dialogs have in common: a line to type into, or a list to choose from, and how they close."""

from collections.abc import Sequence
from typing import Any, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.keys import HANGUL
from tui.safe_text import safe_text

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A screen over the stepper; esc leaves it without an answer."""

    BINDINGS = [("escape", "close", "Close")]

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Answer, once: keys may come faster than the screen closes."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def action_close(self) -> None:
        self.dismiss()


class ProposedInput(Input):
    """What is typed; a proposal is selected as a whole, to be typed over."""

    def __init__(self, proposed: str = "", **options: Any) -> None:
        super().__init__(proposed, select_on_focus=False, **options)

    def on_mount(self) -> None:
        self.action_select_all()  # and not when the focus comes: something may have been typed by then


class InputDialog(Dialog[Result]):
    """It has one line, and its sentence stands below that."""

    def say(self, text: str, style: str = "") -> None:
        static = self.query_one(Static)
        static.update(safe_text(text))
        static.set_classes(style)


class TranslatedDialog(Dialog[Result]):
    """Nothing is typed into it: the key that changes the stepper's language changes its own, too."""

    BINDINGS = [(f"L,{HANGUL['l']},ctrl+l", "toggle_language", "Language")]

    def refresh_text(self) -> None:
        """Show all of it in the language of the screen; what is chosen stays chosen."""
        raise NotImplementedError

    async def action_toggle_language(self) -> None:
        if self.is_current:  # keys that come faster than the dialog closes
            await self.app.run_action("app.toggle_language")
            self.refresh_text()


class ListDialog(TranslatedDialog[Result]):
    """A list to choose from, below a text."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(markup=False)
            yield OptionList()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.refresh_text()

    def show_list(self, title: str, keys: str, rows: Sequence[Content], highlighted: int) -> None:
        """Fill the list, and choose one of its rows."""
        dialog, options = self.query_one(".dialog"), self.query_one(OptionList)
        dialog.border_title, dialog.border_subtitle = title, keys
        options.clear_options()
        options.add_options(map(Option, rows))
        options.highlighted = min(highlighted, len(rows) - 1)
