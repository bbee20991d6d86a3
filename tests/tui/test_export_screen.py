"""The dialog that writes a run down: a name, a format, and a file that is there."""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from core.program import Program
from tests.tui.conftest import an_app, opened, press, until
from tui.app import GradstepApp
from tui.screens.write import ABOUT, WriteDialog


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def dialog(app: GradstepApp, pilot: Pilot[None]) -> Input:
    await pilot.press("ctrl+e")
    await until(pilot, lambda: isinstance(app.screen, WriteDialog))
    return app.screen.query_one(Input)


def said(app: GradstepApp) -> str:
    return str(app.screen.query(Static).first().content)


async def written(app: GradstepApp, pilot: Pilot[None]) -> str:
    await pilot.press("enter")
    await until(pilot, lambda: app.screen is app.stepper)
    return str(app.stepper.activity)


async def test_a_run_is_written_in_every_format(folder: Path) -> None:
    async with opened(app := an_app()) as pilot:
        await press(app, pilot, *["space"] * 10)
        for ending in ABOUT:
            line = await dialog(app, pilot)
            assert line.value == "weight_manual.py"
            line.value = f"run{ending}"
            assert f"run{ending}" in await written(app, pilot)
    assert (folder / "run.py").read_text() == Program.read("weight_manual").text
    assert (folder / "run.csv").read_text().startswith("epoch,method,lr,W,cost,gradient,update\n0,manual,0.1,0.0,")
    assert '"image/png"' in (folder / "run.ipynb").read_text()
    assert "epoch 10" in (folder / "run.txt").read_text()
    assert sorted(os.listdir(folder)) == sorted(f"run{ending}" for ending in ABOUT)


async def test_the_arrows_choose_the_format_and_a_typed_ending_does_too() -> None:
    async with opened(app := an_app()) as pilot:
        line = await dialog(app, pilot)
        await pilot.press("down")
        assert line.value == "weight_manual.ipynb"
        line.value = "mine.csv"
        await pilot.pause()
        assert app.screen.query_one(OptionList).highlighted == list(ABOUT).index(".csv")
        await pilot.press("down")
        assert line.value == "mine.md"
        line.value = "mine.exe"
        await pilot.press("enter")
        await until(pilot, lambda: "the file ending chooses the format: it is one of .py, .ipynb" in said(app))
        await pilot.press("escape")
        assert not os.listdir()


async def test_a_file_that_is_there_is_replaced_only_when_asked(folder: Path) -> None:
    (folder / "a.py").write_text("mine")
    async with opened(app := an_app()) as pilot:
        line = await dialog(app, pilot)
        line.value = "a.py"
        await pilot.press("enter")
        await until(pilot, lambda: "enter once more replaces it" in said(app))
        assert (folder / "a.py").read_text() == "mine"
        assert "written" in await written(app, pilot)
    assert (folder / "a.py").read_text().startswith("import torch")


async def test_what_can_not_be_written_is_said_and_the_dialog_stays(folder: Path) -> None:
    (folder / "a.py").mkdir()
    async with opened(app := an_app()) as pilot:
        line = await dialog(app, pilot)
        refused = {"none/a.py": "no such file or folder", "a.py": "not a file that could be replaced", "": "a name"}
        for name, sentence in refused.items():
            line.value = name
            await pilot.press("enter")
            await until(pilot, lambda sentence=sentence: sentence in said(app))  # type: ignore[misc]
        assert isinstance(app.screen, WriteDialog)
