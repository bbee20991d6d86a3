"""Each experiment does what it promises: on the lecture's data to the number, on every other table in kind."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.beginning import beginning, first_lr
from core.data import LECTURE, Dataset, standardized
from core.descent import Descent
from core.ending import Ending
from core.epoch import TorchEngine
from core.listing import Method
from core.lr import Lr
from core.study.experiments import EXPERIMENTS, Experiment, Setting, Underway, lectures
from core.study.outcome import Outcome
from core.tables import open_table
from tests.tables import a_table, tables

BY_ID = {experiment.id: experiment for experiment in EXPERIMENTS}

MANUAL, OPTIM = Method.MANUAL, Method.OPTIM


def ground_and_setting(experiment: Experiment, descent: Descent, engine: TorchEngine) -> tuple[Setting, Setting | str]:
    ground = experiment.ground(descent, engine)
    return ground.setting, experiment.setting(ground)


def begun(name: str, descent: Descent, engine: TorchEngine) -> tuple[Underway, Descent]:
    """An experiment on a descent's table, before its first epoch."""
    _, setting = ground_and_setting(BY_ID[name], descent, engine)
    assert isinstance(setting, Setting), setting
    underway = Underway(BY_ID[name], setting, descent.data)
    return underway, underway.begun(descent, engine)


def told(underway: Underway, run: Descent, engine: TorchEngine, most: int = 150) -> tuple[Outcome | None, Descent]:
    """The run up to the epoch at which its outcome can be told."""
    while underway.outcome(run) is None and run.epoch < most:
        run = run.goto(run.next_epoch, engine)
    return underway.outcome(run), run


PROMISED: dict[tuple[str, Method], tuple[Outcome, list[float]]] = {
    ("slide", MANUAL): (Outcome.CREEPS, [0, 0.933, 0.996, 1.0]),
    ("mean", MANUAL): (Outcome.CREEPS, [0, 0.467, 0.716, 0.848]),
    ("zero_grad", OPTIM): (Outcome.CIRCLES, [0, 1.4, 2.24, 1.344, -0.034]),
    ("step", OPTIM): (Outcome.STAYS, [0, 0, 0, 0]),
    ("sign", MANUAL): (Outcome.BREAKS, [0, -1.4, -4.76, -12.824]),
    ("swapped", MANUAL): (Outcome.BREAKS, [0, 2.1, -0.21, 2.331]),
    ("swapped", OPTIM): (Outcome.CREEPS, [0, 0.933, 0.996, 1.0]),
    ("edge", MANUAL): (Outcome.BOUNCES, [0, 2, 0, 2, 0, 2]),
    ("edge", OPTIM): (Outcome.BOUNCES, [0, 2, 0, 2, 0, 2]),
    ("one_step", MANUAL): (Outcome.ONE_STEP, [0, 1, 1, 1]),
    ("one_step", OPTIM): (Outcome.ONE_STEP, [0, 1, 1, 1]),
    ("far", MANUAL): (Outcome.SWINGS, [100, -38.6, 16.84, -5.336]),
    ("far", OPTIM): (Outcome.SWINGS, [100, -38.6, 16.84, -5.336]),
    ("minimum", MANUAL): (Outcome.STAYS, [1, 1, 1, 1]),
    ("minimum", OPTIM): (Outcome.STAYS, [1, 1, 1, 1]),
    ("lr_0", MANUAL): (Outcome.STAYS, [0, 0, 0, 0]),
    ("lr_0", OPTIM): (Outcome.STAYS, [0, 0, 0, 0]),
    ("momentum", OPTIM): (Outcome.SWINGS, [0, 1.4, 2.1, 1.19, 0.105]),
}
"""On the lecture's data: the outcome, and the first W, to 3 decimals."""


