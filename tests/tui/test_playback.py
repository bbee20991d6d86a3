"""What runs by itself: play, and long runs."""

from tests.tui.conftest import an_app, opened, press, screen_text, until


async def test_play_steps_by_itself_changes_its_speed_and_pauses() -> None:
    async with opened(app := an_app(lr=1e-4)) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: "playing 3 epochs a second" in screen_text(app))
        await pilot.press("+", "+", "+", "+")
        await until(pilot, lambda: "playing 30 epochs a second" in screen_text(app))
        await until(pilot, lambda: app.stepper.descent.epoch >= 3)
        await pilot.press("space", "left")  # forward goes on, back pauses
        assert not app.stepper.playback.is_playing


async def test_play_pauses_where_the_run_has_come_to_its_end() -> None:
    async with opened(app := an_app(lr=0.25)) as pilot:
        await pilot.press("+", "+", "+", "+", "p")
        await until(pilot, lambda: not app.stepper.playback.is_playing)
        await until(pilot, lambda: "paused at epoch" in screen_text(app))
        assert "broken away" in screen_text(app)


async def test_a_long_run_goes_to_its_epoch_and_answers_keys_meanwhile() -> None:
    async with opened(app := an_app(lr=1e-4)) as pilot:
        await pilot.press("f", *"3000", "enter")
        await until(pilot, lambda: len(app.stepper.descent.log) > 500)
        assert "epochs a second" in screen_text(app)
        await pilot.press("z")
        assert app.stepper.zoomed
        await until(pilot, lambda: not app.stepper.playback.is_running)
        assert app.stepper.descent.tick == (3000, 0)
        assert "ran to epoch 3,000" in screen_text(app)


async def test_a_long_run_without_an_end_stops_where_w_settles() -> None:
    async with opened(app := an_app()) as pilot:
        await pilot.press("f", "enter")
        await until(pilot, lambda: "ran to epoch" in screen_text(app))
        log = app.stepper.descent.log
        assert log.w(len(log)) == log.w(len(log) - 1)
        assert "settled" in screen_text(app)


async def test_esc_stops_a_long_run_and_a_move_does_so_too() -> None:
    for key in ("escape", "left"):
        async with opened(app := an_app(lr=1e-5)) as pilot:
            await pilot.press("f", *"100000", "enter")
            await until(pilot, lambda: len(app.stepper.descent.log) > 500)
            await press(app, pilot, key)
            assert not app.stepper.playback.is_running
            assert app.stepper.descent.epoch < 100_000
