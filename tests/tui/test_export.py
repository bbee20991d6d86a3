"""The dialog that writes the run, or the screen, into a file."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, current_thread
from xml.etree import ElementTree

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from core.export.epoch_table import epoch_table
from core.export.formats import FORMATS
from core.export.script import script
from tests.tui.stepper import a_stepper, held_back, opened, screen_text, until
from tui.app import Stepper
from tui.screens.export import ABOUT, Export

NAME = "gradstep-manual-lr0.25"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said(stepper: Stepper) -> str:
    return str(stepper.screen.query_one(Static).content)


async def export(pilot: Pilot[None], stepper: Stepper, name: str | None = None) -> None:
    """Open the dialog, give a name, and press enter; wait for what comes of it."""
    await pilot.press("ctrl+e")
    if name is not None:
        stepper.screen.query_one(Input).value = name
    await enter(pilot, stepper)


async def enter(pilot: Pilot[None], stepper: Stepper) -> None:
    dialog = stepper.screen
    assert isinstance(dialog, Export)
    await pilot.press("enter")
    await until(pilot, lambda: not dialog._writing)


async def test_it_offers_a_name_says_the_whole_path_and_writes_the_script(tmp_path: Path) -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space", "space", "ctrl+e")
        assert stepper.screen.query_one(Input).value == f"{NAME}.py"
        assert said(stepper) == f"goes to {tmp_path}/{NAME}.py"
        await enter(pilot, stepper)
        assert not isinstance(stepper.screen, Export)
        assert str(stepper.activity) == f"written: {tmp_path}/{NAME}.py"
        assert (tmp_path / f"{NAME}.py").read_text(encoding="utf-8") == "".join(script(stepper.descent))


@pytest.mark.parametrize("index", range(len(ABOUT)))
async def test_the_arrows_choose_as_what_it_is_written(index: int, tmp_path: Path) -> None:
    ending = list(ABOUT)[index]
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("space")
        picture, text = stepper.export_screenshot(), screen_text(stepper)
        await pilot.press("ctrl+e", *["down"] * index)
        assert stepper.screen.query_one(Input).value == f"{NAME}{ending}"
        await enter(pilot, stepper)
        written = (tmp_path / f"{NAME}{ending}").read_text(encoding="utf-8")
        assert written.strip()
        if ending == ".svg":
            assert written == picture
            ElementTree.fromstring(written)
        elif ending == ".txt":
            assert written.splitlines() == [line.rstrip() for line in text.splitlines()]
            assert "# cost gradient로 H(x) 개선" in written
        else:
            assert written == "".join(FORMATS[ending].write(stepper.descent))


async def test_an_ending_that_is_typed_is_highlighted_and_another_one_is_refused() -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("ctrl+e")
        line, kinds = stepper.screen.query_one(Input), stepper.screen.query_one(OptionList)
        line.value = "run.CSV"
        await pilot.pause()
        assert kinds.highlighted == list(ABOUT).index(".csv")
        line.value = "run.lr0.1"
        await enter(pilot, stepper)
        assert said(stepper) == "the name says as what it is written: it ends in .py, .ipynb, .csv, .md, .svg, .txt"
        assert kinds.highlighted is None
        assert os.listdir() == []
        await pilot.press("down")
        assert line.value == "run.lr0.1.py"
        line.value = "  "
        await enter(pilot, stepper)
        assert (said(stepper), os.listdir()) == ("a name for the file", [])


async def test_a_file_that_is_there_is_replaced_only_after_asking_and_only_that_one(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("mine")
    async with opened(stepper := a_stepper()) as pilot:
        await export(pilot, stepper, "one.csv")
        asked = "one.csv is there already: enter once more replaces it, another name keeps it"
        assert said(stepper) == f"{tmp_path}/{asked}"
        stepper.screen.query_one(Input).value = "two.csv"
        await enter(pilot, stepper)
        stepper.screen.query_one(Input).value = "one.csv"
        await enter(pilot, stepper)
        assert [(tmp_path / name).read_text() for name in ("one.csv", "two.csv")] == ["mine", "mine"]
        await enter(pilot, stepper)
        assert not isinstance(stepper.screen, Export)
        assert (tmp_path / "one.csv").read_text() == "".join(epoch_table(stepper.descent))
        assert (tmp_path / "two.csv").read_text() == "mine"


async def test_the_next_name_that_is_free_is_offered(tmp_path: Path) -> None:
    for name in (f"{NAME}.csv", f"{NAME}.py", f"{NAME}-2.py"):
        (tmp_path / name).touch()
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("ctrl+e")
        for name in (f"{NAME}-3.py", f"{NAME}.ipynb", f"{NAME}-2.csv"):
            assert stepper.screen.query_one(Input).value == name
            await pilot.press("down")
        await pilot.press("home", "a")
        assert stepper.screen.query_one(Input).value == f"a{NAME}.md"
        await pilot.press("up")
        assert stepper.screen.query_one(Input).value == f"a{NAME}.csv"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing/run.py", "{folder}/missing/run.py can't be written: there is no such file or folder"),
        ("there/run.py", "{folder}/there/run.py can't be written: there is no such file or folder"),
        ("folder.py", "{folder}/folder.py is there already"),
        ("pipe.py", "{folder}/pipe.py is there already"),
        (f"{'x' * 300}.py", f"{{folder}}/{'x' * 300}.py can't be written: its name is too long"),
        ("a\0b.py", "{folder}/a\\x00b.py can't be written: it is no name that a file can have"),
        ("\ud800.py", "{folder}/\\ud800.py can't be written: it is no name that a file can have"),
        ("/proc/run.py", "/proc/run.py can't be written: there is no such file or folder"),
    ],
)
async def test_what_cannot_be_written_is_told_and_the_dialog_stays(name: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    async with opened(stepper := a_stepper()) as pilot:
        await export(pilot, stepper, name)
        assert isinstance(stepper.screen, Export)
        assert said(stepper).startswith(sentence.format(folder=tmp_path))
        await enter(pilot, stepper)  # it may be replaced, if it is a file
        assert isinstance(stepper.screen, Export)
        assert sorted(os.listdir()) == ["folder.py", "pipe.py", "there"]


@pytest.mark.parametrize(
    "name", ["[red]x.py", "\x1b[31m\u202e.md", "[@click=app.quit]q.csv", "한글 이름.txt", "-rf.svg"]
)
async def test_a_strange_name_is_a_name(name: str, tmp_path: Path) -> None:
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("ctrl+e")
        stepper.screen.query_one(Input).value = name
        await pilot.pause()
        assert said(stepper).isprintable()
        await enter(pilot, stepper)
        assert not isinstance(stepper.screen, Export)
        assert (tmp_path / name).read_text(encoding="utf-8")
        assert "\x1b" not in screen_text(stepper)


@dataclass
class Disk:
    """The operations on files of the thread that exports, one of which fails."""

    failing: int
    code: int
    called: int = 0

    def operation(self, name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def call(*arguments: object, **options: object) -> object:
            if current_thread().name == "export":
                self.called += 1
                if self.called == self.failing:
                    raise OSError(self.code, os.strerror(self.code))
            return real(*arguments, **options)

        return call


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
async def test_whichever_operation_fails_a_file_is_whole_and_nothing_is_left_behind(
    code: int, replace: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.csv"
    async with opened(stepper := a_stepper()) as pilot:
        whole = "".join(epoch_table(stepper.descent))
        failing = 1
        while True:
            path.write_text("mine")
            if not isinstance(stepper.screen, Export):
                await pilot.press("ctrl+e")
                stepper.screen.query_one(Input).value = "run.csv"
            await enter(pilot, stepper)
            assert "is there already" in said(stepper)
            if not replace:
                path.unlink()
            disk = Disk(failing, code)
            with monkeypatch.context() as patched:
                for name in ("open", "write", "fsync", "link", "replace"):
                    patched.setattr(os, name, disk.operation(name))
                await enter(pilot, stepper)
            if disk.called < failing:
                break
            assert "run.csv can't be written: " in said(stepper)
            assert os.listdir() in ([], ["run.csv"])
            assert not path.exists() or path.read_text() in ({"mine", whole} if replace else {whole})
            failing += 1
        assert failing > 5
        assert path.read_text() == whole
        assert os.listdir() == ["run.csv"]


async def test_leaving_while_it_is_written_lets_it_be_written_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_write, real = Event(), os.fsync

    def slowly(fd: int) -> None:
        may_write.wait(10)
        real(fd)

    monkeypatch.setattr(os, "fsync", slowly)
    async with opened(stepper := a_stepper()) as pilot:
        await pilot.press("ctrl+e", "enter", "enter", "escape", "space")
        assert (stepper.descent.epoch, os.path.exists(f"{NAME}.py")) == (1, False)
        may_write.set()
        await until(pilot, lambda: "written" in str(stepper.activity))
        assert os.listdir() == [f"{NAME}.py"]


async def test_before_torch_is_there_it_says_that_nothing_has_run() -> None:
    loaded, load = held_back()
    stepper = a_stepper(load=load)
    async with stepper.run_test(size=(120, 36)) as pilot:
        await export(pilot, stepper)
        assert said(stepper) == "nothing has run yet: torch is still loading"
        loaded.set()


async def test_in_a_browser_it_is_a_download_and_no_file_of_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered: list[tuple[str, str]] = []
    monkeypatch.setattr(Stepper, "is_web", True)
    monkeypatch.setattr(
        Stepper, "deliver_text", lambda self, file, save_filename: delivered.append((save_filename, file.read()))
    )
    async with opened(stepper := a_stepper()) as pilot:
        await export(pilot, stepper, "/etc/../run.ipynb")
        assert not isinstance(stepper.screen, Export)
        ((name, text),) = delivered
        assert (name, os.listdir()) == ("run.ipynb", [])
        assert json.loads(text)["nbformat"] == 4
        assert str(stepper.activity) == "written: run.ipynb"
