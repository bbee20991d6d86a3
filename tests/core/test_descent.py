"""Laws of the Descent: any route to a place is the same place."""

from dataclasses import replace
from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from core.descent import PHASES, Descent
from core.ending import Ending
from core.listing import GradientForm, Method, Phase
from core.lr import Lr
from core.state import Knobs, State
from tests.fake_engine import FakeEngine

ENGINE = FakeEngine()
START = Descent().goto(0, ENGINE)

ticks = st.integers(-5, 60)


def with_lr(descent: Descent, lr: float) -> Descent:
    return descent.turn(descent.knobs.with_lr(Lr.at(lr)), ENGINE)


def toggled(descent: Descent) -> Descent:
    return descent.turn(replace(descent.knobs, method=descent.knobs.method.other), ENGINE)


moves = st.one_of(
    st.builds(lambda tick: lambda descent: descent.goto(tick, ENGINE), ticks),
    st.builds(lambda by: lambda descent: descent.goto(descent.tick + by, ENGINE), st.integers(-9, 9)),
    st.builds(lambda lr: lambda descent: with_lr(descent, lr), st.sampled_from([0.0, 0.1, 0.5, 1.5])),
    st.just(toggled),
)


@st.composite
def descents(draw: st.DrawFn) -> Descent:
    descent = START
    for move in draw(st.lists(moves, max_size=12)):
        descent = move(descent)
    return descent


def history(descent: Descent) -> list[object]:
    """Everything that has happened, as plain values."""
    tape = descent.tape
    return [
        (tape.knobs(n), tape.w(n), tape.cost(n), tape.gradient(n), tape.w(n + 1), tape.state(n))
        for n in range(len(tape))
    ]


def place(descent: Descent) -> object:
    return descent.tick, descent.knobs, descent.w, descent.cost, descent.shown, descent.measured


@given(descents(), ticks, st.lists(ticks, max_size=5))
def test_any_route_to_a_tick_is_the_same_place(descent: Descent, tick: int, detours: list[int]) -> None:
    straight, winding = descent.goto(tick, ENGINE), descent
    for detour in detours:
        winding = winding.goto(detour, ENGINE)
    winding = winding.goto(tick, ENGINE)
    assert place(winding) == place(straight)
    assert history(winding)[: len(straight.tape)] == history(straight)[: len(winding.tape)]


@given(descents(), ticks)
def test_a_move_changes_nothing_of_the_descent_that_it_began_with(descent: Descent, tick: int) -> None:
    before = place(descent), history(descent)
    with_lr(descent.goto(tick, ENGINE), 0.7)
    toggled(descent)
    assert (place(descent), history(descent)) == before


@given(descents())
def test_the_epoch_under_way_is_on_the_tape_and_ran_with_the_knobs(descent: Descent) -> None:
    assert descent.epoch < len(descent.tape)
    assert descent.tape.knobs(descent.epoch) == descent.knobs


@given(descents(), st.sampled_from([0.0, 0.3, 0.9]))
def test_a_knob_turned_and_turned_back_is_the_same_place(descent: Descent, lr: float) -> None:
    back = with_lr(descent, lr).turn(descent.knobs, ENGINE)
    assert place(back) == place(descent)
    assert history(back) == history(descent)[: len(back.tape)]


@given(descents(), st.sampled_from([0.0, 0.3, 0.9]))
def test_a_finished_epoch_is_never_rewritten(descent: Descent, lr: float) -> None:
    turned = with_lr(toggled(descent), lr)
    assert history(turned)[: descent.epoch] == history(descent)[: descent.epoch]


@given(descents(), st.sampled_from([0.25, 0.75]))
def test_turning_a_knob_forgets_what_lay_ahead_and_takes_effect_in_the_epoch_under_way(
    descent: Descent, lr: float
) -> None:
    turned = with_lr(descent, lr)
    if turned is descent:  # the knob stood there already
        return
    assert len(turned.tape) == descent.epoch + 1
    w, gradient = turned.w[0], turned.tape.gradient(turned.epoch)[0]
    assert turned.tape.w(turned.epoch + 1)[0] == ENGINE.run_epoch(turned.knobs, 0, State((w,))).w_next[0]
    assert (w, gradient) == (descent.w[0], descent.tape.gradient(descent.epoch)[0])


