"""Prediction mode on the screen."""

import pytest
from rich.cells import cell_len

from core.beginning import beginning
from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.lr import Lr
from core.state import Knobs, State
from core.study.prediction import Level
from core.tables import open_table
from core.tape import Tape
from tests.tui.stepper import a_stepper, opened, screen_text, until
from tui.app import Stepper
from tui.keys import HANGUL
from tui.panels.predict import Asked, Typed

SIZES = [(120, 36), (80, 24), (40, 10), (50, 18), (120, 24)]


def strip(stepper: Stepper) -> str:
    """The rows of the strip, as one line."""
    return " ".join(" ".join("".join(text for text, _ in row) for row in stepper.query_one(Asked)._rows).split())


@pytest.mark.parametrize("size", SIZES)
async def test_an_epoch_is_predicted_then_run_then_revealed(size: tuple[int, int]) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine), size) as pilot:
        await pilot.press("y", "space")
        await pilot.pause()
        assert stepper.descent.tick == 0
        assert "larger" in strip(stepper)
        assert "gradient = torch.sum" in screen_text(stepper)
        await pilot.press("+")
        await pilot.pause()
        assert stepper.descent.tick == 4
        assert "✓ right" in strip(stepper)
        assert "0.000 - 0.1 x -14.000 = 1.400" in strip(stepper)
        assert "1 of 1 so far" in strip(stepper)
        text = screen_text(stepper)
        assert {cell_len(line) for line in text.splitlines()} == {size[0]}


async def test_a_wrong_answer_gets_the_rule_of_the_sign_and_the_arithmetic() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("y", "-", "space")
        assert "you said smaller · gradient -14.000 is negative, so W gets larger" in strip(stepper)
        assert "W = 0.000 - 0.1 x -14.000 = 1.400" in strip(stepper)
        assert "0 of 1 so far" in strip(stepper)
        await pilot.press("0", "space")
        assert "you said stays · gradient +5.600 is positive, so W gets smaller" in strip(stepper)
        await pilot.press("+", "space", "-", "space")
        assert "2 of 4 so far, the last 2 in a row" in strip(stepper)


@pytest.mark.parametrize("keys", [["enter"] * 6, ["space"] * 3, ["pagedown"], ["n", "s", "down", "right", "."]])
async def test_nothing_gives_the_answer_away(keys: list[str]) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("y", "t", *keys)
        await pilot.pause()
        assert stepper.descent.tick <= 2
        text = screen_text(stepper)
        for told in ("-14.000", "1.400", "-9.333", "0.746", "next W"):
            assert told not in text
        assert "both methods stand here again" in text
        await pilot.press("escape")
        await pilot.pause()
        assert "1.400" in screen_text(stepper)
        assert stepper.prediction.count == 0


async def test_a_w_is_typed_where_the_code_and_the_curve_stay_in_sight() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("y", "Y", "space", *"1.4", "enter")
        await pilot.pause()
        assert stepper.descent.tick == 4
        assert "✓ right: W 1.400 · gradient -14.000 is negative" in strip(stepper)
        await pilot.press("1", ".", "enter", "space")
        assert "W 0.840: you said 1.000, off by 0.160" in strip(stepper)
        assert stepper.prediction.verdict is not None
        assert stepper.descent.shown is not None
        assert stepper.prediction.verdict.w_next == stepper.descent.shown.w_next[0]
        assert "gradient = torch.sum" in screen_text(stepper)
        assert "1 cost(W)" in screen_text(stepper)


async def test_the_cost_is_asked_for_at_the_hardest_level() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("y", "Y", "Y", "space", *"0.75", "enter")
        await pilot.pause()
        assert "✓ right: cost 0.746666" in strip(stepper)
        assert "0.16 x 4.666667" in strip(stepper)
        verdict = stepper.prediction.verdict
        assert verdict is not None
        assert verdict.cost_next == stepper.descent.tape.cost(1)


async def test_what_can_not_be_read_is_told_and_nothing_runs() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("y", "Y", *"1-2", "enter")
        await pilot.pause()
        assert "W '1-2' is not a number" in strip(stepper)
        assert (stepper.descent.tick, stepper.prediction.answer) == (0, None)
        stepper.query_one(Typed).value = "[@click=app.quit]x[/]\u202e"
        await pilot.press("enter")
        await pilot.pause()
        assert "'[@click=app.quit]x[/]\\u202e' is not a number" in strip(stepper)
        stepper.query_one(Typed).value = ""
        await pilot.press("2", "enter")
        await pilot.pause()
        assert stepper.prediction.answer == 2.0
        assert "not a number" not in strip(stepper)


