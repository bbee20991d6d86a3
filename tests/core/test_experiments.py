"""Each experiment does what it promises: on the lecture's data to the number, with torch itself."""

import asyncio
from functools import cache

import pytest

from core.behaviour import Behaviour
from core.descent import Descent
from core.edits import with_start, with_table
from core.knobs import Knobs
from core.program import Method
from core.study.experiments import EXPERIMENTS, ExperimentContext, RunningExperiment, lecture_knobs
from tests.core.in_process import ENGINE, complete, descent_at
from tui.screens.experiments import contexts_of, exchanged

BY_NAME = {experiment.name: experiment for experiment in EXPERIMENTS}

MANUAL, OPTIM = Method.MANUAL, Method.OPTIM


@cache
def contexts(knobs: Knobs) -> dict[Method, ExperimentContext]:
    return asyncio.run(contexts_of(ENGINE, Descent(knobs)))


def knobs_of(name: str, knobs: Knobs, method: Method | None = None) -> tuple[Knobs, Knobs | str]:
    """The knobs that an experiment changes, and with what it starts or why it doesn't."""
    context = contexts(knobs)[BY_NAME[name].method or method or knobs.method]
    return context.knobs, BY_NAME[name].knobs(context)


def started(name: str, descent: Descent) -> tuple[RunningExperiment, Descent]:
    _before, knobs = knobs_of(name, descent.knobs)
    assert isinstance(knobs, Knobs), knobs
    return RunningExperiment(BY_NAME[name], knobs), complete(descent.restarted(knobs))


def outcome(running: RunningExperiment, run: Descent) -> tuple[Behaviour | None, Descent]:
    """The run up to the epoch at which its outcome shows."""
    while running.outcome(run) is None and run.epoch < 150:
        run = complete(run.goto(run.next_epoch))
    return running.outcome(run), run


PROMISED: dict[tuple[str, Method], tuple[Behaviour, list[float]]] = {
    ("the slide's 2 * mean", MANUAL): (Behaviour.MONOTONE, [0, 0.933, 0.996, 1.0]),
    ("mean without the 2", MANUAL): (Behaviour.MONOTONE, [0, 0.467, 0.716, 0.848]),
    ("zero_grad() forgotten", OPTIM): (Behaviour.SWINGING, [0, 1.4, 2.24, 1.344, -0.034]),
    ("step() forgotten", OPTIM): (Behaviour.STATIONARY, [0, 0, 0, 0]),
    ("the sign of the update turned round", MANUAL): (Behaviour.DIVERGING, [0, -1.4, -4.76, -12.824]),
    ("the two lrs swapped", MANUAL): (Behaviour.DIVERGING, [0, 2.1, -0.21, 2.331]),
    ("the two lrs swapped", OPTIM): (Behaviour.MONOTONE, [0, 0.933, 0.996, 1.0]),
    ("lr on the edge", MANUAL): (Behaviour.CYCLING, [0, 2, 0, 2, 0, 2]),
    ("lr on the edge", OPTIM): (Behaviour.CYCLING, [0, 2, 0, 2, 0, 2]),
    ("lr that lands in one step", MANUAL): (Behaviour.ONE_STEP, [0, 1, 1, 1]),
    ("lr that lands in one step", OPTIM): (Behaviour.ONE_STEP, [0, 1, 1, 1]),
    ("a start far away", MANUAL): (Behaviour.OSCILLATING, [100, -38.6, 16.84, -5.336]),
    ("a start far away", OPTIM): (Behaviour.OSCILLATING, [100, -38.6, 16.84, -5.336]),
    ("a start at the minimum", MANUAL): (Behaviour.STATIONARY, [1, 1, 1, 1]),
    ("a start at the minimum", OPTIM): (Behaviour.STATIONARY, [1, 1, 1, 1]),
    ("lr 0", MANUAL): (Behaviour.STATIONARY, [0, 0, 0, 0]),
    ("lr 0", OPTIM): (Behaviour.STATIONARY, [0, 0, 0, 0]),
    ("optim with momentum", OPTIM): (Behaviour.OSCILLATING, [0, 1.4, 2.1, 1.19, 0.105]),
}
"""On the lecture's data: the outcome, and the first W, to 3 decimals; the sum is what it has already."""


