"""A few pictures of the screen, on the fake engine, so that they change only when the screen does."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from core.beginning import beginning
from core.data import LECTURE
from core.descent import Descent
from core.epoch import TorchEngine
from core.tables import open_table
from tests.tui.stepper import a_stepper, opened, screen_text, until
from tests.tui.test_runs import keep_five, typed
from tui.app import Stepper
from tui.language import speak_language


class Svg(SingleFileSnapshotExtension):
    """One SVG file a picture, which a browser shows."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Svg)


async def test_an_epoch_by_hand_at_120_x_36(picture: SnapshotAssertion) -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "space", "space")
        assert stepper.export_screenshot() == picture


async def test_half_an_epoch_with_optim_at_80_x_24_in_a_light_theme(picture: SnapshotAssertion) -> None:
    async with opened(stepper := a_stepper(), (80, 24)) as pilot:
        stepper.theme = "textual-light"
        await pilot.press("m", "space", "enter", "enter", "enter", "2")
        assert stepper.export_screenshot() == picture


async def test_a_run_that_breaks_away(picture: SnapshotAssertion) -> None:
    async with opened(stepper := a_stepper(lr=1.2)) as pilot:
        await pilot.press("pagedown", "pagedown", "enter")
        assert stepper.export_screenshot() == picture


async def test_the_contours_in_the_readme_with_torchs_own_numbers(picture: SnapshotAssertion) -> None:
    stepper = Stepper(beginning(LECTURE, bias=True), TorchEngine)
    async with opened(stepper) as pilot:
        await pilot.press(*["space"] * 4)
        assert stepper.export_screenshot(title="gradstep --bias") == picture


async def test_several_inputs_at_80_x_24(picture: SnapshotAssertion) -> None:
    async with opened(stepper := Stepper(beginning(open_table("mtcars")), TorchEngine), (80, 24)) as pilot:
        await pilot.press("space", "space", "enter", "enter", "enter")
        assert stepper.export_screenshot() == picture


async def test_a_lesson_in_korean_with_torchs_own_numbers(picture: SnapshotAssertion) -> None:
    speak_language("ko")
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await stepper.action_lessons("7")
        await until(pilot, lambda: stepper.conductor.is_warm)
        await pilot.press("space", "i")
        assert stepper.export_screenshot(title="gradstep lessons 7") == picture


async def test_both_methods_on_one_w_with_torchs_own_numbers(picture: SnapshotAssertion) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: "x 1.5" in screen_text(stepper))
        assert stepper.export_screenshot(title="gradstep") == picture


async def test_the_picture_in_the_readme_with_torchs_own_numbers(picture: SnapshotAssertion) -> None:
    stepper = Stepper(Descent(), TorchEngine)
    async with opened(stepper) as pilot:
        await pilot.press(*["space"] * 3, "enter", "enter", "enter")
        assert stepper.export_screenshot(title="gradstep") == picture


async def test_five_lrs_over_each_other_with_torchs_own_numbers(picture: SnapshotAssertion) -> None:
    async with opened(stepper := Stepper(Descent(), TorchEngine)) as pilot:
        await keep_five(pilot)
        await pilot.press("l", *typed("0.1"), "enter", *["space"] * 4, "7")
        await until(pilot, lambda: "what it did" in screen_text(stepper))
        await pilot.pause()
        assert stepper.export_screenshot() == picture
