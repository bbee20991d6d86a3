"""Goals about a whole run: which rows it has, how fast it is, whether it ends."""

from core.behaviour import Behaviour, ending_at
from core.descent import Descent
from core.edits import GradientForm, gradient_form
from core.knobs import Knobs
from core.language import _
from core.lecture import PRINTED, Agreement, agreement, is_lecture
from core.program import Method
from core.study.goals.status import GoalStatus, completed, number, unmet
from core.study.lesson_history import LessonHistory, seen_epochs


def by_mean(history: LessonHistory) -> GoalStatus:
    """Every epoch of the run was manual's, with 2 * mean for its gradient."""
    now = history.now
    if now.knobs.method is not Method.MANUAL:
        return _other_method(now.knobs.method, Method.MANUAL)
    if gradient_form(now.knobs.program) is not GradientForm.MEAN:
        return unmet(_("the gradient line is not 2 * torch.mean yet"))
    if any(gradient_form(knobs.program) is not GradientForm.MEAN for knobs in _ran(now)):
        return unmet(_("an epoch of this run had another gradient line: r restarts"))
    return completed(_("the gradient is 2 * torch.mean"))


def by_manual(history: LessonHistory) -> GoalStatus:
    """Every epoch of the run was manual's."""
    return _all_by(history.now, Method.MANUAL)


def by_optim(history: LessonHistory) -> GoalStatus:
    """Every epoch of the run was optim's."""
    return _all_by(history.now, Method.OPTIM)


def _all_by(now: Descent, method: Method) -> GoalStatus:
    if now.knobs.method is not method:
        return _other_method(now.knobs.method, method)
    if all(knobs.method is method for knobs in _ran(now)):
        return completed(_("{method} ran every epoch").format(method=method))
    return unmet(_("not every epoch of this run is {method}'s: r restarts").format(method=method))


def _other_method(now: Method, wanted: Method) -> GoalStatus:
    return unmet(_("this is {now}; the task is about {wanted}").format(now=now, wanted=wanted))


def _ran(now: Descent) -> list[Knobs]:
    """The knobs with which the epochs of the run ran, up to the one under way."""
    return [knobs for start, knobs in now.log.segments if start <= now.epoch]


def reproduces(history: LessonHistory, last: float) -> GoalStatus:
    """The rows of the run up to this epoch are those of the lecture's table, but for a cost's last digit."""
    now = history.now
    if not is_lecture(now.knobs.program):
        return unmet(_("the lecture's table is about its own data, with H(x) = Wx"))
    reached = min(now.epoch, int(last))
    for epoch in range(min(reached + 1, len(now.log))):
        w, cost = now.log.w(epoch)[0], now.log.cost(epoch)
        if agreement(epoch, w, cost) not in (Agreement.AGREES, Agreement.LAST_DIGIT):
            return unmet(
                _("epoch {epoch}: W {w} here, {printed} on the slide").format(
                    epoch=epoch, w=f"{w:.3f}", printed=PRINTED[epoch][0]
                )
            )
    if reached < last:
        return unmet(_("epoch {epoch} of {last}").format(epoch=reached, last=int(last)))
    return completed(
        _("epochs 0 to {last} are the slide's: W {w} at epoch {last}").format(
            last=int(last), w=f"{now.log.w(int(last))[0]:.3f}"
        )
    )


def one_step(history: LessonHistory) -> GoalStatus:
    """One epoch was enough: it took cost to the bottom from somewhere else."""
    now = history.now
    first = next(seen_epochs(now), None)
    if first is None or not first.ended or now.measured is None:
        return unmet(_("no epoch has run yet"))
    text = _("one epoch with lr {lr}: W from {w} to {w_next}").format(
        lr=number(now.log.lr(0)), w=number(first.w[0]), w_next=f"{first.w_next[0]:.3f}"
    )
    floor = now.measured.min_cost
    return GoalStatus(first.cost - floor > 0.01 and first.cost_next - floor < 1e-9 * (first.cost - floor), text)


BOUNCES = 6
"""So many epochs in a row, to and fro, are called bouncing."""


def bounces(history: LessonHistory) -> GoalStatus:
    """The run goes to and fro between two W, and has done so three times."""
    now, log = history.now, history.now.log
    if now.epoch < BOUNCES or now.epoch >= len(log):
        return unmet(_("{count} of {epochs} epochs").format(count=now.epoch, epochs=BOUNCES))
    last = range(now.epoch - BOUNCES + 1, now.epoch)
    text = _("W goes {path}").format(path=", ".join(number(log.w(epoch)[0]) for epoch in last[:4]))
    if all(ending_at(log, epoch) is Behaviour.CYCLING for epoch in last):
        return completed(_("{path} and so on for ever").format(path=text))
    return unmet(text)
