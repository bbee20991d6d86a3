"""What a program does is measured from its own lines: the cases of a learner's page, each with its value."""

from collections.abc import Callable
from math import isnan, nan, sqrt
from time import perf_counter

import pytest
import torch

from core import edits
from core.engine.measuring import costs, gradients, measure, true_gradient
from core.engine.runner import Runner
from core.lr import simple_fraction
from core.measured import LrResponse, Measured
from core.program import Program

SUM = "gradient = torch.sum((W * x_train - y_train) * x_train)"
COST = "cost = torch.mean((hypothesis - y_train) ** 2)"
H = "hypothesis = x_train * W"
UPDATE = "W -= lr * gradient"


def runner_of(name: str, *changes: tuple[str, str]) -> Runner:
    text = Program.read(name).text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Runner(Program(text, name))


def manual(*changes: tuple[str, str]) -> Runner:
    return runner_of("weight_manual", *changes)


def optim(*changes: tuple[str, str]) -> Runner:
    return runner_of("weight_optim", *changes)


def measured(runner: Runner) -> Measured:
    return measure(runner, runner.opened.start)


def with_table(text: str, x: torch.Tensor | str, y: torch.Tensor | str) -> Runner:
    """H(X) = XW + b by hand on a table, or what makes one; `text` is how its gradient is taken from the products."""
    x, y = (table if isinstance(table, str) else f"torch.tensor({table.tolist()})" for table in (x, y))
    program = edits.with_table(Program.read("features_manual").with_lr(1e-5), (f"x_train = {x}", f"y_train = {y}"))
    return Runner(Program(program.text.replace("torch.sum", text)))


@pytest.mark.parametrize(
    ("runner", "factor", "one_step", "limit", "ratio"),
    [
        (manual, -0.4, "1/14", "1/7", 1.5),
        (lambda: manual((SUM, SUM.replace("torch.sum", "2 * torch.mean"))), 1 - 2.8 / 3, "3/28", "3/14", 1),
        (lambda: manual((SUM, SUM.replace("torch.sum", "torch.mean"))), 1 - 1.4 / 3, "3/14", "3/7", 0.5),
        (lambda: manual((H, f"{H} + 1")), -0.4, "1/14", "1/7", nan),
        (optim, -0.4, "3/28", "3/14", 1),
        (lambda: optim((COST, COST.replace("mean", "sum"))), -3.2, "1/28", "1/14", 1),
        (lambda: optim(("lr=0.15", "lr=0.15, weight_decay=1")), -0.55, "3/31", "6/31", 1),
        (lambda: optim(("lr=0.15", "lr=1e-9")), 1 - 28e-9 / 3, "3/28", "3/14", 1),
        (lambda: manual(("lr = 0.1", "lr = 0.0")), 1, "1/14", "1/7", 1.5),
        (lambda: manual((H, "hypothesis = (x_train.float() * W).float()")), -0.4, "1/14", "1/7", 1.5),
    ],
)
def test_the_factor_and_the_marks_of_an_update_in_proportion_to_the_lr(
    runner: Callable[[], Runner], factor: float, one_step: str, limit: str, ratio: float
) -> None:
    found = measured(runner())
    assert found.error_factor == pytest.approx(factor, abs=1e-6)
    assert found.lr_response is LrResponse.PROPORTIONAL
    assert (str(simple_fraction(found.one_step_lr)), str(simple_fraction(found.stability_limit))) == (one_step, limit)
    assert found.gradient_ratio == pytest.approx(ratio, rel=1e-6, nan_ok=True)
    assert found.is_quadratic
    assert not found.is_stateful


def test_an_lr_of_which_the_set_up_makes_something_is_measured_with_another_set_up() -> None:
    found = measured(manual(("lr = 0.1\n", "lr = 0.1\nstep = lr / 2\n"), (UPDATE, "W -= step * gradient")))
    assert (found.error_factor, found.stability_limit) == pytest.approx((1 - 0.7, 2 / 7))


@pytest.mark.parametrize(
    "runner",
    [
        lambda: manual((UPDATE, "W -= 0.1 * gradient")),
        lambda: optim(("optimizer.step()", "W.data -= 0.15 * W.grad")),
        lambda: optim(("optimizer.step()", "with torch.no_grad():\n        W -= 0.15 * W.grad")),
    ],
)
def test_a_literal_in_the_update_makes_the_lr_useless(runner: Callable[[], Runner]) -> None:
    opened = runner()
    found = measured(opened)
    assert not opened.program.uses_lr
    assert found.lr_response is LrResponse.UNUSED
    assert found.error_factor == pytest.approx(-0.4)
    assert isnan(found.one_step_lr)
    assert isnan(found.stability_limit)


