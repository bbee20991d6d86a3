"""The table of runs: the present one, the previous one, and those that are kept, with what each did."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import isnan

from rich.cells import cell_len
from textual.events import Click

from core.behaviour import RUN_WORDS, Behaviour
from core.descent import Descent
from core.edits import GradientForm, gradient_form, with_gradient_form
from core.knobs import Knobs
from core.language import _
from core.log import EpochLog
from core.measured import Measured
from core.program import Method
from core.study.run_summary import RunSummary, is_exact, run_summary
from tui.drawing.formatting import format_cost, format_lr, format_lr_fraction
from tui.drawing.text import Row, Span, left, right, truncate, wrap
from tui.panels.overlays import overlays, without_common_words
from tui.panels.panel import Panel
from tui.safe_text import safe_text

SHORTEST_NAME = 10

LONG_LR = 6

NAME, PROGRAM, START, EPOCHS, CLOSE, COST, BEHAVIOUR = range(7)

LEAST_NEEDED = (START, PROGRAM, EPOCHS, COST)
"""The columns that are left out where there is no room, in this order."""

LEFT = (NAME, PROGRAM, BEHAVIOUR)
"""The columns of words, which stand at the left of their place."""

LEAST = {EPOCHS: 7, CLOSE: 7, COST: 11}
"""How wide a column is at least, so that it stays where it is while its numbers grow."""


@dataclass(frozen=True)
class Run:
    """A row of the table."""

    log: EpochLog
    name: str
    mark: Span
    kept: str | None = None
    """The name under which it is kept, as it was typed; None for the present run and the previous one."""


class Runs(Panel):
    """A row a run. A click on one that is not the present one opens the list, in which it is resumed or dropped."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.set_title(_("7 runs: k keeps this one, K resumes or drops one"))
        runs = runs_of(self.descent)
        heading, *rows = table(self.descent, runs, width)
        note = [((line, "dim"),) for line in wrap(about_goal(self.descent.measured), width)]
        if len(runs) > height - 1:
            hidden = len(runs) - (height - 2)
            rows[height - 2 :] = [((_("… and {count} more: K lists them").format(count=hidden), "dim"),)]
        return [heading, *rows, *note]

    async def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 1 < offset.y <= len(runs_of(self.descent)):
            await self.run_action(f"screen.flow('runs.choose_run', {offset.y - 2})")


def runs_of(descent: Descent) -> list[Run]:
    """The present run, the previous one, then those that are kept."""
    others = [
        Run(run.log, _("previous run"), (run.glyph, run.style))
        if run.is_ghost
        else Run(run.log, safe_text(run.name), (run.glyph, run.style), run.name)
        for run in overlays(descent)
    ]
    return [Run(descent.log, _("this run"), ("●", "point")), *others]


def about_goal(measured: Measured | None) -> str:
    """What the column of epochs until the run came close means."""
    heading = _close_heading(measured)
    if measured is None or is_exact(measured):
        return _("{heading}: how many epochs until cost < 1e-6").format(heading=heading)
    return _("{heading}: how many epochs until cost is within a millionth of the least, {least}").format(
        heading=heading, least=format_cost(measured.min_cost)
    )


def table(descent: Descent, runs: list[Run], width: int) -> list[Row]:
    """The heading and a row a run, with the columns that there is room for."""
    headings = [
        _("run"),
        _("gradient, lr"),
        _("start"),
        _("epochs"),
        _close_heading(descent.measured),
        _("last cost"),
        _("what it did"),
    ]
    cells = [headings, *(_cells(run, descent.measured) for run in runs)]
    widths = {
        column: max(LEAST.get(column, 0), *(cell_len(row[column]) + 1 + (column in LEFT) for row in cells))
        for column in range(len(headings))
    }
    _fit(widths, width - 2, alike=len({row[START] for row in cells[1:]}) == 1)
    kept = [number for number, run in enumerate(runs, start=1) if run.kept is not None]
    if any(cell_len(cells[number][NAME]) > widths[NAME] - 2 for number in kept):
        for number, name in zip(kept, without_common_words([cells[number][NAME] for number in kept]), strict=True):
            cells[number][NAME] = name
    marks: list[Span] = [(" ", "dim"), *(run.mark for run in runs)]
    return [
        ((glyph, style), ("".join(_cell(row[column], column, size) for column, size in widths.items()), words))
        for (glyph, style), row, words in zip(marks, cells, ["dim", "strong", *["text"] * len(runs)], strict=False)
    ]


