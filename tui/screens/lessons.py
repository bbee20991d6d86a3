"""The list of the lessons: which there are, which are done, and what can't be read."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core.language import LazyString, _
from tui.keys import HANGUL
from tui.language import current_language
from tui.lessons.actions import at_hand, begin, progress_of
from tui.lessons.progress import Progress
from tui.lessons.reading import read_course
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.stepper import Stepper


async def choose_lesson(stepper: "Stepper") -> None:
    """Have a lesson chosen, and begin it."""
    number = await stepper.app.push_screen_wait(Lessons(progress_of(stepper), at_hand(stepper)))
    if number is not None:
        await begin(stepper, number)


class Lessons(ModalScreen[int | None]):
    """Enter answers with the number of the lesson that is chosen; one that is done can be reset, and all."""

    BINDINGS = [
        (f"escape,q,j,{HANGUL['j']}", "close", "Close"),
        (f"r,{HANGUL['r']}", "reset", "Reset"),
        ("R,ㄲ", "reset_all", "Reset all"),
    ]

    def __init__(self, progress: Progress, at_hand: int) -> None:
        super().__init__()
        self._progress, self._at_hand = progress, at_hand
        self._asked = False
        """Whether the last key asked to reset all: only the same key after it does."""
        self._said: tuple[str | LazyString, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield OptionList()
            yield Static(markup=False)

    def on_mount(self) -> None:
        self._list(self._at_hand - 1)
        self._say(*read_course().errors)
        self.refresh_text()

    def refresh_text(self) -> None:
        """Show the list in the language of the screen."""
        dialog = self.query_one(".dialog")
        dialog.border_title = _("Lessons")
        dialog.border_subtitle = _("enter: begin   r: reset   R: reset all   esc: back")
        self._list(self.query_one(OptionList).highlighted)
        self._show_said()

    def _list(self, highlighted: int | None) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        for lesson in read_course().lessons:
            mark = ("✓", "$text-success") if lesson.name in self._progress.done else (" ", "")
            title = safe_text(lesson.text(current_language()).title)
            options.add_option(Option(Content.assemble(mark, (f" {lesson.number:2}  ", "$text-muted"), title)))
        options.highlighted = highlighted

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self.is_current:  # keys that come faster than the list closes
            self.dismiss(event.option_index + 1)

    def action_reset(self) -> None:
        index = self.query_one(OptionList).highlighted
        if index is not None:
            self._progress.reset(read_course().lessons[index].name)
            self._list(index)
            self._say(LazyString(lambda: _("lesson {number} is to be done again").format(number=index + 1)))

    def action_reset_all(self) -> None:
        if not self._asked:
            self._say(LazyString(lambda: _("R once more resets all lessons")))
            self._asked = True
            return
        self._progress.reset()
        self._list(0)
        self._say(LazyString(lambda: _("all lessons are to be done again")))

    def _say(self, *sentences: str | LazyString) -> None:
        self._asked, self._said = False, sentences
        self._show_said()

    def _show_said(self) -> None:
        self.query_one(Static).update("\n".join(safe_text(str(sentence)) for sentence in self._said))

    def action_close(self) -> None:
        if self.is_current:
            self.dismiss(None)