@pytest.mark.parametrize(("name", "method"), PROMISED)
def test_on_the_lectures_data_the_outcome_and_the_numbers_are_those_promised(name: str, method: Method) -> None:
    engine = TorchEngine(LECTURE)
    expected, ws = PROMISED[name, method]
    underway, run = begun(name, beginning(method=method), engine)
    assert run.knobs.method is method
    outcome, run = told(underway, run, engine)
    assert outcome is expected
    run = run.goto(4 * len(ws), engine)
    assert [run.tape.w(epoch)[0] for epoch in range(len(ws))] == pytest.approx(ws, abs=0.0006)


def test_every_experiment_is_promised_on_the_lectures_data_or_says_why_it_is_none() -> None:
    engine = TorchEngine(LECTURE)
    for experiment in EXPERIMENTS:
        for method in Method if experiment.method is None else [experiment.method]:
            _, setting = ground_and_setting(experiment, beginning(method=method), engine)
            assert isinstance(setting, str) != ((experiment.id, method) in PROMISED)
            if isinstance(setting, str):
                assert (experiment.id, setting) == ("sum", "the lecture's program has the sum already")


def test_the_lrs_that_are_measured_are_the_lectures_numbers() -> None:
    engine = TorchEngine(LECTURE)
    for method, edge, one_step in ((MANUAL, 1 / 7, 1 / 14), (OPTIM, 3 / 14, 3 / 28)):
        assert begun("edge", beginning(method=method), engine)[1].knobs.lr.value == edge
        assert begun("one_step", beginning(method=method), engine)[1].knobs.lr.value == one_step


@pytest.mark.parametrize("method", Method)
def test_on_the_edge_it_bounces_for_a_thousand_epochs(method: Method) -> None:
    engine = TorchEngine(LECTURE)
    _, run = begun("edge", beginning(method=method), engine)
    run = run.goto(4000, engine)
    assert run.ending is Ending.BOUNCES
    assert [run.tape.w(epoch)[0] for epoch in range(1000)] == pytest.approx([0, 2] * 500, abs=1e-6)
    if method is MANUAL:
        assert {run.tape.w(epoch) for epoch in range(1000)} == {(0.0,), (2.0,)}


def test_mean_without_the_2_is_half_of_the_gradient_that_optim_has() -> None:
    engine = TorchEngine(LECTURE)
    gradients = [begun(name, beginning(), engine)[1].tape.gradient(0)[0] for name in ("mean", "slide", "momentum")]
    assert gradients == pytest.approx([-4.667, -9.333, -9.333], abs=0.0006)


def test_zero_grad_forgotten_stays_bounded_for_a_thousand_epochs() -> None:
    engine = TorchEngine(LECTURE)
    _, run = begun("zero_grad", beginning(), engine)
    run = run.goto(4000, engine)
    ws = [run.tape.w(epoch)[0] for epoch in range(1000)]
    assert -1 < min(ws) < max(ws) < 3
    assert max(ws[-20:]) > 1.9


X = torch.FloatTensor([[1], [2], [3]])


def by_hand(gradient_of: Callable[[torch.Tensor], torch.Tensor], lr: float, epochs: int) -> list[float]:
    w, ws = torch.zeros(1), []
    for _ in range(epochs):
        ws.append(w.item())
        w -= lr * gradient_of(w)
    return ws


def by_optim(epochs: int, zero_grad: bool = True, momentum: float = 0.0) -> list[float]:
    w, ws = torch.zeros(1, requires_grad=True), []
    optimizer = torch.optim.SGD([w], lr=0.15, momentum=momentum)
    for _ in range(epochs):
        ws.append(w.item())
        if zero_grad:
            optimizer.zero_grad()
        torch.mean((X * w - X) ** 2).backward()
        optimizer.step()
    return ws


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("slide", lambda: by_hand(lambda w: 2 * torch.mean((w * X - X) * X), 0.1, 30)),
        ("mean", lambda: by_hand(lambda w: torch.mean((w * X - X) * X), 0.1, 30)),
        ("sign", lambda: by_hand(lambda w: -torch.sum((w * X - X) * X), 0.1, 30)),
        ("swapped", lambda: by_hand(lambda w: torch.sum((w * X - X) * X), 0.15, 30)),
        ("zero_grad", lambda: by_optim(30, zero_grad=False)),
        ("momentum", lambda: by_optim(30, momentum=0.9)),
    ],
)
def test_a_changed_program_runs_as_torch_itself_would(name: str, reference: Callable[[], list[float]]) -> None:
    engine = TorchEngine(LECTURE)
    _, run = begun(name, beginning(), engine)
    run = run.goto(120, engine)
    assert [run.tape.w(epoch)[0] for epoch in range(30)] == reference()


