"""What every panel is: rows of styled text made from the Descent, of which only those that changed are painted anew."""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from core.descent import Descent
from tui.rows import Row

STYLES = (
    "text",
    "dim",
    "strong",
    "lit",
    "key",
    "accent",
    "good",
    "warn",
    "bad",
    "curve",
    "point",
    "trail",
    "line",
    "arrow",
)
"""The names of the styles that a row may use; app.tcss says what they look like."""


class Panel(Widget, can_focus=False):
    """A widget that draws the Descent, and nothing else, as rows."""

    COMPONENT_CLASSES = {f"panel--{style}" for style in STYLES}

    descent: reactive[Descent] = reactive(Descent, repaint=False, always_update=True)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._drawn_size = (-1, -1)
        self._strips: dict[int, Strip] = {}
        self._styles_by_name: dict[str, Style] = {}

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows of the panel's inside; what is too wide or too many is cut."""
        raise TypeError(f"{type(self).__name__} draws nothing")

    def watch_descent(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Draw anew, and have the rows painted that are not as they were."""
        before, size_before = self._rows, self._drawn_size
        self._draw_rows()
        if not self.is_attached:
            return
        if self._drawn_size != size_before or len(before) != len(self._rows):
            self._strips.clear()
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before, self._rows, strict=True)) if old != new]
        for y in changed:
            self._strips.pop(y, None)
        if changed:
            self.refresh(*(Region(0, y, self._drawn_size[0], 1) for y in changed))

    def on_resize(self) -> None:
        self.redraw()

    def notify_style_update(self) -> None:
        self._styles_by_name.clear()
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        if self._drawn_size != self.content_size:
            self._draw_rows()
            self._strips.clear()
        if y not in self._strips:
            row = self._rows[y] if y < len(self._rows) else ()
            strip = Strip([Segment(text, self._style(name)) for text, name in row])
            self._strips[y] = strip.adjust_cell_length(self.content_size.width, self._style("text"))
        return self._strips[y]

    def _draw_rows(self) -> None:
        size = self.content_size
        self._drawn_size = (size.width, size.height)
        self._rows = self.draw(*size)[: size.height] if size else []

    def _style(self, name: str) -> Style:
        if name not in self._styles_by_name:
            look, ground = self.get_component_styles(f"panel--{name}"), self.background_colors[1]
            color = ground.get_contrast_text(look.color.a) if look.auto_color else look.color
            self._styles_by_name[name] = (
                Style.from_color((ground + color).rich_color, ground.rich_color) + look.text_style
            )
        return self._styles_by_name[name]
