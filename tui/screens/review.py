"""The edited lines of a session beside the lecture's: none runs before it is seen and accepted."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from core.language import _
from core.session.edited_lines import edited_lines, has_base, without_edited_lines
from core.session.session import Session
from tui.keys import HANGUL
from tui.safe_text import safe_text
from tui.screens.dialog import TranslatedDialog

MOST_SHOWN = 2000  # a session with more edited lines can only be opened without them


class Review(TranslatedDialog[Session | None]):
    """It answers with the session to open: as it is, with the lecture's lines instead, or none."""

    BINDINGS = [
        (f"y,{HANGUL['y']}", "accept", "Accept"),
        (f"w,{HANGUL['w']}", "open_without", "Open without"),
        ("q", "close", "Cancel"),
        *((key, f"scroll('{key.replace('page', 'page_')}')", key) for key in ("up", "down", "pageup", "pagedown")),
    ]

    def __init__(self, session: Session, own: bool = False) -> None:
        super().__init__()
        self._session, self._own = session, own
        self._lines = edited_lines(session, own)
        self._has_base = has_base(session, own)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static()

    def on_mount(self) -> None:
        self.refresh_text()

    def refresh_text(self) -> None:
        dialog = self.query_one(VerticalScroll)
        dialog.border_title = _("This session has edited lines")
        without = _("w: open it with the lecture's   ") if self._has_base else ""
        accept = _("y: run these lines   ") if len(self._lines) <= MOST_SHOWN else ""
        dialog.border_subtitle = accept + without + _("esc: cancel")
        parts: list[str | tuple[str, str]] = [
            _("Nothing of it has been run. Lines that you accept run with your rights, like typed ones.")
        ]
        for line in self._lines[:MOST_SHOWN]:
            where = _("{program}, line {line}").format(program=line.path, line=line.number)
            parts += ["\n\n", (safe_text(where), "bold")]
            parts += ["\n", safe_text(f"- {line.before}")] if line.before else []
            parts += ["\n", (safe_text(f"+ {line.text}"), "bold $text-accent")]
        self.query_one(Static).update(Content.assemble(*parts))

    def action_scroll(self, where: str) -> None:
        getattr(self.query_one(VerticalScroll), f"scroll_{where}")(animate=False)

    def action_accept(self) -> None:
        if len(self._lines) <= MOST_SHOWN:
            self.dismiss(self._session)

    def action_open_without(self) -> None:
        if self._has_base:
            self.dismiss(without_edited_lines(self._session, self._own))
