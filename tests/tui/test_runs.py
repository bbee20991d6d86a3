"""Runs beside the present one: kept by name, listed, resumed, dropped, and what each did."""

import pytest

from core.behaviour import Behaviour
from core.descent import Descent
from core.knobs import Knobs
from core.log import EpochLog
from core.program import Method
from core.study.run_summary import first_below, run_summary
from tests.tui.conftest import until
from tests.tui.panel_rows import complete, descent_at
from tests.tui.study_screen import a_stepper, press, screen_text, text_of
from tui.panels.runs import Runs, program_text, proposed_name
from tui.screens.ask import ValueDialog
from tui.screens.runs import RunList, parse_name


def with_lr(lr: float, method: Method = Method.MANUAL) -> Knobs:
    knobs = Knobs.of(method=method)
    return knobs.with_program(knobs.program.with_lr(lr))


def edited_update(knobs: Knobs) -> Knobs:
    return knobs.with_program(knobs.program.with_statement(knobs.program.lines[-1].number, "W -= 0.2 * gradient"))


@pytest.mark.parametrize(
    ("lr", "epochs", "close", "behaviour", "since"),
    [
        (0.1, 10, 9, Behaviour.OSCILLATING, None),
        (0.05, 40, 7, Behaviour.CONVERGED, 14),
        (1 / 7, 12, None, Behaviour.CYCLING, 1),
        (0.2, 6, None, Behaviour.DIVERGING, None),
        (1.0, 60, None, Behaviour.DIVERGED, 17),
        (0.1, 0, None, Behaviour.NOT_STARTED, None),
    ],
)
def test_what_a_run_did(lr: float, epochs: int, close: int | None, behaviour: Behaviour, since: int | None) -> None:
    descent = descent_at(epochs, knobs=with_lr(lr))
    summary = run_summary(descent.log, descent.measured)
    assert (summary.epochs, summary.behaviour) == (epochs, behaviour)
    assert summary.close == close
    if since is not None:
        assert summary.since is not None
        assert abs(summary.since - since) <= 1


def test_the_first_epoch_below_a_goal_is_found_again_where_a_run_grows_or_is_cut() -> None:
    descent = descent_at(3)
    assert first_below(descent.log, 0.01) is None
    longer = complete(descent.goto(descent.next_epoch._replace(epoch=12)))
    first = first_below(longer.log, 0.01)
    assert first == next(epoch for epoch in range(12) if longer.log.cost(epoch) < 0.01)
    assert first_below(longer.log.cut(2), 0.01) is None
    assert first_below(EpochLog(), 0.01) is None


def test_a_run_is_called_by_what_it_ran() -> None:
    descent = descent_at(2)
    assert (program_text(descent.log), proposed_name(descent)) == ("sum 0.1", "manual lr 0.1")
    turned = complete(complete(descent.with_knobs(with_lr(0.2))).goto(descent.next_epoch))
    assert program_text(turned.log) == "sum 0.1→0.2"
    switched = complete(complete(descent.with_knobs(descent.knobs.switched())).goto(descent.next_epoch))
    assert program_text(switched.log) == "sum 0.1→optim 0.15"
    edited = edited_update(descent.knobs)
    assert proposed_name(complete(Descent(edited))) == "manual* lr 0.1"
    kept = descent.keep("manual lr 0.1")
    assert proposed_name(kept) == "manual lr 0.1 (2)"
    with pytest.raises(ValueError, match="another run is called that"):
        parse_name(" manual lr 0.1 ", kept)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_run_is_kept_listed_resumed_and_dropped(size: tuple[int, int]) -> None:
    async with a_stepper(size=size) as (stepper, pilot):
        await press(pilot, stepper, "k")
        assert "no finished epoch to keep yet" in str(stepper.activity)
        await press(pilot, stepper, *["space"] * 6, "k")
        await until(pilot, lambda: isinstance(stepper.app.screen, ValueDialog))
        await press(pilot, stepper, "enter")
        await until(pilot, lambda: "kept as manual lr 0.1" in str(stepper.activity))
        kept = stepper.descent.log
        await press(pilot, stepper, "r", "]", "space", "space", "7")
        text = text_of(stepper, Runs)
        assert "this run" in text
        assert "manual lr 0.1" in text
        assert "still swings" in text
        await pilot.press("K")
        await until(pilot, lambda: isinstance(stepper.app.screen, RunList))
        await pilot.press("enter")
        await until(pilot, lambda: stepper.descent.log is kept and stepper.queue.is_idle)
        assert stepper.descent.epoch == 6
        await pilot.press("K")
        await until(pilot, lambda: isinstance(stepper.app.screen, RunList))
        await pilot.press("d", "d")
        await until(pilot, lambda: not stepper.descent.kept and stepper.descent.ghost is None)
        assert "enter: resume it" not in screen_text(stepper)
