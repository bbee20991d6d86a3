"""`gradstep export`: mostly in this process, for one with torch takes seconds to start."""

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.export.formats import FORMATS
from core.session.recipe import Session
from core.session.writing import save_session
from tests.export.runs import RUNS
from tests.tui.test_cli import gradstep
from tui.command_line import cli

PLAIN, CHANGED = "weight: methods in turn", "weight: momentum, with manual in between"


@pytest.fixture
def session(tmp_path: Path) -> str:
    path = str(tmp_path / "run.gradstep")
    save_session(Session.of(RUNS[PLAIN]), path)
    return path


def export(*arguments: str) -> str:
    """Run the command here; what it refuses."""
    try:
        cli.gradstep.main(["export", *arguments], standalone_mode=False)
    except cli.Mistake as mistake:
        return mistake.message
    return ""


@pytest.mark.parametrize("ending", FORMATS)
def test_it_writes_the_run_of_a_session_as_the_ending_says(ending: str, session: str, tmp_path: Path) -> None:
    assert export(session, "--to", str(tmp_path / f"run{ending}")) == ""
    assert (tmp_path / f"run{ending}").read_text(encoding="utf-8") == "".join(FORMATS[ending].write(RUNS[PLAIN]))


def test_stdout_gets_the_same_and_needs_a_format(session: str) -> None:
    done = gradstep("export", session, "--to", "-", "--format", "csv")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "".join(FORMATS[".csv"].write(RUNS[PLAIN])))
    done = gradstep("export", session, "--to", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "gradstep: the name says as what it is written: it ends in .py, .ipynb, .csv, .md, .svg, .txt, "
        "or --format says it\n"
    )


def test_a_picture_of_the_screen_needs_no_screen(session: str, tmp_path: Path) -> None:
    for name in ("run.svg", "run.txt"):
        assert export(session, "--to", str(tmp_path / name)) == ""
    lines = (tmp_path / "run.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 36
    assert "epoch 15" in lines[0]
    assert "# cost로 H(x) 개선" in "".join(lines)
    assert "loading" not in "".join(lines)
    ElementTree.fromstring((tmp_path / "run.svg").read_text(encoding="utf-8"))


def test_a_picture_shows_the_other_runs_as_the_screen_did(tmp_path: Path) -> None:
    save_session(Session.of(RUNS[PLAIN].keep("the first")), str(tmp_path / "run.gradstep"))
    assert export(str(tmp_path / "run.gradstep"), "--to", str(tmp_path / "run.txt")) == ""
    assert "▲" in (tmp_path / "run.txt").read_text(encoding="utf-8")


def test_a_file_that_is_there_is_replaced_only_where_that_is_asked_for(session: str, tmp_path: Path) -> None:
    place = tmp_path / "run.csv"
    place.write_text("mine")
    assert export(session, "--to", str(place)) == f"{place} is there already: --replace replaces it"
    assert place.read_text() == "mine"
    assert export(session, "--to", str(place), "--replace") == ""
    assert place.read_text() == "".join(FORMATS[".csv"].write(RUNS[PLAIN]))


def test_lines_that_somebody_has_changed_run_only_where_they_are_accepted(tmp_path: Path) -> None:
    path, place = str(tmp_path / "run.gradstep"), tmp_path / "run.py"
    save_session(Session.of(RUNS[CHANGED]), path)
    refusal = export(path, "--to", str(place))
    assert "weight.py, line 41: optimizer = optim.SGD([W], lr=0.15, momentum=0.9)" in refusal
    assert refusal.endswith("--accept-lines runs them, with your rights")
    assert not place.exists()
    assert export(path, "--to", str(place), "--accept-lines") == ""
    assert place.read_text(encoding="utf-8") == "".join(FORMATS[".py"].write(RUNS[CHANGED]))


@pytest.mark.parametrize(
    ("content", "told"),
    [("", "it is empty"), ("{}", "run.gradstep"), ("[" * 100_000, "run.gradstep"), ('{"gradstep": 99}', "99")],
)
def test_what_is_no_session_gets_one_sentence(content: str, told: str, tmp_path: Path) -> None:
    path, place = tmp_path / "run.gradstep", tmp_path / "run.py"
    path.write_text(content)
    assert told in export(str(path), "--to", str(place))
    assert not place.exists()


@pytest.mark.parametrize("place", ["missing/run.py", f"{'x' * 300}.py", "a\0b.py"])
def test_a_place_that_cannot_be_written_gets_one_sentence(place: str, session: str, tmp_path: Path) -> None:
    assert "can't be written: " in export(session, "--to", os.path.join(tmp_path, place))
    assert os.listdir(tmp_path) == ["run.gradstep"]


def test_a_mistake_ends_with_exit_code_2_and_one_line(tmp_path: Path) -> None:
    done = gradstep("export", str(tmp_path / "none.gradstep"), "--to", str(tmp_path / "run.py"))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(f"gradstep: {tmp_path}/none.gradstep")
