"""The footer: the keys that one needs most. A click on one presses it."""

from rich.cells import cell_len
from textual.events import Click

from core.language import _
from tui.drawing.rows import Row
from tui.keys import KEYS, Key
from tui.panels.panel import Panel


class Footer(Panel):
    """As many keys as there is room for; help and quit always have theirs."""

    def draw(self, width: int, height: int) -> list[Row]:
        return [
            tuple(
                span
                for key in self._keys(width)
                for span in ((f" {_key_text(key)} ", "key"), (f"{_(key.footer)} ", "dim"))
            )
        ]

    def _keys(self, width: int) -> list[Key]:
        keys = [key for key in KEYS if key.footer and key.keys]
        while sum(map(_width, keys)) > width and len(keys) > 2:
            keys.pop(-3)
        return keys

    async def on_click(self, event: Click) -> None:
        """A click on a key presses it."""
        offset = event.get_content_offset(self)
        end = 0
        for key in self._keys(self.content_size.width):
            end += _width(key)
            if offset is not None and offset.x < end:
                await self.run_action(f"app.{key.action}")
                return


def _key_text(key: Key) -> str:
    return key.shown.split()[0]


def _width(key: Key) -> int:
    return cell_len(_key_text(key)) + cell_len(_(key.footer)) + 3
