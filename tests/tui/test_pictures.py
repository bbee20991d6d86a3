"""A few pictures of the screen, with torch's own numbers; those of the README are among them."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from core.descent import Descent
from core.engine.client import LocalEngine
from core.knobs import Knobs
from core.program import Method
from tests.tui.conftest import opened, press, screen_text, until
from tui.app import GradstepApp
from tui.drawing.screenshot import fix_text_width
from tui.language import set_language


class Svg(SingleFileSnapshotExtension):
    """One SVG file a picture, which a browser shows."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Svg)


def an_app(pair: str = "weight", method: Method = Method.MANUAL) -> GradstepApp:
    return GradstepApp(Descent(Knobs.of(pair, method)), LocalEngine())


def svg(app: GradstepApp) -> str:
    return fix_text_width(app.export_screenshot(title="gradstep"))


async def test_the_picture_in_the_readme(picture: SnapshotAssertion) -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, *["space"] * 3, *["enter"] * 3)
        assert svg(app) == picture


async def test_both_methods_on_one_w(picture: SnapshotAssertion) -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "t")
        await until(pilot, lambda: "1.5" in screen_text(app))
        assert svg(app) == picture


async def test_the_contours_of_w_and_b(picture: SnapshotAssertion) -> None:
    async with opened(app := an_app("bias")) as pilot:
        await press(app, pilot, *["space"] * 4)
        assert svg(app) == picture


async def test_zero_grad_backward_and_step_at_80_x_24_in_a_light_theme(picture: SnapshotAssertion) -> None:
    async with opened(app := an_app(method=Method.OPTIM), (80, 24)) as pilot:
        app.theme = "textual-light"
        await press(app, pilot, "space", *["enter"] * 5)
        assert svg(app) == picture


async def test_a_lesson_in_korean(picture: SnapshotAssertion) -> None:
    set_language("ko")
    async with opened(app := an_app()) as pilot:
        await app.stepper.run_action("lessons('7')")
        await until(pilot, lambda: app.stepper.lesson_session is not None and app.stepper.queue.is_idle)
        await press(app, pilot, "space", "i")
        assert svg(app) == picture
