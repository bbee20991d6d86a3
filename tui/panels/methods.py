"""Both methods from one W: an epoch of manual and one of optim side by side, and why they differ or don't."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from textual.reactive import reactive

from core.descent import Descent
from core.edits import GradientForm
from core.language import LazyString, _, ngettext
from core.program import Method, Program
from core.requests import Costs, Engine, Gradients, Look, Open
from core.state import EngineDied, EpochTrace, RunFailed, State, Weights
from core.study.comparison import (
    Comparison,
    Difference,
    Relation,
    Side,
    points_beside,
    related,
    state_for,
)
from tui.drawing.formatting import fit, format_cost, format_lr, format_signed, format_weight
from tui.drawing.text import Row, left, right, truncate, wrap
from tui.panels.panel import Panel
from tui.safe_text import safe_text

VALUE = 11
"""The width of a number; where there is one weight its next W has digits enough to tell neighbours apart."""

WIDE = 60
"""From here on there is room for long labels."""

Cells = tuple[str, str, str, str]
"""What a row is called, what it says of manual and of optim, and how the two compare."""

Texts = tuple[str, ...]
"""A sentence, and shorter ways to say it."""


async def compare(engine: Engine, descent: Descent, before: Comparison | None = None) -> Comparison | LazyString:
    """Both methods at the place on the screen, or a sentence that says why they can't be compared there.

    What the set-up of the other program made is taken from the comparison before, where that was of the same one.
    """
    program, other, opened = descent.knobs.program, descent.knobs.other, descent.opened
    if other is None:
        return LazyString(lambda: _("this program has no other method to compare with"))
    if opened is None or descent.epoch >= len(descent.log):
        return LazyString(lambda: _("both methods appear here as soon as the program has run"))
    if not descent.w:
        return LazyString(lambda: _("there are too many weights to compare both methods"))
    try:
        _at, state = descent.log.state(descent.epoch)
        known = before and before.other_opened
        other_opened = known if known and known.program == other else await engine.ask(Open(other))
        if [slot.shape for slot in other_opened.weights] != [slot.shape for slot in opened.weights]:
            return LazyString(lambda: _("the two programs have different weights: they can't be compared"))
        mine = await _side(engine, program, state, descent.w, descent.epoch, descent.current_trace)
        theirs = await _side(engine, other, state_for(other_opened, descent.w, state), descent.w, descent.epoch)
    except (RunFailed, EngineDied) as error:
        sentence = safe_text(str(error))
        return LazyString(lambda: sentence)
    manual, optim = (mine, theirs) if program.method is Method.MANUAL else (theirs, mine)
    return Comparison(opened.names, opened.table.rows, manual, optim, other_opened)


async def _side(
    engine: Engine, program: Program, state: State, w: Weights, epoch: int, trace: EpochTrace | None = None
) -> Side:
    trace = trace if trace else await engine.ask(Look(program, state, epoch, epoch))
    (cost_next,) = await engine.ask(Costs(program, state, (trace.w_next,)))
    pairs = await engine.ask(Gradients(program, state, points_beside(w)))
    gradients = [gradient for gradient, _autograd in pairs if gradient is not None]
    elsewhere = tuple(number for gradient in gradients for number in gradient) if len(gradients) == len(pairs) else ()
    return Side(trace, cost_next, elsewhere)


def hidden() -> LazyString:
    """That the comparison would give a prediction away."""
    return LazyString(lambda: _("both methods stand here again when the epoch has been predicted"))


class Methods(Panel):
    """It draws a comparison, which is made of the Descent only while this panel is shown."""

    comparison: reactive[Comparison | LazyString | None] = reactive(None, repaint=False, always_update=True)
    """The comparison, or why there is none; None until it has been made."""

    def watch_comparison(self) -> None:
        self.redraw()

    def watch_descent(self, before: Descent, now: Descent) -> None:
        """The comparison follows."""

    def draw(self, width: int, height: int) -> list[Row]:
        found = self.comparison
        self.set_title(_("both methods on one W"))
        if not isinstance(found, Comparison):
            sentence = _("comparing both methods ...") if found is None else str(found)
            return [((line, "dim"),) for line in wrap(sentence, width)]
        rows = _numbers(found, width)
        return [*rows, *_sentences(found, width, height - len(rows))]


def _numbers(found: Comparison, width: int) -> list[Row]:
    """A row a quantity: its name, what each method has, and how the two compare."""
    label, last = (13, 16) if width >= WIDE else (9, 8)
    each = (width - label - last) // 2
    shown = _steepest(found, max(1, each // VALUE))
    room = each if len(shown) == 1 else VALUE

    def row(name: str, of: Callable[[Side], Weights], text: Callable[[float], str], last: str = "") -> Cells:
        manual, optim = (
            "".join(right(fit(of(side)[index], text(of(side)[index]), room), VALUE) for index in shown)
            for side in (found.manual, found.optim)
        )
        return name, manual, optim, last or ratio_text(of(found.manual), of(found.optim))

    table: list[Cells] = [(_start(found, shown), *Method, _("ratio"))]
    if len(found.names) > 1:
        names = "".join(right(found.names[index], VALUE) for index in shown)
        table.append(("", names, names, ""))
    exact = _exact if len(found.names) == 1 else format_weight
    table += [
        row("gradient", lambda side: side.gradient, format_signed),
        ("lr", _lr(found.manual), _lr(found.optim), ratio_text((found.manual.lr,), (found.optim.lr,))),
        row(_("update"), lambda side: side.update, format_signed),
        row(_("next W"), lambda side: side.trace.w_next, exact, _steps(found, width >= WIDE)),
        (_("next cost"), format_cost(found.manual.cost_next), format_cost(found.optim.cost_next), ""),
    ]
    styles = ["dim"] * (len(table) - 5) + ["text", "text", "text", "strong", "text"]
    return [
        (
            (left(truncate(name, label), label), "dim"),
            (right(a, each) + right(b, each), style),
            (right(c, last), "accent"),
        )
        for (name, a, b, c), style in zip(table, styles, strict=True)
    ]


def _lr(side: Side) -> str:
    return format_lr(side.lr) if side.lr == side.lr else "–"


def _start(found: Comparison, shown: list[int]) -> str:
    """The W that both begin with; of many weights, how many there is no room for."""
    if len(found.names) == 1:
        return f"{found.names[0]} {format_weight(found.manual.trace.w[0])}"
    hidden = len(found.names) - len(shown)
    return ngettext("{count} more", "{count} more", hidden).format(count=hidden) if hidden else ""


def _steepest(found: Comparison, most: int) -> list[int]:
    """The weights with the largest gradients, as many as there is room for, in the model's order."""
    gradient = found.optim.gradient
    steepest = sorted(range(len(gradient)), key=lambda index: -abs(gradient[index]))
    return sorted(steepest[:most])


