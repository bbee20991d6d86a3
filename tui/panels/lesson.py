"""The lesson beside the live screen: its text in Markdown, its task, a hint, and how its goal stands."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Markdown, Static

from core.language import _
from tui.keys import key_of
from tui.lessons.session import plain

if TYPE_CHECKING:
    from tui.lessons.session import LessonSession


class LessonPanel(Widget, can_focus=False):
    """The text scrolls where it is longer than its panel; how the goal stands is always seen."""

    lesson_session: "reactive[LessonSession | None]" = reactive(None, repaint=False)

    def compose(self) -> ComposeResult:
        scroll = VerticalScroll(Markdown(open_links=False))
        scroll.can_focus = False  # it would eat the arrows
        yield scroll
        yield Static(markup=False)

    def on_mount(self) -> None:
        self._shown = ""
        self.refresh_text()

    def watch_lesson_session(self) -> None:
        if self.is_mounted:
            self.refresh_text()

    def refresh_text(self) -> None:
        """Show the lesson in the language of the screen."""
        session = self.lesson_session
        if session is None:
            return
        self.border_title = session.title
        if session.markdown != self._shown:
            self._shown = session.markdown
            self.call_later(self._show_text, session)
        goal = f"✓ {session.status.why}. {plain(session.next_step)}" if session.completed else f"○ {session.status.why}"
        style = "$text-success" if session.completed else "$text-warning"
        self.query_one(Static).update(Content.styled(goal, style), layout=True)

    async def _show_text(self, session: "LessonSession") -> None:
        await self.query_one(Markdown).update(session.markdown)
        self.on_resize()

    def on_resize(self) -> None:
        self.call_after_refresh(self._scroll)

    def _scroll(self) -> None:
        """A hint, or what to take along, stands below text and task, and that is what was asked for."""
        scroll, session = self.query_one(VerticalScroll), self.lesson_session
        has_answer = session is not None and (session.hints or session.completed)
        self.border_subtitle = _("{key} reads on").format(key=key_of("read_on")) if scroll.max_scroll_y else ""
        (scroll.scroll_end if has_answer else scroll.scroll_home)(animate=False)

    def read_on(self) -> None:
        """Show the next part of the text; after the last, the first."""
        scroll = self.query_one(VerticalScroll)
        if scroll.scroll_y >= scroll.max_scroll_y:
            scroll.scroll_home(animate=False)
        else:
            scroll.scroll_page_down(animate=False)
