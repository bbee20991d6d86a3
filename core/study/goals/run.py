"""Goals about a whole run: which rows it has, how fast it is, whether it ends."""

from core.data import LECTURE
from core.descent import Descent
from core.ending import Ending, ending
from core.language import _
from core.lecture import PRINTED, Agreement, agreement
from core.listing import GradientForm, Method
from core.state import Knobs
from core.study.goals.standing import Standing, met, missing, number
from core.study.history import History, walked


def by_mean(history: History) -> Standing:
    """Every epoch of the run was manual's, with 2 * mean for its gradient."""
    now = history.now
    if now.knobs.method is not Method.MANUAL:
        return _other_method(now.knobs.method, Method.MANUAL)
    if now.knobs.listing.gradient_form is not GradientForm.MEAN:
        return missing(_("the gradient line is not 2 * torch.mean yet"))
    if any(knobs.listing.gradient_form is not GradientForm.MEAN for knobs in _ran(now)):
        return missing(_("an epoch of this run had another gradient line: r begins anew"))
    return met(_("the gradient is 2 * torch.mean"))


def by_manual(history: History) -> Standing:
    """Every epoch of the run was manual's."""
    return _all_by(history.now, Method.MANUAL)


def by_optim(history: History) -> Standing:
    """Every epoch of the run was optim's."""
    return _all_by(history.now, Method.OPTIM)


def _all_by(now: Descent, method: Method) -> Standing:
    if now.knobs.method is not method:
        return _other_method(now.knobs.method, method)
    if all(knobs.method is method for knobs in _ran(now)):
        return met(_("{method} ran every epoch").format(method=method))
    return missing(_("not every epoch of this run is {method}'s: r begins anew").format(method=method))


def _other_method(now: Method, wanted: Method) -> Standing:
    return missing(_("this is {now}; the task is about {wanted}").format(now=now, wanted=wanted))


def _ran(now: Descent) -> list[Knobs]:
    """The knobs with which the epochs of the run ran, up to the one under way."""
    return [knobs for start, knobs in now.tape.turns if start <= now.epoch]


def reproduces(history: History, last: float) -> Standing:
    """The rows of the run up to this epoch are those of the lecture's table, but for a cost's last digit."""
    now = history.now
    if now.data is not LECTURE or len(now.names) > 1:
        return missing(_("the lecture's table is about its own data, with H(x) = Wx"))
    reached = min(now.epoch, int(last))
    for epoch in range(min(reached + 1, len(now.tape))):
        w, cost = now.tape.w(epoch)[0], now.tape.cost(epoch)
        if agreement(epoch, w, cost) not in (Agreement.AGREES, Agreement.LAST_DIGIT):
            return missing(
                _("epoch {epoch}: W {w} here, {printed} on the slide").format(
                    epoch=epoch, w=f"{w:.3f}", printed=PRINTED[epoch][0]
                )
            )
    if reached < last:
        return missing(_("epoch {epoch} of {last}").format(epoch=reached, last=int(last)))
    return met(
        _("epochs 0 to {last} are the slide's: W {w} at epoch {last}").format(
            last=int(last), w=f"{now.tape.w(int(last))[0]:.3f}"
        )
    )


def one_step(history: History) -> Standing:
    """One epoch was enough: it took cost to the bottom from somewhere else."""
    now = history.now
    if not now.epoch:
        return missing(_("no epoch has run yet"))
    first = next(walked(now))
    if not first.ended:
        return missing(_("no epoch has run yet"))
    told = _("one epoch with lr {lr}: W from {w} to {w_next}").format(
        lr=number(first.knobs.lr.value), w=number(first.w[0]), w_next=f"{first.w_next[0]:.3f}"
    )
    floor = now.landscape.floor
    return Standing(first.cost - floor > 0.01 and first.cost_next - floor < 1e-9 * (first.cost - floor), told)


BOUNCES = 6
"""So many epochs in a row, to and fro, are called bouncing."""


def bounces(history: History) -> Standing:
    """The run goes to and fro between two W, and has done so three times."""
    now, tape = history.now, history.now.tape
    if now.epoch < BOUNCES or now.epoch >= len(tape):
        return missing(_("{count} of {epochs} epochs").format(count=now.epoch, epochs=BOUNCES))
    last = range(now.epoch - BOUNCES + 1, now.epoch)
    told = _("W goes {path}").format(path=", ".join(number(tape.w(epoch)[0]) for epoch in last[:4]))
    whys = {
        ending(tape.w(epoch - 1), tape.w(epoch), tape.w(epoch + 1), tape.cost(epoch), tape.cost(epoch + 1))
        for epoch in last
    }
    if whys == {Ending.BOUNCES}:
        return met(_("{told} and so on for ever").format(told=told))
    return missing(told)
