"""Goals about the gradient: its sign, its size, the line that computes it, and who computes it."""

from itertools import islice
from math import isclose

from core.descent import Descent
from core.edits import placeholder_line
from core.language import _
from core.program import Method, Program
from core.study.goals.status import GoalStatus, completed, number, same, signed, unmet
from core.study.lesson_history import LessonHistory, SeenEpoch, has_gradient_run, seen_epochs


def went_down_from_both_sides(history: LessonHistory) -> GoalStatus:
    """The first epoch of one run made W larger, that of another made it smaller, and both made cost smaller."""
    first = [epoch for run in history.runs for epoch in islice(seen_epochs(run), 1)]
    down = [epoch for epoch in first if epoch.ended and epoch.cost_next < epoch.cost]
    right = next((epoch for epoch in down if epoch.gradient[0] < 0 < epoch.w_next[0] - epoch.w[0]), None)
    left = next((epoch for epoch in down if epoch.gradient[0] > 0 > epoch.w_next[0] - epoch.w[0]), None)
    text = [
        _("gradient {gradient}: W from {w} to {w_next}").format(
            gradient=signed(epoch.gradient[0]), w=number(epoch.w[0]), w_next=number(epoch.w_next[0])
        )
        for epoch in (right, left)
        if epoch
    ]
    if right and left:
        return completed("; ".join(text))
    if not text:
        return unmet(_("no epoch has gone down yet"))
    other = (
        _("a start with a gradient above 0 is missing") if right else _("a start with a gradient below 0 is missing")
    )
    return unmet(f"{text[0]}; {other}")


def gradient_is(history: LessonHistory, value: float) -> GoalStatus:
    """The gradient line has run, and this is what it handed over."""
    trace = history.now.trace
    if trace is None or not trace.gradient or not has_gradient_run(history.now, history.now.lines_run):
        return unmet(_("the gradient line has not run yet"))
    text = _("at W = {w} the gradient is {gradient}").format(w=number(trace.w[0]), gradient=signed(trace.gradient[0]))
    return GoalStatus(same(trace.gradient[0], value), text)


def wrote_the_gradient(history: LessonHistory, epochs: float) -> GoalStatus:
    """In this many epochs of manual the line that was still to be written gave the true gradient, or a sum of it over
    the rows, as the lecture's program does.
    """
    now = history.now
    if placeholder_line(now.knobs.program):
        return unmet(_("the gradient line is still to be written"))
    own = [
        epoch
        for epoch in seen_epochs(now)
        if epoch.knobs.program.same_lines(now.knobs.program) and epoch.knobs.method is Method.MANUAL
    ]
    if not own or now.measured is None or now.opened is None:
        return unmet(_("right at {count} of {epochs} W").format(count=0, epochs=int(epochs)))
    ratio, rows = now.measured.gradient_ratio, now.opened.table.rows
    if not any(isclose(ratio, right, rel_tol=1e-3) for right in (1, rows / 2)):
        text = _("at W = {w} your line gives {gradient}, and the slope is {true}")
        true = next((trace.true_gradient for trace in now.traces if trace.w == own[-1].w), None)
        return unmet(
            text.format(
                w=number(own[-1].w[0]), gradient=signed(own[-1].gradient[0]), true=signed(true[0]) if true else "?"
            )
        )
    if len(own) < epochs:
        return unmet(_("right at {count} of {epochs} W").format(count=len(own), epochs=int(epochs)))
    if isclose(ratio, 1, rel_tol=1e-3):
        return completed(_("at {count} W your line gave the slope of cost").format(count=len(own)))
    return completed(
        _("at {count} W your line gave {ratio} times the slope of cost, as the lecture's sum does").format(
            count=len(own), ratio=number(ratio)
        )
    )


def both_gradients_at_one_w(history: LessonHistory) -> GoalStatus:
    """At one W the gradient of manual has been seen, and that of optim."""
    seen: dict[tuple[float, ...], dict[Method, float]] = {}
    for epoch in history.seen_epochs():
        gradients = seen.setdefault(epoch.w, {})
        gradients[epoch.knobs.method] = epoch.gradient[0]
        if len(gradients) == len(Method) and epoch.gradient[0]:
            manual, optim = gradients[Method.MANUAL], gradients[Method.OPTIM]
            return completed(
                _("at W = {w}: manual {manual}, optim {optim}, {ratio} times as much by hand").format(
                    w=number(epoch.w[0]),
                    manual=signed(manual),
                    optim=signed(optim),
                    ratio=number(manual / optim),
                )
            )
    if not seen:
        return unmet(_("no gradient has been seen yet"))
    return unmet(_("the other method's gradient at the same W is missing"))


ZERO_GRAD = "optimizer.zero_grad()"


def zeroed_again(history: LessonHistory, epochs: float) -> GoalStatus:
    """Optim ran so many epochs without zero_grad(); now it has it again, and has come to a cost below 0.001."""
    without = max((_without_zero_grad(run) for run in history.runs), key=len)
    if len(without) < epochs:
        return unmet(_("{count} of {epochs} epochs without zero_grad()").format(count=len(without), epochs=int(epochs)))
    now = history.now
    if now.knobs.method is not Method.OPTIM or not _zeroes(now.knobs.program):
        return unmet(_("{count} epochs without zero_grad(); now with it").format(count=len(without)))
    text = _("without zero_grad() W was {w} after {count} epochs; with it cost is {cost} at epoch {epoch}").format(
        w=number(without[-1].w_next[0]), count=len(without), cost=number(now.cost), epoch=now.epoch
    )
    return GoalStatus(now.epoch > 0 and now.cost < 1e-3, text)


def _without_zero_grad(run: Descent) -> list[SeenEpoch]:
    epochs = (epoch for epoch in seen_epochs(run) if epoch.ended and epoch.knobs.method is Method.OPTIM)
    return [epoch for epoch in epochs if not _zeroes(epoch.knobs.program)]


def _zeroes(program: Program) -> bool:
    return any(line.text == ZERO_GRAD for line in program.lines)
