"""The dialog that saves the session, or writes the run or the screen into a file: the ending chooses as what."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from io import StringIO
from itertools import count
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from core.export.formats import FORMATS
from core.export.pictures import curve_request
from core.export.segments import CannotExport
from core.language import N_, LazyString, _
from core.session.file import AlreadyThere, Unwritable, write_durably
from core.session.session import Session, text_of
from core.state import EngineDied, RunFailed
from tui.drawing.screenshot import take_screenshot
from tui.safe_text import safe_text
from tui.screens.dialog import InputDialog, ProposedInput

if TYPE_CHECKING:
    from tui.stepper import Stepper

SESSION = ".gradstep"

ABOUT = {
    **{ending: form.about for ending, form in FORMATS.items()},
    ".svg": N_("a picture of the screen"),
    ".txt": N_("the screen as plain lines"),
    SESSION: N_("the session, to be resumed later"),
}
"""What can be written, by the ending of a file's name."""


async def save_session(stepper: "Stepper") -> None:
    """Ask for a name, and save what is on the screen under it."""
    await _write(stepper, stepper.sessions.name or _free_name(stepper, SESSION))


async def export_run(stepper: "Stepper") -> None:
    """Ask for a name, and write the run on the screen into that file."""
    await _write(stepper, _free_name(stepper, ".py"))


async def _write(stepper: "Stepper", proposed: str) -> None:
    await stepper.queue.settled()
    path = await stepper.app.push_screen_wait(WriteDialog(stepper, proposed))
    if path and _ending(path) == SESSION:
        stepper.sessions.name = path
        sentence = _("saved: gradstep open {path} resumes it")
        stepper.say(LazyString(lambda: safe_text(sentence.format(path=quote(path)))))
    elif path:
        stepper.say(LazyString(lambda: _("written: {path}").format(path=safe_text(path))))


def _free_name(stepper: "Stepper", ending: str) -> str:
    """The program's name with another ending, and a number where a file in the current folder has it."""
    stem = Path(stepper.descent.knobs.program.path).stem or "gradstep"
    names = (f"{stem}{f'-{number}' * (number > 1)}{ending}" for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()


class WriteDialog(InputDialog[str | None]):
    """It stays open until the file is there, and answers with its path; it says in a sentence why it can't be."""

    BINDINGS = [("down", "choose('cursor_down')", "Down"), ("up", "choose('cursor_up')", "Up")]

    def __init__(self, stepper: "Stepper", proposed: str) -> None:
        super().__init__()
        self._stepper, self._proposed, self._descent = stepper, proposed, stepper.descent
        self._screenshot = take_screenshot(stepper.app)  # before the dialog covers it
        self._replace = ""
        """The file that enter may replace: the learner has been asked."""
        self._is_writing = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Save or export")
            dialog.border_subtitle = _("enter: write it   ↑ ↓: as what   esc: cancel")
            yield ProposedInput(self._proposed, placeholder=_("a name for the file"), max_length=4096)
            yield Static(markup=False)
            rows = (Content.assemble((f"{ending:10}", "bold"), _(about)) for ending, about in ABOUT.items())
            kinds = OptionList(*map(Option, rows))
            kinds.can_focus = False  # the line keeps the focus, so that no key falls between the two
            yield kinds

    def on_input_changed(self, event: Input.Changed) -> None:
        self._replace, path = "", self._place(event.value.strip())
        sentence = _("goes to the browser's downloads as {path}") if self.app.is_web else _("goes to {path}")
        self.say(sentence.format(path=path) if path else _("a name for the file"))
        ending = _ending(path)
        self.query_one(OptionList).highlighted = list(ABOUT).index(ending) if ending in ABOUT else None

    def action_choose(self, move: str) -> None:
        getattr(self.query_one(OptionList), f"action_{move}")()
        self._take_ending()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take_ending()

    def _take_ending(self) -> None:
        """Give the name the ending of what is highlighted."""
        line, chosen = self.query_one(Input), list(ABOUT)[self.query_one(OptionList).highlighted or 0]
        if line.value == self._proposed:
            line.value = self._proposed = _free_name(self._stepper, chosen)
        else:
            stem, ending = os.path.splitext(line.value.strip())
            line.value = (stem if ending.lower() in ABOUT else stem + ending) + chosen
        line.cursor_position = len(line.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        if not self.is_current or self._is_writing or not name:
            return
        if not _ending(name):
            name += _ending(self._proposed)
        if _ending(name) not in ABOUT:
            sentence = _("the file ending chooses the format: it is one of {endings}")
            self.say(sentence.format(endings=", ".join(ABOUT)), "mistake")
            return
        self._is_writing = True
        self.say(_("writing ..."))
        self.run_worker(self._write(self._place(name)))

    def _place(self, name: str) -> str:
        """Where a file of this name goes: a served session has no business with the server's files."""
        if self.app.is_web:
            return os.path.basename(name)
        with suppress(OSError):  # the current folder is gone: writing says so
            return os.path.abspath(os.path.expanduser(name)) if name else ""
        return name

    async def _write(self, path: str) -> None:
        try:
            text = await self._text(_ending(path))
            if self.app.is_web:
                self.app.deliver_text(StringIO("".join(text)), save_filename=path)
            else:
                await asyncio.to_thread(write_durably, path, text, path == self._replace)
        except (CannotExport, Unwritable, RunFailed, EngineDied) as refusal:
            self._replace = path if isinstance(refusal, AlreadyThere) else ""
            more = _(": enter once more replaces it, another name keeps it") if self._replace else ""
            self.say(f"{refusal}{more}", "mistake")
        else:
            self.dismiss(path)
        finally:
            self._is_writing = False

    async def _text(self, ending: str) -> Iterable[str]:
        """The text of the file, in pieces, which are made in a thread."""
        match ending:
            case ".gradstep":
                return [text_of(Session.of(self._descent))]
            case ".svg":
                return [self._screenshot.svg]
            case ".txt":
                return [self._screenshot.text]
        request = curve_request(self._descent) if ending == ".ipynb" else None
        return FORMATS[ending].write(self._descent, await self._stepper.engine.ask(request) if request else None)
