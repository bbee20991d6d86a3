"""A gradient line beside autograd: right, a multiple, uphill, or something else, whatever the table."""

from array import array
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.beginning import beginning
from core.data import LECTURE, Dataset
from core.epoch import TorchEngine
from core.listing import GradientForm, Method, Phase
from core.state import Knobs, RunFailed
from core.study.autograd_check import check_gradient
from core.study.verdict import GradientCheck, Verdict

ENGINE = TorchEngine(LECTURE)
TRUE = "2 * torch.mean((W * x_train - y_train) * x_train)"


def written(knobs: Knobs, name: str, text: str, method: Method = Method.MANUAL) -> Knobs:
    """The knobs with the line that gives `name` its value written anew."""
    number = next(line.number for line in knobs.listing.lines(method) if line.name == name)
    return replace(knobs, method=method, listing=knobs.listing.with_line(number, text))


def checked(gradient: str) -> GradientCheck:
    return check_gradient(ENGINE, written(Knobs.of_lecture(), "gradient", f"gradient = {gradient}"), LECTURE)


@pytest.mark.parametrize(
    ("gradient", "verdict", "factor"),
    [
        (TRUE, Verdict.GRADIENT, 1),
        ("(2 * (x_train * W - y_train) * x_train).mean()", Verdict.GRADIENT, 1),
        ("2 / 3 * torch.sum(error * x_train)".replace("error", "(hypothesis - y_train)"), Verdict.GRADIENT, 1),
        ("torch.sum((W * x_train - y_train) * x_train)", Verdict.MULTIPLE, 1.5),
        ("torch.mean((W * x_train - y_train) * x_train)", Verdict.MULTIPLE, 0.5),
        (f"3 * {TRUE}", Verdict.MULTIPLE, 3),
        (f"0.1234 * {TRUE}", Verdict.MULTIPLE, 0.1234),
        (f"-{TRUE}", Verdict.UPHILL, -1),
        ("torch.sum((y_train - W * x_train) * x_train)", Verdict.UPHILL, -1.5),
        (f"1e-3 + {TRUE}", Verdict.OTHER, None),
        ("W * 3", Verdict.OTHER, None),
        ("0 * W", Verdict.OTHER, None),
        ("cost + 0 * W", Verdict.OTHER, None),
        ("W / 0", Verdict.NOT_FINITE, None),
    ],
)
def test_each_kind_of_gradient_is_told_from_the_others(gradient: str, verdict: Verdict, factor: float | None) -> None:
    check = checked(gradient)
    assert check.verdict is verdict
    assert check.is_gradient == (verdict is Verdict.GRADIENT)
    assert check.places == 4
    if factor is not None:
        assert check.factor == factor
    else:
        assert check.factor != check.factor


@pytest.mark.parametrize(
    ("gradient", "sentence"),
    [
        (TRUE, "this is the gradient: autograd says the same at 4 W"),
        ("torch.sum((W * x_train - y_train) * x_train)", "1.5 x the gradient = m/2 for m = 3: torch.sum"),
        ("torch.mean((W * x_train - y_train) * x_train)", "0.5 x the gradient: torch.mean without the 2"),
        (f"-{TRUE}", "-1 x the gradient, the wrong sign: it walks uphill"),
        ("3 * W", "not the gradient: at W 0 gradient is 0, autograd says -9.33333"),
    ],
)
def test_the_sentence_says_what_it_is(gradient: str, sentence: str) -> None:
    assert checked(gradient).sentence == sentence


def test_autograd_is_asked_for_the_gradient_of_the_cost_line_that_stands_there() -> None:
    knobs = written(Knobs.of_lecture(), "cost", "cost = torch.sum((hypothesis - y_train) ** 2)")
    twice = written(knobs, "gradient", "gradient = 2 * torch.sum((W * x_train - y_train) * x_train)")
    assert check_gradient(ENGINE, twice, LECTURE).is_gradient
    assert check_gradient(ENGINE, knobs, LECTURE).factor == 0.5
    without = written(knobs, "cost", "cost = torch.tensor(1.0)")
    assert check_gradient(ENGINE, without, LECTURE).verdict is Verdict.UNTOLD


def test_a_line_of_one_parameter_is_checked_by_itself() -> None:
    knobs = written(Knobs.of_lecture("weight_bias"), "gradient_W", "gradient_W = 2 * torch.mean(error * x_train)")
    assert check_gradient(ENGINE, knobs, LECTURE, "W").is_gradient
    assert check_gradient(ENGINE, knobs, LECTURE, "b").factor == 1.5
    whole = check_gradient(ENGINE, knobs, LECTURE)
    assert (whole.verdict, whole.name) == (Verdict.OTHER, "gradient_b")


def test_optims_own_gradient_is_checked_too() -> None:
    of_optim = replace(Knobs.of_lecture(), method=Method.OPTIM)
    assert check_gradient(ENGINE, of_optim, LECTURE).is_gradient
    backward = of_optim.listing.phase_lines(Method.OPTIM, Phase.GRADIENT)[-1]
    half = replace(of_optim, listing=of_optim.listing.with_line(backward.number, "(0.5 * cost).backward()"))
    assert check_gradient(ENGINE, half, LECTURE).factor == 0.5


def test_a_line_that_cannot_be_run_is_no_verdict() -> None:
    with pytest.raises(RunFailed, match="NameError"):
        checked("nothing")


def table(rows: int, inputs: int, x: float, y: float, seed: int = 0) -> Dataset:
    """A table whose values are of the sizes x and y; with several inputs the last ones are many times larger."""
    random = Random(seed)
    middle = random.uniform(0, 3)
    xs = array("f", (x * (random.gauss(0, 1) + middle) * 100 ** (i % inputs) for i in range(rows * inputs)))
    ys = array("f", (y * (random.gauss(0, 1) + 2) for _ in range(rows)))
    return Dataset("random", tuple(f"x{number}" for number in range(inputs)), "y", xs, ys)


@given(
    rows=st.integers(3, 2000),
    inputs=st.integers(1, 3),
    x=st.sampled_from([1e-8, 1e-3, 1, 80, 1e5]),
    y=st.sampled_from([1e-12, 1, 150, 1e6]),
    bias=st.booleans(),
    seed=st.integers(0, 100),
)
@settings(max_examples=60)
def test_the_lectures_own_lines_are_what_they_are_on_every_table(
    rows: int, inputs: int, x: float, y: float, bias: bool, seed: int
) -> None:
    data = table(rows, inputs, x, y, seed)
    engine = TorchEngine(data)
    mean = check_gradient(engine, beginning(data, bias, form=GradientForm.MEAN).knobs, data)
    assert mean.is_gradient
    assert check_gradient(engine, beginning(data, bias, form=GradientForm.SUM).knobs, data).factor == rows / 2


@pytest.mark.parametrize(("rows", "inputs"), [(300_000, 1), (150_000, 2)])
def test_rounding_over_many_rows_is_not_taken_for_a_mistake_nor_a_mistake_for_rounding(rows: int, inputs: int) -> None:
    data = table(rows, inputs, 1, 3)
    engine = TorchEngine(data)
    knobs = beginning(data, bias=True, form=GradientForm.MEAN).knobs
    assert check_gradient(engine, knobs, data).is_gradient
    wrong = written(knobs, "gradient_b", "gradient_b = 2.2 * torch.mean(error)")
    assert check_gradient(engine, wrong, data, "b").factor == 1.1
    assert check_gradient(engine, wrong, data).verdict is Verdict.OTHER
