"""What every panel is: rows of styled text made from the Descent, drawn once a frame; only rows that changed are
painted.
"""

from collections.abc import Collection

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style as ContentStyle
from textual.widget import Widget

from core.descent import Descent
from core.program import Phase
from tui.drawing.text import Row, changed_columns

HUES = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#D55E00", "#F0E442", "#0072B2", "#8B6F47")
"""Colours that most people can tell apart (Okabe and Ito, 2008), the last one added: for runs that are kept."""

TOWARDS_TEXT = 0.35
"""How much of the text's colour is mixed into a hue, so that it can be seen on a dark ground and on a light one."""

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
    "keyword": ("text-accent", False),
    "string": ("text-success", False),
    "number": ("text-warning", False),
    "comment": ("foreground-muted", False),
    "function": ("text-primary", False),
    **{f"run {mark}": (hue, False) for mark, hue in enumerate(HUES)},
}
"""The styles that a row may name: a colour of the theme or a hue, and whether it is bold.

They are read from the theme and not from CSS: a component class a style and panel would cost the first frame 40 ms.
With "faint " before it, a style is nearer to the ground.
"""

FAINT = 0.45
"""How much of the ground's colour is mixed into a faint style."""

PHASE_LOOKS = {
    Phase.HYPOTHESIS: "line",
    Phase.COST: "curve",
    Phase.GRADIENT: "trail",
    Phase.UPDATE: "arrow",
    Phase.OTHER: "dim",
}
"""The style of a phase: that of what the plots draw of it."""


class Panel(Widget, can_focus=False):
    """A widget that draws the Descent, and nothing else, as rows.

    A change only marks a panel: it draws when the frame is painted, however many changes there were by then.
    """

    descent: reactive[Descent] = reactive(Descent, repaint=False, always_update=True)
    zoomed: reactive[bool] = reactive(False, repaint=False)
    """What the plots of the cost show: as much as suits the run, or another part of it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._drawn_size = (-1, -1)
        self._is_dirty = True
        self._title = ""
        self._legend: Row = ()
        self._strips: dict[int, Strip] = {}
        self._styles_by_name: dict[str, Style] = {}

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows of the panel's inside; what is too wide or too many is not shown."""
        return []

    def set_title(self, title: str) -> None:
        """Give the border a title; textual would lay the screen out again for the one that it has."""
        if title != self._title:
            self._title = title
            self.border_title = Content(title)  # a str would be read as markup

    def set_legend(self, legend: Row) -> None:
        """Write into the border below what the marks in the plot are; nothing for an empty row."""
        if legend != self._legend:
            self._legend = legend
            self._write_legend()

    def watch_descent(self, before: Descent, now: Descent) -> None:
        """A panel that depends on less than the whole Descent may look at what has changed."""
        self.redraw()

    def watch_zoomed(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Draw with the next frame, and paint the rows that changed."""
        if not self._is_dirty:
            self._is_dirty = True
            self._repaint_required = True  # of no region yet: which rows, the frame will say
            self.check_idle()

    def on_mount(self) -> None:
        self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def notify_style_update(self) -> None:
        self._styles_by_name.clear()
        self._strips.clear()
        if self._legend:
            self._write_legend()
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows, also where a dialog has closed: then Textual paints all without asking what has changed."""
        if self._is_dirty:
            self._draw_rows()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        if self._is_dirty or self._drawn_size != self.content_size:
            self._draw_rows()
        if y not in self._strips:
            strip = Strip([Segment(text, self._style(name)) for text, name in self._rows[y]])
            self._strips[y] = strip.adjust_cell_length(self.content_size.width, self._style("text"))
        return self._strips[y]

    def _exchange_repaint_regions(self) -> Collection[Region]:
        """Textual's question, once a frame, which regions of the widget are to be painted."""
        if self._is_dirty:
            self._draw_rows()
        return super()._exchange_repaint_regions()

    def _draw_rows(self) -> None:
        """Draw, and have the rows painted that are not as they were."""
        self._is_dirty = False
        size = self.content_size
        before, is_resized = self._rows, self._drawn_size != size
        self._drawn_size = (size.width, size.height)
        rows = self.draw(*size)[: size.height] if size else []
        self._rows = rows + [()] * (size.height - len(rows))
        if is_resized:
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

    def _write_legend(self) -> None:
        spans = ((text, ContentStyle.from_rich_style(self._style(name))) for text, name in self._legend)
        self.border_subtitle = Content.assemble(*spans) if self._legend else None

    def _style(self, name: str) -> Style:
        if name not in self._styles_by_name:
            base = name.removeprefix("faint ")
            self._styles_by_name[name] = self._look(*LOOKS[base], is_faint=base != name)
        return self._styles_by_name[name]

    def _look(self, variable: str, bold: bool, is_faint: bool) -> Style:
        theme = self.app.theme_variables
        color_text, _, faint = theme.get(variable, variable).partition(" ")  # ansi themes write "ansi_default 50%"
        ground = self.background_colors[1]
        color = ground + Color.parse(color_text)
        if variable in HUES:
            color = color.blend(Color.parse(theme["foreground"]), TOWARDS_TEXT)
        if is_faint and color.ansi is None:
            color = color.blend(ground, FAINT)
        return Style(
            color=color.rich_color,
            bgcolor=ground.rich_color,
            bold=bold,
            dim=bool(faint) or (is_faint and color.ansi is not None),
        )


class ScrollingPanel(Panel):
    """A panel with more rows than fit, of which it shows those around the place; the mouse wheel shows others."""

    def __init__(self) -> None:
        super().__init__()
        self._scrolled = 0

    def watch_descent(self, before: Descent, now: Descent) -> None:
        self._scrolled = 0
        self.redraw()

    def first_row(self, room: int) -> int:
        """The topmost row, where `room` rows fit."""
        raise NotImplementedError

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        room = self.content_size.height
        before = self.first_row(room)
        self._scrolled += rows
        if self.first_row(room) == before:
            self._scrolled -= rows
        self.redraw()


def turn_pages(place: int, room: int) -> int:
    """The topmost row that leaves a place in view; it moves by half a page, so most keys leave most rows alone."""
    half_page = max(1, room // 2)
    return -(-max(0, place - room + 1) // half_page) * half_page
