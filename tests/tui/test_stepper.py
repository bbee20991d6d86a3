"""Keys, mouse and dialogs of the stepper, on a fake engine with round numbers."""

import pytest
from textual.css.query import NoMatches
from textual.events import Click, MouseScrollUp
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input, Static

from core.data import Dataset
from core.listing import GradientForm, Method, Phase
from core.state import Columns, Engine, Epoch, Knobs, RunFailed, State
from tests.fake_engine import FakeEngine
from tests.tui.stepper import a_stepper, held_back, opened, screen_text, until
from tui.keys import HANGUL, KEYS, bindings
from tui.screens.ask import Ask
from tui.screens.help import Help
from tui.screens.palette import Palette


@pytest.mark.parametrize("key", ["space", "n", "right", ".", HANGUL["n"]])
async def test_a_forward_key_runs_an_epoch(key: str) -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press(key)
        assert stepper.descent.epoch == 1
        assert stepper.descent.w == (0.5,)
        assert "epoch 1 · W 0.500" in screen_text(stepper)


async def test_four_phases_light_their_lines_with_their_values() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        seen = []
        for _ in Phase:
            await pilot.press("enter")
            seen.append(next(line for line in screen_text(stepper).splitlines() if "▶ " in line[:4]))
        assert "hypothesis = x_train * W" in seen[0]
        assert "0.000 0.000 0.000" in seen[0]
        assert "cost = torch.mean" in seen[1]
        assert "1.000000" in seen[1]
        assert "-2.000" in seen[2]
        assert "0.000 - 0.25 x -2.000 = 0.500" in seen[3]


async def test_moves_back_first_last_and_by_ten_are_exact() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "space", "enter")
        assert (stepper.descent.epoch, stepper.descent.tick) == (11, 45)
        await pilot.press("left")
        assert stepper.descent.tick == 44
        await pilot.press("b", "up")
        assert stepper.descent.tick == 39
        await pilot.press("home")
        assert stepper.descent.tick == 0
        await pilot.press("left", "up", "pageup")
        assert stepper.descent.tick == 0
        await pilot.press("end")
        assert stepper.descent.tick == 44
        await pilot.press("pageup")
        assert stepper.descent.epoch == 1


async def test_the_method_toggles_in_mid_epoch_and_each_keeps_its_lr() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "enter", "enter", "m")
        descent = stepper.descent
        assert descent.knobs.method is Method.OPTIM
        assert descent.tick == 6
        assert descent.shown is not None
        assert descent.shown.method is Method.OPTIM
        assert descent.knobs.lr.value == 0.15
        assert "optimizer.step()" in screen_text(stepper)
        await pilot.press("m")
        assert stepper.descent.knobs.lr.value == 0.25


async def test_g_exchanges_manuals_gradient_line_and_says_why_not_in_optim() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("g")
        assert stepper.descent.knobs.listing.gradient_form is GradientForm.MEAN
        assert "29*  gradient = 2 * torch.mean((W * x_train - y_train) * x_train)" in screen_text(stepper)
        await pilot.press("g", "m", "g")
        assert not stepper.descent.knobs.listing.changed
        assert "g exchanges manual's gradient line" in screen_text(stepper)


async def test_the_lr_keys_turn_the_lr() -> None:
    async with opened(stepper := a_stepper(lr=0.1)) as pilot:
        lrs = []
        for key in ("]", "]", "[", "}", "{", "=", "="):
            await pilot.press(key)
            lrs.append(stepper.descent.knobs.lr.value)
        assert lrs == [0.15, 0.2, 0.15, 0.3, 0.15, 0.1, 0.1]
        assert "this is the lr that a run begins with already" in screen_text(stepper)


async def test_a_typed_lr_is_taken_and_a_wrong_one_explained_with_the_old_kept() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("l", *"-3", "enter")
        assert "negative" in str(stepper.screen.query_one(Static).render())
        assert stepper.descent.knobs.lr.value == 0.25
        await pilot.press("backspace", "backspace", *"1/4", "enter")
        assert stepper.descent.knobs.lr.value == 0.25
        await pilot.press("l", *"0", "enter")
        assert stepper.descent.knobs.lr.value == 0
        assert "lr 0 learns nothing" in screen_text(stepper)


