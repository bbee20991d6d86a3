"""Moves that wait for the engine: merged, in turn, and never in the way of a key."""

import asyncio

from core.requests import Measure, Open, Run
from core.state import EngineDied, RunFailed
from tests.fake_engine import FakeEngine
from tests.tui.conftest import an_app, opened, press, screen_text, type_at_once, until
from tui.app import GradstepApp


def requests(app: GradstepApp, kind: type) -> list[object]:
    engine = app.stepper.engine
    assert isinstance(engine, FakeEngine)
    return [request for request in engine.requests if isinstance(request, kind)]


async def test_a_flood_of_keys_is_one_request_and_few_frames() -> None:
    async with opened(app := an_app()) as pilot:
        before, frames = len(requests(app, Run)), []
        app.stepper.watch(app.stepper, "descent", lambda: frames.append(1), init=False)
        type_at_once(app, " " * 400)
        await until(pilot, lambda: app.stepper.descent.epoch == 400)
        assert len(requests(app, Run)) - before < 20
        assert len(frames) < 40


async def test_moves_and_changes_are_applied_in_turn() -> None:
    async with opened(slow := an_app()) as pilot:
        await press(slow, pilot, *"nnmngnrnn")
    async with opened(fast := an_app()) as pilot:
        type_at_once(fast, "nnmngnrnn")
        await until(pilot, lambda: fast.stepper.descent.tick == slow.stepper.descent.tick)
        assert fast.stepper.descent.w == slow.stepper.descent.w
        assert fast.stepper.descent.knobs == slow.stepper.descent.knobs


async def test_keys_wait_while_torch_is_loaded_and_knobs_turn_at_once() -> None:
    engine = FakeEngine()
    engine.ready.clear()
    app = an_app(engine=engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "loading torch; keys" in screen_text(app))
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "lr 0.15" in screen_text(app))
        await pilot.press("space", "space")
        await until(pilot, lambda: "2 of your keys are carried out" in screen_text(app))
        engine.ready.set()
        await until(pilot, lambda: app.stepper.descent.epoch == 2)
        assert app.stepper.descent.log.lr(0) == 0.15
        assert "loading" not in screen_text(app)


async def test_what_fails_says_so_and_leaves_the_run_where_it_was() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "space", "space")
        place = app.stepper.descent
        for failure in (RunFailed("no \x1b[31mway", 7), EngineDied("the engine was killed")):
            app.stepper.engine.failure = failure  # type: ignore[attr-defined] # the fake one's
            await press(app, pilot, "pagedown")
            assert str(failure).replace("\x1b", r"\x1b") in screen_text(app)
            assert (app.stepper.descent.tick, app.stepper.descent.w) == (place.tick, place.w)
        await press(app, pilot, "space")
        assert app.stepper.descent.epoch == 3


async def test_a_run_goes_as_far_as_it_can() -> None:
    async with opened(app := an_app()) as pilot:
        app.stepper.engine.fails_at = 5  # type: ignore[attr-defined]
        await press(app, pilot, "pagedown")
        assert app.stepper.descent.tick == (4, 0)
        assert "boom" in screen_text(app)


async def test_the_next_epoch_is_run_ahead_of_its_key() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "space")
        before = len(requests(app, Run))
        app.stepper.engine.ready.clear()  # type: ignore[attr-defined]
        await pilot.press("space")
        await until(pilot, lambda: app.stepper.descent.epoch == 2)
        assert len(requests(app, Run)) <= before + 1


async def test_a_change_is_measured_when_no_move_waits() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "m")
        measured = app.stepper.descent.measured
        assert measured is not None
        assert round(measured.error_factor, 3) == -0.4
        assert len(requests(app, Measure)) == 2


async def test_esc_forgets_what_waits_and_ends_what_takes_long() -> None:
    async with opened(app := an_app()) as pilot:
        engine = app.stepper.engine
        assert isinstance(engine, FakeEngine)
        engine.ready.clear()
        await pilot.press("pagedown", "pagedown")
        await asyncio.sleep(0.35)
        await pilot.press("escape")
        await until(pilot, lambda: engine.interrupted)


async def test_q_is_obeyed_while_moves_wait() -> None:
    engine = FakeEngine()
    engine.ready.clear()
    app = an_app(engine=engine)
    async with app.run_test() as pilot:
        await pilot.press("space", "space", "q")
    assert (app.return_code, app.failure, app.stepper.descent.epoch) == (0, None, 0)
    assert len(requests(app, Open)) == 1
