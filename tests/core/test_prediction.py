"""Predict, then step: what is asked, what may not be seen before, how an answer is judged, and the score."""

from dataclasses import replace
from math import inf, isfinite, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.beginning import beginning
from core.data import LECTURE
from core.descent import PHASES, Descent
from core.epoch import TorchEngine
from core.float32 import float32
from core.listing import Method, Phase
from core.lr import Lr
from core.state import Knobs, State
from core.study.prediction import RISE, Level, Prediction, Question, Sign, Verdict
from core.tape import Tape
from tests.fake_engine import FakeEngine

ENGINE = TorchEngine(LECTURE)


def begun(level: Level = Level.SIGN, descent: Descent | None = None) -> tuple[Prediction, Descent]:
    """The mode at a level, at the start of a run."""
    descent = (descent or Descent()).goto(0, ENGINE)
    return replace(Prediction(), level=level).toggled(descent), descent


def moved(prediction: Prediction, descent: Descent, tick: int) -> tuple[Prediction, Descent]:
    """A move as the stepper makes it."""
    prediction, reach = prediction.held_back(descent, tick)
    descent = descent.goto(reach, ENGINE)
    return prediction.at(descent), descent


def test_a_right_sign_is_revealed_by_the_step_with_the_numbers_of_the_core() -> None:
    prediction, descent = begun()
    assert prediction.question is not None
    assert (prediction.question.number, prediction.question.name, prediction.question.w) == (0, "W", 0.0)
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, 4)
    verdict = prediction.verdict
    assert verdict is not None
    assert verdict.right
    assert descent.shown is not None
    assert (verdict.gradient, verdict.w_next) == (descent.shown.gradient[0], descent.shown.w_next[0])
    assert (verdict.cost, verdict.cost_next) == (descent.shown.cost, descent.cost)
    assert (prediction.right, prediction.count, prediction.in_a_row) == (1, 1, 1)
    assert prediction.question is not None
    assert prediction.question.number == 1


@given(
    st.sampled_from(Level),
    st.lists(st.tuples(st.integers(0, 24), st.none() | st.floats(-2, 5)), max_size=12),
    st.sampled_from(Method),
    st.booleans(),
)
@settings(max_examples=80)
def test_whatever_the_moves_no_gradient_is_shown_before_its_answer_and_every_verdict_is_the_tapes(
    level: Level, moves: list[tuple[int, float | None]], method: Method, bias: bool
) -> None:
    prediction, descent = begun(level, beginning(LECTURE, bias, method))
    judged = 0
    for tick, answer in moves:
        question = prediction.question
        if answer is not None and question is not None:
            prediction = prediction.answered(max(-1, min(1, round(answer))) if question.level is Level.SIGN else answer)
        committed, last = prediction.answer is not None, len(descent.tape) - 1
        prediction, descent = moved(prediction, descent, tick)
        if not committed:
            assert descent.tick <= last * PHASES + Phase.GRADIENT
            assert len(descent.tape) == last + 1
        assert len(descent.tape) <= last + 2
        if prediction.count > judged:
            verdict, judged = prediction.verdict, prediction.count
            assert verdict is not None
            number, weight = verdict.question.number, verdict.question.weight
            assert verdict.w_next == descent.tape.w(number + 1)[weight]
            assert verdict.gradient == descent.tape.gradient(number)[weight]
            assert verdict.cost_next == descent.tape.cost(number + 1)
            assert verdict.sign == (verdict.w_next > verdict.question.w) - (verdict.w_next < verdict.question.w)
    assert 0 <= prediction.in_a_row <= prediction.right <= prediction.count == judged


def test_phases_before_the_gradient_run_without_an_answer_and_the_gradient_waits_for_it() -> None:
    prediction, descent = begun()
    for tick in (1, 2):
        prediction, descent = moved(prediction, descent, tick)
        assert descent.tick == tick
    prediction, descent = moved(prediction, descent, 3)
    assert (descent.tick, prediction.wanted) == (2, 3)
    prediction = prediction.answered(Sign.LARGER)
    assert prediction.wanted is None
    prediction, descent = moved(prediction, descent, 3)
    assert (descent.tick, prediction.sealed, prediction.count) == (3, True, 0)