async def test_what_is_typed_in_a_dialog_is_shown_and_never_obeyed() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("l")
        stepper.screen.query_one(Input).value = "[@click=app.quit]x[/] \u202e"
        await pilot.press("enter")
        assert isinstance(stepper.screen, Ask)
        assert "'[@click=app.quit]x[/] \\u202e' is not a number" in screen_text(stepper)


async def test_keys_that_come_faster_than_a_dialog_closes_do_no_harm() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        for key in ("l", "question_mark"):
            await pilot.press(key)
            screen = stepper.screen
            assert isinstance(screen, Ask | Help)
            screen.action_close()
            screen.action_close()
            stepper.pop_screen()
            await pilot.pause()
            assert stepper.is_running
        await pilot.press("space")
        assert stepper.descent.epoch == 1


async def test_w_begins_a_new_run_where_one_likes_and_r_begins_there_again() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "w", *"5", "enter")
        assert (stepper.descent.tick, stepper.descent.w) == (0, (5.0,))
        await pilot.press("space", "r")
        assert (stepper.descent.tick, stepper.descent.w) == (0, (5.0,))


async def test_going_back_and_turning_a_knob_forgets_what_lay_ahead() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("pagedown", "pageup", "space", "]")
        assert len(stepper.descent.tape) == 2


async def test_play_steps_by_itself_changes_speed_and_pauses() -> None:
    async with opened(stepper := a_stepper(lr=1e-4)) as pilot:
        await pilot.press("p")
        assert "playing 3 epochs a second" in screen_text(stepper)
        await pilot.press("+", "+", "+", "+")
        assert "playing 30 epochs a second" in screen_text(stepper)
        await until(pilot, lambda: stepper.descent.epoch >= 3)
        await pilot.press("p")
        paused_at = stepper.descent.epoch
        await pilot.pause(0.2)
        assert stepper.descent.epoch == paused_at
        assert "playing" not in screen_text(stepper)


async def test_turning_the_lr_goes_on_playing_and_stepping_back_pauses() -> None:
    async with opened(stepper := a_stepper(lr=0.01)) as pilot:
        await pilot.press("p", "]")
        assert "playing" in screen_text(stepper)
        await until(pilot, lambda: stepper.descent.epoch >= 2)
        await pilot.press("left")
        assert "playing" not in screen_text(stepper)


async def test_play_stops_where_the_run_breaks_and_stepping_back_still_works() -> None:
    async with opened(stepper := a_stepper(lr=1e6)) as pilot:
        await pilot.press(*"++++", "p")
        await until(pilot, lambda: "paused at epoch" in screen_text(stepper))
        epoch = stepper.descent.epoch
        assert "it has broken away" in screen_text(stepper)
        await pilot.press("left")
        assert stepper.descent.epoch == epoch - 1


async def test_running_far_goes_to_the_epoch_that_was_typed() -> None:
    async with opened(stepper := a_stepper(lr=1e-6)) as pilot:
        await pilot.press("f", *"3000", "enter")
        await until(pilot, lambda: stepper.descent.epoch == 3000)
        assert len(stepper.descent.tape) == 3001
        await pilot.press("f", *"12", "enter")
        assert stepper.descent.epoch == 12
        assert len(stepper.descent.tape) == 3001


async def test_running_far_without_a_number_ends_where_w_no_longer_changes() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("f", "enter")
        await until(pilot, lambda: "settled" in screen_text(stepper))
        assert stepper.descent.w == (1.0,)


async def test_running_far_can_be_stopped_and_another_key_stops_it_too() -> None:
    async with opened(stepper := a_stepper(lr=1e-6)) as pilot:
        for key in ("escape", "left", "]"):
            await pilot.press("f", *"90000000", "enter")
            await until(pilot, lambda: "of the way to epoch 90,000,000" in screen_text(stepper))
            await pilot.press(key)
            length = len(stepper.descent.tape)
            await pilot.pause(0.3)
            assert len(stepper.descent.tape) == length
            assert "of the way" not in screen_text(stepper)


