"""The store of runs that are saved automatically: a file and a lock each, whole whatever happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.session.autosave_store import MOST_KEPT, AutosaveStore
from core.session.file import Unwritable, remove_stale_files, write_durably

HOLD = """
import sys
from pathlib import Path
from core.session.autosave_store import AutosaveStore
file = AutosaveStore(Path(sys.argv[1])).new_file()
file.write("theirs")
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> AutosaveStore:
    return AutosaveStore(tmp_path / "runs")


def left(store: AutosaveStore, text: str, age: int = 0) -> Path:
    """A run of a program that has ended."""
    file = store.new_file()
    file.write(text)
    file.release()
    os.utime(file.path, (1e9 - age, 1e9 - age))
    return file.path


def test_the_run_that_was_saved_last_comes_first_and_only_once(store: AutosaveStore) -> None:
    left(store, "older", age=10)
    newer = left(store, "newer")
    first, other = store.newest(), store.newest()
    assert first
    assert first.path == newer
    assert other
    assert other.path.read_text() == "older"
    assert store.newest() is None
    first.release()
    assert store.newest() is not None


def test_the_run_of_a_program_that_still_works_is_nobody_elses(store: AutosaveStore) -> None:
    held = [sys.executable, "-c", HOLD, str(store.folder)]
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"written\n"
        store.tidy()
        assert store.newest() is None
    file = store.newest()
    assert file
    assert file.path.read_text() == "theirs"


def test_tidying_keeps_the_newest_runs_and_leaves_nothing_of_the_others(store: AutosaveStore) -> None:
    for age in range(MOST_KEPT + 3):
        left(store, f"{age}", age)
    torn = store.folder / ".gradstep-9-1.tmp"
    torn.write_text("torn")
    os.utime(torn, (1e9, 1e9))
    (store.folder / "1-ab.lock").touch()
    store.tidy()
    assert {path.read_text() for path in store.folder.glob("*.gradstep")} == {str(age) for age in range(MOST_KEPT)}
    assert len(os.listdir(store.folder)) == 2 * MOST_KEPT


def test_runs_are_for_the_learner_alone(store: AutosaveStore) -> None:
    path = left(store, "mine")
    assert (path.stat().st_mode & 0o777, store.folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_can_not_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(Unwritable, match="can't be written: "):
        AutosaveStore(tmp_path / "runs").new_file()
    assert AutosaveStore(tmp_path / "runs").newest() is None


def test_a_file_is_replaced_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("before")

    def pieces() -> object:
        yield "half"
        raise ValueError

    with pytest.raises(Unwritable):
        write_durably(str(path), pieces())  # type: ignore[arg-type]
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a"]
    write_durably(str(path), ["after", "wards"])
    assert path.read_text() == "afterwards"


def test_what_a_writing_program_has_begun_is_not_removed(tmp_path: Path) -> None:
    theirs = tmp_path / ".gradstep-9-1.tmp"
    theirs.write_text("in work")
    remove_stale_files(str(tmp_path))
    assert theirs.exists()
