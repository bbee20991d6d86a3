"""Both methods at one state: the float32 steps between two W, the ratio of the gradients, and why they differ."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.beginning import beginning
from core.data import LECTURE, Dataset
from core.descent import Descent
from core.epoch import TorchEngine
from core.float32 import float32, float32_steps
from core.listing import GradientForm, Method
from core.lr import Lr
from core.state import Knobs, State
from core.study.comparison import Comparison, Outcome, Relation, comparison, related
from core.tape import Tape
from tests.tables import tables

float32s = st.floats(width=32, allow_nan=False)


@given(float32s, float32s, float32s)
def test_float32_steps_are_a_distance_along_a_line(a: float, b: float, c: float) -> None:
    low, middle, high = sorted((a, b, c))
    ways = [float32_steps(low, middle), float32_steps(middle, high), float32_steps(low, high)]
    assert ways[0] + ways[1] == ways[2]  # type: ignore[operator] # none of them is nan
    assert float32_steps(a, b) == float32_steps(b, a)
    assert (float32_steps(a, b) == 0) == (a == b)


@given(st.floats(max_value=float32(1e38), width=32), st.integers(0, 50))
def test_as_many_float32_steps_as_torch_takes_lead_to_a_neighbour(value: float, count: int) -> None:
    there = torch.tensor(value)
    for _ in range(count):
        there = torch.nextafter(there, torch.tensor(inf))
    assert float32_steps(value, there.item()) == count


def test_float32_steps_of_known_places() -> None:
    assert float32_steps(0.0, -0.0) == 0
    assert float32_steps(-1e-45, 1e-45) == 2
    assert float32_steps(1.0, 2.0) == 2**23
    assert float32_steps(float(np.finfo(np.float32).max), inf) == 1
    assert float32_steps(-inf, inf) == 2 * 0x7F800000
    assert float32_steps(nan, 1.0) is None
    assert float32_steps(1.0, nan) is None


def at(w: float, program: str = "weight", epochs: int = 0, **knobs: object) -> Comparison:
    """Both methods of one of the lecture's programs, from a W and after some epochs."""
    start = (w,) if program == "weight" else (w, w)
    turned = replace(Knobs.of_lecture(program), **knobs)  # type: ignore[arg-type]
    engine = TorchEngine(LECTURE)
    return comparison(Descent(turned, tape=Tape(State(start))).goto(4 * epochs, engine), engine)


def line_of(method: Method, text: str) -> int:
    """The number of a line of the lecture's program."""
    lines = Knobs.of_lecture().listing.lines(method)
    return next(line.number for line in lines if line.text.startswith(text))


def test_the_lectures_first_epoch_is_one_float32_step_apart_and_says_why() -> None:
    found = at(0.0)
    assert found.gradients[0] is Relation.MULTIPLE
    assert found.gradients[1] == pytest.approx(1.5, rel=1e-6)
    assert (found.known_ratio, found.ratio_shows, found.lrs_match) == (1.5, True, True)
    assert (found.manual.epoch.w_next, found.optim.epoch.w_next) == ((float32(1.4),), (1.4000000953674316,))
    assert (found.steps, found.outcome) == ((1,), Outcome.ROUNDED)
    assert [f"{side.cost_next:.6f}" for side in (found.manual, found.optim)] == ["0.746666", "0.746667"]


def test_2_mean_has_the_true_gradient_and_another_lr_than_optim_takes_it_elsewhere() -> None:
    listing = Knobs.of_lecture().listing.with_gradient_form(GradientForm.MEAN)
    found = at(0.0, listing=listing)
    assert found.gradients[1] == pytest.approx(1)
    assert (found.known_ratio, found.lrs_match, found.outcome) == (1.0, False, Outcome.APART)
    same_lr = at(0.0, listing=listing, manual_lr=Lr.at(0.15))
    assert same_lr.lrs_match
    assert same_lr.outcome in (Outcome.SAME, Outcome.ROUNDED)


def test_the_fix_that_was_proposed_for_the_lecture_is_half_the_true_gradient() -> None:
    number = line_of(Method.MANUAL, "gradient")
    line = "gradient = torch.mean((W * x_train - y_train) * x_train)"
    found = at(0.0, listing=Knobs.of_lecture().listing.with_line(number, line))
    assert found.known_ratio is None
    assert found.gradients[1] == pytest.approx(0.5)
    assert found.manual.epoch.gradient[0] == pytest.approx(-4.667, abs=1e-3)


