"""Writing a session's file: each operation of the system is made to fail in turn, and what was there stays whole."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.session.faults import AlreadyThere, Unwritable
from core.session.file import sweep, write_durably

OPERATIONS = ("open", "write", "fsync", "close", "replace", "link", "unlink", "stat")


class Failing:
    """Lets so many operations pass, and has the next one fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, passes: int, number: int) -> None:
        self.left, self.number, self.failed = passes, number, ""
        for name in OPERATIONS:
            monkeypatch.setattr(os, name, self._guarded(name, getattr(os, name)))

    def _guarded(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left != -1:
                return operation(*arguments, **options)
            self.failed = name
            if name == "close":  # the descriptor is gone, whatever close says
                operation(*arguments)
            raise OSError(self.number, os.strerror(self.number))

        return run


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("replace", [True, False])
def test_whichever_operation_fails_there_is_a_sentence_and_a_whole_file(
    replace: bool, number: int, tmp_path: Path
) -> None:
    failed = set()
    for passes in range(30):
        path = tmp_path / f"{passes}.gradstep"
        if replace:
            path.write_text("old")
        with pytest.MonkeyPatch.context() as monkeypatch:
            failing = Failing(monkeypatch, passes, number)
            try:
                write_durably(str(path), "new" * 1000, replace)
                told = ""
            except Unwritable as refusal:
                told = str(refusal)
        whole = {"new" * 1000} | ({"old"} if replace else set())
        assert not path.exists() or path.read_text() in whole
        if failing.failed == "":
            assert (told, path.read_text()) == ("", "new" * 1000)
            break
        failed.add(failing.failed)
        if failing.failed != "unlink":  # what can't be taken away stays, and the next start sweeps it
            assert told.startswith(f"{path} can't be written: ")
            assert not list(tmp_path.glob(".gradstep-*"))
    else:
        raise AssertionError("some operation has failed every time")
    assert {"open", "write", "fsync", "close", "replace" if replace else "link"} <= failed


def test_a_write_that_takes_only_a_part_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, content: write(fd, content[:7]))
    write_durably(str(tmp_path / "a"), "0123456789" * 3)
    assert (tmp_path / "a").read_text() == "0123456789" * 3


def test_an_existing_file_is_replaced_only_where_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.gradstep"
    write_durably(str(path), "first", replace=False)
    with pytest.raises(AlreadyThere):
        write_durably(str(path), "second", replace=False)
    assert path.read_text() == "first"
    write_durably(str(path), "second")
    assert path.read_text() == "second"
    assert os.listdir(tmp_path) == ["a.gradstep"]


def test_a_file_system_without_links_serves_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_arguments: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_link)
    path = tmp_path / "a.gradstep"
    write_durably(str(path), "first", replace=False)
    with pytest.raises(AlreadyThere):
        write_durably(str(path), "second", replace=False)
    assert path.read_text() == "first"


def test_a_link_goes_on_pointing_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "link").symlink_to("a")
    write_durably(str(tmp_path / "link"), "new")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "a").read_text()) == (True, "new")


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, Path("/dev/null"), tmp_path / "none" / "a", tmp_path / ("x" * 300)):
        with pytest.raises(Unwritable, match=r"^/"):
            write_durably(str(path), "new")
    with pytest.raises(Unwritable):
        write_durably("a\0b", "new")
    assert os.listdir(tmp_path) == ["fifo"]


def test_the_next_start_takes_away_what_a_killed_one_has_left(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    left = tmp_path / f".gradstep-{int(ended.stdout)}-1.tmp"
    others = [tmp_path / name for name in (f".gradstep-{os.getppid()}-1.tmp", ".gradstep-x.tmp", "a.tmp")]
    for path in (left, *others):
        path.write_text("")
    sweep(str(tmp_path))
    assert sorted(tmp_path.iterdir()) == sorted(others)
