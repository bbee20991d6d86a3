"""Both methods side by side, in sentences: what the ratio of their gradients is, and why their next W differ."""

from dataclasses import replace
from fractions import Fraction

from core.descent import Descent
from core.language import Sentence, _
from core.listing import GradientForm, Method
from core.state import Engine, RunFailed, Weights
from core.study.comparison import Comparison, Outcome, Relation, comparison, related
from tui.drawing.figures import fine, lr_text
from tui.engine.waiting import Waiting
from tui.safe_text import safe_text

Told = tuple[str, ...]
"""A sentence, and shorter ways to say it."""


def why_not_compared(descent: Descent, waiting: Waiting) -> Sentence | str:
    """A sentence that says why both methods can't be run here; empty where they can."""
    for knobs in (replace(descent.knobs, method=method) for method in Method):
        if failure := waiting.failure_of(knobs):
            return failure
    if waiting.engine is None or waiting.warm != set(Method):
        return Sentence(lambda: _("loading torch; both methods stand here as soon as it is there"))
    return ""


def compared(descent: Descent, engine: Engine) -> Comparison | str:
    """The comparison at the place on the screen, or a sentence that says why a program can't be run there."""
    try:
        return comparison(descent, engine)
    except RunFailed as failed:
        return safe_text(str(failed))


def hidden() -> Sentence:
    """That the comparison would give a prediction away."""
    return Sentence(lambda: _("both methods stand here again when the epoch has been predicted"))


def comparing(rows: int) -> Sentence:
    """That it takes a while."""
    return Sentence(lambda: _("comparing both methods on {rows:,} rows ...").format(rows=rows))


def ratio_text(a: Weights, b: Weights) -> str:
    """How many times the second the first is: x 1.5."""
    relation, ratio = related(a, b)
    if relation is Relation.MULTIPLE:
        return f"x {_number(ratio)}"
    return _("uneven") if relation is Relation.UNEVEN else "–"


def about_gradients(found: Comparison) -> Told:
    """What the ratio of the two gradients is, and why."""
    relation, ratio = found.gradients
    match relation:
        case Relation.NOT_FINITE:
            return (_("a gradient is inf or nan, beyond float32: there is no ratio"),)
        case Relation.BOTH_ZERO:
            return (_("both gradients are 0: there is nothing to compare, and nothing left to learn"),)
    if found.ratio_shows:
        return _sum(found) if found.listing.gradient_form is GradientForm.SUM else _mean()
    if found.known_ratio is not None:
        return (
            _(
                "what is left of the gradients is as small as float32's rounding: that their ratio is {ratio} on paper "
                "no longer shows"
            ).format(ratio=_number(found.known_ratio)),
            _("only rounding is left of the gradients"),
        )
    if relation is Relation.ONE_ZERO:
        return (_("one gradient is 0 and the other is not: there is no ratio"),)
    if relation is Relation.UNEVEN:
        return (
            _("manual's gradient is no multiple of optim's: each weight has another ratio"),
            _("each weight has another ratio"),
        )
    return (_("with these lines manual's gradient is {ratio} x optim's").format(ratio=_number(ratio)),)


def _sum(found: Comparison) -> Told:
    half = _number(found.rows / 2)
    manual_lr, optim_lr = (lr_text(side.epoch.lr) for side in (found.manual, found.optim))
    if found.lrs_match:
        so = _("manual's lr makes up for it: {manual_lr} x {half} = {optim_lr}")
    else:
        so = _("here lr {matching} would match optim's {optim_lr}")
    matching = lr_text(found.optim.epoch.lr / (found.rows / 2))
    so = so.format(manual_lr=manual_lr, half=half, optim_lr=optim_lr, matching=matching)
    fact = _("torch.sum is m/2 = {half} x the true gradient for m = {rows}").format(half=half, rows=f"{found.rows:,}")
    question = _(
        "torch.mean for torch.sum? alone it is half the true gradient, whatever m is; 2 * torch.mean is all of it, and "
        "takes optim's lr"
    )
    return (
        f"{fact}; {so}\n{question}",
        fact + "\n" + _("torch.mean alone is half of it, 2 * torch.mean is all of it, with optim's lr"),
        _("of the true gradient torch.sum is {half} x, torch.mean 0.5 x, 2 * torch.mean 1 x").format(half=half),
        _("sum {half} x true, 2 * mean 1 x, mean 0.5 x").format(half=half),
    )


def _mean() -> Told:
    fact = _("2 * torch.mean is the true gradient whatever m is, and takes optim's lr")
    return (
        fact
        + "\n"
        + _("torch.mean without the 2 is half of it; torch.sum is m/2 x it, and takes an lr that makes up for that"),
        fact + "\n" + _("torch.mean without the 2 is half of it, torch.sum m/2 x it"),
        _("2 * mean 1 x true, mean 0.5 x"),
    )


def about_next_w(found: Comparison) -> Told:
    """How the two next W differ, and why."""
    match found.outcome:
        case Outcome.NOT_FINITE:
            return (_("a next W is inf or nan, beyond float32"),)
        case Outcome.SAME:
            return (_("the two next W are the same to the bit"),)
        case Outcome.OWN_UPDATE:
            own = Method.OPTIM if found.manual.is_lr_times_gradient else Method.MANUAL
            return (_("{method}'s update is not lr x gradient alone, as its lines have it").format(method=own),)
        case Outcome.APART:
            return _apart(found)
    return (
        _(
            "next W: the same on paper, but float32 rounds {manual} and {optim} each by itself, so the last digit may "
            "differ"
        ).format(**_products(found)),
        _("next W: the same on paper; float32 rounds the last digit"),
    )


def _apart(found: Comparison) -> Told:
    fact = _("next W differ as lr x gradient does: {manual}, {optim}").format(**_products(found))
    where = {
        GradientForm.SUM: _("the lecture's lr 0.1 and 0.15 match for m = 3 alone"),
        GradientForm.MEAN: _("they match where both lr are the same"),
    }
    form = found.listing.gradient_form
    return (f"{fact}; {where[form]}", fact) if form and found.known_ratio is not None else (fact,)


def _products(found: Comparison) -> dict[str, str]:
    """lr x gradient of both methods: with the gradient itself where there is one weight."""
    return {
        method: f"{lr_text(side.epoch.lr)} x "
        + (fine(side.epoch.gradient[0]) if len(found.names) == 1 else _("{method}'s").format(method=method))
        for method, side in zip(("manual", "optim"), (found.manual, found.optim), strict=True)
    }


def _number(ratio: float) -> str:
    """A ratio in four digits; below 1 as a fraction where that is simple and its digits go on: 2/3."""
    fraction = Fraction(ratio).limit_denominator(20)
    if 0 < ratio < 1 and len(f"{ratio:.4g}") > len(str(fraction)) and abs(fraction - ratio) < 1e-6 * abs(ratio):
        return str(fraction)
    return f"{ratio:,.4g}" if abs(ratio) < 1000 else f"{ratio:,.0f}" if abs(ratio) < 1e9 else f"{ratio:.3g}"