async def test_keys_pressed_while_torch_loads_are_carried_out_and_none_is_lost() -> None:
    loaded, load = held_back()
    stepper = a_stepper(load=load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await pilot.press("]", *["space"] * 7, "m", "space", "[", "enter")
        assert stepper.descent.tick == 0
        assert "loading torch" in screen_text(stepper)
        assert stepper.descent.knobs.lr.value == 0.3
        loaded.set()
        await until(pilot, lambda: stepper.descent.tick == 33)
        assert stepper.descent.knobs.method is Method.OPTIM
        assert stepper.descent.knobs.lr.value == 0.1
        assert stepper.descent.tape.knobs(6).method is Method.MANUAL


async def test_a_knob_turned_while_torch_loads_turns_at_once() -> None:
    loaded, load = held_back()
    stepper = a_stepper(load=load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await pilot.press("m")
        assert "optimizer.step()" in screen_text(stepper)
        loaded.set()


async def test_where_torch_cannot_be_loaded_a_sentence_says_so_and_the_rest_lives() -> None:
    def load(data: Dataset) -> Engine:
        raise ImportError("No module named 'torch'\x1b[31m")

    stepper = a_stepper(load=load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await pilot.press("space")
        await until(pilot, lambda: "torch can't be loaded" in screen_text(stepper))
        assert "No module named 'torch'\\x1b[31m" in screen_text(stepper)
        await pilot.press("space", "?")
        assert isinstance(stepper.screen, Help)
        await pilot.press("escape", "]")
        assert stepper.descent.knobs.lr.value == 0.3


async def test_a_click_on_an_epoch_goes_there() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press(*["space"] * 6)
        await pilot.click("Epochs", offset=(10, 4))
        assert stepper.descent.epoch == 2


async def test_a_click_on_a_line_goes_to_where_it_has_just_run() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space")
        await pilot.click("Code", offset=(20, 4))
        assert stepper.descent.phase is Phase.COST


async def test_a_click_on_a_key_in_the_footer_presses_it() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.click("Footer", offset=(3, 0))
        assert stepper.descent.epoch == 1


async def test_a_click_on_the_ruler_sets_the_lr_and_at_its_beginning_0() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.click("Ruler", offset=(50, 0))
        assert 0.4 < stepper.descent.knobs.lr.value < 1.5
        await pilot.click("Ruler", offset=(10, 0))
        assert stepper.descent.knobs.lr.value == 0


async def test_a_click_on_cost_by_epoch_goes_to_the_epoch() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press(*["space"] * 10)
        await pilot.click("Costs", offset=(9, 3))
        assert stepper.descent.epoch <= 1


async def test_the_wheel_scrolls_the_table_and_a_move_brings_it_back() -> None:
    async with opened(stepper := a_stepper(lr=0.01)) as pilot:
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert "▶     30" in screen_text(stepper)
        table = stepper.query_one("Epochs")
        for _ in range(20):
            table.post_message(MouseScrollUp(table, 5, 5, 0, -1, 0, False, False, False))
        await pilot.pause()
        assert "▶     30" not in screen_text(stepper)
        assert "       0  manual" in screen_text(stepper)
        await pilot.press("space")
        assert "▶     31" in screen_text(stepper)


async def test_the_table_shows_a_row_for_every_epoch_with_its_gradient_and_update() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "space")
        rows = [line[1:75].split() for line in screen_text(stepper).splitlines()[20:26]]
        assert rows[0] == ["0", "manual", "0.25", "0.000", "1.000000", "-2.000", "+0.500"]
        assert rows[1] == ["1", "manual", "0.25", "0.500", "0.250000", "-1.000", "+0.250"]
        assert rows[2] == ["▶", "2", "manual", "0.25", "0.750", "0.062500"]


async def test_the_screen_says_diverging_long_before_inf_and_then_since_when() -> None:
    async with opened(stepper := a_stepper(lr=1.5)) as pilot:
        await pilot.press("space", "space", "space")
        assert "diverging: the cost has grown 3 epochs in a row" in screen_text(stepper)
        for _ in range(8):
            await pilot.press("pagedown")
        assert "cost is inf at epoch 64" in screen_text(stepper)
        for _ in range(8):
            await pilot.press("pagedown")
        assert "W is -inf at epoch 128" in screen_text(stepper)
        await pilot.press("home")
        assert "diverging" not in screen_text(stepper)


@pytest.mark.parametrize(
    ("key", "title"), [("1", "cost(W)"), ("2", "cost by epoch"), ("3", "data ×"), ("4", "gradient by point")]
)
async def test_at_80_x_24_the_plots_share_one_place(key: str, title: str) -> None:
    async with opened(stepper := a_stepper(), (80, 24)) as pilot:
        await pilot.press("space", key)
        assert title in screen_text(stepper)
        assert (
            sum(other in screen_text(stepper) for other in ("cost(W)", "cost by epoch", "data ×", "gradient by point"))
            == 1
        )


@pytest.mark.parametrize("size", [(1, 1), (39, 30), (120, 9)])
async def test_below_40_x_10_one_line_says_how_much_room_is_needed(size: tuple[int, int]) -> None:
    async with opened(stepper := a_stepper(), size) as pilot:
        assert "40 x 10"[: size[0]] in screen_text(stepper)
        await pilot.resize_terminal(120, 36)
        await pilot.press("space")
        assert "epoch 1 · W 0.500" in screen_text(stepper)


@pytest.mark.parametrize("size", [(40, 10), (60, 18), (80, 24), (107, 31), (108, 32), (250, 80)])
@pytest.mark.parametrize("lr", [0.25, 1e6])
async def test_at_every_size_the_place_and_the_code_are_on_the_screen(size: tuple[int, int], lr: float) -> None:
    async with opened(stepper := a_stepper(lr=lr), size) as pilot:
        for _ in range(3):
            await pilot.press("pagedown")
        assert "epoch 30" in screen_text(stepper)
        assert "W -= lr * gradient" in screen_text(stepper)


@pytest.mark.parametrize("theme", BUILTIN_THEMES)
async def test_every_theme_of_textual_works(theme: str) -> None:
    async with opened(stepper := a_stepper()) as pilot:
        stepper.theme = theme
        await pilot.press("space", "?", "escape")
        assert "epoch 1" in screen_text(stepper)
        assert "▶" in screen_text(stepper)


async def test_help_explains_every_key_and_panel() -> None:
    async with opened(stepper := a_stepper(), (120, 160)) as pilot:
        await pilot.press("f1")
        shown = screen_text(stepper)
        for key in KEYS:
            assert key.help[:40] in shown
        for panel in ("Header", "Code", "Gradient", "Epochs", "cost(W)", "lr ruler", "Lesson", "Status"):
            assert panel in shown


async def test_the_command_palette_has_every_action() -> None:
    async with opened(stepper := a_stepper()):
        commands = {command.title for command in stepper.get_system_commands(stepper.screen)}
        assert {key.name for key in KEYS if key.action != "command_palette"} <= commands
        assert "Theme" in commands


def test_no_key_is_bound_twice_and_every_action_exists() -> None:
    keys = [key for binding in bindings() for key in binding.key.split(",")]
    assert len(keys) == len(set(keys))
    for key in KEYS:
        assert hasattr(a_stepper(), f"action_{key.action.partition('(')[0]}")


async def test_the_stepper_opens_in_the_state_that_was_asked_for() -> None:
    async with opened(stepper := a_stepper(lr=0.5, start=3.0)):
        assert "epoch 0 · W 3.000" in screen_text(stepper)
        assert "lr 0.5" in screen_text(stepper)


async def test_a_failure_inside_ends_the_program_and_is_kept_for_whoever_started_it() -> None:
    stepper = a_stepper()

    async def failing() -> None:
        async with opened(stepper) as pilot:
            stepper.call_later(lambda: 1 // 0)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert isinstance(stepper.failure, ZeroDivisionError)
    assert stepper.return_code == 1


async def test_nothing_is_told_by_colour_alone_on_the_ruler() -> None:
    async with opened(stepper := a_stepper(lr=0.5)):
        assert "lands in one step" in screen_text(stepper)
        assert "1/2 one step" in screen_text(stepper)
        assert "1 edge" in screen_text(stepper)


def test_the_fake_engine_is_an_engine() -> None:
    engine: Engine = FakeEngine()
    assert engine.run_epoch(Knobs.of_lecture(), 0, State()).cost == 1


async def test_keys_that_wait_for_torch_are_judged_when_they_are_carried_out() -> None:
    loaded, load = held_back()
    stepper = a_stepper(lr=0.1, load=load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await pilot.press("w", *"5", "enter", "space", "]", "=", "m", "g", "m", "g", "r")
        assert "of your keys are carried out" in screen_text(stepper)
        loaded.set()
        await until(pilot, lambda: stepper.conductor.is_warm and not stepper.conductor.waiting)
        descent = stepper.descent
        assert (descent.tape.start.w, descent.tick) == ((5.0,), 0)
        assert (descent.knobs.method, descent.knobs.lr.value) == (Method.MANUAL, 0.1)
        assert descent.knobs.listing.gradient_form is GradientForm.MEAN


async def test_a_run_that_is_asked_for_while_torch_loads_begins_when_it_is_there() -> None:
    loaded, load = held_back()
    stepper = a_stepper(lr=1e-6, load=load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", *"500", "enter")
        loaded.set()
        await until(pilot, lambda: stepper.descent.epoch == 500)


async def test_where_optim_alone_cannot_run_manual_lives() -> None:
    class ManualOnly(FakeEngine):
        def run_epoch(self, knobs: Knobs, number: int, state: State) -> Epoch:
            if knobs.method is Method.OPTIM:
                raise RuntimeError("no optimizer")
            return super().run_epoch(knobs, number, state)

    stepper = a_stepper(load=lambda data: ManualOnly())
    async with stepper.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: Method.OPTIM in stepper.conductor._loading.failed)
        await pilot.press("m")
        assert "optim can't run here (RuntimeError: no optimizer)" in screen_text(stepper)
        await pilot.press("space")
        assert stepper.descent.epoch == 1


async def test_a_failure_in_the_thread_that_runs_far_ends_the_program() -> None:
    class Broken(FakeEngine):
        def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
            if count > 5:
                raise RuntimeError("broken")
            return super().run_epochs(knobs, state, count)

    stepper = a_stepper(load=lambda data: Broken())

    async def failing() -> None:
        async with opened(stepper) as pilot:
            await pilot.press("f", *"100", "enter")
            await pilot.pause(0.5)

    with pytest.raises(RuntimeError, match="broken"):
        await failing()
    assert stepper.return_code == 1


async def test_costs_that_grew_with_another_lr_are_not_called_diverging() -> None:
    async with opened(stepper := a_stepper(lr=1.5)) as pilot:
        await pilot.press("space", "space", "space", "space")
        assert "diverging" in screen_text(stepper)
        await pilot.press("{", "{")
        assert "diverging" not in screen_text(stepper)


async def test_the_palette_opens_runs_an_action_and_closes_by_a_click_beside_it() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("ctrl+p")
        assert isinstance(stepper.screen, Palette)
        await pilot.click(offset=(2, 1))
        await until(pilot, lambda: not isinstance(stepper.screen, Palette))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(stepper.screen, Palette))
        await pilot.press(*"next epoch")
        await until(pilot, lambda: "Run one epoch, all four phases" in screen_text(stepper))
        await pilot.press("enter")
        await until(pilot, lambda: stepper.descent.epoch == 1)


async def test_a_click_in_the_palette_where_there_is_no_widget_does_no_harm() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("ctrl+p")
        palette = stepper.screen
        palette.post_message(Click(palette, 5, 500, 0, 0, 1, False, False, False, screen_x=5, screen_y=500))
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: stepper.screen is not palette)


async def test_a_theme_is_chosen_from_the_palette() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        stepper.search_themes()
        await pilot.pause()
        await pilot.press(*"gruvbox")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await until(pilot, lambda: stepper.theme == "gruvbox")


async def test_a_palette_closed_while_it_still_searches_is_no_failure() -> None:
    async with opened(stepper := a_stepper()):
        stepper._handle_exception(NoMatches(f"No nodes match 'LoadingIndicator' on {Palette()!r}"))
        assert stepper.failure is None
        assert stepper.is_running
        assert stepper._exception is None


async def test_a_program_that_can_not_be_run_any_further_stops_playing_and_leaves_the_run() -> None:
    class UpTo2(FakeEngine):
        def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
            if state.w[0] > 0.8:
                raise RunFailed("IndexError: too far", 29)
            return super().run_epochs(knobs, state, count)

    async with opened(stepper := a_stepper(load=lambda data: UpTo2())) as pilot:
        await pilot.press(*["+"] * 8, "p")
        await until(pilot, lambda: "IndexError" in str(stepper.activity))
        place = stepper.descent
        assert not stepper.running.plays
        assert "line 29 can't be run: IndexError: too far" in screen_text(stepper)
        for keys in (["space"], ["f", "enter"], ["pagedown"], ["p"]):
            await pilot.press(*keys)
            await pilot.pause(0.1)
            assert "line 29 can't be run" in screen_text(stepper)
            assert stepper.descent.tape is place.tape
            assert stepper.descent.tick == place.tick
            assert not stepper.running.plays or keys == ["p"]
