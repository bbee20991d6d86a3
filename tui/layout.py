"""Which panels are on the screen, and where: what the styles in app.tcss have to know."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widget import Widget

from tui.panels.panel import Panel

if TYPE_CHECKING:
    from tui.stepper import Stepper

LARGE = ("Code", "Epochs", "Output")
"""The panels that can be made as large as the screen, in turn."""

LATER = {
    "PredictionStrip": ("prediction", "", ("prediction",)),
    "ExperimentPanel": ("experiment", "", ("descent", "running_experiment")),
    "LessonPanel": ("lesson", "#plots", ("lesson_session",)),
    "Runs": ("runs", "#body", ("descent",)),
    "Methods": ("methods", "#body", ("comparison",)),
}
"""The panels that the first frame doesn't have: their modules, their places, and the values that they draw."""

PLOTS = ("table", "methods", "runs", "output")
"""What takes the place of the table and not that of the plots."""


def size_classes(stepper: "Stepper") -> Iterable[str]:
    """The classes for the size of the screen."""
    for points, length in zip(
        (stepper.HORIZONTAL_BREAKPOINTS, stepper.VERTICAL_BREAKPOINTS), stepper.app.size, strict=True
    ):
        yield max(point for point in points if point[0] <= length)[1]


def body_classes(stepper: "Stepper") -> set[str]:
    """The classes of the body: which plot was chosen, how long the program is, and what a lesson wants to show."""
    plot = stepper.active_plot
    classes = {"-plot-curve"} if plot == "table" else {f"-plot-{plot}", "-chosen"}
    if plot in PLOTS:
        classes.add("-plot-curve")
    if len(stepper.descent.knobs.program.parameters) > 1 or stepper.plotted > 1:
        classes.add("-long")
    return classes | (stepper.lesson_session.classes(plot) if stepper.lesson_session else set())


def plots(stepper: "Stepper") -> Iterable[Panel]:
    """The plots for as many weights as there are."""
    from tui.panels.plots import plots_for
    from tui.stepper import Stepper

    for number, kind in enumerate(plots_for(stepper.plotted)):
        plot = kind().data_bind(Stepper.descent, Stepper.zoomed)
        yield plot.add_class("first-plot") if number == 0 else plot


async def mount_rest(stepper: "Stepper") -> None:
    """Mount what the first frame doesn't wait for."""
    from tui.panels.formulas import Formulas
    from tui.panels.gradient import Gradient
    from tui.panels.output import Output
    from tui.stepper import Stepper

    panels = [panel().data_bind(Stepper.descent) for panel in (Formulas, Gradient, Output)]
    with stepper.app.batch_update():
        stepper.app.stylesheet.read(Path(__file__).with_name("later.tcss"))
        stepper.app.refresh_css(animate=False)
        await stepper.query_one("#plots").mount_all(plots(stepper))
        await stepper.query_one("#body").mount_all(panels, before="Epochs")


async def replace_plots(stepper: "Stepper") -> None:
    """Show the plots for another number of weights."""
    container = stepper.query_one("#plots")
    await container.remove_children([child for child in container.children if isinstance(child, Panel)])
    await container.mount_all(plots(stepper), before=0 if container.children else None)
    show_plot(stepper)


def mount_once(stepper: "Stepper", name: str) -> None:
    """Mount a panel that is not on the first frame, when it is first asked for."""
    if name in LATER:
        stepper.call_later(_mount, stepper, name)  # in the screen's own turn: else nothing could be bound


def _mount(stepper: "Stepper", name: str) -> None:
    if stepper.query(name):
        return
    module, place, values = LATER[name]
    panel = getattr(import_module(f"tui.panels.{module}"), name)()
    panel.data_bind(**{value: getattr(type(stepper), value) for value in values})
    if place:
        stepper.query_one(place).mount(panel)
    else:
        stepper.mount(panel, before="Ruler")


def show_plot(stepper: "Stepper") -> None:
    """Give its place to the plot chosen last: in a flood of keys the screen is styled once, not for each."""
    body, classes = stepper.query_one("#body"), body_classes(stepper)
    if body.classes != classes:
        body.set_classes(classes)
        for panel in stepper.query("Status").results(Panel):
            stepper.call_after_refresh(panel.redraw)  # it reminds of a lesson that is not on the screen


def maximize_next(stepper: "Stepper") -> None:
    """Make the code as large as the screen; after it the table, the output, and then all as it was."""
    panels: list[Widget | None] = [*(stepper.query_one(name, Widget) for name in LARGE), None]
    stepper.maximized = panels[(panels.index(stepper.maximized) + 1) % len(panels)]
