"""Experiments: the lecture's program with one thing changed, a question to answer first, and what to look for then."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf, isfinite
from pathlib import Path
from typing import Any

from core.behaviour import Behaviour, behaviour
from core.descent import Descent
from core.edits import MEAN_CALL, GradientForm, with_call_forgotten, with_gradient_form, with_optimizer, with_start
from core.float32 import float32
from core.knobs import Knobs
from core.language import N_, _
from core.lr import simple_fraction
from core.measured import Measured
from core.program import Method, Phase, Program
from core.state import Opened, Weights

FAR = 100  # a start far away is so many times as far from 0 as the minimum


@dataclass(frozen=True)
class ExperimentContext:
    """What an experiment changes: the program with which a run on the table starts, and what it was measured to do."""

    knobs: Knobs
    opened: Opened
    measured: Measured

    def with_start(self, weights: Weights) -> Knobs:
        """The knobs with another start in both texts, in float32."""
        start = {slot.name: self.opened.part(slot.name, tuple(map(float32, weights))) for slot in self.opened.weights}
        return self.knobs.edited(lambda program: with_start(program, start))

    def with_lr(self, lr: float) -> Knobs | str:
        """The knobs with an lr that was measured, as the simple fraction that it is but for rounding."""
        if not isfinite(lr):
            return _("no lr was found here with which the error is multiplied by 0 or -1")
        return self.knobs.with_program(self.knobs.program.with_lr(float(simple_fraction(lr) or lr)))


Change = Callable[[ExperimentContext], Knobs | str]  # or a sentence that says why there is none on this table


@dataclass(frozen=True)
class Experiment:
    """A change that has a name; its texts are looked up where they are shown."""

    name: str
    method: Method | None  # whose program is changed; None: the one in use
    change: Change
    question: str  # before it starts
    look_for: str  # while it runs
    why: str  # it came out as it did

    def knobs(self, context: ExperimentContext) -> Knobs | str:
        """With what the experiment starts, or why there is none."""
        if self.method not in (None, context.knobs.method):
            return _("this program has no {method}").format(method=self.method)
        if not 0 < context.measured.max_curvature < inf or context.knobs.program.lr == 0:
            return _("no lr suits this table: the inputs are too large, then u standardizes them, or the cost is level")
        if (changed := self.change(context)) != context.knobs:
            return changed
        return _("it changes nothing: the program has it already, or its lines are not the lecture's")


@dataclass(frozen=True)
class RunningExperiment:
    """An experiment that runs, and what the learner expected of it."""

    experiment: Experiment
    knobs: Knobs = field(repr=False)
    expected: Behaviour | None = None

    def is_active(self, descent: Descent) -> bool:
        """Whether the run is still the experiment's: nothing else has been turned."""
        return all(knobs == self.knobs for knobs in (descent.knobs, *(each for _start, each in descent.log.segments)))

    def outcome(self, descent: Descent) -> Behaviour | None:
        """How the experiment came out, as soon as the run shows it; None for a run that is not its own."""
        return behaviour(descent) if self.is_active(descent) else None


def lecture_knobs(knobs: Knobs) -> Knobs:
    """The lecture's programs on the table of these knobs, or the learner's own script as it was read."""

    def usual(program: Program) -> Program:
        if not has_other_table(program):
            return program.unedited
        usual = with_gradient_form(program.unedited, GradientForm.MEAN)  # whose size doesn't depend on the rows
        return usual if program.lr is None else usual.with_lr(program.lr)

    return Knobs(usual(knobs.program), knobs.other and usual(knobs.other))


def has_other_table(program: Program) -> bool:
    """Whether it is one of the lecture's programs over other rows than the lecture's."""
    path = Path(program.path)
    return path.parent.as_posix() == "core/programs" and program.unedited != Program.read(path.stem)


def _edit(edit: Callable[..., Program], *how: Any, **options: Any) -> Change:
    return lambda context: context.knobs.with_program(edit(context.knobs.program, *how, **options))


def _mean_without_2(program: Program) -> Program:
    return _replaced(with_gradient_form(program, GradientForm.MEAN), Phase.GRADIENT, MEAN_CALL, "torch.mean(")


def _replaced(program: Program, phase: Phase, old: str, new: str) -> Program:
    for line in program.lines:
        if line.phase is phase:
            program = program.with_statement(line.number, line.text.replace(old, new))
    return program


def _lrs_swapped(context: ExperimentContext) -> Knobs | str:
    program, other = context.knobs.program, context.knobs.other
    if other is None or other.lr is None or program.lr is None:
        return _("this program has one lr: there is none to swap it with")
    return replace(context.knobs, program=program.with_lr(other.lr), other=other.with_lr(program.lr))


def _far_away(context: ExperimentContext) -> Knobs:
    far = FAR * (max(map(abs, context.measured.minimum or ()), default=0.0) or 1.0)
    return context.with_start(tuple(float(f"{far * step:.1g}") for step in context.measured.steepest))


