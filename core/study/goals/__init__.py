"""What a lesson asks for: small functions from what has happened in it to whether its goal is met, and why."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from inspect import Parameter, signature

from core.language import _
from core.study.goals import gradient, model, run
from core.study.goals.status import GoalStatus, completed
from core.study.lesson_history import LessonHistory

Goal = Callable[[LessonHistory], GoalStatus]

GOALS: dict[str, Callable[..., GoalStatus]] = {
    goal.__name__: goal
    for goal in (
        model.predicts,
        model.without_bias,
        model.with_bias,
        model.several_inputs,
        model.error_at,
        model.fits,
        model.tried_both_sides,
        model.stands_below,
        model.cost_times,
        model.cost_at_most,
        gradient.went_down_from_both_sides,
        gradient.gradient_is,
        gradient.wrote_the_gradient,
        gradient.both_gradients_at_one_w,
        run.by_mean,
        run.by_manual,
        run.by_optim,
        run.reproduces,
        run.one_step,
        run.bounces,
        gradient.zeroed_again,
    )
}
"""What a lesson file may name."""


def parse_goal(text: str) -> Goal:
    """A goal as a lesson file names it: `stands_below 0.01`, or several with `and` between them, all to be met.

    Raises ValueError with a sentence for who wrote the file.
    """
    return partial(_all_completed, goals=tuple(_parse_one(part.split()) for part in text.split(" and ")))


def _parse_one(words: list[str]) -> Goal:
    name, *numbers = words or [""]
    if name not in GOALS:
        raise ValueError(
            _("'{name}' is not a goal: there are {goals}").format(name=name, goals=", ".join(sorted(GOALS)))
        )
    wanted = list(signature(GOALS[name]).parameters.values())[1:]
    if len(numbers) != len(wanted) and not any(parameter.kind is Parameter.VAR_POSITIONAL for parameter in wanted):
        names = " ".join(parameter.name for parameter in wanted)
        raise ValueError(_("write the goal as '{goal}'").format(goal=f"{name} {names}".strip()))
    try:
        values = [float(Fraction(number)) for number in numbers]
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            _("'{goal}' holds something that is not a number: write 0.01, -2 or 4/3").format(goal=" ".join(words))
        ) from None
    return lambda history: GOALS[name](history, *values)


def _all_completed(history: LessonHistory, goals: tuple[Goal, ...]) -> GoalStatus:
    """All goals together: what is missing of the first that isn't met, or why all are."""
    standings = [goal(history) for goal in goals]
    return next((each for each in standings if not each.met), completed("; ".join(each.why for each in standings)))
