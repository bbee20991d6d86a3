"""Experiments: the lecture's program with one thing changed, a question to answer first, and what to look for then."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite

from core.beginning import beginning
from core.data import Dataset
from core.descent import Descent
from core.float32 import float32
from core.landscape import UNMEASURED, Effect, Landscape, beside, dot, measure
from core.language import _, marked
from core.listing import MEAN_CALL, SUM_CALL, GradientForm, Line, Listing, Method, Phase
from core.lr import Lr, simple_fraction
from core.state import Engine, Knobs, Weights
from core.study.outcome import Outcome, outcome

FAR = 100
"""A start far away is so many times as far from 0 as the minimum."""

ACROSS = 1e-3
"""Where the minimum is nearer to 0 than this share of its length, along the steepest direction, a run begins beside it.
"""

MOMENTUM = 0.9

TOO_LARGE = 1e30
"""A cost above this is too near to the largest float32 to begin with."""


@dataclass(frozen=True)
class Setting:
    """With what a run begins."""

    knobs: Knobs
    start: Weights


@dataclass(frozen=True)
class Ground:
    """What an experiment changes: the setting with which a run on the table begins, and what that does."""

    setting: Setting
    data: Dataset
    land: Landscape
    effect: Effect
    """What its lr does, from the curvature that was measured."""

    @property
    def knobs(self) -> Knobs:
        return self.setting.knobs

    def with_lr(self, lr: float) -> Setting:
        """The setting with an lr that was measured; as the simple fraction that it is but for float32's rounding."""
        return replace(self.setting, knobs=self.knobs.with_lr(Lr.at(float(simple_fraction(lr) or lr))))

    def with_lines(self, lines: tuple[Line, ...], change: Callable[[str], str]) -> Setting:
        """The setting with some lines exchanged."""
        listing = self.knobs.listing
        for line in lines:
            listing = listing.with_line(line.number, change(line.text))
        return replace(self.setting, knobs=replace(self.knobs, listing=listing))


Change = Callable[[Ground], Setting | str]
"""The setting of an experiment, or a sentence that says why there is none on this table."""


@dataclass(frozen=True)
class Experiment:
    """A change that has a name; its texts are looked up where they are shown."""

    id: str
    name: str
    question: str
    """What to ask before it is begun."""
    look_for: str
    """What to look for while it runs."""
    why: str
    """Why it came out as it did."""
    change: Change
    method: Method | None = None
    """The method whose program is changed; None: the one in use."""

    def ground(self, descent: Descent, engine: Engine) -> Ground:
        """What is changed on a descent's table: the lecture's program, with its hypothesis, where W begins at 0."""
        knobs = lectures(descent.data, descent.knobs)
        knobs = replace(knobs, method=self.method or knobs.method)
        land = descent.landscape
        curvature = measure(engine, knobs, land).curvature
        effect = Effect(knobs.lr.value, curvature, curvature / land.condition)
        return Ground(Setting(knobs, _start(land)), descent.data, land, effect)

    def setting(self, ground: Ground) -> Setting | str:
        """With what the experiment begins, or why there is none."""
        effect = ground.effect
        if effect.lr == 0 or not isfinite(effect.curvature):
            return _("the inputs are so large that no lr is small enough: standardize them, with u")
        if effect.curvature <= 0:
            return _("cost is level here: no W is better than another, so nothing moves it")
        return self.change(ground)


@dataclass(frozen=True)
class Underway:
    """An experiment that has been begun, and what the learner expected of it."""

    experiment: Experiment
    setting: Setting
    data: Dataset
    expected: Outcome | None = None

    def begun(self, descent: Descent, engine: Engine) -> Descent:
        """A new run with the setting of the experiment, before its first epoch; the run before becomes the ghost."""
        new = replace(descent.begun_at(self.setting.start), knobs=self.setting.knobs, measured=UNMEASURED)
        return new.goto(0, engine)

    def holds(self, descent: Descent) -> bool:
        """Whether the run is still the experiment's: nothing else has been turned."""
        setting, tape = self.setting, descent.tape
        return (
            descent.data is self.data
            and descent.knobs == setting.knobs
            and tape.start.w == setting.start
            and all(knobs == setting.knobs for _, knobs in tape.turns)
        )

    def outcome(self, descent: Descent) -> Outcome | None:
        """What the experiment has come to, once that can be told; None for a run that is not its own."""
        return outcome(descent) if self.holds(descent) else None


