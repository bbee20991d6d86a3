"""Sessions on the screen: saved by themselves, gone on with, opened, reviewed, saved under a name."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from core.data import LECTURE, Dataset
from core.descent import Descent
from core.session.opening import open_session
from core.session.recipe import Session
from core.session.shelf import Shelf
from core.session.writing import save_session, text_of
from core.state import Columns, Engine, Knobs, State
from tests.fake_engine import FakeEngine
from tests.tui.stepper import opened, screen_text, until
from tui.app import Stepper
from tui.screens.review import Review
from tui.screens.save import Save

ZERO_GRAD = 55


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "state" / "runs")


def stepper_on(shelf: Shelf, load: Callable[[Dataset], Engine] = lambda data: FakeEngine()) -> Stepper:
    return Stepper(Descent(), load, shelf.folder)


def left_on(shelf: Shelf, tick: int) -> Path:
    """A run that a program has saved by itself before it ended; the file."""
    place = shelf.new_place()
    place.write(text_of(Session.of(Descent().goto(tick, FakeEngine()))))
    place.release()
    return place.path


def said(stepper: Stepper) -> str:
    """What the dialog on top says, however it is wrapped."""
    return str(stepper.screen.query(Static).first().content)


def saved_on(shelf: Shelf) -> list[int]:
    """The places of the runs on the shelf."""
    return sorted(open_session(str(path)).session.tick for path in shelf.folder.glob("*.gradstep"))


async def test_the_run_is_saved_by_itself_while_one_works(shelf: Shelf) -> None:
    async with opened(stepper := stepper_on(shelf)) as pilot:
        assert not shelf.folder.exists()
        await pilot.press("space", "space", "enter")
        await until(pilot, lambda: saved_on(shelf) == [9])
        await pilot.press("m", "space")
        await until(pilot, lambda: saved_on(shelf) == [12])
        assert (shelf.folder.stat().st_mode & 0o777, len(list(shelf.folder.iterdir()))) == (0o700, 2)
        assert "saved" not in screen_text(stepper)


async def test_the_rest_is_saved_at_the_end(shelf: Shelf) -> None:
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await pilot.press("space")
        stepper.sessions.close()
        assert saved_on(shelf) == [4]


async def test_a_start_is_not_worth_a_file(shelf: Shelf) -> None:
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await pilot.press("g", "]", "m")
        stepper.sessions.close()
        assert not shelf.folder.exists()


async def test_the_next_start_offers_the_last_run_and_one_key_goes_on_with_it(shelf: Shelf) -> None:
    left_on(shelf, 14)
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await until(pilot, lambda: "a goes on where you stopped" in screen_text(stepper))
        assert ", epoch 3" in screen_text(stepper)
        await pilot.press("a")
        await until(pilot, lambda: stepper.descent.tick == 14)
        assert "a goes on" not in screen_text(stepper)
        await pilot.press("space")
        stepper.sessions.close()
        assert saved_on(shelf) == [16]  # in the same file


async def test_any_other_key_goes_on_afresh_and_the_offer_is_still_good_later(shelf: Shelf) -> None:
    left_on(shelf, 14)
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await until(pilot, lambda: "a goes on where you stopped" in screen_text(stepper))
        await pilot.press("space")
        assert (stepper.descent.tick, "a goes on" in screen_text(stepper)) == (4, False)
        await pilot.press("a")
        await until(pilot, lambda: stepper.descent.tick == 14)
        assert saved_on(shelf) == [4, 14]
        await pilot.press("a")
        await until(pilot, lambda: stepper.descent.tick == 4)
        await pilot.press("ㅁ")
        await until(pilot, lambda: stepper.descent.tick == 14)


async def test_the_run_that_is_left_for_a_lesson_is_saved_once_and_gone_on_with_in_its_file(shelf: Shelf) -> None:
    left_on(shelf, 14)
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await until(pilot, lambda: "a goes on where you stopped" in screen_text(stepper))
        await pilot.press("space", "space")
        await until(pilot, lambda: saved_on(shelf) == [8, 14])
        await stepper.action_lessons("7")
        await until(pilot, lambda: stepper.conductor.is_warm)
        assert "a goes on" not in screen_text(stepper)
        await pilot.press("space", "a")
        assert "a begins another run: first the task of this lesson, or 0 for your own run" in screen_text(stepper)
        await pilot.press("0")
        await until(pilot, lambda: stepper.conductor.is_warm)
        await pilot.press("space")
        stepper.sessions.close()
        assert saved_on(shelf) == [12, 14]
        await pilot.press("a")
        await until(pilot, lambda: stepper.descent.tick == 14)


async def test_a_run_that_comes_back_in_a_lesson_leaves_it_and_meets_no_goal(shelf: Shelf) -> None:
    left_on(shelf, 14)
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await until(pilot, lambda: "a goes on where you stopped" in screen_text(stepper))
        await stepper.action_lessons("7")
        await until(pilot, lambda: stepper.conductor.is_warm)
        await stepper.run_action("lessons('7')")
        stepper.sessions.go_on()  # as if the key had come just before the lesson
        await until(pilot, lambda: stepper.descent.tick == 14)
        assert stepper.sitting is None
        assert not stepper.classroom.progress.done


async def test_two_programs_do_not_get_the_same_run(shelf: Shelf) -> None:
    left_on(shelf, 14)
    async with opened(first := stepper_on(shelf)) as pilot:
        await until(pilot, lambda: "a goes on where you stopped" in screen_text(first))
        assert shelf.newest() is None
        left_on(shelf, 6)
        async with opened(second := stepper_on(shelf)) as other:
            await until(other, lambda: ", epoch 1" in screen_text(second))
            await other.press("a", "space")
            await until(other, lambda: second.descent.tick == 8)
        await pilot.press("a")
        await until(pilot, lambda: first.descent.tick == 14)


async def test_another_table_leaves_the_run_to_go_on_with(shelf: Shelf) -> None:
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await pilot.press("space", "space", "h")
        await until(pilot, lambda: len(stepper.descent.names) == 2 and len(stepper.descent.tape) == 1)
        await pilot.press("a")
        await until(pilot, lambda: stepper.descent.tick == 8)
        assert stepper.descent.names == ("W",)


async def test_nothing_to_go_on_with_is_told(shelf: Shelf) -> None:
    for stepper in (stepper_on(shelf), Stepper(Descent(), lambda data: FakeEngine())):
        async with opened(stepper) as pilot:
            await pilot.press("a")
            assert "there is no other run to go on with" in screen_text(stepper)


async def test_a_run_on_the_shelf_that_is_damaged_is_told_when_it_is_asked_for(shelf: Shelf) -> None:
    left_on(shelf, 14).write_text('{"gradstep": 7}')
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await pilot.press("a")
        await until(pilot, lambda: "in version 7; this one reads up to 1" in screen_text(stepper))
        assert stepper.descent.tick == 0


async def test_what_is_left_of_old_runs_is_tidied_away(shelf: Shelf) -> None:
    for age in range(14):
        os.utime(left_on(shelf, 4 * age), (1000 - age, 1000 - age))
    (shelf.folder / "7-x.lock").write_text("")
    async with opened(stepper := stepper_on(shelf)) as pilot:
        await until(pilot, lambda: "a goes on where you stopped" in screen_text(stepper))
        assert saved_on(shelf) == [4 * age for age in range(10)]
        assert len(list(shelf.folder.iterdir())) == 20


async def test_a_disk_that_fails_is_told_once_and_the_run_goes_on(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    left_on(shelf, 14)
    monkeypatch.setattr("tui.sessions.autosave.RETRY", 0.1)
    async with opened(stepper := stepper_on(shelf)) as pilot:
        with monkeypatch.context() as broken:
            broken.setattr(os, "write", full)
            await pilot.press("space")
            await until(pilot, lambda: "can't be written: the disk is full" in screen_text(stepper))
            await pilot.press("space", "space")
            assert (stepper.descent.tick, saved_on(shelf)) == (12, [14])
            assert "the disk is full" not in screen_text(stepper)
        await until(pilot, lambda: saved_on(shelf) == [12, 14])


class Slow(FakeEngine):
    """Runs many epochs at once only when it may."""

    def __init__(self, may: Event) -> None:
        super().__init__()
        self.may = may

    def run_epochs(self, knobs: Knobs, state: State, count: int) -> Columns:
        if count > 10:
            self.may.wait(10)
        return super().run_epochs(knobs, state, count)


async def test_keys_wait_for_a_long_replay(shelf: Shelf) -> None:
    left_on(shelf, 4 * 500)
    may = Event()
    async with opened(stepper := stepper_on(shelf, lambda data: Slow(may))) as pilot:
        await pilot.press("a")
        await until(pilot, lambda: stepper.sessions.progress != "")
        await pilot.press("space", "]", "enter")
        assert "going through your run again: 0% of 501 epochs" in screen_text(stepper)
        assert (stepper.descent.tick, stepper.descent.knobs.lr.value) == (0, 0.1)
        may.set()
        await until(pilot, lambda: stepper.descent.tick == 4 * 501 + 1)
        assert stepper.descent.knobs.lr.value == 0.15


async def test_esc_stops_a_replay_and_a_begins_it_again(shelf: Shelf) -> None:
    path = left_on(shelf, 4 * 500)
    may = Event()
    async with opened(stepper := stepper_on(shelf, lambda data: Slow(may))) as pilot:
        await pilot.press("a")
        await until(pilot, lambda: stepper.sessions.progress != "")
        await pilot.press("escape", "space")
        assert "stopped before the run was there" not in screen_text(stepper)
        await until(pilot, lambda: stepper.descent.tick == 4)
        may.set()
        stepper.sessions.close()
        assert open_session(str(path)).session.tick == 2000
        await pilot.press("a")
        await until(pilot, lambda: stepper.descent.tick == 2000)


def with_a_line(text: str) -> Session:
    engine = FakeEngine()
    descent = Descent().goto(8, engine)
    listing = descent.knobs.listing.with_line(ZERO_GRAD, text)
    return Session.of(descent.turn(replace(descent.knobs, listing=listing), engine).goto(12, engine))


async def reviewing(pilot: Pilot[None], stepper: Stepper, session: Session) -> None:
    """Open a session from a file, by the dialog."""
    save_session(session, "s.gradstep", replace=True)
    await pilot.press("o", *"s.gradstep", "enter")
    await until(pilot, lambda: isinstance(stepper.screen, Review))


async def test_changed_lines_are_shown_before_they_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await reviewing(pilot, stepper, with_a_line("optimizer.zero_grad(set_to_none=False)"))
        assert f"weight.py, line {ZERO_GRAD}" in screen_text(stepper)
        assert "- optimizer.zero_grad()" in screen_text(stepper)
        assert "+ optimizer.zero_grad(set_to_none=False)" in screen_text(stepper)
        await pilot.press("escape", "escape")
        assert (stepper.descent.tick, stepper.descent.knobs.listing.changed) == (0, frozenset())
        await reviewing(pilot, stepper, with_a_line("optimizer.zero_grad(set_to_none=False)"))
        await pilot.press("space", "enter", "y", "y")
        await until(pilot, lambda: stepper.descent.tick == 12)
        assert stepper.descent.knobs.listing.changed == {ZERO_GRAD}


async def test_a_session_is_opened_without_its_changed_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await reviewing(pilot, stepper, with_a_line("pass"))
        await pilot.press("w")
        await until(pilot, lambda: stepper.descent.tick == 12)
        assert not stepper.descent.knobs.listing.changed


async def test_a_line_that_may_not_run_is_not_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await reviewing(pilot, stepper, with_a_line("import os; os.system('[@click=app.quit]x')"))
        assert "+ import os; os.system('[@click=app.quit]x')" in screen_text(stepper)
        assert "y: run these lines" not in screen_text(stepper)
        await pilot.press("y")
        assert isinstance(stepper.screen, Review)
        await pilot.press("w")
        await until(pilot, lambda: stepper.descent.tick == 12)


async def test_a_session_that_cannot_be_read_keeps_the_dialog_and_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.json").write_text('{"gradstep": 1, "[@click=app.quit]\\u001b[31m": 1}')
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await pilot.press("space", "o", *"bad.json", "enter")
        await until(pilot, lambda: "has a key that is not known: '[@click=app.quit]\\x1b[31m'" in said(stepper))
        await pilot.press("escape")
        assert stepper.descent.tick == 4


async def test_a_session_is_saved_under_a_name_and_never_replaces_a_file_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await pilot.press("space", "ctrl+s")
        await until(pilot, lambda: said(stepper) == f"goes to {tmp_path}/lecture.gradstep")
        await pilot.press("enter")
        await until(pilot, lambda: "saved: gradstep open" in screen_text(stepper))
        assert open_session("lecture.gradstep").session.tick == 4
        await pilot.press("space", "ctrl+s", "enter")
        await until(pilot, lambda: "enter once more replaces it" in said(stepper))
        assert open_session("lecture.gradstep").session.tick == 4
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(stepper.screen, Save))
        assert open_session("lecture.gradstep").session.tick == 8
        assert os.listdir() == ["lecture.gradstep"]


async def test_what_is_told_of_a_saved_session_can_be_typed_into_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await pilot.press("space", "ctrl+s", *"my", "space", *"run", "enter")
        await until(pilot, lambda: str(stepper.activity).startswith("saved"))
        assert str(stepper.activity) == f"saved: gradstep open '{tmp_path}/my run.gradstep' goes on here"


async def test_a_place_that_cannot_be_written_keeps_the_dialog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await pilot.press("space", "ctrl+s", *"none/a", "enter")
        await until(pilot, lambda: "there is no such file or folder" in said(stepper))
        os.mkfifo("fifo.gradstep")
        await pilot.press("ctrl+u", *"fifo", "enter")
        await until(pilot, lambda: "is no file that could be replaced" in said(stepper))
        await pilot.press("escape", "space")
        assert stepper.descent.tick == 8
        assert os.listdir() == ["fifo.gradstep"]


async def test_leaving_while_it_is_saved_lets_it_be_saved_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_write, real = Event(), os.fsync

    def slowly(fd: int) -> None:
        may_write.wait(10)
        real(fd)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsync", slowly)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await pilot.press("space", "ctrl+s")
        await until(pilot, lambda: isinstance(stepper.screen, Save))
        await pilot.press("enter", "escape", "space")
        assert (stepper.descent.epoch, os.path.exists("lecture.gradstep")) == (2, False)
        may_write.set()
        await until(pilot, lambda: "saved: gradstep open" in screen_text(stepper))


async def test_leaving_while_a_table_is_read_leaves_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    may_read, failures = Event(), list[object]()

    def slowly(name: str) -> Dataset:
        may_read.wait(10)
        return LECTURE

    monkeypatch.setattr("tui.screens.open.open_table", slowly)
    monkeypatch.setattr("threading.excepthook", failures.append)
    async with opened(stepper := Stepper(Descent(), lambda data: FakeEngine())) as pilot:
        await pilot.press("space", "o", *"cars", "enter", "escape")
        reading = [thread for thread in enumerate_threads() if thread.name == "read"]
        may_read.set()
        await until(pilot, lambda: not any(thread.is_alive() for thread in reading))
        assert (len(reading), failures, stepper.descent.epoch) == (1, [], 1)
