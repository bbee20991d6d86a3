"""The ladder, what an lr does, and numbers that people type."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import LECTURE
from core.epoch import TorchEngine
from core.landscape import Behaviour, Effect, landscape, measure
from core.listing import GradientForm, Method
from core.lr import RUNGS, Lr
from core.numbers import LARGEST_LR, parse_epochs, parse_last_epoch, parse_lr, parse_weights
from core.state import Knobs, State

ENGINE = TorchEngine(LECTURE)
KNOBS = Knobs.of_lecture()


@given(st.floats(0, LARGEST_LR, exclude_max=True), st.integers(1, 20))
def test_up_then_down_returns_to_where_it_was(start: float, steps: int) -> None:
    way = [Lr.at(start)]
    for _ in range(steps):
        way.append(way[-1].up())
    back = way[-1]
    for before in reversed([lr for lr in way if lr.value < way[-1].value]):
        back = back.down()
        assert back == before


@given(st.floats(0, LARGEST_LR, exclude_min=True), st.integers(1, 20))
def test_down_then_up_returns_to_where_it_was(start: float, steps: int) -> None:
    way = [Lr.at(start)]
    for _ in range(steps):
        way.append(way[-1].down())
    back = way[-1]
    for before in reversed([lr for lr in way if lr.value > way[-1].value]):
        back = back.up()
        assert back == before


def test_the_ladder_climbs_1_15_2_3_5_7() -> None:
    lr, climbed = Lr.at(0.1), []
    for _ in range(6):
        lr = lr.up()
        climbed.append(lr.value)
    assert climbed == [0.15, 0.2, 0.3, 0.5, 0.7, 1.0]
    assert list(RUNGS) == sorted(RUNGS)


def test_the_ladder_ends_at_0_and_at_the_largest_lr() -> None:
    assert Lr.at(0).down().value == 0
    assert Lr.at(LARGEST_LR).up().value == LARGEST_LR
    assert Lr.at(LARGEST_LR).times(2).value == LARGEST_LR
    assert Lr.at(0.1).times(2).times(0.5) == Lr.at(0.1)


@pytest.mark.parametrize(
    ("method", "form", "curvature"),
    [
        (Method.MANUAL, GradientForm.SUM, 14),
        (Method.MANUAL, GradientForm.MEAN, 28 / 3),
        (Method.OPTIM, GradientForm.SUM, 28 / 3),
    ],
)
def test_the_marks_are_measured_from_the_gradient_that_runs(
    method: Method, form: GradientForm, curvature: float
) -> None:
    knobs = replace(KNOBS, method=method, listing=KNOBS.listing.with_gradient_form(form))
    measured = measure(ENGINE, knobs, landscape(LECTURE, False)).curvature
    assert measured == pytest.approx(curvature, rel=1e-6)
    effect = Effect(knobs.lr.value, measured, measured)
    assert effect.one_step_lr == pytest.approx(1 / curvature)
    assert effect.edge_lr == pytest.approx(2 / curvature)
    below = ENGINE.run_epochs(knobs.with_lr(Lr.at(0.99 * effect.edge_lr)), State(), 2000)
    above = ENGINE.run_epochs(knobs.with_lr(Lr.at(1.01 * effect.edge_lr)), State(), 2000)
    assert below.w_next[-1] == pytest.approx(1, abs=1e-3)
    assert not abs(above.w_next[-1]) < 1e6
    lands = ENGINE.run_epoch(knobs.with_lr(Lr.at(effect.one_step_lr)), 0, State((5.0,)))
    assert lands.w_next[0] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("lr", "behaviour"),
    [
        (0, Behaviour.STAYS),
        (1e-6, Behaviour.CREEPS),
        (0.05, Behaviour.CREEPS),
        (1 / 14, Behaviour.ONE_STEP),
        (0.1, Behaviour.SWINGS),
        (1 / 7, Behaviour.BOUNCES),
        (0.15, Behaviour.BREAKS),
        (1e6, Behaviour.BREAKS),
    ],
)
def test_what_an_lr_does_is_told_in_words(lr: float, behaviour: Behaviour) -> None:
    assert Effect(lr, 14.0, 14.0).behaviour is behaviour


def test_a_gradient_that_points_the_wrong_way_has_no_marks_and_breaks_away() -> None:
    assert Effect(0.1, -14.0, -14.0).edge_lr == float("inf")
    assert Effect(0.1, -14.0, -14.0).behaviour is Behaviour.BREAKS
    assert Effect(0.1, 0.0, 0.0).behaviour is Behaviour.STAYS


def test_the_cost_is_least_at_the_minimum() -> None:
    land = landscape(LECTURE, False)
    assert land.minimum == (1,)
    assert land.cost((1,)) == 0
    assert land.cost((0,)) == pytest.approx(14 / 3)


@pytest.mark.parametrize(
    ("text", "lr"),
    [("0.1", 0.1), (" 1e-3 ", 0.001), ("1/14", 1 / 14), (".5", 0.5), ("1e6", 1e6), ("-0", 0.0), ("+2", 2)],
)
def test_an_lr_is_read_as_people_write_it(text: str, lr: float) -> None:
    assert parse_lr(text) == lr
    assert str(parse_lr(text))[0] != "-"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' is not a number"),
        ("abc", "'abc' is not a number: type one like 0.1, 1e-3 or 1/14"),
        ("-0.1", "'-0.1' is negative: it must be from 0 to 1e6"),
        ("nan", "'nan' is not finite"),
        ("inf", "'inf' is not finite"),
        ("-Infinity", "is not finite"),
        ("1e7", "'1e7' is too large: it must be from 0 to 1e6"),
        ("1e999", "is too large"),
        ("9" * 5000, "is too large"),
        ("1/0", "divides by zero"),
        ("1_000", "is not a number"),
        ("0x10", "is not a number"),
        ("٣", "is not a number"),
        ("0,1", "is not a number"),
    ],
)
def test_an_lr_that_cannot_be_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as refused:
        parse_lr(text)
    assert len(str(refused.value)) < 160


@pytest.mark.parametrize("text", ["nan", "inf", "1e39", "x", "--1", "1e400"])
def test_a_w_that_is_not_a_finite_float32_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="W "):
        parse_weights(text, ["W"])


@given(st.floats(-(2.0**127), 2.0**127, width=32))
def test_a_w_is_the_float32_that_was_typed(w: float) -> None:
    assert parse_weights(repr(w), ["W"]) == (w,)


def test_epochs_are_whole_numbers() -> None:
    assert parse_epochs("123") == 123
    assert parse_last_epoch(" ") is None
    assert parse_last_epoch("7") == 7
    for text in ("-1", "1.5", "1e3", "", "10000000000", "٣", "9" * 5000):
        with pytest.raises(ValueError, match="whole number"):
            parse_epochs(text)
