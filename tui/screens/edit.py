"""A line of the program edited in its place: chosen, typed, tried on a copy, and taken or told what is the matter."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.events import Key, Paste, Resize
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from core.descent import Descent
from core.language import Sentence, _
from core.listing import UNWRITTEN, Line, Method, Phase
from core.state import Knobs
from core.trial.allowed import LONGEST, checked, why_fixed
from core.trial.attempt import Attempt
from core.trial.process import TrialProcess
from core.trial.result import Trial
from core.trial.statement import Refused
from tui.panels.code import GUTTER, Code
from tui.panels.lines import Lines
from tui.safe_text import safe_text
from tui.screens.retold import Retold

Taken = Callable[[Callable[[Knobs], Knobs], Sentence], object]
"""Takes a line: how the knobs turn, and what to say then."""


MOST = LONGEST + 1
"""So many characters can be typed: one more than a line may have, and it is told so."""


class LineInput(Input):
    """The line that is typed. What is pasted comes on one line, its hidden characters written out."""

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default().stop()
        self.insert_text_at_cursor(safe_text(event.text.strip()[:MOST])[: MOST - len(self.value)])


class Edit(Retold):
    """Over the Code panel; the rest of the screen stays in sight, and the run as it is until a line is taken."""

    AUTO_FOCUS = ""
    BINDINGS = [
        ("escape", "close", "Close"),
        ("enter", "enter", "Type, or try"),
        ("e,ㄷ", "enter", "Type"),
        ("up", "choose(-1)", "The line above"),
        ("down", "choose(1)", "The line below"),
    ]

    @dataclass
    class Tried(Message):
        """A line has been tried."""

        attempt: Attempt
        trial: Trial

    def __init__(self, descent: Descent, place: Callable[[], Region], taken: Taken, number: int = 0) -> None:
        super().__init__()
        self._descent, self._place, self._taken = descent, place, taken
        knobs = descent.knobs
        models = list(knobs.listing.model_lines(knobs.method))
        first = len(models)
        fixed = {line.number for line in models}
        body = [line for line in knobs.listing.lines(knobs.method) if line.number not in fixed]
        if len(body) > place().height:
            body = [line for line in body if not line.is_comment]
        self._all = [*models, *body]
        chosen = next((index for index, line in enumerate(self._all) if line.number == number), None)
        self._lines = Lines(knobs.listing, self._all, _first(self._all, knobs) if chosen is None else chosen, first)
        self._input = LineInput(compact=True, select_on_focus=False, max_length=MOST)
        self._typing = False
        self._trying: str | None = None
        """The text that is being tried."""
        self._again = False
        """Whether enter came again meanwhile."""
        self._process = TrialProcess(
            descent.data, knobs, lambda attempt, trial: self.post_message(self.Tried(attempt, trial))
        )

    def compose(self) -> ComposeResult:
        yield self._lines
        self._input.display = False
        yield self._input

    def on_mount(self) -> None:
        self._process.start()
        self._hint()
        self._put()

    def on_unmount(self) -> None:
        self._process.close()

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._put)

    def _put(self) -> None:
        """Lay the lines over the program, and what is typed over its line."""
        place = self._place()
        styles = self._lines.styles
        styles.offset, styles.width, styles.height = place.offset, place.width, place.height
        self._lines.draw(*place.size)
        self._input.styles.offset = (place.x + GUTTER, place.y + self._lines.row)
        self._input.styles.width = max(1, place.width - GUTTER)

    # choosing

    def action_choose(self, steps: int) -> None:
        if not self._typing:
            self._choose(self._lines.chosen + steps)

    def _choose(self, index: int) -> None:
        self._lines.choose(index)
        self._hint()
        self._put()

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        if self._typing:
            return
        if event.index == self._lines.chosen:
            self.action_enter()
        else:
            self._choose(event.index)

    def tell(self) -> None:
        if self._typing:
            self._lines.redraw()
        else:
            self._hint()

    def _hint(self) -> None:
        if self._typing:
            self._lines.tell(Sentence(lambda: _("enter tries it on a copy · esc leaves it as it was")), "dim")
        elif why := self._why_fixed():
            self._lines.tell(why, "warn")
        else:
            self._lines.tell(Sentence(lambda: _("enter edits this line · ↑ ↓ another one · esc leaves")), "dim")

    def _why_fixed(self) -> str:
        knobs = self._descent.knobs
        return why_fixed(self._lines.line, knobs.listing, knobs.method)

    # typing

    def action_enter(self) -> None:
        if self._typing:
            self._try()
        elif not self._why_fixed():
            self._typing = True
            line = self._lines.line
            self._input.value = "" if line.text == UNWRITTEN else line.text
            self._input.cursor_position = len(self._input.value)
            self._input.display = True
            self._input.focus()
            self._hint()
            self._put()

    def on_key(self, event: Key) -> None:
        """A character that comes before what is typed has the focus belongs there, too."""
        if self._typing and event.is_printable and event.character and not self._input.has_focus:
            event.stop()
            self._input.insert_text_at_cursor(event.character)

    def on_input_submitted(self) -> None:
        self._try()

    def on_input_changed(self) -> None:
        if self._typing and self._trying is None:
            self._hint()

    def _try(self) -> None:
        if not self.is_current:  # keys that came faster than the screen closes
            return
        if self._trying is not None:
            self._again = True
            return
        knobs, line = self._descent.knobs, self._lines.line
        try:
            text = checked(self._input.value, line.number, knobs.listing, knobs.method)
        except Refused as refused:
            self._say(safe_text(str(refused)), "bad")
            return
        if text == line.text:
            self.action_close()
            return
        self._trying = self._input.value
        self._say(Sentence(lambda: _("trying it ...")), "accent")
        changed = replace(knobs, listing=knobs.listing.with_line(line.number, text))
        tape = self._descent.tape
        self._process.try_line(Attempt(changed, line.number, tape.state(min(self._descent.epoch, len(tape)))))

    def on_edit_tried(self, message: Tried) -> None:
        if not self.is_current:
            return
        tried, self._trying = self._trying, None
        again, self._again = self._again, False
        trial, listing = message.trial, message.attempt.knobs.listing
        if self._input.value != tried:
            self._hint()
            if again:
                self._try()
        elif trial.fault is not None:
            self._say(Sentence(lambda: safe_text(trial.sentence)), "bad")
        else:
            self.dismiss()
            told = Sentence(lambda: _("line {line}: {told}").format(line=trial.line, told=safe_text(trial.sentence)))
            self._taken(lambda knobs: replace(knobs, listing=listing), told)

    def _say(self, told: Sentence | str, style: str) -> None:
        self._lines.tell(told, style)
        self._put()

    def action_close(self) -> None:
        if self.is_current:
            self.dismiss()


def place(stepper: Screen[object]) -> Region:
    """Where the program stands on the screen, or where it would where a picture has its place."""
    code = stepper.query_one(Code)
    return code.content_region if code.region else stepper.query_one("#body").content_region


def _first(lines: list[Line], knobs: Knobs) -> int:
    """The line that is chosen first: one that is still to be written, or the one that makes the gradient."""
    unwritten = [index for index, line in enumerate(lines) if line.text == UNWRITTEN]
    gradient = [
        index
        for index, line in enumerate(lines)
        if line.phase is Phase.GRADIENT and (knobs.method is Method.OPTIM or line.name.startswith("gradient"))
    ]
    in_optim = gradient[-1:] if knobs.method is Method.OPTIM else gradient
    return (unwritten or in_optim or gradient or [len(lines) - 1])[0]
