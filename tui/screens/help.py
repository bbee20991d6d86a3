"""The help screen: every key and every panel in plain words."""

from collections.abc import Collection

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from core.language import _, marked
from tui.keys import GROUPS, KEYS
from tui.screens.retold import Retold

IDEA = marked(
    "gradstep runs the lecture's program, one epoch a keypress. The lines you see are the lines that run; "
    "every number is torch's own. An epoch has four phases: hypothesis, cost, gradient, update. Gradient "
    "positive: W gets smaller; negative: W gets larger; by lr x gradient. New here? j opens the lessons: the "
    "lecture's pages one by one, each with a task to do on this screen."
)

PANELS = {
    marked("Header"): marked(
        "The model, the data, the method, and on the right the epoch under way with its W. The epoch is how many "
        "updates W has had. * after the method: another line is changed than the choice of sum or mean."
    ),
    marked("Code"): marked(
        "The loop body of the method in use. ▶ marks the lines that have just run; at the end of a phase's last "
        "line stands what it computed. * marks a line that is not the lecture's. A click on a line goes to where "
        "it has just run, a click on its number edits it. A line of your own is one assignment or one call, made of "
        "what the program knows; it is tried on a copy, at several W, and a gradient line is held against autograd. "
        "That keeps mistakes out of the run; it is no sandbox against who types it."
    ),
    marked("Gradient"): marked(
        "The gradient written out: for each point x, y, H(x), the error H(x) - y, and the error times x; below, "
        "their sum or mean. sum is m/2 times the true gradient: on 3 points 1.5 times. With several inputs a row a"
        " weight: what the errors are multiplied by, the weight, its gradient and its update."
    ),
    marked("Epochs"): marked(
        "One row an epoch: W and cost as the lecture prints them, before the update; then the gradient and the "
        "update. * after the method: a line of it is not the lecture's. ✓ agrees with the lecture's table, ≈ "
        "differs in the last printed digit only. ▶ is the epoch under way; dim rows lie ahead. A click on a row "
        "goes there."
    ),
    marked("cost(W)"): marked(
        "The cost for every W, with the point ● at the W of now, ○ where it was, the tangent (dashed), and the "
        "arrow of the update. ◀ or ▶ at the rim: W is outside; z shows more."
    ),
    marked("Contours"): marked(
        "With two weights, the cost over both: along a contour it is the same, + is the minimum. The path of the "
        "run, the gradient (dashed, uphill) and the update as an arrow. With more weights the same along the two "
        "directions that matter most, the steepest and the flattest. z shows the last epochs close by."
    ),
    marked("Each weight"): marked("With several inputs: every weight by epoch."),
    marked("Cost by epoch"): marked(
        "How the cost falls, or grows. On a log axis once it spans a factor of 100. A click goes to that epoch."
    ),
    marked("Data and H(x)"): marked(
        "The points × and the line H(x). With several inputs the predicted y against the true one: on the line a "
        "prediction is right. Of a large table some rows are drawn, and the title says how many."
    ),
    marked("lr ruler"): marked(
        "Where the lr stands between 0, ┼ the lr that lands in one step, and ╂ the edge at which it breaks. Both "
        "are measured from the gradient that runs, so they move with m and g. The error W - W* is multiplied by "
        "the factor each epoch; with several weights by one factor along the steepest direction, which decides "
        "where it breaks, and by another along the flattest, which decides how long it takes. Where an "
        "update remembers earlier ones (momentum), no one factor holds; where it walks uphill, no lr "
        "does. A click sets the lr."
    ),
    marked("Experiment"): marked(
        "While an experiment runs: what to look for; once it can be told, what has come of it, with the numbers, "
        "beside what you expected. Another knob turned ends it; c brings the lecture back."
    ),
    marked("Lesson"): marked(
        "In a lesson, its text, its task, the hint asked for last, and in the last rows how its goal stands, read from "
        "the run. Where there is not room for all, d reads on, and a number key shows something else in its place: the "
        "status line then reminds of the task, and 8 shows the lesson again. Your own run waits: 0 goes back to it."
    ),
    marked("Both methods"): marked(
        "With t, in the place of the table: an epoch of manual and one of optim from the W of now, each with its own "
        "lr and lines. The ratio of the two gradients and where it comes from; how many float32 steps lie between "
        "the next two W, and why."
    ),
    marked("Prediction"): marked(
        "With y: before an epoch's gradient is shown you say what becomes of W, or the new W, or the cost; the step "
        "shows it, with the arithmetic. A W is right within 1% of the step, a cost within 1% of itself, and "
        "both in the digits that the screen shows. What has been on the screen is not asked. esc runs an epoch without."
    ),
    marked("Status"): marked(
        "What the program is doing, or the most urgent thing to know: diverging, inf, a last digit that differs."
    ),
}
"""What every panel shows."""


HANGUL_KEYS = marked(
    "A letter also answers to its Hangul key: n and ㅜ, m and ㅡ. K, L and Y have none of their own there: it is "
    "ctrl+k, ctrl+l and ctrl+y."
)


class Help(Retold):
    """Scrolls with the arrow keys; any of its closing keys goes back to the stepper."""

    BINDINGS = [("escape,q,question_mark,f1,enter,space", "close", "Close")]

    def __init__(self, withheld: Collection[str]) -> None:
        super().__init__()
        self._withheld = withheld

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "gradstep"
            yield Static()

    def on_mount(self) -> None:
        self.tell()

    def tell(self) -> None:
        self.query_one(VerticalScroll).border_subtitle = _("↑ ↓ scroll   esc: back")
        self.query_one(Static).update(self._text())

    def action_close(self) -> None:
        if self.is_current:  # keys that came faster than the screen closes
            self.dismiss()

    def _text(self) -> Content:
        parts: list[Content | str | tuple[str, str]] = [_(IDEA), "\n"]
        width = max(12, *(len(key.shown) for key in KEYS))
        for group, keys in GROUPS.items():
            parts += ["\n", (_(group), "bold underline"), "\n"]
            for key in (key for key in keys if key.action not in self._withheld):
                parts += [(f"{key.shown:>{width}}", "bold $accent"), f"  {_(key.help)}\n"]
        parts += ["\n", (_("Panels"), "bold underline"), "\n"]
        for panel, text in PANELS.items():
            parts += [(_(panel), "bold $accent"), f"  {_(text)}\n"]
        parts += ["\n", _(HANGUL_KEYS), "\n"]
        return Content.assemble(*parts)
