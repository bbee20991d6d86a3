"""A line of the program edited in its place: chosen, typed, tried in the engine, and accepted or refused."""

import ast
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.events import Key, Paste
from textual.geometry import Region
from textual.widgets import Input

from core.edits import PLACEHOLDER, check_edit
from core.language import N_, LazyString, _
from core.program import Program, ProgramError
from tui.keys import HANGUL
from tui.panels.code import GUTTER, Code
from tui.panels.lines import Lines
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.screens.line_trial import LineError, TriedLine, try_line

if TYPE_CHECKING:
    from tui.stepper import Stepper

MOST = 500  # characters in a line


async def edit_line(stepper: "Stepper", number: int = 0) -> None:
    """Have a line edited, the one that begins at this number or another one, and continue the run with it."""
    tried = await stepper.app.push_screen_wait(Edit(stepper, number))
    if tried:
        stepper.change(tried.applied)
        await stepper.queue.settled()
        stepper.say(tried.sentence)


class LineInput(Input):
    """The line that is typed. What is pasted comes on one line, its hidden characters written out."""

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default().stop()
        self.insert_text_at_cursor(safe_text(event.text.strip()[:MOST])[: MOST - len(self.value)])


class Edit(Dialog[TriedLine | None]):
    """Over the Code panel; the rest of the screen stays in sight, and the run as it is until a line is accepted."""

    AUTO_FOCUS = ""
    BINDINGS = [
        (f"enter,e,{HANGUL['e']}", "enter", "Type, or try"),
        ("up", "choose(-1)", "The line above"),
        ("down", "choose(1)", "The line below"),
    ]

    def __init__(self, stepper: "Stepper", number: int = 0) -> None:
        super().__init__()
        self._stepper, self._descent = stepper, stepper.descent
        self._program = stepper.descent.knobs.program
        self._lines = Lines(self._program, number, stepper.query_one(Code).first_row(self._place.height))
        self._input = LineInput(compact=True, select_on_focus=False, max_length=MOST)
        self._input.display = False
        self._trying = False
        self._waiting: list[Key] = []  # they came while a line is tried
        self._import = ""  # what enter adds to the program, where the line that was tried lacks it

    def compose(self) -> ComposeResult:
        yield self._lines
        yield self._input

    def on_mount(self) -> None:
        self._hint()

    def on_resize(self) -> None:
        self.call_after_refresh(self._lay_out)

    @property
    def _place(self) -> Region:
        """Where the program stands on the screen, or would where a plot has its place."""
        code = self._stepper.query_one(Code)
        return (code if code.region else self._stepper.query_one("#body")).content_region

    def _lay_out(self) -> None:
        """Lay the lines over the program, and what is typed over its line."""
        place, styles = self._place, self._lines.styles
        styles.offset, styles.width, styles.height = place.offset, place.width, place.height
        self._lines.scroll(*place.size)
        self._lines.redraw()
        written = self._program.text_lines[self._lines.line.number - 1]
        column = GUTTER + min(len(written) - len(written.lstrip()), max(0, place.width - GUTTER - 10))
        self._input.styles.offset = (place.x + column, place.y + self._lines.row)
        self._input.styles.width = max(1, place.width - column)

    def _say(self, sentence: LazyString | str, style: str) -> None:
        self._lines.say(sentence, style)
        self._lay_out()

    def _hint(self) -> None:
        choosing = N_("enter edits this line · ↑ ↓ another one · esc leaves")
        sentence = N_("enter tries it · esc leaves it as it was") if self._input.display else choosing
        self._say(LazyString(lambda: _(sentence)), "dim")

    def action_choose(self, steps: int) -> None:
        if not self._input.display:
            self._lines.choose(self._lines.chosen + steps)
            self._hint()

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        if event.index != self._lines.chosen:
            self.action_choose(event.index - self._lines.chosen)
        elif not self._input.display:
            self.action_enter()

    def action_enter(self) -> None:
        """Have the line typed that is chosen, or what is typed tried."""
        if self._input.display:
            self.on_input_submitted()
            return
        text = self._lines.line.text
        if "\n" in text:  # a statement comes on one line; a block has statements of its own
            text = ast.unparse(ast.parse(text))
        if "\n" in text:
            self._say(LazyString(lambda: _("a block of several statements can't be edited here")), "warn")
            return
        self._input.value = "" if text == PLACEHOLDER else text
        self._input.cursor_position = len(self._input.value)
        self._input.display = True
        self.set_focus(self._input)
        self._hint()

    def on_input_changed(self) -> None:
        if not self._trying:
            self._import = ""
            self._hint()

    def on_input_submitted(self) -> None:
        """Try the line, with the import that it lacks where the learner has seen which that is."""
        number = self._lines.line.number
        try:
            program = check_edit(self._program, number, self._input.value)
        except ProgramError as error:
            self._say(safe_text(str(error)), "bad")
            return
        if program == self._program:
            self.action_close()
            return
        if self._import:
            program, number = program.with_lines(1, 0, self._import), number + 1
        self._trying = True
        self.set_focus(None)  # so that keys come to the screen, and wait
        self._say(LazyString(lambda: _("trying it ...")), "accent")
        self.run_worker(self._try(program, number))

    async def _try(self, program: Program, number: int) -> None:
        try:
            await self._stepper.queue.settled()
            tried = await try_line(self._stepper.engine, self._descent, program, number)
        except LineError as error:
            self._import = error.missing
            self._say(safe_text(str(error)), "bad")
            self.set_focus(self._input)
        else:
            sentence = tried.sentence
            said = LazyString(lambda: _("line {line}: {sentence}").format(line=number, sentence=safe_text(sentence)))
            self.dismiss(TriedLine(tried.program, said, tried.keeps_place))
        self._trying = False
        for key in self._waiting:
            self.app.post_message(Key(key.key, key.character))
        self._waiting.clear()

    def on_key(self, event: Key) -> None:
        """Keys wait while a line is tried."""
        if self._trying:
            event.stop().prevent_default()
            self._waiting.append(event)
