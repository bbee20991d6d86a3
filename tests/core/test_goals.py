"""What a lesson asks for, judged from the runs that there have been."""

from dataclasses import replace

import pytest

from core.beginning import beginning
from core.data import LECTURE
from core.descent import PHASES, Descent
from core.epoch import TorchEngine
from core.listing import UNWRITTEN, Method, Phase
from core.lr import Lr
from core.study.goals import parse_goal
from core.study.goals.standing import Standing
from core.study.history import MOST_EPOCHS, MOST_RUNS, History

ENGINE = TorchEngine(LECTURE)


def judged(goal: str, *descents: Descent) -> Standing:
    """How a goal stands after these places."""
    history = History.beginning(descents[0])
    for descent in descents[1:]:
        history = history.then(descent)
    return parse_goal(goal)(history)


def with_gradient(text: str) -> Descent:
    """The lecture's program with another gradient line."""
    descent = Descent()
    (line,) = descent.knobs.listing.phase_lines(Method.MANUAL, Phase.GRADIENT)
    return replace(descent, knobs=replace(descent.knobs, listing=descent.knobs.listing.with_line(line.number, text)))


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
    start = with_gradient(line)
    places = [start.goto(epoch * PHASES, ENGINE) for epoch in range(4)]
    assert not judged("wrote_the_gradient 3", *places[:3]).met
    assert judged("wrote_the_gradient 3", *places).met is met


def test_an_unwritten_line_meets_no_goal() -> None:
    standing = judged("wrote_the_gradient 3", with_gradient(UNWRITTEN))
    assert standing == Standing(False, "the gradient line is still to be written")


def test_the_history_keeps_of_each_run_the_place_farthest_on() -> None:
    start = Descent().goto(0, ENGINE)
    there = start.goto(13, ENGINE)
    back = there.goto(2, ENGINE)
    other = back.turn(back.knobs.with_lr(Lr.at(0.05)), ENGINE)
    history = History.beginning(start).then(there).then(back).then(other)
    assert history.now is other
    assert history.runs == (there, other)
    assert [epoch.ended for epoch in History.beginning(there).walked()] == [True, True, True]
    assert len(list(History.beginning(start.goto(11, ENGINE)).walked())) == 3
    assert [epoch.ended for epoch in History.beginning(start.goto(11, ENGINE)).walked()] == [True, True, False]


def test_a_long_history_costs_no_more_than_a_short_one() -> None:
    start = Descent().goto(0, ENGINE)
    far = start.goto(3000 * PHASES, ENGINE)
    assert len(list(History.beginning(far).walked())) == MOST_EPOCHS
    history = History.beginning(start)
    for _ in range(3 * MOST_RUNS):
        history = history.then(start.restarted((0.0,), ENGINE))
    assert len(history.runs) == MOST_RUNS


def test_epochs_behind_the_place_of_the_learner_do_not_count() -> None:
    there = Descent().goto(10 * PHASES, ENGINE)
    assert judged("reproduces 10", there).met
    assert judged("reproduces 10", there.goto(3 * PHASES, ENGINE)) == Standing(False, "epoch 3 of 10")
    assert not judged("one_step", there.goto(0, ENGINE)).met


def test_a_mixed_run_is_neither_manuals_nor_optims_nor_2_means() -> None:
    start = beginning(LECTURE)
    mixed = start.goto(3 * PHASES, ENGINE)
    mixed = mixed.turn(replace(mixed.knobs, method=Method.OPTIM), ENGINE).goto(10 * PHASES, ENGINE)
    assert not judged("by_optim", mixed).met
    assert not judged("by_manual", mixed).met
    assert not judged("by_mean", mixed).met


def test_goals_joined_by_and_tell_what_is_missing_of_the_first_that_is_not_met() -> None:
    there = Descent().goto(10 * PHASES, ENGINE)
    assert judged("by_manual and reproduces 10", there).met
    assert judged("by_manual and by_optim and gradient_is 3", there).why == "this is manual; the task is about optim"


@pytest.mark.parametrize("lr", ["1/14", "1/7"])
def test_only_its_own_lr_lands_in_one_step_or_bounces(lr: str) -> None:
    above, below = lr.split("/")
    knobs = Descent().knobs.with_lr(Lr.at(int(above) / int(below)))
    run = replace(Descent(), knobs=knobs).goto(8 * PHASES, ENGINE)
    assert judged("one_step", run).met is (lr == "1/14")
    assert judged("bounces", run).met is (lr == "1/7")
