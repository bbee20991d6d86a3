"""Predict, then step: what is asked, what may not be seen before, how an answer is judged, and the score."""

from dataclasses import replace
from math import inf, isfinite, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.descent import Descent, Tick
from core.edits import with_start
from core.knobs import Knobs
from core.program import Method, Program
from core.study.prediction import RISE, Level, Prediction, Question, Sign, Verdict, lines_before_gradient
from tests.tui.panel_rows import complete

PROGRAM = Program.read("weight_manual")
GRADIENT = lines_before_gradient(PROGRAM)


def entered(level: Level = Level.SIGN, knobs: Knobs | None = None) -> tuple[Prediction, Descent]:
    """The mode at a level, at the start of a run."""
    descent = complete(Descent(knobs or Knobs.of()))
    return replace(Prediction(), level=level).toggled(descent), descent


def moved(prediction: Prediction, descent: Descent, tick: Tick) -> tuple[Prediction, Descent]:
    """A move as the stepper makes it."""
    prediction, reach = prediction.held_back(descent, tick)
    descent = complete(descent.goto(reach))
    return prediction.at(descent), descent


def test_a_right_sign_is_revealed_by_the_step_with_the_numbers_of_the_epoch() -> None:
    prediction, descent = entered()
    question = prediction.question
    assert question
    assert (question.number, question.name, question.w) == (0, "W", 0.0)
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, Tick(1, 0))
    costs = (descent.log.cost(0), descent.cost)
    assert prediction.verdict == Verdict(question, Sign.LARGER, 0.1, -14, descent.w[0], *costs)
    assert prediction.verdict.right
    assert (prediction.right, prediction.count, prediction.in_a_row) == (1, 1, 1)


@given(
    st.sampled_from(Level),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.none() | st.floats(-2, 5)), max_size=12),
    st.sampled_from(Method),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_moves_no_gradient_is_shown_before_its_answer_and_every_verdict_is_the_runs(
    level: Level, moves: list[tuple[int, int, float | None]], method: Method
) -> None:
    prediction, descent = entered(level, Knobs.of(method=method))
    before = lines_before_gradient(descent.program)
    judged = 0
    for epoch, line, answer in moves:
        question = prediction.question
        if answer is not None and question is not None:
            prediction = prediction.answered(max(-1, min(1, round(answer))) if question.level is Level.SIGN else answer)
        committed, last = prediction.answer is not None, len(descent.log) - 1
        prediction, descent = moved(prediction, descent, Tick(epoch, line))
        if not committed:
            assert descent.tick <= Tick(last, before)
            assert len(descent.log) == last + 1
        assert len(descent.log) <= last + 2
        if prediction.count > judged:
            verdict, judged = prediction.verdict, prediction.count
            assert verdict is not None
            number = verdict.question.number
            assert (verdict.w_next,) == descent.log.w(number + 1)
            assert (verdict.gradient,) == descent.log.gradient(number)
            assert verdict.cost_next == descent.log.cost(number + 1)
    assert 0 <= prediction.in_a_row <= prediction.right <= prediction.count == judged


def test_lines_before_the_gradient_run_without_an_answer_and_the_gradient_waits_for_it() -> None:
    prediction, descent = entered()
    for line in range(1, GRADIENT + 1):
        prediction, descent = moved(prediction, descent, Tick(0, line))
        assert descent.tick == Tick(0, line)
    prediction, descent = moved(prediction, descent, Tick(0, GRADIENT + 1))
    assert (descent.tick, prediction.wanted) == (Tick(0, GRADIENT), Tick(0, GRADIENT + 1))
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, Tick(0, GRADIENT + 1))
    assert (descent.tick.line, prediction.sealed, prediction.count) == (GRADIENT + 1, True, 0)


def test_in_optim_zero_grad_may_run_before_the_answer_and_backward_may_not() -> None:
    program = Program.read("weight_optim")
    assert program.lines[lines_before_gradient(program)].text == "cost.backward()"


def test_an_answer_may_be_changed_until_the_gradient_is_shown_and_then_no_more() -> None:
    prediction, descent = entered()
    prediction = prediction.answered(Sign.SMALLER).answered(Sign.STAYS)
    assert prediction.answer == Sign.STAYS
    prediction, descent = moved(prediction, descent, Tick(0, GRADIENT + 1))
    for line in (GRADIENT + 1, GRADIENT, 0):
        prediction, descent = moved(prediction, descent, Tick(0, line))
        assert prediction.answered(Sign.LARGER) == prediction == prediction.skipped(descent)
    prediction, descent = moved(prediction, descent, Tick(1, 0))
    assert (prediction.right, prediction.count) == (0, 1)


def test_a_skipped_epoch_runs_and_does_not_count() -> None:
    prediction, descent = entered()
    prediction, descent = moved(prediction.skipped(descent), descent, Tick(1, 0))
    assert (descent.tick, prediction.count, prediction.verdict) == (Tick(1, 0), 0, None)
    assert prediction.question is not None


