"""The help screen: every key and every panel in plain words."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from core.language import N_, _
from tui.keys import ACTIONS
from tui.screens.dialog import TranslatedDialog

if TYPE_CHECKING:
    from tui.stepper import Stepper

IDEA = N_(
    "gradstep runs the lecture's program, one epoch or one line a keypress. The lines on the screen are the lines that "
    "run; every number is torch's own. An epoch has four phases: hypothesis, cost, gradient, update. Gradient "
    "positive: W gets smaller; negative: W gets larger; by lr x gradient. New here? j opens the lessons: the "
    "lecture's pages one by one, each with a task to do on this screen."
)

PANELS = {
    N_("Header"): N_(
        "The model, the data, the method and its lr, and on the right the epoch under way with its W. The epoch is how "
        "many updates W has had."
    ),
    N_("Code"): N_(
        "The whole program. ▶ marks the line that has just run; at its end stands what it computed. * marks a line "
        "that is not the lecture's. A click on a line of the loop goes to where it has just run, a click on its number "
        "edits it. A line of your own is one statement; it is tried on a copy, at several W, and a gradient line is "
        "held against autograd. That keeps mistakes out of the run; it is no sandbox against who types it."
    ),
    N_("Formulas"): N_(
        "cost(W), the gradient and the update as the slides write them, with the numbers of this epoch."
    ),
    N_("Gradient"): N_(
        "The gradient written out: for each point x, y, H(x), the error H(x) - y, and the error times x; below, "
        "their sum or mean. sum is m/2 times the true gradient: on 3 points 1.5 times. With several inputs a row a"
        " weight: what the errors are multiplied by, the weight, its gradient and its update."
    ),
    N_("Epochs"): N_(
        "One row an epoch: W and cost as the lecture prints them, before the update; then the gradient and the "
        "update. * after the method: a line of it is not the lecture's. ✓ agrees with the lecture's table, ≈ "
        "differs in the last printed digit only. ▶ is the epoch under way; dim rows lie ahead. A click on a row "
        "goes there."
    ),
    N_("Output"): N_("What the program prints, up to the line that has just run; ✓ marks a row that is the slide's."),
    N_("cost(W)"): N_(
        "The cost for every W, with the point ● at the W of now, ○ where it was, the tangent (dashed), and the "
        "arrow of the update. ◀ or ▶ at the rim: W is outside; z shows more."
    ),
    N_("Contours"): N_(
        "With two weights, the cost over both: along a contour it is the same, + is the minimum. The path of the "
        "run, the gradient (dashed, uphill) and the update as an arrow. z shows the last epochs close by."
    ),
    N_("Each weight"): N_("With several inputs: every weight by epoch."),
    N_("Cost by epoch"): N_(
        "How the cost falls, or grows. On a log axis once it spans a factor of 100. A click goes to that epoch."
    ),
    N_("Data and H(x)"): N_(
        "The points × and the line H(x). With several inputs the predicted y against the true one: on the line a "
        "prediction is right. Of a large table some rows are drawn, and the title says how many."
    ),
    N_("lr ruler"): N_(
        "Where the lr stands between 0, ┼ the lr that lands in one step, and ╂ the edge at which it breaks. Both "
        "are measured from the lines that run, so they move with m and g. The error W - W* is multiplied by "
        "the factor each epoch; with several weights by one factor along the steepest direction, which decides "
        "where it breaks, and by another along the flattest, which decides how long it takes. A click sets the lr."
    ),
    N_("Experiment"): N_(
        "While an experiment runs: what to look for; once it can be told, what has come of it, with the numbers, "
        "beside what you expected. Another knob turned ends it; c brings the lecture back."
    ),
    N_("Lesson"): N_(
        "In a lesson, its text, its task, the hint asked for last, and in the last rows how its goal stands, read from "
        "the run. Where there is not room for all, d reads on, and a number key shows something else in its place: the "
        "status line then reminds of the task, and 8 shows the lesson again. Your own run waits: 0 goes back to it."
    ),
    N_("Both methods"): N_(
        "With t, in the place of the table: an epoch of manual and one of optim from the W of now, each with its own "
        "lr and lines. The ratio of the two gradients and where it comes from; how many float32 steps lie between "
        "the next two W, and why."
    ),
    N_("Prediction"): N_(
        "With y: before an epoch runs you say what becomes of W, or the new W, or the cost; space then checks it, with "
        "the arithmetic. A W is right within 1% of the step, a cost within 1% of itself, and both in the digits that "
        "the screen shows. An epoch that has already run is not asked. esc runs an epoch without."
    ),
    N_("Status"): N_(
        "What the program is doing, or the most urgent thing to know: diverging, inf, a last digit that differs."
    ),
}
"""What every panel shows."""

HANGUL_KEYS = N_(
    "A letter also answers to its Hangul key: n and ㅜ, m and ㅡ. K, L and Y have none of their own there: it is "
    "ctrl+k, ctrl+l and ctrl+y."
)


async def show_help(stepper: "Stepper") -> None:
    """Show the help until a key closes it."""
    await stepper.app.push_screen_wait(Help(stepper.disabled_actions))


class Help(TranslatedDialog[None]):
    """Scrolls with the arrow keys; any of its closing keys goes back to the stepper."""

    BINDINGS = [("escape,q,question_mark,f1,enter,space", "close", "Close")]

    def __init__(self, disabled_actions: Collection[str]) -> None:
        super().__init__()
        self._actions = [action for action in ACTIONS if action.id not in disabled_actions]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "gradstep"
            yield Static()

    def on_mount(self) -> None:
        self.refresh_text()

    def refresh_text(self) -> None:
        self.query_one(VerticalScroll).border_subtitle = _("↑ ↓ scroll   esc: back")
        self.query_one(Static).update(self._text())

    def action_close(self) -> None:
        if self.is_current:  # keys that came faster than the screen closes
            self.dismiss(None)

    def _text(self) -> Content:
        parts: list[Content | str | tuple[str, str]] = [_(IDEA), "\n"]
        width, group = max(12, *(len(action.shown) for action in self._actions)), ""
        for action in self._actions:
            if action.group != group:
                group = action.group
                parts += ["\n", (_(group), "bold underline"), "\n"]
            parts += [(f"{action.shown:>{width}}", "bold $accent"), f"  {_(action.help)}\n"]
        parts += ["\n", (_("Panels"), "bold underline"), "\n"]
        for panel, text in PANELS.items():
            parts += [(_(panel), "bold $accent"), f"  {_(text)}\n"]
        parts += ["\n", _(HANGUL_KEYS), "\n"]
        return Content.assemble(*parts)