def lectures(data: Dataset, knobs: Knobs) -> Knobs:
    """The knobs with the lecture's program as a run on this table begins with it, and its lrs; the method stays."""
    return beginning(data, knobs.listing.bias, knobs.method).knobs


def _start(land: Landscape) -> Weights:
    """0, as in the lecture; beside the minimum where 0 is no way off along the steepest direction."""
    way = abs(dot(land.directions[0], land.minimum))
    return (0.0,) * len(land.minimum) if way > ACROSS * max(map(abs, land.minimum)) else beside(land, 1)


def _gradient_lines(listing: Listing) -> tuple[Line, ...]:
    """The lines that sum or average over the rows: one for W, and one for b where there is one."""
    lines = listing.phase_lines(Method.MANUAL, Phase.GRADIENT)
    return tuple(line for line in lines if SUM_CALL in line.text)


def _in_form(form: GradientForm, already: str) -> Change:
    def change(ground: Ground) -> Setting | str:
        listing = ground.knobs.listing
        if listing.gradient_form is form:
            return _(already)
        return replace(ground.setting, knobs=replace(ground.knobs, listing=listing.with_gradient_form(form)))

    return change


def _mean_without_2(ground: Ground) -> Setting:
    """From the lecture's sum or the slide's 2 * mean, whichever the run begins with."""
    lines = _gradient_lines(ground.knobs.listing.pristine)
    return ground.with_lines(lines, lambda text: text.replace(SUM_CALL, MEAN_CALL.removeprefix("2 * ")))


def _zero_grad_forgotten(ground: Ground) -> Setting:
    zero_grad = ground.knobs.listing.phase_lines(Method.OPTIM, Phase.GRADIENT)[:1]
    return ground.with_lines(zero_grad, lambda text: "pass  # zero_grad() forgotten")


def _step_forgotten(ground: Ground) -> Setting:
    step = ground.knobs.listing.phase_lines(Method.OPTIM, Phase.UPDATE)
    return ground.with_lines(step, lambda text: "pass  # step() forgotten")


def _sign_turned(ground: Ground) -> Setting:
    updates = ground.knobs.listing.phase_lines(Method.MANUAL, Phase.UPDATE)
    return ground.with_lines(updates, lambda text: text.replace("-=", "+="))


def _momentum(ground: Ground) -> Setting:
    optimizer = ground.knobs.listing.model_lines(Method.OPTIM)[-1:]
    return ground.with_lines(optimizer, lambda text: f"{text.removesuffix(')')}, momentum={MOMENTUM})")


def _lrs_swapped(ground: Ground) -> Setting | str:
    knobs = ground.knobs
    if knobs.manual_lr == knobs.optim_lr:
        return _("manual and optim begin with the same lr here: both have the true gradient, so none is to be swapped")
    return replace(ground.setting, knobs=replace(knobs, manual_lr=knobs.optim_lr, optim_lr=knobs.manual_lr))


def _far_away(ground: Ground) -> Setting | str:
    far = FAR * (max(map(abs, ground.land.minimum)) or 1.0)
    start = tuple(float32(float(f"{far * step:.1g}")) for step in ground.land.directions[0])
    if not ground.land.cost(start) < TOO_LARGE:
        return _("the numbers of this table are so large that the cost would be beyond the largest float32")
    return replace(ground.setting, start=start)


def _at_the_minimum(ground: Ground) -> Setting:
    return replace(ground.setting, start=tuple(map(float32, ground.land.minimum)))