def test_a_forgotten_zero_grad_and_momentum_are_compared_with_the_grad_and_the_memory_of_now() -> None:
    listing = Knobs.of_lecture().listing
    forgotten = listing.with_line(line_of(Method.OPTIM, "optimizer.zero_grad"), "pass")
    found = at(0.0, listing=forgotten, method=Method.OPTIM, epochs=1)
    true = 14 * 2 / 3 * (found.optim.epoch.w[0] - 1)
    assert found.optim.epoch.gradient[0] == pytest.approx(true - 9.333, rel=1e-3)
    assert found.known_ratio is None
    number = listing.model_lines(Method.OPTIM)[-1].number
    momentum = listing.with_line(number, "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)")
    found = at(0.0, listing=momentum, method=Method.OPTIM, epochs=1)
    assert (found.known_ratio, found.ratio_shows) == (1.5, True)
    assert found.outcome is Outcome.OWN_UPDATE
    assert found.manual.is_lr_times_gradient
    assert not found.optim.is_lr_times_gradient


@pytest.mark.parametrize(
    ("w", "relation", "outcome"),
    [
        (1.0, Relation.BOTH_ZERO, Outcome.SAME),
        (nan, Relation.NOT_FINITE, Outcome.NOT_FINITE),
        (-inf, Relation.NOT_FINITE, Outcome.NOT_FINITE),
        (float32(1e38), Relation.NOT_FINITE, Outcome.NOT_FINITE),
    ],
)
def test_at_the_minimum_and_beyond_float32_there_is_no_ratio(w: float, relation: Relation, outcome: Outcome) -> None:
    found = at(w)
    assert (found.gradients[0], found.outcome) == (relation, outcome)
    assert not found.ratio_shows


def test_how_numbers_are_related() -> None:
    assert related((3.0, 6.0), (2.0, 4.0)) == (Relation.MULTIPLE, 1.5)
    assert related((-2.0,), (2.0,)) == (Relation.MULTIPLE, -1)
    assert related((3.0, 6.0), (2.0, -4.0))[0] is Relation.UNEVEN
    assert related((1e-3, 6.0), (2e-3, 6.0))[0] is Relation.UNEVEN
    assert related((0.0, 0.0), (0.0, 0.0))[0] is Relation.BOTH_ZERO
    assert related((0.0, 0.0), (1.0, 0.0))[0] is related((1.0,), (0.0,))[0] is Relation.ONE_ZERO
    assert related((inf,), (1.0,))[0] is related((1.0,), (nan,))[0] is Relation.NOT_FINITE
    assert related((3e38, 3e38), (1e-45, 1e-45))[0] is Relation.MULTIPLE


@given(st.data(), tables(), st.booleans(), st.sampled_from(GradientForm))
@settings(max_examples=60)
def test_on_every_table_the_known_ratio_is_seen_or_rounding_is_what_is_left(
    draw: st.DataObject, data: Dataset, bias: bool, form: GradientForm
) -> None:
    size = len(data.inputs) + bias
    w = tuple(draw.draw(st.lists(st.floats(-5, 5, width=32), min_size=size, max_size=size)))
    engine = TorchEngine(data)
    found = comparison(beginning(data, bias, form=form).restarted(w, engine), engine)
    assert found.known_ratio == (len(data) / 2 if form is GradientForm.SUM else 1)
    relation, ratio = found.gradients
    assume(relation is Relation.MULTIPLE and max(map(abs, found.optim.epoch.gradient)) > 1)
    assert found.ratio_shows
    assert ratio == pytest.approx(found.known_ratio, rel=1e-3)


@given(st.data(), tables(), st.booleans(), st.sampled_from(Method), st.integers(0, 3))
@settings(max_examples=40)
def test_each_side_is_the_epoch_that_its_method_runs_from_here(
    draw: st.DataObject, data: Dataset, bias: bool, method: Method, epochs: int
) -> None:
    engine = TorchEngine(data)
    descent = beginning(data, bias).goto(4 * epochs + draw.draw(st.integers(0, 3)), engine)
    found = comparison(descent, engine)
    run = descent.turn(replace(descent.knobs, method=method), engine)
    run = run.goto(run.next_epoch, engine)
    side = found.manual if method is Method.MANUAL else found.optim
    assert side.epoch.w == descent.w
    assert side.epoch.w_next == run.w
    assert side.cost_next == run.cost