def _exact(w: float) -> str:
    """A W with all the digits of a float32, which tell it from its neighbours."""
    return f"{w:#.9g}" if w else format_weight(w)


def _steps(found: Comparison, wide: bool) -> str:
    """How far the next W are apart; of several weights the farthest."""
    if None in found.steps:
        return "nan"
    steps = max(step for step in found.steps if step is not None)
    count = f"{steps:,}" if steps < (10_000_000 if wide else 1000) else f"{steps:.0e}"
    if not wide:
        return f"{count} ulp" if len(count) < 4 else count
    if steps == 0:
        return _("same to the bit")
    return ngettext("{count} step", "{count} steps", steps).format(count=count)


def _sentences(found: Comparison, width: int, room: int) -> list[Row]:
    """Why they differ, in as many words as there is room for; that of the gradients goes before that of the next W."""
    for gradients, next_w in product(about_gradients(found), (*about_next_w(found), "")):
        rows: list[Row] = [((line, "text"),) for paragraph in gradients.split("\n") for line in wrap(paragraph, width)]
        rows += [((line, "dim"),) for line in wrap(next_w, width)]
        if len(rows) <= room:
            return rows
    return []


def ratio_text(a: Weights, b: Weights) -> str:
    """How many times the second the first is: x 1.5."""
    relation, ratio = related(a, b)
    if relation is Relation.MULTIPLE:
        return f"x {_number(ratio)}"
    return _("uneven") if relation is Relation.UNEVEN else "–"


