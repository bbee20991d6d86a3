"""The footer: the keys that one needs most. A click on one presses it."""

from rich.cells import cell_len
from textual.events import Click

from core.language import _
from core.program import Method
from tui.drawing.text import Row
from tui.keys import ACTIONS, Action
from tui.panels.panel import Panel


class Footer(Panel):
    """As many keys as there is room for; help and quit always have theirs."""

    def draw(self, width: int, height: int) -> list[Row]:
        return [
            tuple(
                span
                for action in self._actions(width)
                for span in ((f" {_key_text(action)} ", "key"), (f"{_(action.footer)} ", "dim"))
            )
        ]

    def _actions(self, width: int) -> list[Action]:
        actions = [action for action in ACTIONS if action.footer and action.keys and self._is_there(action)]
        while sum(map(_width, actions)) > width and len(actions) > 2:
            actions.pop(-3)
        return actions

    def _is_there(self, action: Action) -> bool:
        """Whether the program on the screen has what the action turns."""
        knobs = self.descent.knobs
        match action.id:
            case "lr_up" | "lr_down":
                return knobs.program.lr is not None
            case "method":
                return knobs.other is not None
            case "gradient":
                return knobs.other is not None and knobs.method is Method.MANUAL
        return True

    async def on_click(self, event: Click) -> None:
        """A click on a key presses it."""
        offset = event.get_content_offset(self)
        end = 0
        for action in self._actions(self.content_size.width):
            end += _width(action)
            if offset is not None and offset.x < end:
                prefix = "" if action.action.startswith("app.") else "screen."
                await self.run_action(prefix + action.action)
                return


def _key_text(action: Action) -> str:
    return action.shown.split()[0]


def _width(action: Action) -> int:
    return cell_len(_key_text(action)) + cell_len(_(action.footer)) + 3