EXPERIMENTS = (
    Experiment(
        "slide",
        marked("the slide's 2 * mean"),
        marked("The full code sums, this slide takes 2 * mean, with the same lr. What will happen to W?"),
        marked("the first gradient, and how many epochs it takes"),
        marked("2 * mean is the true gradient: the sum is m/2 times that, so with one lr it takes longer steps."),
        _in_form(GradientForm.MEAN, marked("a run on this table begins with the slide's 2 * mean already")),
        Method.MANUAL,
    ),
    Experiment(
        "sum",
        marked("the full code's sum"),
        marked("The lecture's full code sums over its 3 rows. Over these, with the same lr: what will happen to W?"),
        marked("the first gradient, beside what 2 * mean gave"),
        marked("The sum grows with the rows: m/2 times the true gradient, so its lr has to be as much smaller."),
        _in_form(GradientForm.SUM, marked("the lecture's program has the sum already")),
        Method.MANUAL,
    ),
    Experiment(
        "mean",
        marked("mean without the 2"),
        marked("A fix that was proposed for the lecture: mean in place of sum, without the 2. What will happen to W?"),
        marked("the first gradient: it is half of what optim has on the same W"),
        marked("It is half the true gradient: the minimum is the same, and the steps are half as long."),
        _mean_without_2,
        Method.MANUAL,
    ),
    Experiment(
        "zero_grad",
        marked("zero_grad() forgotten"),
        marked("backward() adds to what .grad holds. If nobody sets it back to 0, what will happen to W?"),
        marked("W.grad where W crosses the minimum: it is not 0 there"),
        marked("W.grad is the sum of all gradients so far: W rushes through the minimum until the far side brakes it."),
        _zero_grad_forgotten,
        Method.OPTIM,
    ),
    Experiment(
        "step",
        marked("step() forgotten"),
        marked("backward() runs every epoch, and step() never. What will happen to W?"),
        marked("W.grad: it is there every epoch, and always the same"),
        marked("backward() computes the gradient and changes no W: that is what step() is for."),
        _step_forgotten,
        Method.OPTIM,
    ),
    Experiment(
        "sign",
        marked("the sign of the update turned round"),
        marked("W += lr * gradient: what will happen to W?"),
        marked("the cost: which way it goes with each update"),
        marked("The gradient points uphill. Whoever walks along it climbs, the faster the higher, whatever the lr."),
        _sign_turned,
        Method.MANUAL,
    ),
    Experiment(
        "swapped",
        marked("the two lrs swapped"),
        marked("manual gets optim's lr, and optim gets manual's. What will happen to W?"),
        marked("the factor at the lr ruler; m runs the other method with its swapped lr"),
        marked("An lr suits one gradient: the sum is m/2 times what optim has, and needs an lr as much smaller."),
        _lrs_swapped,
    ),
    Experiment(
        "edge",
        marked("lr on the edge"),
        marked("With this lr the error is multiplied by -1 every epoch. What will happen to W?"),
        marked("W on both sides of the minimum, and the cost of either"),
        marked("Each update leads exactly as far to the other side. A smaller lr settles, a larger one breaks away."),
        lambda ground: ground.with_lr(ground.effect.edge_lr),
    ),
    Experiment(
        "one_step",
        marked("lr that lands in one step"),
        marked("With this lr, half of that on the edge, the error is multiplied by 0. What will happen to W?"),
        marked("W after the first epoch, and the gradient after that"),
        marked("On a parabola the slope tells how far the minimum is: an lr of 1 / curvature goes just as far."),
        lambda ground: ground.with_lr(ground.effect.one_step_lr),
    ),
    Experiment(
        "far",
        marked("a start far away"),
        marked("W begins a hundred times as far away, with the lecture's lr. What will happen to it?"),
        marked("the factor between one error and the next: compare it with a start at 0"),
        marked("The factor depends on the lr alone: from far away it takes a few epochs more, and ends the same."),
        _far_away,
    ),
    Experiment(
        "minimum",
        marked("a start at the minimum"),
        marked("W begins where the cost is least. What will happen to it?"),
        marked("the gradient, and the update that it makes"),
        marked("At the minimum the slope is 0, so the update is 0 (but for float32's rounding), whatever the lr."),
        _at_the_minimum,
    ),
    Experiment(
        "lr_0",
        marked("lr 0"),
        marked("Everything is computed as before, and lr is 0. What will happen to W?"),
        marked("the gradient and the update: only one of them is 0"),
        marked("lr times the gradient is how far W goes: 0 times anything is no step."),
        lambda ground: ground.with_lr(0.0),
    ),
    Experiment(
        "momentum",
        marked("optim with momentum"),
        marked("The optimizer keeps 0.9 of its last step and adds the new one. What will happen to W?"),
        marked("W at the minimum: it runs through. It takes about a hundred epochs: pgdn runs ten, f all"),
        marked("It rolls like a ball: through the minimum, up the far side, and each swing is a little shorter."),
        _momentum,
        Method.OPTIM,
    ),
)