def about_gradients(found: Comparison) -> Texts:
    """What the ratio of the two gradients is, and why."""
    relation, ratio = found.gradients
    match relation:
        case Relation.NOT_FINITE:
            return (_("a gradient is inf or nan, beyond float32: there is no ratio"),)
        case Relation.BOTH_ZERO:
            return (_("both gradients are 0: there is nothing to compare, and nothing left to learn"),)
    if found.ratio_shows and found.lecture_form:
        return _about_sum(found) if found.lecture_form is GradientForm.SUM else _about_mean()
    if found.known_ratio is not None and not found.ratio_shows:
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


def _about_sum(found: Comparison) -> Texts:
    half = _number(found.rows / 2)
    if found.lrs_match:
        lrs = _("manual's lr makes up for it: {manual_lr} x {half} = {optim_lr}")
    else:
        lrs = _("here lr {matching} would match optim's {optim_lr}")
    matching = format_lr(found.optim.lr / (found.rows / 2))
    lrs = lrs.format(manual_lr=_lr(found.manual), half=half, optim_lr=_lr(found.optim), matching=matching)
    fact = _("torch.sum is m/2 = {half} x the true gradient for m = {rows}").format(half=half, rows=f"{found.rows:,}")
    question = _(
        "torch.mean for torch.sum? alone it is half the true gradient, whatever m is; 2 * torch.mean is all of it, and "
        "takes optim's lr"
    )
    return (
        f"{fact}; {lrs}\n{question}",
        _("of the true gradient torch.sum is {half} x, torch.mean 0.5 x, 2 * torch.mean 1 x").format(half=half),
        _("sum {half} x true, 2 * mean 1 x, mean 0.5 x").format(half=half),
    )


def _about_mean() -> Texts:
    fact = _("2 * torch.mean is the true gradient whatever m is, and takes optim's lr")
    return (
        fact + "\n" + _("torch.mean without the 2 is half of it, torch.sum m/2 x it"),
        _("2 * mean 1 x true, mean 0.5 x"),
    )


def about_next_w(found: Comparison) -> Texts:
    """How the two next W differ, and why."""
    match found.difference:
        case Difference.NOT_FINITE:
            return (_("a next W is inf or nan, beyond float32"),)
        case Difference.SAME:
            return (_("the two next W are the same to the bit"),)
        case Difference.OWN_UPDATE:
            own = Method.OPTIM if found.manual.is_lr_times_gradient else Method.MANUAL
            return (_("{method}'s update is not lr x gradient alone, as its lines have it").format(method=own),)
        case Difference.APART:
            return _apart(found)
    return (
        _(
            "next W: the same on paper, but float32 rounds {manual} and {optim} each by itself, so the last digit may "
            "differ"
        ).format(**_products(found)),
        _("next W: the same on paper; float32 rounds the last digit"),
    )


def _apart(found: Comparison) -> Texts:
    fact = _("next W differ as lr x gradient does: {manual}, {optim}").format(**_products(found))
    where: dict[GradientForm | None, str] = {
        GradientForm.SUM: _("the lecture's lr 0.1 and 0.15 match for m = 3 alone"),
        GradientForm.MEAN: _("they match where both lr are the same"),
    }
    return (f"{fact}; {where[found.lecture_form]}", fact) if found.lecture_form else (fact,)


def _products(found: Comparison) -> dict[str, str]:
    """lr x gradient of both methods: with the gradient itself where there is one weight."""
    return {
        method: f"{_lr(side)} x "
        + (format_weight(side.gradient[0]) if len(found.names) == 1 else _("{method}'s").format(method=method))
        for method, side in (("manual", found.manual), ("optim", found.optim))
    }


def _number(ratio: float) -> str:
    """A ratio in four digits; below 1 as a fraction where that is simple and its digits go on: 2/3."""
    fraction = Fraction(ratio).limit_denominator(20)
    if 0 < ratio < 1 and len(f"{ratio:.4g}") > len(str(fraction)) and abs(fraction - ratio) < 1e-6 * abs(ratio):
        return str(fraction)
    return f"{ratio:,.4g}" if abs(ratio) < 1000 else f"{ratio:,.0f}" if abs(ratio) < 1e9 else f"{ratio:.3g}"
