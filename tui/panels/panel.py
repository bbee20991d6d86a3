"""What every panel is: rows of styled text made from the Descent, of which only those that changed are painted anew."""

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style as ContentStyle
from textual.widget import Widget

from core.descent import Descent
from tui.drawing.rows import Row, changed_columns

HUES = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#D55E00", "#F0E442", "#0072B2", "#8B6F47")
"""Colours that most people can tell apart (Okabe and Ito, 2008), the last one added: for runs that are kept."""

TOWARDS_TEXT = 0.35
"""So much of the text's colour is mixed into a hue, so that it can be seen on a dark ground and on a light one."""

LOOKS = {
    "text": ("foreground", False),
    "dim": ("foreground-muted", False),
    "strong": ("foreground", True),
    "lit": ("text-accent", True),
    "key": ("text-accent", True),
    "accent": ("text-primary", False),
    "good": ("text-success", False),
    "warn": ("text-warning", False),
    "bad": ("text-error", True),
    "curve": ("text-primary", False),
    "point": ("text-accent", True),
    "trail": ("text-secondary", False),
    "line": ("text-success", False),
    "arrow": ("text-warning", True),
    **{f"run {mark}": (hue, False) for mark, hue in enumerate(HUES)},
}
"""The styles that a row may name: a colour of the theme or a hue, and whether it is bold.

They are read from the theme and not from CSS: a component class a style and panel would cost the first frame 40 ms.
"""


class Panel(Widget, can_focus=False):
    """A widget that draws the Descent, and nothing else, as rows."""

    descent: reactive[Descent] = reactive(Descent, repaint=False, always_update=True)
    zoomed: reactive[bool] = reactive(False, repaint=False)
    """What the pictures of the cost show: as much as suits the run, or another part of it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._drawn_size = (-1, -1)
        self._legend: Row = ()
        self._strips: dict[int, Strip] = {}
        self._styles_by_name: dict[str, Style] = {}

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows of the panel's inside; what is too wide or too many is cut."""
        return []

    def entitle(self, title: str) -> None:
        """Give the border a title; textual would lay the screen out anew for the one that it has."""
        if self.border_title != title:
            self.border_title = title

    def explain(self, legend: Row) -> None:
        """Write into the border below what the marks in the picture are; nothing for an empty row."""
        if legend != self._legend:
            self._legend = legend
            self._write_legend()

    def _write_legend(self) -> None:
        spans = ((text, ContentStyle.from_rich_style(self._style(name))) for text, name in self._legend)
        self.border_subtitle = Content.assemble(*spans) if self._legend else None

    def watch_descent(self, before: Descent, now: Descent) -> None:
        """A panel that depends on less than the whole Descent may look at what has changed."""
        self.redraw()

    def redraw(self) -> None:
        """Draw anew, and have the rows painted that are not as they were."""
        before, size_before = self._rows, self._drawn_size
        self._draw_rows()
        if not self.is_attached:
            return
        if self._drawn_size != size_before:
            self._strips.clear()
            self.refresh()
            return
        changed = [
            Region(columns[0], y, columns[1] - columns[0], 1)
            for y, (old, new) in enumerate(zip(before, self._rows, strict=True))
            if (columns := changed_columns(old, new))
        ]
        for region in changed:
            self._strips.pop(region.y, None)
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        self.redraw()

    def notify_style_update(self) -> None:
        self._styles_by_name.clear()
        self._strips.clear()
        if self._legend:
            self._write_legend()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        if self._drawn_size != self.content_size:
            self._draw_rows()
            self._strips.clear()
        if y not in self._strips:
            strip = Strip([Segment(text, self._style(name)) for text, name in self._rows[y]])
            self._strips[y] = strip.adjust_cell_length(self.content_size.width, self._style("text"))
        return self._strips[y]

    def _draw_rows(self) -> None:
        size = self.content_size
        self._drawn_size = (size.width, size.height)
        rows = self.draw(*size)[: size.height] if size else []
        self._rows = rows + [()] * (size.height - len(rows))

    def _style(self, name: str) -> Style:
        if name not in self._styles_by_name:
            self._styles_by_name[name] = self._look(*LOOKS[name])
        return self._styles_by_name[name]

    def _look(self, variable: str, bold: bool) -> Style:
        theme = self.app.theme_variables
        color_text, _, faint = theme.get(variable, variable).partition(" ")  # ansi themes write "ansi_default 50%"
        ground = self.background_colors[1]
        color = ground + Color.parse(color_text)
        if variable in HUES:
            color = color.blend(Color.parse(theme["foreground"]), TOWARDS_TEXT)
        return Style(color=color.rich_color, bgcolor=ground.rich_color, bold=bold, dim=bool(faint))