def test_what_has_been_on_the_screen_is_never_asked() -> None:
    descent = complete(complete(Descent(Knobs.of())).goto(Tick(3, 0)))
    prediction = Prediction().toggled(descent)
    for epoch in (0, 1, 2):
        prediction, descent = moved(prediction, descent, Tick(epoch, 0))
        assert prediction.question is None
    prediction, descent = moved(prediction, descent, Tick(9, 0))
    assert (descent.tick, prediction.question is not None) == (Tick(3, 0), True)
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, Tick(9, 0))
    assert descent.tick == Tick(4, 0)
    assert prediction.at(complete(descent.restarted())).question is None
    elsewhere = descent.knobs.with_program(with_start(descent.knobs.program, {"W": (3.0,)}))
    assert prediction.at(complete(descent.restarted(elsewhere))).question is not None


def test_an_epoch_that_is_run_with_other_knobs_is_not_judged_by_the_answer_to_the_old_one() -> None:
    prediction, descent = entered()
    prediction, descent = moved(prediction.answered(Sign.SMALLER), descent, Tick(0, GRADIENT + 1))
    knobs = descent.knobs.with_program(descent.knobs.program.with_lr(0.01))
    descent = complete(descent.with_knobs(knobs))
    prediction = prediction.at(descent)
    assert (prediction.question, prediction.answer, prediction.sealed) == (None, None, False)
    prediction, descent = moved(prediction, descent, Tick(1, 0))
    assert (descent.tick, prediction.count) == (Tick(1, 0), 0)


def test_three_right_answers_in_a_row_lead_to_the_next_level_and_a_wrong_one_starts_the_count_over() -> None:
    prediction, descent = entered()
    answers = [Sign.LARGER, Sign.SMALLER, Sign.SMALLER, Sign.SMALLER, Sign.LARGER, Sign.SMALLER]
    for number, answer in enumerate(answers, start=1):
        assert prediction.level is Level.SIGN
        prediction, descent = moved(prediction.answered(answer), descent, Tick(number, 0))
    assert (prediction.right, prediction.count, prediction.in_a_row) == (5, 6, RISE)
    assert prediction.level is Level.W
    assert prediction.question is not None
    assert prediction.question.level is Level.W


def judged(level: Level, answer: float, w: float, w_next: float, cost_next: float = 1.0) -> Verdict:
    question = Question(level, 0, (PROGRAM, (w,)), 0, "W")
    return Verdict(question, answer, 0.1, -10 * (w_next - w), w_next, 2.0, cost_next)


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (True, judged(Level.W, 1.39, 0.0, 1.4)),
        (False, judged(Level.W, 1.38, 0.0, 1.4)),
        (True, judged(Level.W, 0.974, 1.064, 0.97440001)),
        (False, judged(Level.W, 0.976, 1.064, 0.97440001)),
        (False, judged(Level.W, 0.0, 0.0018, 0.002359)),
        (True, judged(Level.W, 0.002359, 0.0018, 0.0023591)),
        (True, judged(Level.W, 2.96e34, -6.75e32, 2.95771481e34)),
        (True, judged(Level.COST, 0.75, 0, 1.4, 0.746666)),
        (False, judged(Level.COST, 0.76, 0, 1.4, 0.746666)),
        (True, judged(Level.COST, 0.000489, 0, 1.4, 0.0004894)),
        (True, judged(Level.SIGN, 1, 0.0, inf)),
        (False, judged(Level.W, inf, 0.0, inf)),
        (False, judged(Level.SIGN, 1, 0.0, nan)),
    ],
)
def test_an_answer_is_right_within_a_hundredth_of_the_step_or_in_the_digits_on_the_screen(
    right: bool, verdict: Verdict
) -> None:
    assert verdict.right is right
    assert verdict.counts is (isfinite(verdict.w_next) or right)


def test_a_run_that_breaks_away_is_asked_while_w_is_a_number_and_never_stuck_after() -> None:
    prediction, descent = entered(knobs=Knobs(PROGRAM.with_lr(1e6)))
    asked = 0
    for number in range(1, 12):
        asked += prediction.question is not None
        prediction, descent = moved(prediction.answered(Sign.SMALLER), descent, Tick(number, 0))
        assert descent.epoch == number
    assert 1 <= asked < 11


def test_leaving_the_mode_keeps_the_score_and_holds_nothing_back() -> None:
    prediction, descent = entered()
    prediction, descent = moved(prediction.answered(Sign.LARGER), descent, Tick(1, 0))
    prediction, descent = moved(prediction.toggled(descent), descent, Tick(10, 0))
    assert (descent.tick, prediction.on, prediction.question) == (Tick(10, 0), False, None)
    assert prediction.toggled(descent).right == 1
