"""The help screen: every key and every panel, in the language of the screen."""

from textual.widgets import Static

from tests.tui.conftest import an_app, opened, press, screen_text, until
from tui.app import GradstepApp
from tui.keys import ACTIONS
from tui.screens.help import PANELS, Help


def text_of(app: GradstepApp) -> str:
    return str(app.screen.query_one(Static).content)


async def test_every_key_and_every_panel_is_explained_by_group() -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, "question_mark")
        assert isinstance(app.screen, Help)
        text = text_of(app)
        for action in ACTIONS:
            assert f"{action.shown}  {action.help}\n" in text
        for panel, about in PANELS.items():
            assert f"{panel}  {about}\n" in text
        assert text.index("\nMoves\n") < text.index("\nKnobs\n") < text.index("\nScreen\n") < text.index("\nPanels\n")


async def test_it_follows_the_language_and_each_of_its_keys_closes_it() -> None:
    async with opened(app := an_app()) as pilot:
        for key in ("escape", "q", "question_mark", "f1", "enter", "space"):
            await press(app, pilot, "f1")
            assert isinstance(app.screen, Help)
            await press(app, pilot, "L")
            assert "다음 epoch" in screen_text(app) or "epoch" in text_of(app)
            await press(app, pilot, "L", key)
            await until(pilot, lambda: not isinstance(app.screen, Help))
        assert app.stepper.descent.tick == (0, 0)


async def test_where_an_action_is_disabled_its_key_is_not_listed() -> None:
    app = an_app()
    app.stepper.disabled_actions = frozenset({"edit"})
    async with opened(app) as pilot:
        await press(app, pilot, "f1")
        edit = next(action for action in ACTIONS if action.id == "edit")
        assert edit.help not in text_of(app)
