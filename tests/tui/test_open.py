"""The dialog that opens a table or a session, with torch itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from core.descent import Descent
from core.engine.client import LocalEngine
from core.knobs import Knobs
from core.session.session import Session, text_of
from tests.core.in_process import descent_at
from tests.tui.conftest import opened, press, screen_text, until
from tui.app import GradstepApp
from tui.screens.open import Open


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADSTEP_STATE", str(tmp_path / "state"))
    return tmp_path


@asynccontextmanager
async def dialog() -> AsyncIterator[tuple[GradstepApp, Pilot[None]]]:
    async with opened(app := GradstepApp(Descent(), LocalEngine())) as pilot:
        await press(app, pilot, "o")
        assert isinstance(app.screen, Open)
        yield app, pilot


async def typed(app: GradstepApp, pilot: Pilot[None], name: str) -> None:
    app.screen.query_one(Input).value = name
    await pilot.press("enter")
    await until(pilot, lambda: len(app.screen_stack) == 1 or "reading" not in screen_text(app))
    await until(pilot, lambda: app.stepper.queue.is_idle)


async def test_a_built_in_table_begins_a_run_with_a_bias_and_an_lr_that_comes_down() -> None:
    async with dialog() as (app, pilot):
        await typed(app, pilot, "cars")
        await until(pilot, lambda: app.stepper.descent.opened is not None)
        descent = app.stepper.descent
        assert descent.names == ("W", "b")
        assert descent.opened is not None
        assert (descent.opened.table.rows, descent.knobs.program.lr) == (50, 0.0015)
        await press(app, pilot, "pagedown")
        costs = [app.stepper.descent.log.cost(epoch) for epoch in range(10)]
        assert costs == sorted(costs, reverse=True)


async def test_a_file_is_walked_to_and_opened(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("x,y\n1,2\n2,4\n3,6.5\n")
    (folder / "data" / ".hidden.csv").write_text("x,y\n1,2\n")
    (folder / "data" / "notes.md").write_text("")
    async with dialog() as (app, pilot):
        await typed(app, pilot, "data")
        options = app.screen.query_one(OptionList)
        listed = [str(options.get_option_at_index(index).prompt).strip() for index in range(options.option_count)]
        assert listed[4:] == [f"{folder}/data/", "..", "a.csv"]
        await pilot.press(*["down"] * 6, "enter")
        await until(pilot, lambda: len(app.screen_stack) == 1 and app.stepper.queue.is_idle)
        assert "[6.5]" in app.stepper.descent.knobs.program.text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bad.csv", "bad.csv, line 2: 'two' in column 'y' is not a number"),
        ("nowhere.csv", "can't be read: no such file or directory"),
        ("bad.gradstep", "not a gradstep session"),
        ("a\x1b]0;x", "\\x1b]0;x can't be read"),
    ],
)
async def test_what_cannot_be_opened_is_said_and_the_run_stays(folder: Path, name: str, sentence: str) -> None:
    (folder / "bad.csv").write_text("x,y\n1,two\n")
    (folder / "bad.gradstep").write_text("{}")
    async with dialog() as (app, pilot):
        before = app.stepper.descent
        await typed(app, pilot, name)
        await until(pilot, lambda: sentence in str(app.screen.query_one(Static).content))
        await pilot.press("escape")
        assert app.stepper.descent is before


async def test_a_session_is_resumed(folder: Path) -> None:
    (folder / "mine.gradstep").write_text(text_of(Session.of(descent_at(5, Knobs.of()))))
    async with dialog() as (app, pilot):
        await typed(app, pilot, "mine.gradstep")
        await until(pilot, lambda: app.stepper.descent.epoch == 5)


async def test_on_a_table_of_ones_own_u_and_h_edit_the_text_and_fit_the_lr(folder: Path) -> None:
    (folder / "a.csv").write_text("x,y\n100,2\n200,4\n300,6.5\n")
    async with dialog() as (app, pilot):
        await typed(app, pilot, "a.csv")
        await until(pilot, lambda: app.stepper.descent.opened is not None)
        first = app.stepper.descent.knobs
        await press(app, pilot, "u")
        program = app.stepper.descent.knobs.program
        assert "x_train.std(dim=0)" in program.text
        assert program.lr == 0.5
        await press(app, pilot, "u", "h")
        assert app.stepper.descent.names == ("W",)
        assert "[300]" in app.stepper.descent.knobs.program.text
        await press(app, pilot, "h")
        assert app.stepper.descent.knobs.program.text == first.program.text


async def test_in_a_browser_there_are_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GradstepApp, "is_web", True)
    async with dialog() as (app, pilot):
        assert app.screen.query_one(OptionList).option_count == 4
        await typed(app, pilot, "/etc/passwd")
        assert "in a browser there are the built-in tables only" in screen_text(app)
