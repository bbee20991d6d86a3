"""Goals about the model, what it predicts, and its cost: what a learner does before any epoch runs."""

from core.language import _
from core.listing import Phase
from core.study.goals.standing import SAME, Standing, listed, met, missing, number, same
from core.study.history import History


def predicts(history: History, *values: float) -> Standing:
    """The hypothesis line has run, and its values are these."""
    now = history.now.lit
    if now is None:
        return missing(_("the first line has not run yet"))
    told = _("H(x) gives {values}").format(values=listed(now.hypothesis[: len(values)]))
    if len(now.hypothesis) == len(values) and all(map(same, now.hypothesis, values)):
        return met(told)
    return missing(_("{told}; wanted: {values}").format(told=told, values=listed(values)))


def without_bias(history: History) -> Standing:
    """The hypothesis has no b."""
    formula = history.now.knobs.listing.formula
    if history.now.knobs.listing.bias:
        return missing(_("the program is still {formula}").format(formula=formula))
    return met(_("the program is {formula}").format(formula=formula))


def with_bias(history: History) -> Standing:
    """The hypothesis has a b."""
    formula = history.now.knobs.listing.formula
    if history.now.knobs.listing.bias:
        return met(_("the program is {formula}").format(formula=formula))
    return missing(_("the program is still {formula}").format(formula=formula))


def several_inputs(history: History) -> Standing:
    """The table has more than one input."""
    count = len(history.now.data.inputs)
    if count == 1:
        return missing(_("the table has one input"))
    return met(_("the table has {count} inputs").format(count=count))


def error_at(history: History, x: float, error: float) -> Standing:
    """The hypothesis line has run, and at this x it misses y by this much."""
    now, data = history.now.lit, history.now.data
    if now is None:
        return missing(_("the first line has not run yet"))
    for h, (inputs, y) in zip(now.hypothesis, data.rows(len(data)), strict=False):
        if inputs[0] == x:
            told = _("at x = {x} H(x) - y is {h} - {y} = {error}").format(
                x=number(x), h=number(h), y=number(y), error=f"{h - y:+.4g}"
            )
            return Standing(same(h - y, error), told)
    return missing(_("the table has no x = {x}").format(x=number(x)))


def fits(history: History) -> Standing:
    """The hypothesis line has run, and it misses no point."""
    now, data = history.now.lit, history.now.data
    if now is None:
        return missing(_("the first line has not run yet"))
    worst = max(abs(h - y) for h, y in zip(now.hypothesis, data.y, strict=False))
    if worst < SAME:
        return met(_("at W = {w} every error is 0").format(w=number(now.w[0])))
    return missing(_("at W = {w} H(x) misses a point by {error}").format(w=number(now.w[0]), error=number(worst)))


def tried_both_sides(history: History) -> Standing:
    """The hypothesis line has run for a W below the best one, and for one above it."""
    best = history.began.landscape.minimum[0]
    tried = [run.tape.start.w[0] for run in history.runs if run.tick and run.data is history.began.data]
    below, above = [w for w in tried if w < best - SAME], [w for w in tried if w > best + SAME]
    if below and above:
        return met(_("you tried W = {below} and {above}").format(below=number(below[-1]), above=number(above[-1])))
    if below or above:
        side = _("a larger W is still to be tried") if below else _("a smaller W is still to be tried")
        return missing(side)
    return missing(_("no other W has been tried yet"))


def stands_below(history: History, most: float) -> Standing:
    """Before any update, cost is below this, and yet not 0."""
    now = history.now
    if now.epoch:
        return missing(_("{count} epochs have run here; put W there by hand").format(count=now.epoch))
    told = _("at W = {w} cost is {cost}").format(w=number(now.w[0]), cost=number(now.cost))
    if now.cost == 0:
        return missing(_("{told}: that is the bottom itself, stay beside it").format(told=told))
    return Standing(now.cost < most, told)


def cost_times(history: History, factor: float) -> Standing:
    """Before any update the cost line has run, and cost is so many times what it was where the lesson began."""
    now, first = history.now, history.began.landscape.cost(history.began.w)
    if now.epoch or now.lit is None or now.tick <= Phase.COST:
        return missing(_("run the cost line of epoch 0 at a W of your own"))
    times = number(now.cost / first)
    told = _("at W = {w} cost is {cost}, {times} times {first}").format(
        w=number(now.w[0]), cost=number(now.cost), times=times, first=number(first)
    )
    return Standing(same(now.cost / first, factor), told)


def cost_at_most(history: History, most: float) -> Standing:
    """The run has come to a cost that is not above this."""
    now = history.now
    told = _("after {epoch} epochs cost is {cost}").format(epoch=now.epoch, cost=number(now.cost))
    return Standing(now.epoch > 0 and now.cost <= most, told)
