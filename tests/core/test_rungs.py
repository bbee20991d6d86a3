"""Every rung of the ladder against its reference: autograd, a plain torch loop, the eigenvalues, least squares."""

from dataclasses import replace
from itertools import product
from types import ModuleType

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, optim

import core.landscape
from core.beginning import beginning, first_lr, program_for
from core.data import LECTURE, Dataset, standardized
from core.descent import Descent
from core.epoch import TorchEngine
from core.landscape import landscape
from core.listing import GradientForm, Listing, Method, Phase
from core.lr import RUNGS, Lr
from core.programs import features, features_no_bias, weight, weight_bias
from core.state import State, Weights
from core.tables import BUILT_IN, open_table
from tests.tables import a_table, tables

PROGRAMS = (weight, weight_bias, features, features_no_bias)
NAMES = [module.__name__.rpartition(".")[2] for module in PROGRAMS]


def tensors(data: Dataset) -> tuple[Tensor, Tensor]:
    return torch.tensor(data.x).view(len(data), -1), torch.tensor(data.y).unsqueeze(1)


def model(w: Weights, bias: bool, requires_grad: bool = True) -> tuple[Tensor, Tensor | None]:
    """W as a column, and b."""
    values = torch.tensor(w)
    W, b = (values[:-1], values[-1:]) if bias else (values, None)
    W = W.clone().unsqueeze(1).requires_grad_(requires_grad)
    return W, None if b is None else b.clone().requires_grad_(requires_grad)


def hypothesis_of(x: Tensor, W: Tensor, b: Tensor | None) -> Tensor:
    return x.matmul(W) if b is None else x.matmul(W) + b


def weights_of(data: Dataset, bias: bool) -> st.SearchStrategy[Weights]:
    size = len(data.inputs) + bias
    return st.lists(st.floats(-5, 5, width=32), min_size=size, max_size=size).map(tuple)


@pytest.mark.parametrize(("program", "method"), [*product(PROGRAMS, Method)])
def test_the_marked_lines_are_the_lines_that_ran(program: ModuleType, method: Method) -> None:
    name = program.__name__.rpartition(".")[2]
    generator = getattr(program, f"{method}_epoch")(*getattr(program, f"{method}_model")())
    listing = Listing.read(name)
    for phase in Phase:
        next(generator)
        assert generator.gi_frame.f_lineno == listing.phase_lines(method, phase)[-1].number + 1
    assert next(generator, None) is None


@pytest.mark.parametrize("name", NAMES)
def test_both_gradient_forms_change_the_gradient_lines_and_back_again(name: str) -> None:
    listing = Listing.read(name)
    mean = listing.with_gradient_form(GradientForm.MEAN)
    changed = [line for line in mean.phase_lines(Method.MANUAL, Phase.GRADIENT) if line.number in mean.changed]
    assert [line.name.removeprefix("gradient").removeprefix("_") or "W" for line in changed] == [*listing.parameters]
    assert mean.gradient_form is GradientForm.MEAN
    assert mean.with_gradient_form(GradientForm.SUM) == listing


@given(st.data(), tables(), st.booleans())
@settings(max_examples=60)
def test_manual_is_autograd_and_its_sum_is_m_halves_of_it(draw: st.DataObject, data: Dataset, bias: bool) -> None:
    w = draw.draw(weights_of(data, bias))
    x, y = tensors(data)
    W, b = model(w, bias)
    error = hypothesis_of(x, W, b) - y
    torch.mean(error**2).backward()
    truth = [*W.grad.flatten().tolist(), *([] if b is None else b.grad.tolist())]  # type: ignore[union-attr]
    sizes = (2 * torch.mean(abs(error * x), dim=0)).tolist() + (
        [] if b is None else [2 * torch.mean(abs(error)).item()]
    )
    for form, factor in ((GradientForm.MEAN, 1.0), (GradientForm.SUM, len(data) / 2)):
        epoch = TorchEngine(data).run_epoch(beginning(data, bias, form=form).knobs, 0, State(w))
        for found, true, size in zip(epoch.gradient, truth, sizes, strict=True):
            assert found == pytest.approx(factor * true, rel=1e-5, abs=1e-5 * factor * size)


@given(st.data(), tables(), st.booleans(), st.sampled_from([1e-4, 1e-3, 0.01]))
@settings(max_examples=40)
def test_optim_is_equal_to_the_bit_to_a_plain_torch_loop(
    draw: st.DataObject, data: Dataset, bias: bool, lr: float
) -> None:
    w = draw.draw(weights_of(data, bias))
    columns = TorchEngine(data).run_epochs(beginning(data, bias, Method.OPTIM, lr=lr).knobs, State(w), 5)
    x, y = tensors(data)
    W, b = model(w, bias)
    if len(data.inputs) == 1:
        W = W.detach().flatten().requires_grad_()
    optimizer = optim.SGD([W] if b is None else [W, b], lr=lr)
    weights: list[float] = []
    costs = []
    for _ in range(5):
        hypothesis = x * W if len(data.inputs) == 1 else x.matmul(W)
        if b is not None:
            hypothesis = hypothesis + b
        cost = torch.mean((hypothesis - y) ** 2)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        costs.append(cost.item())
        weights += [*W.flatten().tolist(), *([] if b is None else b.tolist())]
    assert (columns.cost.tolist(), columns.w_next.tolist()) == (costs, weights)


