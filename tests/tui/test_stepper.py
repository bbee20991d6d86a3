"""The stepper's keys, mouse and panels, on a fake engine."""

import pytest
from textual.widgets import Input
from textual.worker import WorkerFailed

from core.edits import GradientForm, gradient_form
from core.program import Method
from tests.tui.conftest import an_app, opened, press, screen_text, type_at_once, until
from tui.errors import failure_sentence
from tui.screens.ask import ValueDialog


async def test_enter_runs_line_after_line_and_up_goes_back() -> None:
    async with opened(app := an_app()) as pilot:
        lit = []
        for _ in app.stepper.descent.knobs.program.lines:
            await press(app, pilot, "enter")
            lit.append(next(line for line in screen_text(app).splitlines() if "▶ " in line[:5]))
        assert "0.000 0.000 0.000" in lit[0]
        assert "4.666667" in lit[1]
        assert "-14.000" in lit[2]
        assert app.stepper.descent.tick == (1, 0)
        await press(app, pilot, "up", "up")
        assert app.stepper.descent.tick == (0, 3)


async def test_moves_back_first_last_and_by_ten_are_exact() -> None:
    async with opened(app := an_app()) as pilot:
        for keys, tick in (
            (("pagedown", "space", "enter"), (11, 1)),
            (("left",), (11, 0)),
            (("b", "up"), (9, 4)),
            (("home", "left", "up", "pageup"), (0, 0)),
            (("end",), (11, 0)),
            (("pageup",), (1, 0)),
        ):
            await press(app, pilot, *keys)
            assert app.stepper.descent.tick == tick


async def test_the_method_is_switched_in_mid_epoch_and_each_keeps_its_lr() -> None:
    async with opened(app := an_app(lr=0.05)) as pilot:
        await press(app, pilot, "space", "enter", "enter", "m")
        assert app.stepper.descent.knobs.method is Method.OPTIM
        assert app.stepper.descent.tick == (1, 2)
        assert "optim (autograd) · lr 0.15" in screen_text(app)
        await press(app, pilot, "m")
        assert app.stepper.descent.knobs.program.lr == 0.05


async def test_the_lr_keys_stop_at_one_step_and_at_the_edge_too() -> None:
    async with opened(app := an_app(lr=0.05)) as pilot:
        lrs = []
        for key in ["right_square_bracket"] * 6 + ["left_square_bracket"] * 6:
            await press(app, pilot, key)
            lrs.append(round(app.stepper.descent.knobs.program.lr or 0, 4))
        assert lrs == [0.07, 0.0714, 0.1, 0.1429, 0.15, 0.2, 0.15, 0.1429, 0.1, 0.0714, 0.07, 0.05]


async def test_g_exchanges_manuals_gradient_and_says_why_not_in_optim() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "g")
        assert gradient_form(app.stepper.descent.knobs.program) is GradientForm.MEAN
        await press(app, pilot, "g", "m", "g")
        assert gradient_form(app.stepper.descent.knobs.by(Method.MANUAL).program) is GradientForm.SUM
        assert "g exchanges manual's gradient line" in screen_text(app)


async def test_a_typed_lr_is_taken_and_a_wrong_one_explained() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "l", *"-3", "enter")
        assert isinstance(app.screen, ValueDialog)
        assert "negative" in screen_text(app)
        await press(app, pilot, "backspace", "backspace", *"1/4", "enter")
        assert app.stepper.descent.knobs.program.lr == 0.25
        await press(app, pilot, "equals_sign")
        assert app.stepper.descent.knobs.program.lr == 0.1


async def test_what_is_typed_in_a_dialog_is_shown_and_never_obeyed() -> None:
    async with opened(app := an_app()) as pilot:
        await pilot.press("l")
        app.screen.query_one(Input).value = "[@click=app.quit]x[/] \u202e"
        await pilot.press("enter")
        assert isinstance(app.screen, ValueDialog)
        assert "'[@click=app.quit]x[/] \\u202e' is not a number" in screen_text(app)