async def test_before_anything_is_typed_the_steppers_keys_are_the_steppers() -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("space", "y", "Y")
        await pilot.pause()
        assert stepper.query_one(Typed).has_focus
        await pilot.press("enter", "enter")
        assert stepper.descent.tick == 6
        await pilot.press("left", "left")
        assert stepper.descent.tick == 0
        await pilot.press("end", "m", "]")
        assert stepper.descent.knobs.method == "optim"
        assert stepper.descent.knobs.lr.value == 0.2
        await pilot.press("y")
        await pilot.pause()
        assert not stepper.prediction.on
        await pilot.press("2", "space")
        assert stepper.descent.epoch == 2


@pytest.mark.parametrize("key", ["y", HANGUL["y"]])
@pytest.mark.parametrize("size", SIZES)
async def test_y_leaves_at_once_and_the_screen_is_as_before(size: tuple[int, int], key: str) -> None:
    async with opened(stepper := a_stepper(), size) as pilot:
        before = screen_text(stepper)
        await pilot.press("y")
        await pilot.pause()
        assert screen_text(stepper) != before
        await pilot.press(key)
        await pilot.pause()
        assert screen_text(stepper) == before


async def test_playing_and_running_far_leave_the_mode_and_say_so() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("y", "+", "space", "p")
        assert not stepper.prediction.on
        assert "nothing is predicted while it runs by itself" in screen_text(stepper)
        await pilot.press("p", "y", "f", *"60", "enter")
        await until(pilot, lambda: stepper.descent.epoch == 60)
        assert not stepper.prediction.on
        assert stepper.prediction.right == 1


async def test_a_click_on_an_answer_commits_it() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("y")
        await pilot.pause()
        panel = stepper.query_one(Asked)
        row = panel._rows[-1]
        text = "".join(part for part, _ in row)
        await pilot.click(Asked, offset=(text.index("smaller"), len(panel._rows) - 1))
        assert stepper.prediction.answer == -1
        await pilot.click(Asked, offset=(1, len(panel._rows) - 1))
        assert stepper.prediction.answer == -1
        await pilot.click(Asked, offset=(text.index("larger"), len(panel._rows) - 1))
        assert stepper.prediction.answer == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("table", ["lecture with b", "mtcars"])
@pytest.mark.parametrize("level", Level)
async def test_it_asks_on_every_table(size: tuple[int, int], table: str, level: Level) -> None:
    descent = beginning(LECTURE, True) if table == "lecture with b" else beginning(open_table(table))
    async with opened(stepper := Stepper(descent, TorchEngine), size) as pilot:
        await pilot.press("y", *["Y"] * (level - 1), "space", "+" if level is Level.SIGN else "9", "enter")
        await pilot.pause()
        await until(pilot, lambda: stepper.prediction.count == 1)
        assert "of 1 so far" in screen_text(stepper)
        assert {cell_len(line) for line in screen_text(stepper).splitlines()} == {size[0]}


@pytest.mark.parametrize("w", [float("nan"), float("inf"), 1e38, -1e30, 1.0])
async def test_any_w_can_be_stepped_through(w: float) -> None:
    descent = Descent(Knobs.of_lecture().with_lr(Lr.at(1e6)), tape=Tape(State((w,))))
    async with opened(stepper := Stepper(descent, TorchEngine), (80, 24)) as pilot:
        await pilot.press("y")
        for number in range(1, 5):
            await pilot.press("+", "space")
            await pilot.pause()
            assert stepper.descent.epoch == number
            assert {cell_len(line) for line in screen_text(stepper).splitlines()} == {80}


async def test_a_flood_of_keys_does_no_harm() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        for key in (
            "y",
            "y",
            "y",
            "Y",
            "Y",
            "escape",
            "space",
            "1",
            "enter",
            "escape",
            "y",
            "y",
            "0",
            "space",
            "y",
        ) * 3:
            stepper.simulate_key(key)
        await pilot.pause()
        await pilot.press("space")
        assert stepper.is_running