IN_KIND = {
    "slide": None,
    "sum": {Outcome.BREAKS},
    "mean": {Outcome.CREEPS},
    "zero_grad": {Outcome.CIRCLES},
    "step": {Outcome.STAYS},
    "sign": {Outcome.BREAKS},
    "swapped": None,
    "edge": {Outcome.BOUNCES},
    "one_step": {Outcome.ONE_STEP},
    "far": {Outcome.CREEPS},
    "minimum": {Outcome.STAYS},
    "lr_0": {Outcome.STAYS},
    "momentum": {Outcome.SWINGS},
}
"""On a table that begins with 2 * mean and an lr from the safe half; None where there is no such experiment."""

ON_LECTURE_WITH_BIAS = IN_KIND | {
    "slide": {Outcome.SWINGS},
    "sum": None,
    "swapped": {Outcome.BREAKS, Outcome.SWINGS},
    "far": {Outcome.SWINGS},
}


def table(name: str) -> Dataset:
    return standardized(open_table("mtcars")) if name == "standardized" else open_table(name)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("name", ["lecture", "cars", "scores", "mtcars", "standardized"])
@pytest.mark.parametrize("bias", [False, True])
def test_on_every_program_and_table_it_comes_out_as_promised_or_says_why_not(
    name: str, bias: bool, method: Method
) -> None:
    data = table(name)
    if name == "lecture" and not bias:
        return  # promised to the number
    engine, descent = TorchEngine(data), beginning(data, bias, method)
    in_kind = ON_LECTURE_WITH_BIAS if name == "lecture" else IN_KIND
    for experiment in EXPERIMENTS:
        _, setting = ground_and_setting(experiment, descent, engine)
        expected = in_kind[experiment.id]
        if expected is None:
            assert isinstance(setting, str)
            continue
        underway, run = begun(experiment.id, descent, engine)
        outcome, run = told(underway, run, engine)
        assert outcome in expected, experiment.id
        assert underway.holds(run)


@given(data=tables(most_inputs=3, least_rows=8), bias=st.booleans(), method=st.sampled_from(Method))
@settings(max_examples=25)
def test_on_any_table_the_measured_lrs_bounce_and_land(data: Dataset, bias: bool, method: Method) -> None:
    land = (descent := beginning(data, bias, method)).landscape
    assume(land.steepest > 1e-2)
    assume(all(curvature < 0.9 * land.steepest for curvature in land.curvatures[1:]))
    engine = TorchEngine(data)
    for name, expected in (("edge", Outcome.BOUNCES), ("one_step", Outcome.ONE_STEP), ("sign", Outcome.BREAKS)):
        assert told(*begun(name, descent, engine), engine)[0] is expected


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([[0.0], [0.0]], "cost is level here: no W is better than another, so nothing moves it"),
        ([[1e18], [2e18]], "the inputs are so large that no lr is small enough: standardize them, with u"),
    ],
)
def test_a_table_on_which_nothing_can_be_tried_says_so(rows: list[list[float]], sentence: str) -> None:
    data = a_table(rows, [1.0, 2.0])
    for experiment in EXPERIMENTS:
        assert ground_and_setting(experiment, beginning(data, False), TorchEngine(data))[1] == sentence


def test_where_0_is_the_minimum_a_run_begins_beside_it() -> None:
    data = a_table([[1.0], [2.0]], [0.0, 0.0])
    engine = TorchEngine(data)
    underway, run = begun("edge", beginning(data, False), engine)
    assert run.w != (0.0,)
    assert told(underway, run, engine)[0] is Outcome.BOUNCES


