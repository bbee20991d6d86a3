"""The learner's own way of working: the config file, what was chosen in the program, NO_COLOR and --ascii."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.language import _
from tui.drawing.signs import are_plain, choose_plain
from tui.language import LANGUAGES, begin_speaking
from tui.places import config_file, state_folder
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from textual.app import App

    from tui.config.choices import Choices
    from tui.config.config import Config

MOST_TOLD = 4
"""So many mistakes in the config are told on the screen; `gradstep config` tells all."""

WRITTEN_AFTER = 0.5
"""Seconds from a choice to its being written: those that come in between are written with it."""


class OwnWay:
    """What holds for this start."""

    def __init__(self, config: "Config | None" = None, choices: "Choices | None" = None) -> None:
        self.config, self._choices = config, choices
        self._unwritten = False
        self._left_out: list[tuple[str, str]] = []
        """What the config file says of the start that does not fit, and why."""

    @classmethod
    def found(cls) -> "OwnWay":
        """What is in the platform's places."""
        config, choices = None, None
        if os.path.lexists(path := config_file()):
            from tui.config.config import config_at  # only where there is one

            config = config_at(path)
        from tui.config.choices import Choices

        choices = Choices(str(state_folder() / "choices"))
        return cls(config, choices)

    def value(self, name: str) -> object:
        """What the config file says; None where it says nothing."""
        return self.config.value(name) if self.config else None

    @property
    def speed(self) -> int:
        """How many epochs a second play begins with."""
        speed = self.value("speed")
        return speed if isinstance(speed, int) else 3

    @property
    def start(self) -> dict[str, object]:
        """What the config file says of the run to begin with."""
        return self.config.start if self.config else {}

    def choice(self, name: str) -> str:
        """What was said last of the theme or the language: in the program or in the file; empty where nothing was."""
        configured = str(self.value(name) or "")
        return (self._choices and self._choices.get(name, configured)) or configured

    def begin(self, arguments: Sequence[str]) -> None:
        """Before there is anything to say or to draw: speak the language, take the keys and the signs."""
        chosen = self.choice("language")
        begin_speaking(arguments, chosen if chosen in LANGUAGES else "")
        before_dashes = arguments[: arguments.index("--")] if "--" in arguments else arguments
        choose_plain(bool(self.value("ascii")) or "--ascii" in before_dashes)
        if self.config and self.config.keys:
            from tui.keys import choose_keys

            choose_keys(self.config.keys)

    def told(self) -> list[str]:
        """What is wrong in the config file."""
        if self.config is None:
            return []
        told = _("{where}: {what}")
        left_out = [told.format(where=self.config.file.at(name), what=why) for name, why in self._left_out]
        return self.config.told() + left_out

    def leave_out(self, name: str, why: str) -> None:
        """Something that the config file says does not fit, and does not hold."""
        self._left_out.append((name, why))

    # on the screen

    def adapt(self, app: "App[None]") -> None:
        """Before the first frame: the theme, and a terminal's lacks."""
        theme = self.choice("theme")
        if theme and theme in app.available_themes:
            app.theme = theme
        if not (app.no_color or are_plain()):
            return
        from tui.drawing.filters import Colourless, Plain  # only where they are needed

        if app.no_color:
            app._filters[-1] = Colourless()  # textual's own makes greys, which are colours, too
        if are_plain():
            app._filters.append(Plain())

    def chose(self, app: "App[None]", name: str, choice: str) -> None:
        """Remember what was chosen in the program."""
        if self._choices is None or choice == self.choice(name):
            return
        self._choices.choose(name, choice, str(self.value(name) or ""))
        if not self._unwritten:
            self._unwritten = True
            app.set_timer(WRITTEN_AFTER, self.write)

    def write(self) -> None:
        """Write down what was chosen, if that is not done yet."""
        if self._choices and self._unwritten:
            self._unwritten = False
            self._choices.write()

    def tell(self, app: "App[None]") -> None:
        """Show what is wrong in the config file, beside the program, which goes on."""
        told = self.told()
        for sentence in told[:MOST_TOLD]:
            app.notify(safe_text(sentence), title=_("config"), severity="warning", timeout=12, markup=False)
        if len(told) > MOST_TOLD:
            app.notify(_("gradstep config lists all {count}").format(count=len(told)), severity="warning", timeout=12)


_in_use = OwnWay()


def in_use() -> OwnWay:
    """The way that was found when the program began; without that, nobody's."""
    return _in_use


def find_own_way(arguments: Sequence[str]) -> OwnWay:
    """Find the learner's way, and have the program follow it from now on."""
    global _in_use
    _in_use = OwnWay.found()
    _in_use.begin(arguments)
    return _in_use
