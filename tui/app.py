"""The app around the stepper: its settings, themes, language, command palette and failures."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.events import Event, Key, Paste
from textual.screen import Screen
from textual.worker import WorkerFailed

from core.descent import Descent
from core.language import N_, LazyString, _
from core.requests import Engine
from tui.drawing.ascii import ascii_mode
from tui.key_queue import KeyQueue
from tui.keys import ACTIONS, BY_ACTION, keymap
from tui.language import toggle_language
from tui.panels.panel import Panel
from tui.safe_text import safe_text
from tui.settings import Settings
from tui.stepper import Stepper

if TYPE_CHECKING:
    from core.session.session import LoadedSession

MOST_MISTAKES = 4
"""How many mistakes of the config are shown; `gradstep config` lists all."""

SAVED_AFTER = 0.5
"""Seconds from a choice to its being saved: those that come in between are saved with it."""

NOTICES = (N_("Saved screenshot to "), N_("Saved screenshot"), N_("Failed to save screenshot"))
"""What Textual says, word for word; a path follows in markup."""


class GradstepApp(App[None]):
    """It shows the stepper, and ends with a sentence instead of a traceback."""

    TITLE = "gradstep"
    CSS_PATH = "app.tcss"

    def __init__(
        self,
        descent: Descent,
        engine: Engine,
        runs: Path | None = None,
        opened: "LoadedSession | None" = None,
        opening: str = "",
        settings: Settings | None = None,
        disabled_actions: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.failure: BaseException | None = None
        self.stepper = Stepper(descent, engine, self.settings, runs, opened, disabled_actions)
        self._keys = KeyQueue(self, super().on_event)
        self.stepper.hold_keys = self._keys.holding
        self.stepper.sessions.hold_keys(self._keys.holding)
        self._opening = opening
        """The action to begin with."""
        self.set_keymap(keymap())
        theme = self.settings.choice("theme")
        if theme in self.available_themes:
            self.theme = theme
        if self.no_color or ascii_mode():
            from tui.drawing.filters import AsciiFilter, NoColorFilter  # only where they are needed

            if self.no_color:
                self._filters[-1] = NoColorFilter()  # textual's own makes greys, which are colours, too
            if ascii_mode():
                self._filters.append(AsciiFilter())

    def get_default_screen(self) -> Screen[None]:
        return self.stepper

    def on_mount(self) -> None:
        self.call_after_refresh(self._show_mistakes)
        if self._opening:
            self.call_after_refresh(self.run_action, self._opening, self.stepper)

    def _show_mistakes(self) -> None:
        """Show what is wrong in the config, beside the program, which goes on."""
        mistakes = self.settings.mistakes
        for sentence in mistakes[:MOST_MISTAKES]:
            self.notify(safe_text(sentence), title=_("config"), severity="warning", timeout=12, markup=False)
        if len(mistakes) > MOST_MISTAKES:
            sentence = _("gradstep config lists all {count}").format(count=len(mistakes))
            self.notify(sentence, severity="warning", timeout=12)

    # keys and actions

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._keys.take(event)
        else:
            await super().on_event(event)

    async def run_action(self, action: Any, *context: Any, **named: Any) -> bool:
        if self._exit:  # keys and clicks that have come after the one that quits
            return True
        called = BY_ACTION.get(str(action).removeprefix("screen."))
        session = self.stepper.lesson_session
        if called and session and (refusal := session.refusal(called.id)):
            self.stepper.say(refusal)
            return True
        return await super().run_action(action, *context, **named)

    def push_screen(self, *arguments: Any, **named: Any) -> Any:
        """Show a dialog; keys that have waited for it go there."""
        shown = super().push_screen(*arguments, **named)
        self._keys.come_back()
        return shown

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top; keys that come faster than one closes would close the stepper itself, or one that
        is not there yet.
        """
        return super().pop_screen() if len(self.screen_stack) > 1 and self.screen.is_mounted else AwaitComplete()

    # the language and the theme

    def action_toggle_language(self) -> None:
        """Show everything in the other language."""
        self.remember("language", toggle_language())
        stepper = self.stepper
        stepper.say(stepper.activity if isinstance(stepper.activity, LazyString) else "")
        for panel in stepper.query(Panel):
            panel.redraw()
        for lesson in stepper.query("LessonPanel"):
            lesson.refresh_text()  # type: ignore[attr-defined] # imported only in a lesson

    def watch_theme(self, theme: str) -> None:
        if self.is_running:  # what it begins with was not chosen now
            self.remember("theme", theme)

    def remember(self, name: str, choice: str) -> None:
        """Remember what was chosen."""
        self.settings.remember(name, choice)
        self.set_timer(SAVED_AFTER, self.settings.save)

    # the command palette

    def action_command_palette(self) -> None:
        from tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette", placeholder=_("Search for commands…")))

    def search_themes(self) -> None:
        from textual.theme import ThemeProvider

        from tui.screens.palette import Palette

        self.push_screen(Palette(providers=[ThemeProvider], placeholder=_("Search for themes")))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for action in ACTIONS:
            if action.id != "command_palette" and action.id not in self.stepper.disabled_actions:
                keys = f" ({action.shown})".replace("[", r"\[") if action.keys else ""  # textual reads it as markup
                yield SystemCommand(
                    _(action.name), _(action.help) + keys, partial(self.run_action, action.action, self.stepper)
                )
        yield SystemCommand(_("Theme"), _("Choose the colours."), self.action_change_theme)
        yield SystemCommand(_("Screenshot"), _("Save a picture of the screen as SVG."), self.deliver_screenshot)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        from tui.drawing.screenshot import fix_text_width  # html's tables of entities: not for the first frame

        return fix_text_width(super().export_screenshot(title=title, simplify=simplify))

    # what Textual says by itself

    def action_help_quit(self) -> None:
        self.notify(_("Press {key} to quit the app").format(key="ctrl+q"), title=_("Do you want to quit?"))

    def notify(self, message: str, *, title: str = "", **options: Any) -> None:
        super().notify(_translate_notice(message), title=_translate_notice(title), **options)

    # failures

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, NoMatches) and "Palette(" in str(cause):
            return  # textual's command palette was closed while it was still searching, and stumbles over that
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End after a failure inside gradstep, without a traceback: who started the app says so of `failure`."""
        self.failure = self._exception
        self._close_messages_no_wait()


def _translate_notice(notice: str) -> str:
    """The notice in the learner's language, with what is markup in it as it was."""
    sentence, bracket, rest = notice.partition("[")
    return f"{_(sentence)}{bracket}{rest}"
