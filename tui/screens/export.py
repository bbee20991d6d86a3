"""The dialog that writes the run, or a picture of the screen, into a file."""

import os
from collections.abc import Callable, Iterable
from threading import Thread

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from core.descent import Descent
from core.export.faults import CannotExport
from core.export.formats import FORMATS, proposed_names
from core.language import Sentence, _, marked
from core.session.faults import AlreadyThere, Unwritable
from tui.delivery import delivery_for
from tui.drawing.picture import picture_of
from tui.safe_text import safe_text
from tui.screens.asking import Asking, Line

ABOUT = {ending: form.about for ending, form in FORMATS.items()} | {
    ".svg": marked("a picture of the screen"),
    ".txt": marked("the screen as plain lines"),
}
"""What can be written, by the ending of a file's name."""

MOVES = {"down": "cursor_down", "up": "cursor_up"}


class Export(Asking):
    """It stays open until the file is there, and says in a sentence why it can't be; the run behind it stays."""

    BINDINGS = [(key, f"choose('{move}')", move) for key, move in MOVES.items()]

    def __init__(self, descent: Descent, stepper: App[None], say: Callable[[str | Sentence], object]) -> None:
        super().__init__()
        self._descent, self._say_behind = descent, say
        self._stepper = stepper  # a screen that has been left knows its app no more
        self._picture = picture_of(stepper)  # before this dialog covers it
        self._delivery = delivery_for(stepper)
        self._proposed = self._free_name(next(iter(ABOUT)))
        self._replace = ""
        """The file that enter may replace: the learner has been asked."""
        self._writing = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Export")
            dialog.border_subtitle = _("enter: write it   ↑ ↓: as what   esc: leave it")
            yield Line(self._proposed, placeholder=_("a name for the file"), max_length=4096)
            yield Static(markup=False)
            kinds = OptionList(
                *(Option(Content.assemble((f"{ending:7}", "bold"), _(about))) for ending, about in ABOUT.items())
            )
            kinds.can_focus = False  # the line keeps the focus, so that no key falls between the two
            yield kinds

    def _free_name(self, ending: str) -> str:
        """A name with this ending that no file in the current folder has."""
        names = (name + ending for name in proposed_names(self._descent))
        return next(name for name in names if not os.path.lexists(name))

    def on_input_changed(self, event: Input.Changed) -> None:
        """The ending says as what it is written."""
        self._replace = ""
        ending = os.path.splitext(event.value.strip())[1].lower()
        kinds = self.query_one(OptionList)
        kinds.highlighted = list(ABOUT).index(ending) if ending in ABOUT else None
        if place := self._delivery.place(event.value.strip()):
            self.say(self._delivery.told(place))
        else:
            self.say(_("a name for the file"))

    def action_choose(self, move: str) -> None:
        getattr(self.query_one(OptionList), f"action_{move}")()
        self._take_ending()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take_ending()

    def _take_ending(self) -> None:
        """Give the name the ending of what is highlighted."""
        if (index := self.query_one(OptionList).highlighted) is None:
            return
        line, chosen = self.query_one(Input), list(ABOUT)[index]
        if line.value == self._proposed:
            line.value = self._proposed = self._free_name(chosen)
        else:
            stem, ending = os.path.splitext(line.value.strip())
            line.value = (stem if ending.lower() in ABOUT else stem + ending) + chosen
        line.cursor_position = len(line.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not self.is_current or self._writing or not (place := self._delivery.place(event.value.strip())):
            return
        ending = os.path.splitext(place)[1].lower()
        if ending not in ABOUT:
            self.say(
                _("the name says as what it is written: it ends in {endings}").format(endings=", ".join(ABOUT)),
                "mistake",
            )
            return
        self._writing = True
        self.say(_("writing ..."))
        Thread(target=self._write, args=(place, ending, place == self._replace), name="export", daemon=True).start()

    def _write(self, place: str, ending: str, replace: bool) -> None:
        try:
            self._delivery.deliver(place, self._pieces(ending), replace)
        except (CannotExport, Unwritable) as refusal:
            self._stepper.call_later(self._done, place, refusal)
        except Exception as failure:  # a thread's failure would pass unseen
            self._stepper.call_later(self._stepper._handle_exception, failure)
        else:
            self._stepper.call_later(self._done, place, None)

    def _pieces(self, ending: str) -> Iterable[str]:
        if ending in FORMATS:
            return FORMATS[ending].write(self._descent)
        return [self._picture.svg if ending == ".svg" else self._picture.text]

    def _done(self, place: str, mistake: Exception | None) -> None:
        self._writing = False
        if mistake is None:
            if self.is_current:
                self.dismiss()
            self._say_behind(Sentence(lambda: _("written: {path}").format(path=safe_text(place))))
        elif not self.is_current:  # left meanwhile
            self._say_behind(safe_text(str(mistake)))
        else:
            self._replace = place if isinstance(mistake, AlreadyThere) else ""
            more = _(": enter once more replaces it, another name keeps it") if self._replace else ""
            self.say(f"{mistake}{more}", "mistake")
