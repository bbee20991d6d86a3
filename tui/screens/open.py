"""The picker: a built-in table, or a CSV file or a session that one types or walks to."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from core.beginning import beginning
from core.descent import Descent
from core.language import _, marked
from core.session.opening import Opened, open_session
from core.tables import BUILT_IN, open_table
from tui.complain import reason_of
from tui.safe_text import safe_text
from tui.screens.asking import Asking, Line

HINT = marked("a CSV file: the last column is y, the others are the inputs; or a session that was saved")

SESSIONS = (".gradstep", ".json")

ENDINGS = (".csv", ".tsv", ".txt", ".gradstep")

NO_FILES = marked("in a browser there are the built-in tables only; gradstep at the keyboard opens files, too")

MOST_ENTRIES = 500
"""Of a larger folder so many entries are listed; any file can be typed."""


MOVES = {"down": "cursor_down", "up": "cursor_up", "pagedown": "page_down", "pageup": "page_up"}
"""Keys that choose from the list; what is typed goes into the line above it."""


class Open(Asking):
    """It stays open until a file can be read, and says in a sentence why one can't: the run behind it stays."""

    BINDINGS = [(key, f"choose('{move}')", move) for key, move in MOVES.items()]

    def __init__(self, begin: Callable[[Descent], object], go_on: Callable[[Opened], object]) -> None:
        super().__init__()
        self._begin, self._go_on = begin, go_on
        self._files = not self.app.is_web
        """Whether there are files to open: not in a browser, for they would be the server's."""
        self._folder = Path.cwd()
        self._entries: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Open a table")
            dialog.border_subtitle = _("enter: open it   ↑ ↓: choose   esc: leave it")
            path = _("path of a file or folder, or the name of a built-in table")
            name = _("the name of a built-in table")
            yield Line(placeholder=path if self._files else name, max_length=4096)
            yield Static(markup=False)
            entries = OptionList()
            entries.can_focus = False  # the line keeps the focus, so that no key falls between the two
            yield entries

    def on_mount(self) -> None:
        self._list()

    def _list(self) -> None:
        """Show the built-in tables, and the folders and CSV files of the folder."""
        self._entries, mistake = _entries(self._folder) if self._files else ([], "")
        options = self.query_one(OptionList)
        options.clear_options()
        for name, about in BUILT_IN.items():
            options.add_option(Option(Content.assemble((name, "bold"), f"  {_(about)}")))
        if self._files:
            options.add_option(Option(Content(f"{safe_text(str(self._folder))}{os.sep}"), disabled=True))
        options.add_options([Option(Content(f"  {safe_text(entry)}")) for entry in self._entries])
        self.say(mistake)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        built_in = list(BUILT_IN)
        if event.option_index < len(built_in):
            self._open(built_in[event.option_index])
        else:
            self._open(self._entries[event.option_index - len(built_in) - 1])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        options = self.query_one(OptionList)
        if event.value.strip() or options.highlighted is None:
            self._open(event.value.strip())
        else:
            options.action_select()

    def action_choose(self, move: str) -> None:
        self.query_one(Input).value = ""
        options = self.query_one(OptionList)
        if options.scrollable_content_region:  # textual's pages stumble over a list that has no room
            getattr(options, f"action_{move}")()

    def _open(self, name: str) -> None:
        """Walk into a folder; read anything else in a thread, for a large table takes a while."""
        if not self._files and name not in BUILT_IN:
            self.say(_(NO_FILES), "mistake")
            return
        path = name if name in BUILT_IN else os.path.join(self._folder, os.path.expanduser(name)) if name else ""
        if path and os.path.isdir(path):
            self._folder = Path(os.path.normpath(path))
            self.query_one(Input).value = ""
            self._list()
            return
        self.say(_("reading {name} ...").format(name=name))
        # the screen may be left while it reads, and knows no app then
        Thread(target=self._read, args=(self.app, path), name="read", daemon=True).start()

    def _read(self, app: App[object], path: str) -> None:
        read: Descent | Opened | str
        try:
            read = open_session(path) if path.endswith(SESSIONS) else beginning(open_table(path))
        except ValueError as mistake:  # Unreadable, Unopenable
            read = str(mistake)
        app.call_later(self._done, read)

    def _done(self, read: Descent | Opened | str) -> None:
        if not self.is_current:  # left meanwhile
            return
        if isinstance(read, str):
            self.say(read, "mistake")
        else:
            self.dismiss()
            if isinstance(read, Opened):
                self._go_on(read)
            else:
                self._begin(read)

    def say(self, text: str, style: str = "") -> None:
        super().say(text or _(HINT if self._files else NO_FILES), style)


def _entries(folder: Path) -> tuple[list[str], str]:
    """The way up, the folders and the CSV files of a folder, and why they can't be listed where that is so."""
    try:
        with os.scandir(folder) as found:
            entries = [
                (not _is_folder(entry), entry.name)
                for entry in found
                if not entry.name.startswith(".") and (_is_folder(entry) or entry.name.lower().endswith(ENDINGS))
            ]
    except OSError as error:
        return [".."], _("{folder} can't be listed: {reason}").format(folder=folder, reason=reason_of(error))
    names = [name if is_file else f"{name}{os.sep}" for is_file, name in sorted(entries)]
    more = len(names) - MOST_ENTRIES
    if more <= 0:
        return ["..", *names], ""
    sentence = _("{count:,} more entries are not listed: type the name")
    return ["..", *names[:MOST_ENTRIES]], sentence.format(count=more)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder; a link that goes round in a loop is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False