def test_numbers_beyond_float32_are_no_start() -> None:
    data = a_table([[1.0], [2.0]], [1e18, 2e18])
    setting = ground_and_setting(BY_ID["far"], beginning(data, False), TorchEngine(data))[1]
    assert setting == "the numbers of this table are so large that the cost would be beyond the largest float32"


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment.id)
def test_an_experiment_changes_one_thing_and_begins_whatever_has_been_changed_before(experiment: Experiment) -> None:
    engine = TorchEngine(LECTURE)
    if experiment.id == "sum":
        return  # none on the lecture's data
    _, changed = begun("momentum", beginning(), engine)
    changed = changed.turn(changed.knobs.with_lr(Lr.at(0.7)), engine).goto(8, engine)
    changed = changed.turn(replace(changed.knobs, method=MANUAL), engine).goto(16, engine)
    ground, setting = ground_and_setting(experiment, changed, engine)
    assert isinstance(setting, Setting)
    listing = setting.knobs.listing
    differs = (
        len(listing.changed) == 1,
        setting.start != ground.start,
        (setting.knobs.manual_lr, setting.knobs.optim_lr) != (ground.knobs.manual_lr, ground.knobs.optim_lr),
    )
    assert sum(differs) == 1
    assert not ground.knobs.listing.changed
    run = Underway(experiment, setting, LECTURE).begun(changed, engine)
    assert (run.tick, run.epoch, run.tape.start.memory, run.tape.start.grad) == (0, 0, (), None)
    assert run.ghost is changed.tape
    assert run.measured == begun(experiment.id, beginning(), engine)[1].measured


def test_going_back_takes_the_outcome_back_and_a_turned_knob_ends_the_experiment() -> None:
    engine = TorchEngine(LECTURE)
    underway, run = begun("sign", beginning(), engine)
    assert underway.outcome(run) is None
    run = run.goto(12, engine)
    assert underway.outcome(run) is Outcome.BREAKS
    assert underway.outcome(run.goto(4, engine)) is None
    turned = run.turn(run.knobs.with_lr(run.knobs.lr.up()), engine)
    assert not underway.holds(turned)
    assert not underway.holds(turned.turn(run.knobs, engine).goto(20, engine).begun_at((5.0,)))
    assert underway.holds(run.goto(0, engine))


def test_the_lecture_comes_back_with_its_program_and_its_lrs_and_the_method_stays() -> None:
    engine = TorchEngine(LECTURE)
    for name in ("momentum", "sign", "swapped", "edge"):
        _, run = begun(name, beginning(), engine)
        back = lectures(run.data, run.knobs)
        assert back == replace(beginning().knobs, method=run.knobs.method)
        assert run.turn(back, engine).goto(0, engine).knobs == back
    cars = open_table("cars")
    _, run = begun("sum", beginning(cars), TorchEngine(cars))
    assert lectures(run.data, run.knobs) == beginning(cars).knobs


@pytest.mark.parametrize("name", ["mean", "zero_grad", "sign", "momentum"])
def test_the_lr_to_begin_with_is_that_of_the_program_before_a_line_was_changed(name: str) -> None:
    for data in (LECTURE, open_table("cars")):
        fresh = beginning(data)
        _, run = begun(name, fresh, TorchEngine(data))
        for method in Method:
            assert first_lr(data, run.knobs.listing, method) == first_lr(data, fresh.knobs.listing, method)


def test_a_far_run_is_judged_by_its_beginning_and_a_broken_one_has_broken_away() -> None:
    engine = TorchEngine(LECTURE)
    underway, run = begun("mean", beginning(), engine)
    assert underway.outcome(run.goto(20_000, engine)) is Outcome.CREEPS
    underway, run = begun("sign", beginning(), engine)
    assert underway.outcome(run.goto(4 * 300, engine)) is Outcome.BREAKS
