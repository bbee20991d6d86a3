"""A gradient line beside autograd: right, a multiple, uphill, without its input, or something else."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.float32 import float32
from core.program import Program
from core.state import Opened, Slot, State, Table, Weights
from core.study.gradient_check import check_gradient, points_around, with_input

Rows = list[tuple[float, float]]
Gradient = Callable[[Weights], Weights]

LECTURE: Rows = [(1, 1), (2, 2), (3, 3)]


def opened(rows: Rows, bias: bool = False) -> Opened:
    slots = (Slot("W", (1,)), Slot("b", (1,)))[: 1 + bias]
    x, y = (tuple((row[index],) for row in rows) for index in (0, 1))
    return Opened(Program(""), State(slots, (0.0,) * len(slots)), slots, table=Table(x, y, len(rows), "x", "y"))


def mean_gradient(rows: Rows, w: Weights) -> Weights:
    """The gradient of the mean of squares, as float32 sums make it."""
    slope, *bias = w
    errors = [float32(float32(x * slope) + sum(bias) - y) for x, y in rows]
    sums = [0.0, 0.0]
    for error, (x, _y) in zip(errors, rows, strict=True):
        sums = [float32(sums[0] + float32(error * x)), float32(sums[1] + error)]
    return tuple(float32(2 * total / len(rows)) for total in sums[: len(w)])


def checked(gradient: Gradient, rows: Rows = LECTURE, bias: bool = False, parameter: str | None = None) -> str:
    """The sentence about a gradient; empty where there is none."""
    points = points_around((1.0,) * (1 + bias))
    pairs = [(gradient(w), mean_gradient(rows, w)) for w in points]
    check = check_gradient(opened(rows, bias), points, pairs, parameter)
    return str(check.sentence) if check else ""


def times(factor: float) -> Gradient:
    return lambda w: tuple(float32(factor * each) for each in mean_gradient(LECTURE, w))


@pytest.mark.parametrize(
    ("gradient", "sentence"),
    [
        (times(1), "this is the gradient: autograd says the same at 4 W"),
        (times(1.5), "1.5 x the gradient = m/2 for m = 3: torch.sum"),
        (times(3), "3 x the gradient = m for m = 3, as 2 * torch.sum is"),
        (times(0.5), "0.5 x the gradient: torch.mean without the 2"),
        (times(0.1234), "0.1234 x the gradient"),
        (times(-1), "-1 x the gradient, the wrong sign: it walks uphill"),
        (lambda w: (3 * w[0],), "not the gradient: at W -2 gradient is -6, autograd says -28"),
        (lambda w: (1e-3 + mean_gradient(LECTURE, w)[0],), "not the gradient: at W "),
        (lambda w: (float("inf"),), "not the gradient: at W 0 gradient is inf, autograd says -9.33333"),
    ],
)
def test_each_kind_of_gradient_has_its_sentence(gradient: Gradient, sentence: str) -> None:
    assert checked(gradient).startswith(sentence)


def test_a_line_of_one_parameter_is_checked_by_itself() -> None:
    def gradient(w: Weights) -> Weights:
        first, second = mean_gradient(LECTURE, w)
        return first, 1.5 * second

    assert checked(gradient, bias=True, parameter="W").startswith("this is the gradient")
    assert checked(gradient, bias=True, parameter="b").startswith("1.5 x the gradient")
    assert " gradient_b is " in checked(gradient, bias=True)


@pytest.mark.parametrize("autograd", [None, (0.0,), (float("nan"),)])
def test_without_a_gradient_of_autograd_nothing_is_said_of_the_line(autograd: Weights | None) -> None:
    assert check_gradient(opened(LECTURE), points_around((1.0,)), [((1.0,), autograd)] * 4) is None


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ("gradient = torch.mean(W * x_train - y_train)", "gradient = torch.mean((W * x_train - y_train) * x_train)"),
        ("gradient_W = 2 * torch.mean(error)", "gradient_W = 2 * torch.mean(error * x_train)"),
        ("gradient = torch.sum((W * x_train - y_train) * x_train)", None),
        ("gradient = 3 * W", None),
    ],
)
def test_a_sum_without_its_input_is_repaired(line: str, repaired: str | None) -> None:
    assert with_input(line, "x_train") == repaired


@given(
    rows=st.integers(3, 100),
    x=st.sampled_from([1e-8, 1e-3, 1, 80, 1e5]),
    y=st.sampled_from([1e-12, 1, 150, 1e6]),
    bias=st.booleans(),
    seed=st.integers(0, 100),
)
@settings(max_examples=40, deadline=None)
def test_rounding_is_not_taken_for_a_mistake_nor_a_mistake_for_rounding(
    rows: int, x: float, y: float, bias: bool, seed: int
) -> None:
    random = Random(seed)
    table = [(float32(x * random.gauss(1, 1)), float32(y * random.gauss(2, 1))) for _row in range(rows)]
    shuffled = sorted(table)  # another order of summing rounds differently
    assert checked(lambda w: mean_gradient(shuffled, w), table, bias).startswith("this is the gradient")
    wrong = checked(lambda w: tuple(1.1 * each for each in mean_gradient(shuffled, w)), table, bias)
    assert wrong.startswith("1.1 x the gradient")
