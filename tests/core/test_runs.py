"""Laws of runs that stand beside one another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.descent import MOST_KEPT, Descent
from core.lr import Lr
from tests.core.test_descent import ENGINE, START, descents, with_lr


@given(descents(), st.integers(0, 20), st.integers(0, 20), st.sampled_from([0.1, 0.3]))
def test_two_tapes_share_the_epochs_that_ran_alike_and_no_more(descent: Descent, back: int, on: int, lr: float) -> None:
    before = descent.tape
    place = with_lr(descent.goto(4 * back, ENGINE), lr)
    after = place.goto(place.tick + 4 * on, ENGINE).tape
    shared = before.shared(after)
    assert shared == after.shared(before) <= min(len(before), len(after))
    alike = [before.knobs(n) == after.knobs(n) for n in range(min(len(before), len(after)))]
    assert all(alike[:shared])
    assert all(alike) if shared == len(alike) else not alike[shared]
    assert all(before.w(n) == after.w(n) for n in range(shared + 1))


def test_tapes_with_different_starts_share_nothing() -> None:
    run = START.goto(40, ENGINE)
    assert run.tape.shared(run.restarted((3.0,), ENGINE).tape) == 0
    assert run.tape.shared(run.restarted(run.tape.start.w, ENGINE).tape) == 1


def test_a_kept_run_keeps_its_mark_while_others_come_and_go() -> None:
    descent = START.goto(8, ENGINE).keep("a").keep("b").keep("c").forget("b")
    assert {kept.name: kept.mark for kept in descent.kept} == {"a": 0, "c": 2}
    assert {kept.name: kept.mark for kept in descent.keep("d").keep("a").kept} == {"c": 2, "d": 1, "a": 0}


def test_a_ninth_run_is_not_kept_but_a_name_that_is_taken_can_be_given_anew() -> None:
    descent = START
    for number in range(MOST_KEPT):
        descent = descent.keep(str(number))
    with pytest.raises(ValueError, match="8 runs are kept already"):
        descent.keep("another")
    longer = descent.goto(20, ENGINE).keep("3")
    assert len(longer.kept) == MOST_KEPT
    assert next(len(kept.tape) for kept in longer.kept if kept.name == "3") == 6


def test_a_kept_run_ends_where_it_was_kept_whatever_the_run_goes_on_to_do() -> None:
    kept = START.goto(20, ENGINE).keep("a")
    onward = replace(kept, knobs=kept.knobs.with_lr(Lr.at(0.1))).goto(4000, ENGINE)
    assert len(onward.kept[0].tape) == 6
    assert onward.kept[0].tape.w(5) == kept.w