def test_an_answer_may_be_changed_until_the_gradient_is_shown_and_then_no_more_wherever_one_goes() -> None:
    prediction, descent = begun()
    prediction = prediction.answered(Sign.SMALLER).answered(Sign.STAYS)
    assert prediction.answer == Sign.STAYS
    prediction, descent = moved(prediction, descent, 3)
    for tick in (3, 2, 0):
        prediction, descent = moved(prediction, descent, tick)
        assert prediction.answered(Sign.LARGER) == prediction == prediction.skipped(descent)
    prediction, descent = moved(prediction, descent, 4)
    assert (prediction.right, prediction.count) == (0, 1)
    verdict = prediction.verdict
    prediction, descent = moved(prediction, descent, 0)
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, 4)
    assert (prediction.verdict, prediction.right, prediction.count) == (verdict, 0, 1)


def test_a_skipped_epoch_runs_and_does_not_count() -> None:
    prediction, descent = begun()
    prediction = prediction.skipped(descent)
    assert prediction.question is None
    prediction, descent = moved(prediction, descent, 4)
    assert (descent.tick, prediction.count, prediction.verdict) == (4, 0, None)
    assert prediction.question is not None


def test_what_has_been_on_the_screen_is_never_asked() -> None:
    descent = Descent().goto(12, ENGINE)
    prediction = Prediction().toggled(descent)
    for tick in (0, 4, 8):
        prediction, descent = moved(prediction, descent, tick)
        assert prediction.question is None
    prediction, descent = moved(prediction, descent, 40)
    assert descent.tick == 12
    assert prediction.question is not None
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, 40)
    assert descent.tick == 16
    anew = descent.restarted((0.0,), ENGINE)
    prediction = prediction.at(anew)
    assert prediction.question is None
    assert prediction.at(descent.restarted((3.0,), ENGINE)).question is not None


def test_a_gradient_seen_before_the_mode_began_is_not_asked() -> None:
    descent = Descent().goto(3, ENGINE)
    prediction = Prediction().at(descent)
    descent = descent.goto(0, ENGINE)
    prediction = prediction.at(descent).toggled(descent)
    assert prediction.question is None
    turned = descent.turn(descent.knobs.with_lr(Lr.at(0.3)), ENGINE)
    assert prediction.at(turned).question is not None


def test_an_epoch_that_is_run_anew_with_other_knobs_is_not_judged_by_the_answer_to_the_old_one() -> None:
    prediction, descent = begun()
    prediction, descent = moved(prediction.answered(Sign.SMALLER), descent, 3)
    descent = descent.turn(descent.knobs.with_lr(Lr.at(0.01)), ENGINE)
    prediction = prediction.at(descent)
    assert (prediction.question, prediction.answer, prediction.sealed) == (None, None, False)
    prediction, descent = moved(prediction, descent, 4)
    assert (descent.tick, prediction.count) == (4, 0)


def test_three_right_answers_in_a_row_lead_to_the_next_level_and_a_wrong_one_begins_to_count_anew() -> None:
    prediction, descent = begun()
    answers = [Sign.LARGER, Sign.SMALLER, Sign.SMALLER, Sign.SMALLER, Sign.LARGER, Sign.SMALLER]
    for number, answer in enumerate(answers):
        assert prediction.level is Level.SIGN
        prediction, descent = moved(prediction.answered(answer), descent, 4 * (number + 1))
    assert (prediction.right, prediction.count, prediction.in_a_row) == (5, 6, RISE)
    assert prediction.level is Level.W
    assert prediction.question is not None
    assert prediction.question.level is Level.W


def test_another_level_is_asked_at_once_but_counts_from_the_next_epoch_on_where_an_answer_is_committed() -> None:
    prediction, descent = begun()
    harder = prediction.at_next_level(descent)
    assert harder.question is not None
    assert harder.question.level is Level.W
    committed = prediction.answered(Sign.LARGER).at_next_level(descent)
    assert committed.question == prediction.question
    committed, descent = moved(committed, descent, 4)
    assert committed.right == 1
    assert committed.question is not None
    assert committed.question.level is Level.W
    assert prediction.at_next_level(descent).at_next_level(descent).at_next_level(descent).level is Level.SIGN


