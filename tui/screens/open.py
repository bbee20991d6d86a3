"""The dialog that opens a built-in table, or a CSV file or a session that one types or walks to."""

import os
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from core.descent import Descent
from core.language import N_, _
from core.session.opening import open_session
from core.session.session import LoadedSession
from core.start import start_knobs
from core.table import open_table as read_table
from core.table_reader import Source
from core.tables import BUILT_IN
from tui.errors import os_reason
from tui.safe_text import safe_text
from tui.screens.dialog import InputDialog

if TYPE_CHECKING:
    from tui.stepper import Stepper

HINT = N_("a CSV file: the last column is y, the others are the inputs; or a session that was saved")

NO_FILES = N_("in a browser there are the built-in tables only; gradstep at the keyboard opens files, too")

SESSIONS = (".gradstep", ".json")

ENDINGS = (".csv", ".tsv", ".txt", ".gradstep")

MOST_ENTRIES = 500
"""Of a larger folder so many entries are listed; any file can be typed."""

MOVES = {"down": "cursor_down", "up": "cursor_up", "pagedown": "page_down", "pageup": "page_up"}
"""Keys that choose from the list; what is typed goes into the line above it."""


async def open_table(stepper: "Stepper") -> None:
    """Have a table chosen and begin a run on it, with an lr that is fitted to it; or resume a session."""
    chosen = await stepper.app.push_screen_wait(Open(with_files=not stepper.app.is_web))
    if isinstance(chosen, LoadedSession):
        await stepper.sessions.open(chosen)
    elif chosen:
        stepper.start_run(lambda _descent: Descent(start_knobs(chosen)))
        await stepper.queue.settled()
        if chosen.notes and not stepper.activity:
            stepper.say(safe_text(_("note: {note}").format(note=chosen.notes[0])))


class Open(InputDialog[Source | LoadedSession | None]):
    """It stays open until a file can be read, and says in a sentence why one can't: the run behind it stays."""

    BINDINGS = [(key, f"choose('{move}')", move) for key, move in MOVES.items()]

    def __init__(self, with_files: bool) -> None:
        """Without files in a browser, for they would be the server's."""
        super().__init__()
        self._with_files, self._folder = with_files, Path.cwd()
        self._entries: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Open a table")
            dialog.border_subtitle = _("enter: open it   ↑ ↓: choose   esc: cancel")
            path = _("path of a file or folder, or the name of a built-in table")
            yield Input(placeholder=path if self._with_files else _("the name of a built-in table"), max_length=4096)
            yield Static(markup=False)
            entries = OptionList()
            entries.can_focus = False  # the line keeps the focus, so that no key falls between the two
            yield entries

    def on_mount(self) -> None:
        self._list()

    def _list(self) -> None:
        """Show the built-in tables, and the folders and CSV files of the folder."""
        self._entries, mistake = _entries(self._folder) if self._with_files else ([], "")
        options = self.query_one(OptionList)
        options.clear_options()
        for name, about in BUILT_IN.items():
            options.add_option(Option(Content.assemble((name, "bold"), f"  {_(about)}")))
        if self._with_files:
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
        if not self._with_files and name not in BUILT_IN:
            self.say(_(NO_FILES), "mistake")
            return
        path = name if name in BUILT_IN else os.path.join(self._folder, os.path.expanduser(name)) if name else ""
        if path not in BUILT_IN and os.path.isdir(path):
            self._folder = Path(os.path.normpath(path))
            self.query_one(Input).value = ""
            self._list()
            return
        self.say(_("reading {name} ...").format(name=name))
        # the dialog may be left while it reads, and knows no app then
        Thread(target=self._read, args=(self.app, path), name="read", daemon=True).start()

    def _read(self, app: App[object], path: str) -> None:
        read: Source | LoadedSession | str
        try:
            read = open_session(path) if path.endswith(SESSIONS) else read_table(path)
        except ValueError as mistake:  # TableError, Unopenable
            read = str(mistake)
        app.call_later(self._done, read)

    def _done(self, read: Source | LoadedSession | str) -> None:
        if not self.is_current:  # left meanwhile
            return
        if isinstance(read, str):
            self.say(read, "mistake")
        else:
            self.dismiss(read)

    def say(self, text: str, style: str = "") -> None:
        super().say(text or _(HINT if self._with_files else NO_FILES), style)


def _entries(folder: Path) -> tuple[list[str], str]:
    """The way up, the folders and the files of a folder, and why they can't be listed where that is so."""
    try:
        with os.scandir(folder) as found:
            shown = [(not _is_folder(entry), entry.name) for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        return [".."], _("{folder} can't be listed: {reason}").format(folder=folder, reason=os_reason(error))
    entries = sorted(each for each in shown if not each[0] or each[1].lower().endswith(ENDINGS))
    names = ["..", *(name if is_file else f"{name}{os.sep}" for is_file, name in entries)]
    more = len(entries) - MOST_ENTRIES
    if more <= 0:
        return names, ""
    sentence = _("{count:,} more entries are not listed: type the name")
    return names[: MOST_ENTRIES + 1], sentence.format(count=more)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder; a link that goes round in a loop is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False
