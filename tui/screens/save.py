"""The dialog that saves a session under a name."""

import os
from collections.abc import Callable
from functools import partial
from threading import Thread

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from core.language import _
from core.session.faults import AlreadyThere, Unwritable
from core.session.recipe import Session
from tui.delivery import delivery_for
from tui.screens.asking import Asking, Line

ENDING = ".gradstep"


class Save(Asking):
    """It stays open until the session is saved, and says in a sentence why it can't be."""

    def __init__(self, session: Session, name: str, saved: Callable[[str], object]) -> None:
        super().__init__()
        self._session, self._proposed, self._saved = session, name, saved
        self._delivery = delivery_for(self.app)
        self._replace = ""
        """The file that enter may replace: the learner has been asked."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Save the session")
            dialog.border_subtitle = _("enter: save it   esc: leave it")
            yield Line(self._proposed, placeholder=_("a name for the file"), max_length=4096)
            yield Static(markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        path = self._path_of(event.value)
        self.say(self._delivery.told(path) if path else _("a name for the file"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self.is_current and (path := self._path_of(event.value)):
            self.say(_("saving ..."))
            # the screen may be left while it writes, and knows no app then
            write = partial(self._write, self.app, path, path == self._replace)
            Thread(target=write, name="save", daemon=True).start()

    def _write(self, app: App[object], path: str, replace: bool) -> None:
        mistake: Unwritable | None = None
        try:
            self._delivery.save(self._session, path, replace)
        except Unwritable as refusal:
            mistake = refusal
        app.call_later(self._done, path, mistake)

    def _done(self, path: str, mistake: Unwritable | None) -> None:
        if mistake is None:
            if self.is_current:
                self.dismiss()
            self._saved(path)
        elif self.is_current:
            self._replace = path if isinstance(mistake, AlreadyThere) else ""
            more = _(": enter once more replaces it, another name keeps it") if self._replace else ""
            self.say(f"{mistake}{more}", "mistake")

    def _path_of(self, name: str) -> str:
        """Where a session of this name goes; empty for an empty name."""
        path = self._delivery.place(name.strip())
        return path if not path or name.strip().endswith(os.sep) or os.path.splitext(path)[1] else f"{path}{ENDING}"


def proposed_name(table: str) -> str:
    """A name that no file in the current folder has."""
    stem = os.path.splitext(os.path.basename(table))[0]
    name, number = f"{stem}{ENDING}", 2
    while os.path.lexists(name):
        name, number = f"{stem}-{number}{ENDING}", number + 1
    return name
