"""Sessions on the screen: saved automatically, resumed, opened, reviewed, saved under a name."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from core.descent import Descent
from core.knobs import Knobs
from core.session.autosave_store import AutosaveStore
from core.session.file import write_durably
from core.session.opening import open_session
from core.session.session import Session, text_of
from tests.core.stories import Story, line, switch
from tests.fake_engine import FakeEngine
from tests.tui.conftest import opened, press, until
from tui.app import GradstepApp
from tui.screens.review import Review
from tui.screens.write import WriteDialog

EDIT = line("W -= lr * gradient", "W -= lr * gradient * 1")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AutosaveStore:
    monkeypatch.chdir(tmp_path)
    return AutosaveStore(tmp_path / "state" / "runs")


def app_on(store: AutosaveStore, engine: FakeEngine | None = None, path: str = "") -> GradstepApp:
    loaded = open_session(path) if path else None
    return GradstepApp(loaded.start if loaded else Descent(), engine or FakeEngine(), store.folder, loaded)


def lived() -> Story:
    return Story(answer=FakeEngine()._answer)


def left_in(store: AutosaveStore, story: Story) -> Path:
    """A run that a program has saved automatically before it ended; the file."""
    file = store.new_file()
    file.write(text_of(Session.of(story.descent)))
    file.release()
    return file.path


def saved_in(store: AutosaveStore) -> list[int]:
    """The epochs of the runs in the store."""
    return sorted(open_session(str(path)).session.tick.epoch for path in store.folder.glob("*.gradstep"))


def status(app: GradstepApp) -> str:
    return str(app.stepper.activity)


async def there(app: GradstepApp, pilot: Pilot[None], epoch: int) -> None:
    await until(pilot, lambda: app.stepper.descent.tick == (epoch, 0) and app.stepper.queue.is_idle)


async def test_the_run_is_saved_automatically_while_one_works(store: AutosaveStore) -> None:
    async with opened(app := app_on(store)) as pilot:
        assert not store.folder.exists()
        await press(app, pilot, "space", "space")
        await until(pilot, lambda: saved_in(store) == [2])
        await press(app, pilot, "space")
        app.stepper.sessions.close()
        assert saved_in(store) == [3]


async def test_an_untouched_start_is_not_worth_saving(store: AutosaveStore) -> None:
    async with opened(app := app_on(store)) as pilot:
        await press(app, pilot, "g", "up")
        app.stepper.sessions.close()
        assert not store.folder.exists()


async def test_the_last_run_is_offered_and_resumed_where_it_was(store: AutosaveStore) -> None:
    path = left_in(store, lived().to(4).turn(switch).to(7))
    async with opened(app := app_on(store)) as pilot:
        await until(pilot, lambda: "resume your last run" in status(app))
        assert "weight_" in status(app)
        assert status(app).endswith("epoch 7)")
        await pilot.press("a")
        await there(app, pilot, 7)
        assert "this is where you stopped" in status(app)
        await press(app, pilot, "space")
        app.stepper.sessions.close()
        assert saved_in(store) == [8]
        assert open_session(str(path)).session.tick.epoch == 8


async def test_the_offer_is_over_once_something_is_done_and_a_still_resumes(store: AutosaveStore) -> None:
    left_in(store, lived().to(7))
    async with opened(app := app_on(store)) as pilot:
        await until(pilot, lambda: "resume" in status(app))
        await press(app, pilot, "space")
        assert "resume" not in status(app)
        await pilot.press("a")
        await there(app, pilot, 7)
        assert saved_in(store) == [1, 7]
        await pilot.press("a")
        await there(app, pilot, 1)
        await pilot.press("a")
        await there(app, pilot, 7)


async def test_there_may_be_no_other_run(store: AutosaveStore) -> None:
    async with opened(app := app_on(store)) as pilot:
        await pilot.press("a")
        await until(pilot, lambda: "there is no other run to resume" in status(app))


async def test_a_torn_or_foreign_file_in_the_store_gets_a_sentence(store: AutosaveStore) -> None:
    left_in(store, lived().to(3)).write_text("{")
    async with opened(app := app_on(store)) as pilot:
        await pilot.press("a")
        await until(pilot, lambda: "line 1: this is not JSON" in status(app))
        assert "/" not in status(app)


async def test_keys_wait_for_a_session_that_is_opened(store: AutosaveStore, tmp_path: Path) -> None:
    write_durably(str(tmp_path / "s.gradstep"), text_of(Session.of(lived().to(5).descent)), replace=False)
    engine = FakeEngine()
    engine.ready.clear()
    app = app_on(store, engine, str(tmp_path / "s.gradstep"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.1)
        await pilot.press("space", "space")
        engine.ready.set()
        await there(app, pilot, 7)


async def test_esc_stops_a_replay_and_it_can_be_resumed(store: AutosaveStore) -> None:
    left_in(store, lived().to(5))
    engine = FakeEngine()
    async with opened(app := app_on(store, engine)) as pilot:
        engine.ready.clear()
        await pilot.press("a")
        await until(pilot, lambda: app.stepper.sessions._replay is not None)
        await pilot.pause(0.5)  # before that esc waits for what the key before brings about
        await pilot.press("escape")
        await until(pilot, lambda: "stopped: the run on the screen is the one from before" in status(app))
        assert app.stepper.descent.tick == (0, 0)
        engine.ready.set()
        await pilot.press("a")
        await there(app, pilot, 5)


async def test_edited_lines_run_only_after_a_yes(store: AutosaveStore, tmp_path: Path) -> None:
    path = str(tmp_path / "s.gradstep")
    write_durably(path, text_of(Session.of(lived().turn(EDIT).to(5).descent)), replace=False)
    for key, epoch, ran in (("y", 5, True), ("w", 5, False), ("escape", 0, False)):
        engine = FakeEngine()
        app = app_on(store, engine, path)
        async with app.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda app=app: isinstance(app.screen, Review) and bool(app.screen.query(Static)))  # type: ignore[misc]
            text = str(app.screen.query(Static).first().content)
            assert "- W -= lr * gradient\n+ W -= lr * gradient * 1" in text
            assert not any(" * 1" in request.program.text for request in engine.requests)  # type: ignore[attr-defined]
            await pilot.press(key)
            await there(app, pilot, epoch)
            assert any(" * 1" in request.program.text for request in engine.requests) is ran  # type: ignore[attr-defined]


async def test_a_run_that_can_not_be_replayed_leaves_the_screen_as_it_is(store: AutosaveStore) -> None:
    left_in(store, lived().to(5))
    engine = FakeEngine()
    async with opened(app := app_on(store, engine)) as pilot:
        engine.fails_at = 3
        await pilot.press("a")
        await until(pilot, lambda: "this run can't be replayed: line" in status(app))
        assert app.stepper.descent.tick == (0, 0)


async def test_a_session_is_saved_under_a_name_and_a_file_is_replaced_only_when_asked(store: AutosaveStore) -> None:
    async with opened(app := app_on(store)) as pilot:
        await press(app, pilot, "space")
        for keys in (("enter",), ("enter", "enter")):
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, WriteDialog))
            assert app.screen.query_one(Input).value.endswith("weight_manual.gradstep")
            await pilot.press(keys[0])
            if keys[1:]:
                await until(pilot, lambda: "once more replaces it" in str(app.screen.query(Static).first().content))
                await pilot.press(*keys[1:])
            await until(pilot, lambda: app.screen is app.stepper)
            assert "saved: gradstep open" in status(app)
        assert open_session("weight_manual.gradstep").session.tick == (1, 0)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, WriteDialog))
        app.screen.query_one(Input).value = "none/x"
        await pilot.press("enter")
        await until(pilot, lambda: "there is no such file or folder" in str(app.screen.query(Static).first().content))


async def test_without_a_folder_nothing_is_saved_automatically(tmp_path: Path) -> None:
    async with opened(app := GradstepApp(Descent(Knobs.of()), FakeEngine())) as pilot:
        await press(app, pilot, "space", "a")
        assert "there is no other run to resume" in status(app)