@given(st.data(), tables(), st.booleans(), st.sampled_from(Method), st.integers(1, 6))
@settings(max_examples=40)
def test_epochs_run_together_and_one_by_one_are_equal_to_the_bit(
    draw: st.DataObject, data: Dataset, bias: bool, method: Method, count: int
) -> None:
    descent = beginning(data, bias, method).begun_at(draw.draw(weights_of(data, bias)))
    engine = TorchEngine(data)
    at_once = descent.goto(4 * count, engine)
    stepped = descent.goto(0, engine)
    for _ in range(4 * count):
        stepped = stepped.goto(stepped.tick + 1, engine)
    assert [at_once.tape.w(n) for n in range(count + 1)] == [stepped.tape.w(n) for n in range(count + 1)]
    assert at_once.shown == stepped.shown
    assert at_once.goto(0, engine).goto(4 * count, engine).shown == stepped.shown


SETTLING = [("cars", True, 60_000), ("mtcars", True, 4000), ("mtcars", False, 4000), ("scores", True, 4000)]


@pytest.mark.parametrize(("name", "bias", "epochs"), SETTLING)
@pytest.mark.parametrize("method", Method)
def test_the_fixed_point_is_the_solution_of_least_squares(name: str, bias: bool, epochs: int, method: Method) -> None:
    data = open_table(name) if name == "cars" else standardized(open_table(name))
    x, y = (tensor.double() for tensor in tensors(data))
    design = torch.cat([x, torch.ones(len(data), 1, dtype=torch.float64)], dim=1) if bias else x
    solution = torch.linalg.lstsq(design, y).solution.flatten().tolist()
    assert landscape(data, bias).minimum == pytest.approx(solution, rel=1e-6)
    descent = beginning(data, bias, method)
    last = TorchEngine(data).run_epochs(descent.knobs, descent.tape.start, epochs).w_next[-len(solution) :]
    assert list(last) == pytest.approx(solution, rel=1e-3)


@given(tables(least_rows=2), st.booleans(), st.sampled_from(Method), st.sampled_from(GradientForm))
@settings(max_examples=60)
def test_the_lr_at_which_it_breaks_is_2_by_the_largest_eigenvalue(
    data: Dataset, bias: bool, method: Method, form: GradientForm
) -> None:
    x, _ = (tensor.double() for tensor in tensors(data))
    design = torch.cat([x, torch.ones(len(data), 1, dtype=torch.float64)], dim=1) if bias else x
    hessian = 2 * design.T @ design / len(data)
    if method is Method.MANUAL and form is GradientForm.SUM:
        hessian *= len(data) / 2
    largest = torch.linalg.eigvalsh(hessian)[-1].item()
    assume(largest > 1e-3)
    engine = TorchEngine(data)
    descent = beginning(data, bias, method, form).goto(0, engine)
    assert descent.effect.edge_lr == pytest.approx(2 / largest, rel=1e-4)
    assert first_lr(data, descent.knobs.listing, method) <= 1 / largest * (1 + 1e-9)

    def away(factor: float) -> float:
        """How many times farther from the minimum, along the steepest direction, many epochs have led."""
        land, knobs = landscape(data, bias), descent.knobs.with_lr(Lr.at(factor * descent.effect.edge_lr))
        start = tuple(w + d for w, d in zip(land.minimum, land.directions[0], strict=True))
        w = engine.run_epochs(knobs, State(start), 400).w_next[-len(start) :]
        return abs(sum((a - b) * d for a, b, d in zip(w, land.minimum, land.directions[0], strict=True)))

    assert away(0.98) < 0.1
    assert not away(1.02) < 10


def test_the_first_lr_is_the_largest_rung_in_the_safe_half() -> None:
    for name in ("cars", "scores", "mtcars"):
        data = open_table(name)
        descent = beginning(data).goto(0, TorchEngine(data))
        lr, safe = descent.knobs.lr.value, descent.effect.one_step_lr
        assert lr == max(rung for rung in RUNGS if rung <= safe)
        assert descent.goto(4, TorchEngine(data)).cost < descent.cost
    assert beginning(LECTURE).knobs.manual_lr.value == 0.1
    assert beginning(LECTURE, bias=True).knobs.optim_lr.value == 0.15