@given(descents())
def test_moves_within_the_tape_append_nothing_to_it(descent: Descent) -> None:
    before = ENGINE.epochs_run
    descent.goto(descent.previous_epoch, ENGINE).goto(0, ENGINE).goto(descent.last_epoch, ENGINE)
    assert ENGINE.epochs_run == before


def test_four_phases_make_an_epoch() -> None:
    descent = START
    phases = []
    for _ in range(PHASES):
        descent = descent.goto(descent.tick + 1, ENGINE)
        phases.append(descent.phase)
    assert phases == list(Phase)
    assert descent.epoch == 1
    assert place(descent) == place(START.goto(START.next_epoch, ENGINE))


def test_a_descent_without_epochs_has_a_place_too() -> None:
    empty = Descent()
    assert (empty.tick, empty.phase, empty.shown, empty.w) == (0, None, None, (0.0,))
    assert empty.cost != empty.cost
    assert empty.turn(empty.knobs.with_lr(Lr.at(0.5)), None).knobs.lr.value == 0.5


def test_each_method_keeps_its_own_lr() -> None:
    manual = with_lr(START, 0.3)
    optim = with_lr(toggled(manual), 0.7)
    assert toggled(optim).knobs.lr.value == 0.3
    assert toggled(toggled(optim)).knobs.lr.value == 0.7


def test_going_back_brings_back_the_knobs_of_the_place() -> None:
    descent = with_lr(START.goto(8, ENGINE), 0.4).goto(16, ENGINE)
    assert descent.goto(4, ENGINE).knobs == START.knobs
    assert descent.goto(4, ENGINE).goto(24, ENGINE).knobs.lr.value == 0.4


def test_a_restart_begins_at_its_start_with_the_knobs_as_they_are() -> None:
    run = with_lr(START.goto(12, ENGINE), 0.25)
    again = run.restarted((5.0,), ENGINE)
    assert (again.tick, again.w, again.knobs, len(again.tape)) == (0, (5.0,), run.knobs, 1)


def test_the_ending_of_a_run_is_settled_bouncing_or_not_finite() -> None:
    assert START.goto(8, ENGINE).ending is None
    assert with_lr(START, 0.5).goto(8, ENGINE).ending is Ending.SETTLED
    assert with_lr(START, 1.0).goto(8, ENGINE).ending is Ending.BOUNCES
    assert with_lr(START, 0.0).goto(4, ENGINE).ending is Ending.SETTLED
    assert with_lr(START, 1e6).goto(4 * 9, ENGINE).ending is Ending.NOT_FINITE


def test_epochs_run_elsewhere_are_those_that_would_have_been_run_here() -> None:
    here = START.goto(4 * 30, ENGINE)
    there = START.ran(ENGINE.run_epochs(START.knobs, START.tape.state(1), 30), ENGINE)
    assert (place(there), history(there)) == (place(here), history(here))


def test_the_gradient_form_is_a_changed_line_of_the_same_listing() -> None:
    knobs = Knobs.of_lecture()
    mean = replace(knobs, listing=knobs.listing.with_gradient_form(GradientForm.MEAN))
    turned = START.turn(mean, ENGINE)
    assert turned.knobs.listing.changed
    assert turned.knobs.method is Method.MANUAL
    assert isfinite(turned.measured.curvature)


def test_the_run_forgotten_last_stays_as_a_ghost() -> None:
    run = START.goto(40, ENGINE)
    assert run.ghost is None
    back = with_lr(run.goto(12, ENGINE), 0.3)
    assert back.ghost is run.tape
    again = with_lr(with_lr(back, 0.4), 0.5)
    assert again.ghost is run.tape  # what was turned at once leaves no run to compare with
    onward = again.goto(20, ENGINE)
    assert onward.restarted((5.0,), ENGINE).ghost is onward.tape


def test_kept_runs_stay_until_they_are_forgotten() -> None:
    first = START.goto(12, ENGINE).keep("a")
    both = with_lr(first.goto(0, ENGINE), 0.4).goto(16, ENGINE).keep("b").restarted((3.0,), ENGINE)
    assert [(kept.name, len(kept.tape)) for kept in both.kept] == [("a", 4), ("b", 5)]
    assert both.kept[0].tape.w(3) == first.tape.w(3)
    assert [kept.name for kept in both.keep("a").forget("b").kept] == ["a"]