def _at_the_minimum(context: ExperimentContext) -> Knobs | str:
    minimum = context.measured.minimum
    return context.with_start(minimum) if minimum else _("no minimum of this cost was found")


# fmt: off
EXPERIMENTS = (
    Experiment(N_("the slide's 2 * mean"), Method.MANUAL, _edit(with_gradient_form, GradientForm.MEAN),
        N_("The full code sums, this slide takes 2 * mean, with the same lr. What will happen to W?"),
        N_("the first gradient, and how many epochs it takes"),
        N_("2 * mean is the true gradient: the sum is m/2 times that, so with one lr it takes longer steps.")),
    Experiment(N_("the full code's sum"), Method.MANUAL, _edit(with_gradient_form, GradientForm.SUM),
        N_("The lecture's full code sums over its 3 rows. Over these, with the same lr: what will happen to W?"),
        N_("the first gradient, beside what 2 * mean gave"),
        N_("The sum grows with the rows: m/2 times the true gradient, so its lr has to be as much smaller.")),
    Experiment(N_("mean without the 2"), Method.MANUAL, _edit(_mean_without_2),
        N_("A fix that was proposed for the lecture: mean in place of sum, without the 2. What will happen to W?"),
        N_("the first gradient: it is half of what optim has on the same W"),
        N_("It is half the true gradient: the minimum is the same, and the steps are half as long.")),
    Experiment(N_("zero_grad() forgotten"), Method.OPTIM, _edit(with_call_forgotten, "zero_grad"),
        N_("backward() adds to what .grad holds. If nobody sets it back to 0, what will happen to W?"),
        N_("W.grad where W crosses the minimum: it is not 0 there"),
        N_("W.grad is the sum of all gradients so far: W rushes through the minimum until the far side brakes it.")),
    Experiment(N_("step() forgotten"), Method.OPTIM, _edit(with_call_forgotten, "step"),
        N_("backward() runs every epoch, and step() never. What will happen to W?"),
        N_("W.grad: it is there every epoch, and always the same"),
        N_("backward() computes the gradient and changes no W: that is what step() is for.")),
    Experiment(N_("the sign of the update turned round"), Method.MANUAL, _edit(_replaced, Phase.UPDATE, "-=", "+="),
        N_("W += lr * gradient: what will happen to W?"),
        N_("the cost: which way it goes with each update"),
        N_("The gradient points uphill. Whoever walks along it climbs, the faster the higher, whatever the lr.")),
    Experiment(N_("the two lrs swapped"), None, _lrs_swapped,
        N_("manual gets optim's lr, and optim gets manual's. What will happen to W?"),
        N_("the factor at the lr ruler; m runs the other method with its swapped lr"),
        N_("An lr suits one gradient: the sum is m/2 times what optim has, and needs an lr as much smaller.")),
    Experiment(N_("lr on the edge"), None, lambda context: context.with_lr(context.measured.stability_limit),
        N_("With this lr the error is multiplied by -1 every epoch. What will happen to W?"),
        N_("W on both sides of the minimum, and the cost of either"),
        N_("Each update leads exactly as far to the other side. A smaller lr settles, a larger one breaks away.")),
    Experiment(N_("lr that lands in one step"), None, lambda context: context.with_lr(context.measured.one_step_lr),
        N_("With this lr, half of that on the edge, the error is multiplied by 0. What will happen to W?"),
        N_("W after the first epoch, and the gradient after that"),
        N_("On a parabola the slope tells how far the minimum is: an lr of 1 / curvature goes just as far.")),
    Experiment(N_("a start far away"), None, _far_away,
        N_("W begins a hundred times as far away, with the lecture's lr. What will happen to it?"),
        N_("the factor between one error and the next: compare it with a start at 0"),
        N_("The factor depends on the lr alone: from far away it takes a few epochs more, and ends the same.")),
    Experiment(N_("a start at the minimum"), None, _at_the_minimum,
        N_("W begins where the cost is least. What will happen to it?"),
        N_("the gradient, and the update that it makes"),
        N_("At the minimum the slope is 0, so the update is 0 (but for float32's rounding), whatever the lr.")),
    Experiment(N_("lr 0"), None, lambda context: context.with_lr(0.0),
        N_("Everything is computed as before, and lr is 0. What will happen to W?"),
        N_("the gradient and the update: only one of them is 0"),
        N_("lr times the gradient is how far W goes: 0 times anything is no step.")),
    Experiment(N_("optim with momentum"), Method.OPTIM, _edit(with_optimizer, momentum=0.9),
        N_("The optimizer keeps 0.9 of its last step and adds the new one. What will happen to W?"),
        N_("W at the minimum: it runs through. It takes about a hundred epochs: pgdn runs ten, f all"),
        N_("It rolls like a ball: through the minimum, up the far side, and each swing is a little shorter.")),
)
# fmt: on
