"""The lines of a session that somebody has changed, beside the lecture's: none runs before it is seen and accepted."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from core.language import _
from core.session.recipe import Change, Session
from tui.keys import HANGUL
from tui.safe_text import safe_text
from tui.screens.retold import Retold


class Review(Retold):
    """It answers with the session to open: as it is, with the lecture's lines instead, or none."""

    BINDINGS = [
        (f"y,{HANGUL['y']}", "accept", "Accept"),
        (f"w,{HANGUL['w']}", "open_without", "Open without"),
        ("escape,q", "leave", "Leave"),
        ("up", "scroll('up')", "Up"),
        ("down", "scroll('down')", "Down"),
        ("pageup", "scroll('page_up')", "Page up"),
        ("pagedown", "scroll('page_down')", "Page down"),
    ]

    def __init__(self, session: Session, decide: Callable[[Session | None], None]) -> None:
        super().__init__()
        self._session, self._decide = session, decide
        self._refused = any(change.refusal for change in session.changes)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static()

    def on_mount(self) -> None:
        self.tell()

    def tell(self) -> None:
        dialog = self.query_one(VerticalScroll)
        dialog.border_title = _("This session changes lines of the program")
        accept = "" if self._refused else _("y: run these lines   ")
        dialog.border_subtitle = accept + _("w: open it with the lecture's   esc: leave it")
        self.query_one(Static).update(self._text())

    def _text(self) -> Content:
        told = (
            _("Nothing of it has been run. Lines that you accept run with your rights, like typed ones."),
            "",
        )
        if self._refused:
            told = (_("A line that can't be run here keeps all of them out: w opens it without them."), "$text-error")
        parts: list[Content | str | tuple[str, str]] = [told]
        for change in self._session.changes:
            parts += self._rows(change)
        return Content.assemble(*parts)

    def _rows(self, change: Change) -> list[Content | str | tuple[str, str]]:
        where = _("{program}.py, line {line}").format(program=change.program, line=change.number)
        rows: list[Content | str | tuple[str, str]] = [
            "\n\n",
            (where, "bold"),
            "\n",
            f"- {change.lectures}",
            "\n",
            (f"+ {safe_text(change.text)}", "bold $text-accent"),
        ]
        return [*rows, "\n", (safe_text(f"  {change.refusal}"), "$text-error")] if change.refusal else rows

    def action_scroll(self, where: str) -> None:
        getattr(self.query_one(VerticalScroll), f"scroll_{where}")(animate=False)

    def action_accept(self) -> None:
        if not self._refused:
            self._answer(self._session)

    def action_open_without(self) -> None:
        self._answer(self._session.without(self._session.changes))

    def action_leave(self) -> None:
        self._answer(None)

    def _answer(self, session: Session | None) -> None:
        if self.is_current:  # keys that came faster than the screen closes
            self.dismiss()
            self._decide(session)
