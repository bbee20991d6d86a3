"""The runs: the present one kept by name, another one resumed from its end, or dropped."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList, Static

from core.descent import MOST_KEPT, Descent
from core.language import LazyString, _
from core.log import EpochLog
from tui.keys import HANGUL, key_of
from tui.panels.runs import proposed_name, runs_of, table
from tui.safe_text import safe_text
from tui.screens.ask import ValueDialog
from tui.screens.dialog import ListDialog

if TYPE_CHECKING:
    from tui.stepper import Stepper

WIDTH = 86


async def keep_run(stepper: "Stepper") -> None:
    """Keep the present run under the name that is typed, or say why it can't be kept."""
    await stepper.queue.settled()
    descent = stepper.descent
    if len(descent.log) < 2:
        stepper.say(LazyString(lambda: _("there is no finished epoch to keep yet: space runs one")))
        return
    if len(descent.kept) == MOST_KEPT:
        sentence = _("{count} runs are kept, as many as can be told apart: K drops one")
        stepper.say(sentence.format(count=MOST_KEPT))
        return
    hint, parse = _("a name that tells it apart from others"), partial(parse_name, descent=descent)
    asked = ValueDialog(_("Keep this run as"), hint, parse, proposed_name(descent))
    name = await stepper.app.push_screen_wait(asked)
    if name is not None:
        stepper.change(lambda descent: descent.keep(name))
        await stepper.queue.settled()
        stepper.say(LazyString(lambda: _("kept as {name}; 7 shows the table of runs").format(name=safe_text(name))))


async def choose_run(stepper: "Stepper", row: int = 0) -> None:
    """Have a run chosen and resume it; runs are dropped meanwhile."""
    await stepper.queue.settled()
    if len(runs_of(stepper.descent)) < 2:
        stepper.say(LazyString(lambda: _("there is no other run yet: {key} keeps this one").format(key=key_of("keep"))))
        return
    if log := await stepper.app.push_screen_wait(RunList(stepper, row)):
        stepper.playback.pause()
        stepper.change(lambda descent: descent.switch_to(log))


class RunList(ListDialog[EpochLog | None]):
    """It answers with the run to resume. While it is open runs are dropped; it closes where none is left."""

    BINDINGS = [(f"d,{HANGUL['d']},delete,backspace", "drop", "Drop")]

    def __init__(self, stepper: "Stepper", row: int = 0) -> None:
        super().__init__()
        self._stepper, self._descent, self._row = stepper, stepper.descent, row

    def on_resize(self) -> None:
        self.refresh_text()

    def refresh_text(self) -> None:
        rows = table(self._descent, runs_of(self._descent), min(WIDTH, self.size.width) - 6)
        heading, _present, *others = ("".join(text for text, _style in row) for row in rows)
        self.query_one(Static).update(heading)
        row = self.query_one(OptionList).highlighted
        keys = _("enter: resume it   d: drop it   esc: cancel")
        self.show_list(_("Runs"), keys, [Content(text) for text in others], self._row if row is None else row)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(runs_of(self._descent)[1 + event.option_index].log)

    def action_drop(self) -> None:
        row = self.query_one(OptionList).highlighted
        if not self.is_current or row is None:
            return
        name = runs_of(self._descent)[1 + row].kept
        self._descent = without_run(self._descent, name)
        self._stepper.change(lambda descent: without_run(descent, name))
        if len(runs_of(self._descent)) > 1:
            self.refresh_text()
        else:
            self.dismiss()


def without_run(descent: Descent, name: str | None) -> Descent:
    """The same place without this kept run; None is the previous run."""
    return replace(descent, ghost=None) if name is None else descent.forget(name)


def parse_name(text: str, descent: Descent) -> str:
    """A name for a run to keep. Raises ValueError, with a sentence, where it is none or another run's."""
    name = text.strip()
    if not name:
        raise ValueError(_("a name, for example {name}").format(name=proposed_name(descent)))
    if name in (kept.name for kept in descent.kept):
        raise ValueError(_("another run is called that: take another name, or drop that run with K first"))
    return name
