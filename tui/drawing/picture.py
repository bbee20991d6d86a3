"""Pictures of the screen."""

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import App

if TYPE_CHECKING:
    from tui.app import Stepper

_TEXT = re.compile(r'(<text [^>]*textLength=")([0-9.]+)("[^>]*>)([^<]*)(</text>)')


def unsqueezed(svg: str) -> str:
    """An exported SVG with the length of each text measured in cells: rich counts characters, and squeezes Korean."""

    def widened(match: re.Match[str]) -> str:
        text = unescape(match[4])
        length = float(match[2]) * cell_len(text) / max(1, len(text))
        return f"{match[1]}{length:g}{match[3]}{match[4]}{match[5]}"

    return _TEXT.sub(widened, svg)


@dataclass(frozen=True)
class Picture:
    """What is on the screen."""

    svg: str
    text: str


def picture_of(app: App[None]) -> Picture:
    """The screen as it is now, as a picture and as plain lines."""
    strips = app.screen._compositor.render_strips(app.size)  # as export_screenshot does
    return Picture(app.export_screenshot(), "".join(f"{strip.text.rstrip()}\n" for strip in strips))


async def picture_without_a_screen(stepper: "Stepper", size: tuple[int, int]) -> Picture:
    """The stepper as it would be on a screen of this size, once its engine is there."""
    async with stepper.run_test(size=size) as pilot:
        while not stepper.conductor.is_warm:
            await pilot.pause(0.01)
        stepper.say()
        await pilot.pause()
        return picture_of(stepper)