async def test_w_begins_a_new_run_and_r_begins_there_again() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "space", "w", *"5", "enter")
        assert (app.stepper.descent.tick, app.stepper.descent.w) == ((0, 0), (5.0,))
        await press(app, pilot, "space", "r")
        assert (app.stepper.descent.tick, app.stepper.descent.w) == ((0, 0), (5.0,))


async def test_going_back_and_turning_a_knob_forgets_what_lay_ahead() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "pagedown", "pageup", "space", "right_square_bracket")
        assert len(app.stepper.descent.log) == 2
        assert app.stepper.descent.ghost is not None


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_one_key_shows_the_whole_program_and_esc_all_the_rest(size: tuple[int, int]) -> None:
    async with opened(app := an_app(), size) as pilot:
        await press(app, pilot, "space", "9")
        text = screen_text(app)
        first = "import torch" if size == (120, 36) else "W -= lr * gradient"
        assert first in text
        await press(app, pilot, "9")
        assert "W -= lr" not in screen_text(app)
        await press(app, pilot, "escape")
        assert app.stepper.maximized is None
        assert "W -= lr * gradient" in screen_text(app)


async def test_panels_share_the_tables_place() -> None:
    async with opened(app := an_app(), (80, 24)) as pilot:
        await press(app, pilot, "space", "t")
        assert "both methods on one W" in screen_text(app)
        await press(app, pilot, "P")
        assert "Epoch    0/10 W: 0.000, Cost: 4.666667" in screen_text(app)
        await press(app, pilot, "5", "4")
        assert "epochs" in screen_text(app)


async def test_where_there_is_no_room_one_line_says_how_much_is_needed() -> None:
    async with opened(app := an_app()) as pilot:
        await pilot.resize_terminal(30, 5)
        await until(pilot, lambda: "needs 40 x 10" in screen_text(app))
        await pilot.resize_terminal(120, 36)
        await until(pilot, lambda: "weight_manual.py" in screen_text(app))


@pytest.mark.parametrize("text", ["l0.3\r ", "w5\r  ", "?\x1b  ", "f30\r", "k\r "])
async def test_what_is_typed_at_once_goes_where_it_belongs(text: str) -> None:
    def there(app: object) -> tuple[object, ...]:
        descent = app.stepper.descent  # type: ignore[attr-defined]
        return len(app.screen_stack), descent.tick, descent.w, descent.knobs  # type: ignore[attr-defined]

    async with opened(slow := an_app()) as pilot:
        for character in text:
            type_at_once(slow, character)
            await pilot.pause(0.05)
            await until(pilot, lambda: slow.stepper.queue.is_idle and not slow.stepper.playback.is_running)
        wanted = there(slow)
    async with opened(fast := an_app()) as pilot:
        type_at_once(fast, text)
        await until(pilot, lambda: there(fast) == wanted)


async def test_what_comes_after_the_key_that_quits_is_not_carried_out() -> None:
    async with (app := an_app()).run_test():
        type_at_once(app, "q ?y ")
    assert (app.failure, app.return_code, app.stepper.descent.epoch) == (None, 0, 0)


async def test_a_failure_inside_ends_the_app_and_is_kept_for_a_sentence() -> None:
    async def fail() -> None:
        raise ZeroDivisionError("inside")

    app = an_app()
    with pytest.raises(WorkerFailed, match="inside"):  # noqa: PT012 - it is raised at the end of the block
        async with app.run_test() as pilot:
            app.stepper.queue.when_idle("test", fail)
            await until(pilot, lambda: app.failure is not None)
    assert "inside" in failure_sentence(app.failure or Exception())


async def test_what_changes_below_a_dialog_is_there_when_it_closes() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "l")
        app.stepper.goto(lambda descent: descent.next_epoch)
        await app.stepper.queue.settled()
        await press(app, pilot, "escape")
        assert "epoch 1 · W 1.400" in screen_text(app)
        await press(app, pilot, "space")
        assert "epoch 2 · W 0.840" in screen_text(app)