@pytest.mark.parametrize(("name", "method"), PROMISED)
def test_on_the_lectures_data_the_outcome_and_the_numbers_are_those_promised(name: str, method: Method) -> None:
    expected, ws = PROMISED[name, method]
    running, run = started(name, Descent(Knobs.of(method=method)))
    found, run = outcome(running, run)
    assert (found, run.knobs.method) == (expected, method)
    assert [run.log.w(epoch)[0] for epoch in range(len(ws))] == pytest.approx(ws, abs=0.0006)


def test_every_experiment_is_promised_on_the_lectures_data_or_says_why_it_is_none() -> None:
    for experiment in EXPERIMENTS:
        for method in Method if experiment.method is None else [experiment.method]:
            _before, knobs = knobs_of(experiment.name, Knobs.of(method=method))
            if (experiment.name, method) not in PROMISED:
                assert experiment.name == "the full code's sum"
                assert str(knobs).startswith("it changes nothing: the program has it already")
    alone = contexts(Knobs(Knobs.of().program))[MANUAL]
    assert BY_NAME["optim with momentum"].knobs(alone) == "this program has no optim"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("the sign of the update turned round", ["-26  W -= lr * gradient", "+26  W += lr * gradient"]),
        ("lr on the edge", ["-9  lr = 0.1", "+9  lr = 0.14285714285714285"]),
        ("a start far away", ["-7  W = torch.zeros(1)", "+7  W = torch.tensor([100.0])"]),
        ("zero_grad() forgotten", ["-26  optimizer.zero_grad()", "+26  pass  # zero_grad() forgotten"]),
        ("the two lrs swapped", ["-9  lr = 0.1", "+9  lr = 0.15", "-10  optimizer = optim.SGD([W], lr=0.15)"]),
    ],
)
def test_an_experiment_changes_one_line_of_the_lectures_program_or_both_lrs(name: str, lines: list[str]) -> None:
    edited = Knobs.of().edited(lambda program: program.with_statement(26, "W -= 0.3 * gradient"))
    before, after = knobs_of(name, edited)
    assert isinstance(after, Knobs)
    assert [f"{mark}{line}" for mark, line in exchanged(before, after)][: len(lines)] == lines


IN_KIND = {
    "the slide's 2 * mean": None,
    "the full code's sum": Behaviour.DIVERGING,
    "mean without the 2": Behaviour.MONOTONE,
    "zero_grad() forgotten": Behaviour.SWINGING,
    "step() forgotten": Behaviour.STATIONARY,
    "the sign of the update turned round": Behaviour.DIVERGING,
    "the two lrs swapped": None,
    "lr on the edge": Behaviour.CYCLING,
    "lr that lands in one step": Behaviour.ONE_STEP,
    "a start far away": Behaviour.MONOTONE,
    "a start at the minimum": Behaviour.STATIONARY,
    "lr 0": Behaviour.STATIONARY,
    "optim with momentum": Behaviour.OSCILLATING,
}
"""On a table that starts with 2 * mean and an lr from the safe half; None where there is no such experiment."""

SCORES = [f"x_train = torch.FloatTensor({[[x] for x in range(1, 9)]})", "y_train = 3 * x_train + 1"]


def test_on_another_table_it_comes_out_as_promised_or_says_why_not() -> None:
    knobs = Knobs.of("bias").edited(lambda program: with_table(program, SCORES))
    for name, expected in IN_KIND.items():
        if expected is None:
            assert isinstance(knobs_of(name, knobs)[1], str)
        else:
            assert outcome(*started(name, Descent(knobs)))[0] is expected, name


def test_going_back_takes_the_outcome_back_and_a_turned_knob_ends_the_experiment() -> None:
    before = descent_at(2, Knobs.of())
    running, run = started("the sign of the update turned round", before)
    assert (run.ghost, running.outcome(run)) == (before.log, None)
    found, run = outcome(running, run)
    assert found is Behaviour.DIVERGING
    assert running.outcome(complete(run.goto(run.next_epoch._replace(epoch=1)))) is None
    turned = run.with_knobs(run.knobs.with_program(run.knobs.program.with_lr(0.2)))
    assert not running.is_active(turned)
    assert running.is_active(complete(turned.with_knobs(run.knobs)))


def test_the_lecture_comes_back_with_its_program_and_its_lrs_and_the_method_stays() -> None:
    for name in ("optim with momentum", "the two lrs swapped", "lr on the edge"):
        _before, knobs = knobs_of(name, Knobs.of())
        assert isinstance(knobs, Knobs)
        assert lecture_knobs(knobs) == Knobs.of(method=knobs.method)
    assert lecture_knobs(Knobs.of().edited(lambda program: with_start(program, {"W": (5.0,)}))) == Knobs.of()