def test_an_update_that_forgets_w_has_a_factor_and_no_marks() -> None:
    found = measured(manual((UPDATE, "W =- lr * gradient")))
    assert found.lr_response is LrResponse.OTHER
    assert found.error_factor == pytest.approx(-1.4)
    assert isnan(found.stability_limit)


@pytest.mark.parametrize(
    "runner",
    [
        lambda: manual((UPDATE, "W -= lr * torch.clamp(gradient, -1, 1)")),
        lambda: manual((UPDATE, "W -= lr * torch.sign(gradient)")),
        lambda: optim((COST, COST.replace("(hypothesis - y_train) ** 2", "torch.abs(hypothesis - y_train)"))),
        lambda: optim(("optim.SGD", "optim.Adam")),
    ],
)
def test_where_the_factor_is_not_one_number_there_is_none(runner: Callable[[], Runner]) -> None:
    found = measured(runner())
    assert isnan(found.error_factor)
    assert isnan(found.one_step_lr)
    assert isnan(found.stability_limit)
    assert found.minimum == (1.0,)
    assert found.min_cost == 0


def test_an_update_with_the_sign_turned_round_walks_uphill_at_every_lr() -> None:
    found = measured(manual((UPDATE, "W += lr * gradient")))
    assert (found.error_factor, found.curvature) == pytest.approx((2.4, -14))
    assert isnan(found.one_step_lr)
    assert isnan(found.stability_limit)


def test_an_update_that_remembers_has_the_largest_factor_of_weights_and_memory() -> None:
    momentum = measured(optim(("lr=0.15", "lr=0.15, momentum=0.9")))
    assert (momentum.is_stateful, momentum.lr_response) == (True, LrResponse.OTHER)
    assert momentum.error_factor == pytest.approx(sqrt(0.9), abs=1e-5)
    assert momentum.curvature == pytest.approx(28 / 3)
    without_zero_grad = measured(optim(("    optimizer.zero_grad()\n", "")))
    assert without_zero_grad.is_stateful
    assert without_zero_grad.error_factor == pytest.approx(1, abs=1e-5)
    by_hand = manual(
        ("lr = 0.1\n", "lr = 0.1\nv = torch.zeros(1)\n"), (UPDATE, "v = 0.9 * v + gradient\n    W -= lr * v")
    )
    assert measured(by_hand).error_factor == pytest.approx(sqrt(0.9), abs=1e-5)
    assert measured(optim(("optim.SGD", "optim.Adam"))).is_stateful


def test_a_program_that_never_steps_stays() -> None:
    found = measured(optim(("optimizer.step()", "pass")))
    assert (found.error_factor, found.lr_response) == (1, LrResponse.UNUSED)


def test_the_minimum_of_the_lectures_cost_is_exact() -> None:
    found = measured(manual())
    assert (found.minimum, found.min_cost, found.steepest) == ((1.0,), 0.0, (1.0,))
    assert found.max_curvature == pytest.approx(28 / 3)
    shifted = measured(optim((H, f"{H} + 1")))
    assert shifted.minimum == pytest.approx((4 / 7,))
    assert shifted.min_cost == pytest.approx(1 / 7)


@pytest.mark.parametrize("name", ["bias_manual", "bias_optim"])
def test_two_weights_have_two_directions(name: str) -> None:
    found = measured(runner_of(name))
    assert (found.minimum, found.min_cost) == ((1.0, 0.0), 0.0)
    values = torch.linalg.eigvalsh(torch.tensor([[28 / 3, 4.0], [4.0, 2.0]], dtype=torch.float64)).tolist()
    assert (found.min_curvature, found.max_curvature) == pytest.approx(values)
    lr = 0.1 * 1.5 if name == "bias_manual" else 0.15
    assert (found.error_factor, found.flat_factor) == pytest.approx((1 - lr * values[1], 1 - lr * values[0]))


@pytest.mark.parametrize("mean", [True, False])
def test_many_inputs_of_unequal_scales_have_the_solution_of_least_squares(mean: bool) -> None:
    torch.manual_seed(2)
    x = torch.rand(30, 3) * torch.tensor([1.0, 80.0, 200.0]) + torch.tensor([0.0, 50.0, 7.0])
    y = x.sum(1, keepdim=True) + torch.randn(30, 1)
    found = measured(with_table("torch.mean" if mean else "torch.sum", x, y))
    design = torch.cat([x, torch.ones(30, 1)], 1).double()
    assert found.minimum == pytest.approx(torch.linalg.lstsq(design, y.double()).solution.flatten().tolist(), rel=1e-5)
    values = torch.linalg.eigvalsh(2 * design.T @ design / 30).tolist()
    assert (found.min_curvature, found.max_curvature) == pytest.approx((values[0], values[-1]), rel=1e-6)
    assert found.gradient_ratio == pytest.approx(0.5 if mean else 15)
    assert found.stability_limit == pytest.approx(2 / values[-1] / found.gradient_ratio)
    assert 1 - found.flat_factor == pytest.approx(1e-5 * found.gradient_ratio * values[0], rel=1e-4)


