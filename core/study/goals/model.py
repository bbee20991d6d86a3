"""Goals about the model, what it predicts, and its cost: what a learner does before any epoch runs."""

from core.descent import Descent
from core.language import _
from core.program import Phase
from core.study.goals.status import SAME, GoalStatus, completed, listed, number, same, signed, unmet
from core.study.lesson_history import LessonHistory


def predicts(history: LessonHistory, *values: float) -> GoalStatus:
    """The hypothesis line has run, and its values are these."""
    if not (h := [h for _x, _y, h in _points(history.now)]):
        return unmet(_("the line of H(x) has not run yet"))
    text = _("H(x) gives {values}").format(values=listed(h[: len(values)]))
    if len(h) == len(values) and all(map(same, h, values)):
        return completed(text)
    return unmet(_("{found}; wanted: {values}").format(found=text, values=listed(values)))


def without_bias(history: LessonHistory) -> GoalStatus:
    """The hypothesis has no b."""
    return _bias(history, wanted=False)


def with_bias(history: LessonHistory) -> GoalStatus:
    """The hypothesis has a b."""
    return _bias(history, wanted=True)


def _bias(history: LessonHistory, wanted: bool) -> GoalStatus:
    found = "b" in history.now.knobs.program.parameters
    sentence = _("the program is {formula}") if found is wanted else _("the program is still {formula}")
    return GoalStatus(found is wanted, sentence.format(formula="H(x) = Wx + b" if found else "H(x) = Wx"))


def several_inputs(history: LessonHistory) -> GoalStatus:
    """The table has more than one input."""
    count = history.now.opened.table.inputs if history.now.opened else 1
    if count == 1:
        return unmet(_("the table has one input"))
    return completed(_("the table has {count} inputs").format(count=count))


def error_at(history: LessonHistory, x: float, error: float) -> GoalStatus:
    """The hypothesis line has run, and at this x it misses y by this much."""
    for row_x, y, h in _points(history.now):
        if row_x == x:
            sentence = _("at x = {x} H(x) - y is {h} - {y} = {error}")
            text = sentence.format(x=number(x), h=number(h), y=number(y), error=signed(h - y))
            return GoalStatus(same(h - y, error), text)
    return unmet(_("the line of H(x) has not run yet"))


def fits(history: LessonHistory) -> GoalStatus:
    """The hypothesis line has run, and it misses no point."""
    worst = max((abs(h - y) for _x, y, h in _points(history.now)), default=None)
    if worst is None:
        return unmet(_("the line of H(x) has not run yet"))
    w = number(history.now.trace.w[0]) if history.now.trace else ""
    if worst < SAME:
        return completed(_("at W = {w} every error is 0").format(w=w))
    return unmet(_("at W = {w} H(x) misses a point by {error}").format(w=w, error=number(worst)))


def tried_both_sides(history: LessonHistory) -> GoalStatus:
    """The hypothesis line has run for a W below the best one, and for one above it."""
    minimum = next((run.measured.minimum for run in history.runs if run.measured and run.measured.minimum), None)
    tried = [run.log.w(0)[0] for run in history.runs if run.tick > (0, 0) and len(run.log)]
    if minimum is None or not tried:
        return unmet(_("no other W has been tried yet"))
    below, above = [w for w in tried if w < minimum[0] - SAME], [w for w in tried if w > minimum[0] + SAME]
    if below and above:
        return completed(
            _("you tried W = {below} and {above}").format(below=number(below[-1]), above=number(above[-1]))
        )
    if below or above:
        return unmet(_("a larger W is still to be tried") if below else _("a smaller W is still to be tried"))
    return unmet(_("no other W has been tried yet"))


def stands_below(history: LessonHistory, most: float) -> GoalStatus:
    """Before any update, cost is below this, and yet not 0."""
    now = history.now
    if now.epoch:
        return unmet(_("{count} epochs have run here; put W there by hand").format(count=now.epoch))
    if not now.w:
        return unmet(_("the line of H(x) has not run yet"))
    text = _("at W = {w} cost is {cost}").format(w=number(now.w[0]), cost=number(now.cost))
    if now.cost == 0:
        return unmet(_("{found}: that is the bottom itself, stay beside it").format(found=text))
    return GoalStatus(now.cost < most, text)


def cost_times(history: LessonHistory, factor: float) -> GoalStatus:
    """Before any update the cost line has run, and cost is this many times what it was where the lesson began."""
    now, start = history.now, history.runs[0].log
    line = now.line
    if now.epoch or not len(start) or now.trace is None or line is None or line.phase < Phase.COST:
        return unmet(_("run the cost line of epoch 0 at a W of your own"))
    first = start.cost(0)
    text = _("at W = {w} cost is {cost}, {times} times {first}").format(
        w=number(now.w[0]), cost=number(now.cost), times=number(now.cost / first), first=number(first)
    )
    return GoalStatus(same(now.cost / first, factor), text)


def cost_at_most(history: LessonHistory, most: float) -> GoalStatus:
    """The run has come to a cost that is not above this."""
    now = history.now
    text = _("after {epoch} epochs cost is {cost}").format(epoch=now.epoch, cost=number(now.cost))
    return GoalStatus(now.epoch > 0 and now.cost <= most, text)


def _points(now: Descent) -> list[tuple[float, float, float]]:
    """x, y and H(x) of every row, once the hypothesis line has run on the screen."""
    if now.trace is None or now.opened is None or not now.lines_run:
        return []
    rows = zip(now.opened.table.x, now.opened.table.y, now.trace.hypothesis, strict=False)
    return [(x[0], y[0], h[0]) for x, y, h in rows]