def _close_heading(measured: Measured | None) -> str:
    return "<1e-6" if is_exact(measured) else _("near")


def _cells(run: Run, measured: Measured | None) -> list[str]:
    summary = run_summary(run.log, measured)
    is_new = isnan(summary.cost) and summary.behaviour is Behaviour.NOT_STARTED
    return [
        run.name,
        program_text(run.log) if len(run.log) else "–",
        start_text(run.log),
        f"{summary.epochs:,}",
        "–" if summary.close is None else f"{summary.close:,}",
        "–" if is_new else format_cost(summary.cost),
        behaviour_text(summary),
    ]


def _fit(widths: dict[int, int], room: int, alike: bool) -> None:
    """Shorten names and leave columns out until the rest has room; the start first, where all runs have the same."""
    name, least_needed = widths[NAME], [*LEAST_NEEDED] if alike else [*LEAST_NEEDED[1:], START]
    if alike and sum(widths.values()) > room:
        del widths[least_needed.pop(0)]
    while True:
        widths[NAME] = max(min(name, SHORTEST_NAME), min(name, room - sum(widths.values()) + widths[NAME]))
        if sum(widths.values()) <= room or not least_needed:
            return
        del widths[least_needed.pop(0)]


def _cell(text: str, column: int, size: int) -> str:
    return left(f" {truncate(text, size - 2)}", size) if column in LEFT else right(truncate(text, size - 1), size)


def behaviour_text(summary: RunSummary) -> str:
    """What a run did, and since when where it has ended."""
    return _(RUN_WORDS[summary.behaviour]).format(epoch=summary.since)


def program_text(log: EpochLog) -> str:
    """How the gradient is taken, and the lr, as sum 0.1; where they were changed in mid-run, one after the other."""
    return _segments(log, lambda knobs: _form(knobs) or knobs.method, " ")


def start_text(log: EpochLog) -> str:
    """Where a run began: 0 for all weights at 0; a dash where they are too many."""
    w = log.w(0)
    if not any(w):
        return "0" if w else "–"
    return " ".join(f"{value:.4g}" for value in w) if len(w) <= 2 else f"{w[0]:.3g} …"


def proposed_name(descent: Descent) -> str:
    """A name that tells the run apart from the lecture's and from those that are kept: manual lr 0.1."""
    name = _segments(descent.log, _method, " lr ")
    if any(descent.log.w(0)):
        name = _("{run} from {start}").format(run=name, start=start_text(descent.log))
    taken, number, free = {kept.name for kept in descent.kept}, 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _segments(log: EpochLog, called: Callable[[Knobs], str], between: str) -> str:
    """What a run is called, with its lr, then what was changed in mid-run; of many changes the last."""
    ran = [knobs for start, knobs in log.segments if start < len(log)]
    segments = [(called(knobs) + "*" * _is_edited(knobs), _lr(knobs.program.lr)) for knobs in ran]
    segments = [segment for segment, _same in groupby(segments)]
    first, *later = (between.join(filter(None, segment)) for segment in segments)
    if len(later) > 1:
        return f"{first}→…→{later[-1]}"
    if later and segments[0][0] == segments[1][0]:
        later = [segments[1][1]]
    return "→".join([first, *later])


def _lr(lr: float | None) -> str:
    """An lr; as the fraction that it is where its digits are many: 1/14."""
    if lr is None:
        return ""
    text = format_lr(lr)
    return format_lr_fraction(lr) if len(text) > LONG_LR else text


def _form(knobs: Knobs) -> str:
    """How manual's gradient is written, where it is in one of the lecture's ways."""
    form = gradient_form(knobs.program) if knobs.method is Method.MANUAL else None
    return form.value if form else ""


def _method(knobs: Knobs) -> str:
    """The method, and how its gradient is written where it isn't the lecture's sum."""
    return f"{knobs.method} {GradientForm.MEAN}" if _form(knobs) == GradientForm.MEAN else knobs.method


@lru_cache(maxsize=64)
def _is_edited(knobs: Knobs) -> bool:
    """Whether the loop has a line that is in none of the lecture's ways."""
    program, form = knobs.program, gradient_form(knobs.program.unedited)
    if form and gradient_form(program):
        program = with_gradient_form(program, form)
    return not program.same_lines(program.unedited)