@pytest.mark.parametrize("scale", [1e-6, 1e6, 1e12])
def test_an_input_of_another_scale_is_not_taken_for_one_that_can_not_be_learned(scale: float) -> None:
    torch.manual_seed(5)
    x = torch.rand(40, 1) + 0.2
    found = measured(with_table("torch.mean", x * scale, 3 * x + 1))
    assert found.minimum == pytest.approx((3 / scale, 1), rel=1e-4)
    assert found.min_cost == pytest.approx(0, abs=1e-10)
    assert 1e3 < found.condition_number < float("inf")


def test_a_direction_in_which_nothing_changes_is_level() -> None:
    found = measured(with_table("torch.mean", torch.tensor([[2.0], [2.0]]), torch.tensor([[1.0], [3.0]])))
    assert (found.min_curvature, found.flat_factor) == pytest.approx((0, 1))
    assert found.min_cost == pytest.approx(1)


def test_a_cost_without_a_minimum_has_none() -> None:
    found = measured(optim((COST, "cost = torch.mean(torch.exp(-hypothesis))")))
    assert found.minimum is None
    assert isnan(found.min_cost)
    assert not found.is_quadratic


def test_a_cost_in_which_the_weights_are_not_has_no_gradient() -> None:
    runner = manual((COST, "cost = torch.mean(y_train ** 2)"))
    assert true_gradient(runner, (0.5,)) is None
    assert measured(runner).minimum is None
    assert measured(runner).error_factor == pytest.approx(-0.4)


def test_costs_come_from_the_programs_own_lines() -> None:
    runner = manual((COST, "cost = torch.sum(torch.log(hypothesis - y_train + 3))"))
    assert costs(manual(), runner.start, ((0.0,), (1.0,), (1.4,))) == pytest.approx((14 / 3, 0, 0.746666), abs=1e-5)
    assert [isnan(cost) for cost in costs(runner, runner.start, ((1.0,), (-9.0,)))] == [False, True]
    bias = runner_of("bias_optim")
    assert costs(bias, bias.start, ((1.0, 0.0), (1.0, 2.0))) == (0, 4)


def test_the_true_gradient_is_the_one_of_the_cost_line_that_runs() -> None:
    runner = optim((COST, COST.replace("mean", "sum")))
    for epoch in range(2):
        runner.epoch(epoch)
    w = runner.opened.weights_of(runner.capture())
    assert true_gradient(runner, w) == pytest.approx((-286.72,))
    runner.epoch(2)
    assert runner.gradient() == true_gradient(runner, w)
    kink = COST.replace("(hypothesis - y_train) ** 2", "torch.abs(hypothesis - y_train)")
    for program in (manual, optim):
        assert true_gradient(program((COST, kink)), (0.0,)) == pytest.approx((-2.0,))


def test_gradients_are_the_one_that_runs_and_the_true_one() -> None:
    runner = manual()
    pairs = ((-14.0,), true_gradient(runner, (0.0,))), ((14.0,), true_gradient(runner, (2.0,)))
    assert gradients(runner, runner.start, ((0.0,), (2.0,))) == pairs


@pytest.mark.parametrize("name", ["weight_manual", "weight_optim", "bias_manual", "features_optim"])
def test_measuring_changes_nothing(name: str) -> None:
    runner, plain = runner_of(name), runner_of(name)
    for epoch in range(5):
        state = runner.capture()
        w = runner.opened.weights_of(state)
        measure(runner, state), costs(runner, state, (w,)), gradients(runner, state, (w,)), true_gradient(runner, w)
        assert runner.capture() == state == plain.capture()
        runner.epoch(epoch)
        plain.epoch(epoch)
        assert (runner.gradient(), runner.cost()) == (plain.gradient(), plain.cost())


def test_measuring_is_quick() -> None:
    def seconds(runner: Runner) -> float:
        measured(runner)
        times = []
        for _ in range(5):
            start = perf_counter()
            measured(runner)
            times.append(perf_counter() - start)
        return min(times)

    assert seconds(manual()) < 0.05  # 5 ms on a quiet machine
    runner, points = manual(), tuple((n / 1000,) for n in range(3000))
    start = perf_counter()
    many = costs(runner, runner.start, points)
    assert perf_counter() - start < 0.06  # 2 ms
    assert many[:5] == costs(runner, runner.start, points[:5])
    assert seconds(with_table("torch.mean", "torch.randn(10_000, 2)", "torch.randn(10_000, 1)")) < 0.2
