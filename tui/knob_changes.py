"""Changes of the knobs, as pure functions, and the sentences where they change nothing; new runs of another kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from core.descent import Descent, Kept
from core.edits import (
    GradientForm,
    gradient_form,
    is_standardized,
    sibling,
    standardized,
    with_gradient_form,
)
from core.knobs import Knobs
from core.language import N_
from core.lr import Lr
from core.program import Method, Program
from core.start import SAFE_LR
from core.study.experiments import lecture_knobs
from tui.moves import Ladder, Turn


def _with_lr(step: Callable[[Lr, tuple[float, ...]], Lr]) -> Turn:
    return lambda knobs, ladder: knobs.with_lr(step(knobs.lr, ladder.rungs)) if knobs.lr else knobs


def _other_gradient(knobs: Knobs, _ladder: Ladder) -> Knobs:
    """Manual's gradient line in its other form; optim has no such line."""
    if knobs.method is Method.OPTIM:
        return knobs
    form = GradientForm.MEAN if gradient_form(knobs.program) is GradientForm.SUM else GradientForm.SUM
    return knobs.with_program(with_gradient_form(knobs.program, form))


def _with_first_lr(knobs: Knobs, ladder: Ladder) -> Knobs:
    lr = ladder.first.by(knobs.method).program.lr
    return knobs if lr is None else knobs.with_lr(Lr.at(lr))


def _reset(knobs: Knobs, _ladder: Ladder) -> Knobs:
    return lecture_knobs(knobs)


KNOB_CHANGES: dict[str, Turn] = {
    "method": lambda knobs, _ladder: knobs.switched(),
    "gradient": _other_gradient,
    "lr_up": _with_lr(Lr.up),
    "lr_down": _with_lr(Lr.down),
    "lr_double": _with_lr(lambda lr, _more: lr.times(2)),
    "lr_halve": _with_lr(lambda lr, _more: lr.times(0.5)),
    "first_lr": _with_first_lr,
    "reset": _reset,
}

NO_CHANGE_REASONS = {
    "method": N_("this program has no other method"),
    "gradient": N_("g exchanges manual's gradient line; optim takes its gradient from cost.backward()"),
    "lr_up": N_("lr is at the top of the ladder, 1e6"),
    "lr_down": N_("lr is at the bottom of the ladder, 0"),
    "lr_double": N_("twice this lr is beyond the largest, 1e6; twice 0 is 0"),
    "lr_halve": N_("half of lr 0 is 0"),
    "first_lr": N_("this is the lr that a run begins with already"),
    "reset": N_("nothing is changed: this is the lecture's program, with its lrs"),
    "no_lr": N_("this program has no lr in its text that could be turned"),
}
"""What to say where a change leaves the knobs as they were."""


def _as_new_run(edit: Callable[[Program], Program]) -> Callable[[Knobs], Knobs]:
    """The knobs of a run with other programs: the lecture's own as they stand, others with an lr to be fitted."""

    def knobs_of(knobs: Knobs) -> Knobs:
        edited = knobs.edited(edit)
        stem = PurePath(edited.program.path).stem.rpartition("_")[0]
        lectures = Knobs.of(stem, knobs.method)
        if edited.program.unedited.with_lr(1) == lectures.program.with_lr(1):
            return lectures
        return edited.edited(_with_safe_lr)

    return knobs_of


def _with_safe_lr(program: Program) -> Program:
    return with_gradient_form(program, GradientForm.MEAN).with_lr(SAFE_LR)


NEW_RUNS: dict[str, Callable[[Knobs], Knobs]] = {
    "standardize": _as_new_run(lambda each: standardized(each, not is_standardized(each))),
    "bias": _as_new_run(lambda each: sibling(each, "b" not in each.parameters)),
}
"""What begins a run of its own. They raise ProgramError where the program has no such form."""


def other_run(descent: Descent, start: Descent, aside: dict[Program, tuple[Kept, ...]]) -> Descent:
    """The start of another run, with the runs that were kept when its table and its weights were last on the screen;
    those of now are put aside until theirs come back.
    """
    aside[_table_of(descent.knobs)] = descent.kept
    return replace(start, kept=start.kept or aside.pop(_table_of(start.knobs), ()))


def _table_of(knobs: Knobs) -> Program:
    """What runs that can lie over each other have in common: the program as it was read, but for its method and lr."""
    return knobs.by(Method.MANUAL).program.unedited.with_lr(1.0)