def judged(level: Level, answer: float, w: float, w_next: float, cost_next: float = 1.0) -> Verdict:
    question = Question(level, 0, (Knobs.of_lecture(), (w,)), 0, "W")
    return Verdict(question, answer, 0.1, -10 * (w_next - w), w_next, 2.0, cost_next)


@given(st.floats(-1e6, 1e6, width=32), st.floats(-1e6, 1e6, width=32), st.floats(-2, 2))
def test_a_typed_w_is_right_within_a_hundredth_of_the_step_and_the_true_w_always(
    w: float, w_next: float, share: float
) -> None:
    assert judged(Level.W, w_next, w, w_next).right
    verdict = judged(Level.W, w_next + share * (w_next - w), w, w_next)
    if abs(share) < 0.0099:
        assert verdict.right
    if abs(share) > 0.0101 and abs(share * (w_next - w)) > 0.01 * max(1, abs(w), abs(w_next)):
        assert not verdict.right


def test_the_digits_on_the_screen_are_enough_and_one_digit_more_off_is_not() -> None:
    assert judged(Level.W, 0.974, 1.064, 0.97440001).right
    assert judged(Level.W, 1.0, 1.0006, 0.99976).right
    assert not judged(Level.W, 0.976, 1.064, 0.97440001).right
    assert not judged(Level.W, 0.0, 0.0018, 0.002359).right
    assert judged(Level.W, 0.002359, 0.0018, 0.0023591).right
    assert judged(Level.W, 2.96e34, -6.75e32, float32(2.95771481e34)).right
    assert not judged(Level.W, 3.0e34, 2.8e34, float32(2.95771481e34)).right
    assert judged(Level.COST, 0.75, 0, 1.4, 0.746666).right
    assert not judged(Level.COST, 0.76, 0, 1.4, 0.746666).right
    assert judged(Level.COST, 0.000489, 0, 1.4, 0.0004894).right


@pytest.mark.parametrize("w_next", [nan, inf, -inf])
def test_what_is_no_number_is_not_counted(w_next: float) -> None:
    verdict = judged(Level.W, 1.0, 0.0, w_next)
    assert not verdict.counts
    assert not verdict.right
    assert judged(Level.SIGN, 1, 0.0, w_next).counts == (w_next == w_next)
    assert not judged(Level.COST, 1.0, 0.0, 1.0, w_next).counts


def test_a_run_that_breaks_away_is_asked_while_w_is_a_number_and_never_stuck_after() -> None:
    prediction, descent = begun(descent=Descent(Knobs.of_lecture().with_lr(Lr.at(1e6)), tape=Tape(State((1e30,)))))
    asked = 0
    for number in range(8):
        if prediction.question:
            asked += 1
            assert isfinite(prediction.question.w)
            prediction = prediction.answered(Sign.SMALLER)
        prediction, descent = moved(prediction, descent, 4 * (number + 1))
        assert descent.epoch == number + 1
    assert 1 <= asked < 8


def test_of_several_weights_the_one_with_the_largest_gradient_is_asked_for() -> None:
    descent = beginning(LECTURE, bias=True).goto(0, ENGINE)
    prediction = Prediction().toggled(descent)
    assert prediction.question is not None
    assert prediction.question.name == "W"
    flat = Descent(descent.knobs, tape=Tape(State((1.0, 5.0)))).goto(0, FakeEngine())
    asked = Prediction().toggled(flat).question
    assert asked is not None
    assert (asked.name, asked.w) == ("b", 5.0)


def test_leaving_the_mode_keeps_the_score_and_holds_nothing_back() -> None:
    prediction, descent = begun()
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, 4)
    prediction = prediction.toggled(descent)
    assert (prediction.on, prediction.question, prediction.right) == (False, None, 1)
    prediction, descent = moved(prediction, descent, 40)
    assert descent.tick == 40
    assert prediction.toggled(descent).right == 1
