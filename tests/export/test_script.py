"""Export, run, compare: the scripts, in processes that know nothing of gradstep."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import LECTURE
from core.descent import Descent
from core.export.faults import CannotExport
from core.export.numbers import literal
from core.export.script import script
from core.float32 import float32
from core.listing import Method
from tests.export.away import Noted, noted
from tests.export.runs import OPTIM, RUNS, Run, bits_of, line, random_run, rows_of, with_line

LECTURES = Path(__file__).parents[1] / "lecture"

ALL = RUNS | {f"random: {seed}": random_run(seed) for seed in range(120)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Noted:
    return noted({name: "".join(script(descent)) for name, descent in ALL.items()}, tmp_path_factory.mktemp("away"))


@pytest.mark.parametrize("name", ALL)
def test_a_script_prints_the_rows_of_its_run_and_computes_the_same_bits(name: str, told: Noted) -> None:
    assert told[name]["rows"] == rows_of(ALL[name])
    assert told[name]["exact"] == bits_of(ALL[name])


@pytest.mark.parametrize("method", Method)
def test_the_lectures_run_is_written_as_the_lectures_full_code(method: Method) -> None:
    run = Run.on("weight", method).epochs(10)
    assert run.descent.data is LECTURE
    assert "".join(script(run.descent)) == (LECTURES / f"{method}.py").read_text(encoding="utf-8")


def test_a_script_runs_by_itself(tmp_path: Path) -> None:
    name = "features: momentum, with manual in between"
    (tmp_path / "run.py").write_text("".join(script(RUNS[name])), encoding="utf-8")
    command = [sys.executable, "-I", str(tmp_path / "run.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert (done.stdout.splitlines(), done.stderr, done.returncode) == (rows_of(RUNS[name]), "", 0)


@given(st.floats(width=32))
def test_a_literal_is_read_as_the_same_float32(value: float) -> None:
    read = eval(literal(value))
    assert repr(float32(float(read))) == repr(value)
    assert len(literal(value)) <= len(repr(value)) + len('float("")')


def test_turns_that_change_nothing_of_what_runs_begin_no_loop() -> None:
    other = line("W -= ", "W += lr * gradient")
    run = Run.on("weight", OPTIM).epochs(3).turn(other).epochs(3)
    assert len(run.descent.tape.turns) == 2
    assert "".join(script(run.descent)).count("for epoch in") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x_train = x_train; W -= lr * gradient", "a changed line gives x_train another value"),
        ("epoch = 3; W -= lr * gradient", "a changed line gives epoch another value"),
        ("import math as print; W -= lr * gradient", "a changed line gives print another value"),
        ("W -= lr * manual_model()[1]", "a changed line needs manual_model: a plain script has no such name"),
    ],
)
def test_a_line_that_would_do_something_else_in_a_script_is_refused(text: str, sentence: str) -> None:
    descent = Run.on("weight").epochs(2).descent
    (start, knobs), *_ = descent.tape.turns
    changed = replace(knobs, listing=with_line(knobs.listing, "W -= ", text))
    with pytest.raises(CannotExport, match=sentence):
        list(script(replace(descent, tape=replace(descent.tape, turns=((start, changed),)))))


def test_a_run_that_has_not_begun_is_refused() -> None:
    with pytest.raises(CannotExport, match="nothing has run yet"):
        list(script(Descent()))
