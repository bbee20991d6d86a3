"""Where what is written goes: into a file, or, in a browser, to its downloads."""

import os
from collections.abc import Iterable
from io import StringIO
from typing import Protocol

from textual.app import App

from core.language import _
from core.session.faults import AlreadyThere
from core.session.file import sweep, write_durably
from core.session.recipe import Session
from core.session.writing import save_session, text_of


class Delivery(Protocol):
    """A way for a session or an export to reach the learner."""

    def place(self, name: str) -> str:
        """Where what has this name goes, in a whole path; empty for an empty name."""
        ...

    def told(self, place: str) -> str:
        """A sentence that says so."""
        ...

    def deliver(self, place: str, text: Iterable[str], replace: bool) -> None:
        """Bring it there, in a thread. Raises AlreadyThere, where it may not replace a file, and Unwritable."""
        ...

    def save(self, session: Session, place: str, replace: bool) -> None:
        """The same with a session."""
        ...


def delivery_for(app: App[None]) -> Delivery:
    """A served session has no business with the server's files."""
    return Download(app) if app.is_web else ToFile()


class ToFile:
    """A file of the learner's own."""

    def place(self, name: str) -> str:
        try:
            return os.path.abspath(os.path.expanduser(name)) if name else ""
        except (OSError, ValueError):  # the current folder is gone, or that is no name: writing says so
            return name

    def told(self, place: str) -> str:
        return _("goes to {path}").format(path=place)

    def deliver(self, place: str, text: Iterable[str], replace: bool) -> None:
        if not replace and os.path.lexists(place):  # said before anything long is made; writing looks again
            raise AlreadyThere(_("{path} is there already").format(path=place))
        sweep(os.path.dirname(place))
        write_durably(place, text, replace)

    def save(self, session: Session, place: str, replace: bool) -> None:
        sweep(os.path.dirname(place))
        save_session(session, place, replace)


class Download:
    """A download of the browser that shows the session."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def place(self, name: str) -> str:
        return os.path.basename(name)

    def told(self, place: str) -> str:
        return _("goes to the browser's downloads as {name}").format(name=place)

    def deliver(self, place: str, text: Iterable[str], replace: bool) -> None:
        whole = StringIO("".join(text))
        self._app.call_from_thread(self._app.deliver_text, whole, save_filename=place)

    def save(self, session: Session, place: str, replace: bool) -> None:
        self.deliver(place, [text_of(session)], replace)
