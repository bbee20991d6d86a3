"""Screenshots: what is on the screen, as an SVG and as plain lines."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import unescape

from rich.cells import cell_len
from textual.app import App

_TEXT = re.compile(r'(<text [^>]*textLength=")([0-9.]+)("[^>]*>)([^<]*)(</text>)')


def fix_text_width(svg: str) -> str:
    """An exported SVG with the length of each text measured in cells: rich counts characters, and squeezes Korean."""

    def widened(match: re.Match[str]) -> str:
        text = unescape(match[4])
        length = float(match[2]) * cell_len(text) / max(1, len(text))
        return f"{match[1]}{length:g}{match[3]}{match[4]}{match[5]}"

    return _TEXT.sub(widened, svg)


@dataclass(frozen=True)
class Screenshot:
    """What is on the screen."""

    svg: str
    text: str


def take_screenshot(app: App[None]) -> Screenshot:
    """The screen as it is now."""
    strips = app.screen._compositor.render_strips(app.size)  # as export_screenshot does
    return Screenshot(app.export_screenshot(), "".join(f"{strip.text.rstrip()}\n" for strip in strips))


async def screenshot_without_terminal(
    app: App[None], size: tuple[int, int], settled: Callable[[], Awaitable[None]]
) -> Screenshot:
    """The screen as it would be in a terminal of this size, once the app has settled."""
    async with app.run_test(size=size) as pilot:
        await settled()
        await pilot.pause()
        return take_screenshot(app)
