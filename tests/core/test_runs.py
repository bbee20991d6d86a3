"""Laws of runs that stand beside one another."""

from array import array
from dataclasses import replace
from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.beginning import beginning
from core.data import LECTURE, standardized
from core.descent import MOST_KEPT, PHASES, Descent
from core.epoch import TorchEngine
from core.landscape import landscape
from core.lr import Lr
from core.state import Columns
from core.study.runs import Did, first_below, goal, summary
from core.tables import open_table
from core.tape import BLOCK, Tape
from tests.core.test_descent import ENGINE, START, descents, history, ticks, with_lr


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


GOALS = st.sampled_from([0.5, 1e-3, 1e-6, 1e-12, -1.0])


def plainly(tape: Tape, goal: float) -> tuple[int, int | None, float]:
    costs = [tape.cost(epoch) for epoch in range(len(tape))]
    return len(costs) - 1, next((n for n, cost in enumerate(costs) if cost < goal), None), costs[-1]


@given(descents(), GOALS, st.integers(0, 30), GOALS)
def test_a_summary_says_what_a_plain_look_at_every_epoch_says(
    descent: Descent, goal: float, on: int, more: float
) -> None:
    for tape in (descent.tape, descent.goto(4 * on, ENGINE).tape, descent.tape.cut(on + 1)):
        for asked in (goal, more):
            found = summary(tape, asked)
            assert (found.epochs, found.close, found.cost) == plainly(tape, asked)
            assert found.w == tape.w(len(tape) - 1)


def of_costs(costs: list[float], before: Tape | None = None) -> Tape:
    w_next = array("f", [float(n) for n in range(len(costs))])
    return (before or Tape()).extended(Descent().knobs, Columns(array("f", costs), w_next, w_next))


@given(st.lists(st.tuples(st.integers(0, 2 * BLOCK), st.integers(1, 2 * BLOCK)), min_size=1, max_size=5), st.data())
@settings(max_examples=25, deadline=None)
def test_the_first_epoch_below_is_found_on_tapes_that_branch_and_share_their_blocks(
    branches: list[tuple[int, int]], data: st.DataObject
) -> None:
    tape, tapes = of_costs([5.0] * 10), []
    for kept, more in branches:
        costs = [5.0] * more
        costs[data.draw(st.integers(0, more - 1))] = 0.5
        tape = of_costs(costs, tape.cut(max(1, kept)))
        tapes.append(tape)
    for tape in data.draw(st.permutations(tapes)):
        assert first_below(tape, 1.0) == plainly(tape, 1.0)[1]


def test_a_run_that_grows_is_looked_at_once() -> None:
    class Counted(array):  # type: ignore[type-arg]
        looked = 0

        def __getitem__(self, index: Any) -> Any:
            Counted.looked += 1
            return super().__getitem__(index)

    tape = of_costs([1.0] * (3 * BLOCK + 100))
    for block in tape.blocks:
        object.__setattr__(block, "cost", Counted("f", block.cost))
    assert first_below(tape, 0.5) is None
    assert len(tape) <= Counted.looked
    Counted.looked = 0
    longer = of_costs([1.0] * 10, tape)
    assert first_below(longer, 0.5) is None
    assert Counted.looked <= 10


def test_a_cost_that_is_no_number_is_not_below_anything() -> None:
    assert first_below(of_costs([nan, inf, nan, 0.1]), 1.0) == 3


@pytest.mark.parametrize(
    ("lr", "epochs", "did", "since"),
    [
        (0.25, 0, Did.NOTHING, None),
        (0.25, 1, Did.CREEPS, None),
        (0.25, 5, Did.CREEPS, None),
        (0.75, 5, Did.SWINGS, None),
        (0.75, 1, Did.SWINGS, None),
        (0.5, 30, Did.SETTLED, 1),
        (0.0, 30, Did.SETTLED, 0),
        (1.0, 30, Did.BOUNCES, 1),
        (1.25, 1, Did.GROWS, None),
        (1.25, 9, Did.GROWS, None),
        (1.25, 2000, Did.BROKE_AWAY, 110),
    ],
)
def test_a_summary_says_what_the_run_did(lr: float, epochs: int, did: Did, since: int | None) -> None:
    found = summary(with_lr(START, lr).goto(4 * epochs, ENGINE).tape, 1e-6)
    assert (found.did, found.since) == (did, since)


@given(st.sampled_from([0.25, 0.5, 0.75, 1.0, 1.25, 3.0]), st.integers(1, 600), st.integers(0, 40))
@settings(deadline=None)
def test_since_is_the_first_epoch_that_is_like_the_last(lr: float, epochs: int, turned: int) -> None:
    tape = with_lr(START.goto(4 * turned, ENGINE), lr).goto(4 * (turned + epochs), ENGINE).tape
    found = summary(tape, 1e-6)
    last = len(tape) - 1
    if found.did is Did.BROKE_AWAY:
        broken = [n for n in range(last + 1) if not (isfinite(tape.cost(n)) and isfinite(tape.w(n)[0]))]
        assert found.since == broken[0]
    elif found.did is Did.SETTLED:
        still = [n for n in range(turned, last) if tape.w(n + 1) == tape.w(n)]
        assert found.since is not None
        assert found.since <= still[0]  # two neighbours in turn are settled, too
    elif found.did is Did.BOUNCES:
        assert found.since == next(n for n in range(max(1, turned), last) if tape.w(n + 1) == tape.w(n - 1))
    else:
        assert found.since is None


def test_a_cost_beyond_float32_from_the_start_may_come_down() -> None:
    far = with_lr(START, 0.25).restarted((1e25,), ENGINE).goto(40, ENGINE)
    assert not isfinite(far.cost)
    assert summary(far.tape, 1e-6).did is Did.CREEPS


def test_nothing_has_run_before_torch_is_there() -> None:
    assert summary(Tape(), 1e-6).did is Did.NOTHING


def test_close_is_a_millionth_where_the_table_can_be_fitted_and_a_millionth_of_the_least_cost_where_not() -> None:
    assert goal(landscape(LECTURE, False)) == goal(landscape(LECTURE, True)) == 1e-6
    cars = landscape(open_table("cars"), True)
    assert goal(cars) == pytest.approx(cars.floor * (1 + 1e-6), rel=1e-12)
    data = standardized(open_table("cars"))
    run = beginning(data).goto(400, TorchEngine(data))
    found = summary(run.tape, goal(run.landscape))
    assert found.close is not None
    assert run.tape.cost(found.close) < run.landscape.floor * 1.000001 < run.tape.cost(found.close - 1)


@given(descents(), ticks)
def test_a_run_taken_up_goes_on_as_if_it_had_never_been_left(descent: Descent, tick: int) -> None:
    kept = descent.goto(tick, ENGINE).keep("a")
    other = with_lr(kept.restarted((3.0,), ENGINE), 0.3).goto(20, ENGINE)
    back = other.taken_up(other.kept[0].tape, ENGINE)
    assert back.ghost is other.tape
    assert back.tick == (len(back.tape) - 1) * PHASES
    assert back.knobs == back.tape.knobs(back.epoch)
    onward = back.goto(back.tick + 20, ENGINE)
    assert history(onward) == history(kept.goto(kept.last_epoch, ENGINE).goto(onward.tick, ENGINE))
    again = back.taken_up(other.tape, ENGINE)
    assert (again.tape, again.ghost) == (other.tape, back.tape if len(back.tape) > 1 else None)
