"""Goals about the gradient: its sign, its size, the line that computes it, and who computes it."""

from itertools import islice
from math import isclose

from core.descent import Descent
from core.language import _
from core.listing import Listing, Method, Phase
from core.study.goals.standing import Standing, met, missing, number, same, signed
from core.study.history import History, Walked, walked


def went_down_from_both_sides(history: History) -> Standing:
    """The first epoch of one run made W larger, that of another made it smaller, and both made cost smaller."""
    first = [epoch for run in history.runs for epoch in islice(walked(run), 1)]
    down = [epoch for epoch in first if epoch.ended and epoch.cost_next < epoch.cost]
    right = next((epoch for epoch in down if epoch.gradient[0] < 0 < epoch.w_next[0] - epoch.w[0]), None)
    left = next((epoch for epoch in down if epoch.gradient[0] > 0 > epoch.w_next[0] - epoch.w[0]), None)
    told = [
        _("gradient {gradient}: W from {w} to {w_next}").format(
            gradient=signed(epoch.gradient[0]), w=number(epoch.w[0]), w_next=number(epoch.w_next[0])
        )
        for epoch in (right, left)
        if epoch
    ]
    if right and left:
        return met("; ".join(told))
    if not told:
        return missing(_("no epoch has gone down yet"))
    other = (
        _("a start with a gradient above 0 is missing") if right else _("a start with a gradient below 0 is missing")
    )
    return missing(f"{told[0]}; {other}")


def gradient_is(history: History, value: float) -> Standing:
    """The gradient line has run, and this is what it handed over."""
    now = history.now.lit
    if now is None or history.now.phase is None or history.now.phase < Phase.GRADIENT:
        return missing(_("the gradient line has not run yet"))
    told = _("at W = {w} the gradient is {gradient}").format(w=number(now.w[0]), gradient=signed(now.gradient[0]))
    return Standing(same(now.gradient[0], value), told)


def wrote_the_gradient(history: History, epochs: float) -> Standing:
    """In so many epochs of manual, each with a W away from the minimum, the line that was still to be written gave the
    true gradient, or m/2 times that, as the lecture's sum does.
    """
    now = history.now
    if now.knobs.listing.unwritten(Method.MANUAL):
        return missing(_("the gradient line is still to be written"))
    ratios = []
    for epoch in walked(now):
        if epoch.knobs.listing != now.knobs.listing:  # another try
            continue
        true = now.landscape.slope(epoch.w)[0]
        if epoch.knobs.method is Method.MANUAL and abs(true) > 1e-2:  # nearer, float32 rounds it
            ratios.append(epoch.gradient[0] / true)
            allowed = (1, len(now.data) / 2)
            if not any(isclose(ratios[-1], ratio, rel_tol=1e-3) for ratio in allowed):
                return missing(
                    _("at W = {w} your line gives {gradient}, and the slope is {true}").format(
                        w=number(epoch.w[0]), gradient=signed(epoch.gradient[0]), true=signed(true)
                    )
                )
    if len(ratios) < epochs:
        return missing(_("right at {count} of {epochs} W").format(count=len(ratios), epochs=int(epochs)))
    if isclose(ratios[-1], 1, rel_tol=1e-3):
        return met(_("at {count} W your line gave the slope of cost").format(count=len(ratios)))
    return met(
        _("at {count} W your line gave {ratio} times the slope of cost, as the lecture's sum does").format(
            count=len(ratios), ratio=number(len(now.data) / 2)
        )
    )


def both_gradients_at_one_w(history: History) -> Standing:
    """At one W the gradient of manual has been seen, and that of optim."""
    seen: dict[tuple[float, ...], dict[Method, float]] = {}
    for epoch in history.walked():
        gradients = seen.setdefault(epoch.w, {})
        gradients[epoch.knobs.method] = epoch.gradient[0]
        if len(gradients) == len(Method) and epoch.gradient[0]:
            manual, optim = gradients[Method.MANUAL], gradients[Method.OPTIM]
            return met(
                _("at W = {w}: manual {manual}, optim {optim}, {ratio} times as much by hand").format(
                    w=number(epoch.w[0]),
                    manual=signed(manual),
                    optim=signed(optim),
                    ratio=number(manual / optim),
                )
            )
    if not seen:
        return missing(_("no gradient has been seen yet"))
    return missing(_("the other method's gradient at the same W is missing"))


ZERO_GRAD = "optimizer.zero_grad()"


def zeroed_again(history: History, epochs: float) -> Standing:
    """Optim ran so many epochs without zero_grad(); now it has it again, and has come to a cost below 0.001."""
    without = max((_without_zero_grad(run) for run in history.runs), key=len)
    if len(without) < epochs:
        return missing(
            _("{count} of {epochs} epochs without zero_grad()").format(count=len(without), epochs=int(epochs))
        )
    now = history.now
    if now.knobs.method is not Method.OPTIM or not _zeroes(now.knobs.listing):
        return missing(_("{count} epochs without zero_grad(); now with it").format(count=len(without)))
    told = _("without zero_grad() W was {w} after {count} epochs; with it cost is {cost} at epoch {epoch}").format(
        w=number(without[-1].w_next[0]), count=len(without), cost=number(now.cost), epoch=now.epoch
    )
    return Standing(now.epoch > 0 and now.cost < 1e-3, told)


def _without_zero_grad(run: Descent) -> list[Walked]:
    epochs = (epoch for epoch in walked(run) if epoch.ended and epoch.knobs.method is Method.OPTIM)
    return [epoch for epoch in epochs if not _zeroes(epoch.knobs.listing)]


def _zeroes(listing: Listing) -> bool:
    return any(line.text == ZERO_GRAD for line in listing.lines(Method.OPTIM))
