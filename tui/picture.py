"""Pictures of the screen."""

import re
from html import unescape

from rich.cells import cell_len

_TEXT = re.compile(r'(<text [^>]*textLength=")([0-9.]+)("[^>]*>)([^<]*)(</text>)')


def unsqueezed(svg: str) -> str:
    """An exported SVG with the length of each text measured in cells: rich counts characters, and squeezes Korean."""

    def widened(match: re.Match[str]) -> str:
        text = unescape(match[4])
        length = float(match[2]) * cell_len(text) / max(1, len(text))
        return f"{match[1]}{length:g}{match[3]}{match[4]}{match[5]}"

    return _TEXT.sub(widened, svg)
