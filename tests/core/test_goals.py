"""What a lesson asks for, judged from the runs that there have been."""

from dataclasses import replace

import pytest

from core.descent import Descent, Tick
from core.edits import PLACEHOLDER
from core.knobs import Knobs
from core.lr import Lr
from core.program import Phase
from core.study.goals import parse_goal
from core.study.goals.status import GoalStatus
from core.study.lesson_history import MOST_EPOCHS, MOST_RUNS, LessonHistory, seen_epochs
from tests.core.in_process import complete, descent_at

LINES = len(Knobs.of().program.lines)


def judged(goal: str, *descents: Descent) -> GoalStatus:
    """How a goal stands after these places."""
    history = LessonHistory.of(descents[0])
    for descent in descents[1:]:
        history = history.observe(descent)
    return parse_goal(goal)(history)


def with_gradient(text: str) -> Knobs:
    """The lecture's program with another gradient line."""
    knobs = Knobs.of()
    line = next(line for line in knobs.program.lines if line.phase is Phase.GRADIENT)
    return knobs.with_program(knobs.program.with_statement(line.number, text))


@pytest.mark.parametrize(
    ("line", "met"),
    [
        ("gradient = 2 * torch.mean((W * x_train - y_train) * x_train)", True),
        ("gradient = torch.sum((W * x_train - y_train) * x_train)", True),
        ("gradient = 2 * ((x_train * W - y_train) * x_train).mean()", True),
        ("gradient = torch.mean((W * x_train - y_train) * x_train)", False),
        ("gradient = 2 * torch.mean((y_train - W * x_train) * x_train)", False),
        ("gradient = 2 * torch.mean(W * x_train - y_train)", False),
        ("gradient = torch.sum((W * x_train - y_train) ** 2)", False),
        ("gradient = torch.tensor(-9.3333333)", False),
    ],
)
def test_the_gradient_line_is_right_once_or_m_half_times_at_several_w_and_nothing_else(line: str, met: bool) -> None:
    places = [descent_at(epoch, with_gradient(line)) for epoch in range(4)]
    assert not judged("wrote_the_gradient 3", *places[:3]).met
    assert judged("wrote_the_gradient 3", *places).met is met


def test_an_unwritten_line_meets_no_goal() -> None:
    status = judged("wrote_the_gradient 3", Descent(with_gradient(PLACEHOLDER)))
    assert status == GoalStatus(False, "the gradient line is still to be written")


def test_the_history_keeps_of_each_run_the_place_farthest_on() -> None:
    start = descent_at(0, Knobs.of())
    there = complete(start.goto(Tick(3, 1)))
    back = complete(there.goto(Tick(0, 2)))
    other = complete(back.with_knobs(back.knobs.with_lr(Lr.at(0.05))))
    history = LessonHistory.of(start).observe(there).observe(back).observe(other)
    assert history.now is other
    assert history.runs == (there, other)
    assert [epoch.ended for epoch in seen_epochs(there)] == [True, True, True]
    assert [epoch.ended for epoch in seen_epochs(complete(start.goto(Tick(2, 3))))] == [True, True, False]


def test_a_long_history_costs_no_more_than_a_short_one() -> None:
    start = descent_at(0, Knobs.of())
    assert len(list(seen_epochs(complete(start.goto(Tick(1000, 0)))))) == MOST_EPOCHS
    history = LessonHistory.of(start)
    for _ in range(2 * MOST_RUNS):
        history = history.observe(complete(start.restarted()))
    assert len(history.runs) == MOST_RUNS


def test_epochs_behind_the_place_of_the_learner_do_not_count() -> None:
    there = descent_at(10, Knobs.of())
    assert judged("reproduces 10", there).met
    assert judged("reproduces 10", complete(there.goto(Tick(3, 0)))) == GoalStatus(False, "epoch 3 of 10")
    assert not judged("one_step", complete(there.goto(Tick(0, 0)))).met


def test_a_mixed_run_is_neither_manuals_nor_optims_nor_2_means() -> None:
    mixed = descent_at(3, Knobs.of())
    mixed = complete(complete(mixed.with_knobs(mixed.knobs.switched())).goto(Tick(10, 0)))
    for goal in ("by_optim", "by_manual", "by_mean"):
        assert not judged(goal, mixed).met


def test_goals_joined_by_and_say_what_is_missing_of_the_first_that_is_not_met() -> None:
    there = descent_at(10, Knobs.of())
    assert judged("by_manual and reproduces 10", there).met
    assert judged("by_manual and by_optim and gradient_is 3", there).why == "this is manual; the task is about optim"


@pytest.mark.parametrize("lr", ["1/14", "1/7"])
def test_only_its_own_lr_lands_in_one_step_or_bounces(lr: str) -> None:
    above, below = lr.split("/")
    run = descent_at(8, Knobs.of().with_lr(Lr.at(int(above) / int(below))))
    assert judged("one_step", run).met is (lr == "1/14")
    assert judged("bounces", run).met is (lr == "1/7")


def test_a_line_has_to_have_run_before_what_it_computes_counts() -> None:
    start = descent_at(0, replace(Knobs.of()))
    assert judged("error_at 2 -2", start).why == "the line of H(x) has not run yet"
    assert judged("error_at 2 -2", complete(start.goto(Tick(0, 1)))).met
    assert not judged("cost_times 1", start, complete(start.goto(Tick(0, 1)))).met
    assert judged("cost_times 1", start, complete(start.goto(Tick(0, 2)))).met
    assert not judged("gradient_is -14", complete(start.goto(Tick(0, 2)))).met
    assert judged("gradient_is -14", complete(start.goto(Tick(0, 3)))).met