@pytest.mark.parametrize("threads", [1, 2])
def test_replays_of_a_large_table_are_equal_to_the_bit(threads: int) -> None:
    torch.manual_seed(3)
    x = torch.randn(100_000, 2)
    data = a_table(x.tolist(), (x.sum(dim=1) + torch.randn(100_000)).tolist())
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        runs = []
        for method in Method:
            descent = beginning(data, method=method)
            at_once = TorchEngine(data).run_epochs(descent.knobs, descent.tape.start, 6)
            stepped: Descent = descent
            engine = TorchEngine(data)
            for number in range(6):
                stepped = stepped.goto(4 * number, engine)
            runs.append([at_once.w_next.tolist(), [w for n in range(1, 7) for w in stepped.tape.w(n)]])
    finally:
        torch.set_num_threads(before)
    assert all(at_once == stepped for at_once, stepped in runs)


def test_each_number_of_inputs_has_its_program() -> None:
    assert [program_for(inputs, bias) for inputs in (1, 3) for bias in (False, True)] == [
        "weight",
        "weight_bias",
        "features_no_bias",
        "features",
    ]
    assert Listing.read("features").weight_names(3) == ("W1", "W2", "W3", "b")
    assert Listing.read("weight_bias").weight_names(1) == ("W", "b")
    assert [Listing.read(name).formula for name in NAMES] == [
        "H(x) = Wx",
        "H(x) = Wx + b",
        "H(X) = XW + b",
        "H(X) = XW",
    ]


def test_the_lecture_keeps_its_own_beginning_and_any_other_table_gets_a_bias_and_the_mean() -> None:
    lecture, cars = beginning(), beginning(open_table("cars"))
    assert (lecture.knobs, lecture.w, lecture.data) == (Descent().knobs, Descent().w, LECTURE)
    assert (cars.knobs.listing.program, cars.knobs.listing.gradient_form) == ("weight_bias", GradientForm.MEAN)
    assert beginning(standardized(LECTURE)).knobs.listing.program == "weight"


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_table_opens_has_a_source_and_learns(name: str) -> None:
    data = open_table(name)
    assert data.about == BUILT_IN[name]
    descent = beginning(data).goto(4 * 20, TorchEngine(data))
    assert descent.cost < descent.tape.cost(0)


@given(tables(least_rows=2))
def test_standardized_inputs_have_mean_0_and_deviation_1(data: Dataset) -> None:
    scaled = standardized(data)
    assert (scaled.original, scaled.y, scaled.inputs) == (data, data.y, data.inputs)
    width = len(data.inputs)
    for column in range(width):
        values, before = scaled.x[column::width], data.x[column::width]
        if min(before) == max(before):
            assert set(values) == {0}
            continue
        mean = sum(values) / len(values)
        assert mean == pytest.approx(0, abs=1e-5)
        assert sum((value - mean) ** 2 for value in values) / len(values) == pytest.approx(1, abs=1e-4)


def test_standardized_inputs_make_the_valley_rounder() -> None:
    data = open_table("mtcars")
    assert landscape(data, True).condition > 1e5
    assert landscape(standardized(data), True).condition < 10


def test_a_knob_turned_late_in_a_long_run_copies_a_block_and_not_the_run() -> None:
    data = LECTURE
    engine = TorchEngine(data)
    long = Descent(replace(Descent().knobs)).goto(4 * 10_000, engine)
    turned = long.turn(long.knobs.with_lr(Lr.at(0.05)), engine)
    shared = [a is b for a, b in zip(long.tape.blocks, turned.tape.blocks, strict=True)]
    assert shared == [True, True, False]
    assert turned.tape.w(10_000) == long.tape.w(10_000)
    assert turned.tape.w(9_999) == long.tape.w(9_999)


@pytest.mark.parametrize("scale", [1e-6, 1e6, 1e12])
def test_an_input_of_another_scale_is_not_taken_for_one_that_can_not_be_learned(scale: float) -> None:
    torch.manual_seed(5)
    x = torch.rand(40, 1).double() + 0.2
    data = a_table((x * scale).tolist(), (3 * x + 1).flatten().tolist())
    land = landscape(data, True)
    assert land.minimum == pytest.approx((3 / scale, 1), rel=1e-4)
    assert land.floor == pytest.approx(0, abs=1e-10)
    assert 1e3 < land.condition < float("inf")
    assert landscape(a_table([[2.0], [2.0]], [1.0, 3.0]), True).condition == float("inf")


def test_a_landscape_is_the_same_in_one_block_of_rows_and_in_many(monkeypatch: pytest.MonkeyPatch) -> None:
    data = open_table("mtcars")
    whole = landscape(data, True)
    monkeypatch.setattr(core.landscape, "ROWS_AT_ONCE", 5)
    blocks = landscape(replace(data), True)
    assert blocks.minimum == pytest.approx(whole.minimum, rel=1e-9)
    assert blocks.curvatures == pytest.approx(whole.curvatures, rel=1e-9)
    assert blocks.floor == pytest.approx(whole.floor, rel=1e-9)
