"""The ghost, the run forgotten last: in the table of epochs, and in the plots beside the present run."""

from array import array
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from core.beginning import beginning
from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.state import Columns, State
from core.tables import open_table
from core.tape import Tape
from tests.fake_engine import FakeEngine
from tests.tui.stepper import a_stepper, opened, screen_text
from tui.app import Stepper
from tui.panels.costs import Costs
from tui.panels.curve import Curve
from tui.panels.epochs import Epochs
from tui.panels.panel import Panel
from tui.study.others import GHOST, others_of


def text_of(panel: Panel) -> list[str]:
    """The rows of a panel's inside."""
    return ["".join(text for text, _ in row) for row in panel._rows]


async def another_lr(pilot: Pilot[None], epochs: int = 3) -> None:
    """Ten epochs, then from the start again with another lr."""
    await pilot.press("pagedown", "home", "]", *["space"] * epochs)


async def test_without_a_forgotten_run_there_is_no_trace_of_one() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "left", "left")
        assert GHOST not in screen_text(stepper)
        assert all(panel.border_subtitle is None for panel in stepper.query(Panel))


async def test_its_rows_stand_ahead_of_the_present_run_each_with_its_mark() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await another_lr(pilot)
        rows = text_of(stepper.query_one(Epochs))[1:]
        assert [row[:8].split() for row in rows[2:6]] == [["2"], ["▶", "3"], [GHOST, "4"], [GHOST, "5"]]
        ghost = stepper.descent.ghost
        assert ghost is not None
        assert f"{ghost.w(4)[0]:.3f}" in rows[4]
        assert "0.25" in rows[4]
        styles = {style for row in stepper.query_one(Epochs)._rows[5:] for _, style in row}
        assert styles == {"dim"}


async def test_rows_ahead_in_the_present_run_are_told_apart_from_those_of_the_ghost() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await another_lr(pilot)
        await pilot.press("home")
        rows = text_of(stepper.query_one(Epochs))[1:]
        assert [row[0] for row in rows[:6]] == ["▶", " ", " ", " ", GHOST, GHOST]


async def test_where_both_runs_have_an_epoch_the_ghosts_cost_stands_beside_it() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await another_lr(pilot)
        heading, *rows = text_of(stepper.query_one(Epochs))
        assert f"{GHOST} cost" in heading
        assert "update" in heading
        assert rows[0].split()[-1] != "0.250000"  # both runs begin with the same W
        assert rows[1].endswith("0.250000")
        assert rows[2].endswith("0.062500")


async def test_both_its_w_and_its_cost_stand_there_where_there_is_room() -> None:
    panel = Epochs()
    descent = Descent().goto(0, engine := FakeEngine()).goto(40, engine).goto(0, engine)
    descent = descent.turn(descent.knobs.with_lr(descent.knobs.lr.up()), engine).goto(12, engine)
    panel.set_reactive(Epochs.descent, descent)
    heading = panel.draw(100, 10)[0][0][0]
    assert "method      lr         W        cost  gradient    update       ◌ W      ◌ cost" in heading
    narrow = panel.draw(46, 10)[0][0][0]
    assert GHOST not in narrow


async def test_a_click_on_a_row_of_the_ghost_goes_nowhere() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await another_lr(pilot)
        await pilot.click(Epochs, offset=(5, 8))
        assert stepper.descent.epoch == 3
        await pilot.click(Epochs, offset=(5, 3))
        assert stepper.descent.epoch == 1


async def test_the_same_run_begun_again_has_all_of_the_ghost_ahead() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "r")
        rows = text_of(stepper.query_one(Epochs))
        assert [row[0] for row in rows[1:5]] == ["▶", GHOST, GHOST, GHOST]
        await pilot.press("pagedown")
        assert GHOST not in "".join(text_of(stepper.query_one(Epochs)))
        assert "method" in text_of(stepper.query_one(Epochs))[0]


async def test_the_plots_say_which_mark_is_the_ghost_and_draw_it_where_it_was() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await another_lr(pilot, 0)
        for name in (Curve, Costs):
            panel = stepper.query_one(name)
            assert str(panel.border_subtitle).count(GHOST) == 1
            assert GHOST in "".join(text_of(panel))
        await pilot.press("3")
        assert screen_text(stepper).count(f"{GHOST} forgotten") == 3


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10), (140, 50)])
@pytest.mark.parametrize("bias", [False, True])
async def test_every_row_stays_as_wide_as_the_screen(size: tuple[int, int], bias: bool) -> None:
    stepper = Stepper(beginning(LECTURE, bias=bias), lambda data: FakeEngine())
    async with opened(stepper, size) as pilot:
        await another_lr(pilot)
        for key in "1235":
            await pilot.press(key)
            strips = stepper.screen._compositor.render_strips(stepper.size)
            assert {strip.cell_length for strip in strips} == {size[0]}
            assert GHOST in screen_text(stepper) or size == (40, 10)


async def test_with_several_inputs_it_is_on_the_contours_and_beside_each_weight() -> None:
    stepper = Stepper(beginning(open_table("mtcars")), TorchEngine)
    async with opened(stepper) as pilot:
        await another_lr(pilot, 0)
        for name in ("Contours", "WeightsByEpoch", "Costs"):
            panel = stepper.query_one(name, Panel)
            assert GHOST in "".join(text_of(panel)), name


async def costs_beside(ghost: Tape | None) -> list[str]:
    """The rows of cost by epoch for a run of five epochs with this ghost."""
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press(*["space"] * 5)
        stepper.descent = replace(stepper.descent, ghost=ghost)
        return text_of(stepper.query_one(Costs))


def a_tape(costs: list[float], start: float = 0.0) -> Tape:
    w_next = array("f", [start + index for index in range(len(costs))])
    return Tape(State((start,))).extended(
        Descent().knobs, Columns(array("f", costs), array("f", [1.0] * len(costs)), w_next)
    )


@pytest.mark.parametrize("wild", [1e30, float("inf"), float("nan")])
async def test_a_ghost_beyond_all_bounds_does_not_flatten_the_present_run(wild: float) -> None:
    alone = await costs_beside(None)
    beside = await costs_beside(a_tape([1.0, 0.5, wild, wild], start=3.0))
    assert [row[:6] for row in beside] == [row[:6] for row in alone]
    assert beside != alone


async def test_a_ghost_of_a_million_epochs_is_sampled_and_leaves_room_for_the_present_run() -> None:
    tape = a_tape([0.5] * 1_000_000, start=3.0)
    (ghost,) = others_of(Descent(ghost=tape))
    assert len(ghost.epochs(1e6, 1e6 / 40)) <= 42
    assert 20 < int((await costs_beside(tape))[-1].split()[-1]) <= 50


def test_a_ghost_is_drawn_from_where_it_was_left() -> None:
    engine = FakeEngine()
    run = Descent().goto(40, engine).goto(16, engine)
    turned = run.turn(run.knobs.with_lr(run.knobs.lr.up()), engine)
    (ghost,) = others_of(turned)
    assert ghost.since == 4
    assert ghost.epochs(100, 1) == list(range(4, 11))
