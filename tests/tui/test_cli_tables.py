"""Tables on the command line: run, check, and what bad input gets."""

import csv
import io
import os
import socket
import time
from itertools import pairwise
from pathlib import Path

import pytest

from core.tables import BUILT_IN
from tests.tui.test_cli import gradstep

SCORES = "exam1,exam2,final\n73,80,152\n93,88,185\n89,91,180\n96,98,196\n"


@pytest.fixture
def scores(tmp_path: Path) -> str:
    path = tmp_path / "scores.csv"
    path.write_text(SCORES)
    return str(path)


def test_run_prints_a_column_for_every_weight(scores: str) -> None:
    options = ["--data", scores, "--method", "optim", "--lr", "1e-5", "--epochs", "20", "--format", "csv"]
    rows = list(csv.DictReader(io.StringIO(gradstep("run", *options).stdout)))
    names = ("W1", "W2", "b")
    weights = [*names, "cost", *(f"gradient_{name}" for name in names), *(f"update_{name}" for name in names)]
    assert list(rows[0]) == ["epoch", "method", "lr", *weights]
    assert len(rows) == 21
    for row, next_row in pairwise(rows):
        for name in names:
            assert float(row[name]) + float(row[f"update_{name}"]) == float(next_row[name])


def test_run_with_one_weight_and_a_bias_names_them_w_and_b() -> None:
    header = gradstep("run", "--data", "cars", "--format", "csv", "--epochs", "0").stdout.splitlines()[0]
    assert header == "epoch,method,lr,W,b,cost,gradient_W,gradient_b,update_W,update_b"
    lines = gradstep("run", "--bias", "--epochs", "2").stdout.splitlines()
    assert lines[2] == "Epoch    2/2 W: 0.480, b: 0.180, Cost: 0.919866"


def test_the_options_choose_the_columns_the_bias_and_the_scale(scores: str) -> None:
    def header(*options: str) -> str:
        return gradstep("run", "--data", scores, *options, "--format", "csv", "--epochs", "0").stdout.splitlines()[0]

    assert ",W,b,cost," in header("--features", "exam2")
    assert ",W1,W2,cost," in header("--no-bias")
    assert ",W1,W2,b,cost," in header("--target", "exam1")
    assert "  y  exam1  73 to 96" in gradstep("check", scores, "--target", "exam1").stdout
    scaled = gradstep("check", scores, "--standardize").stdout
    assert "scores.csv, standardized: 4 rows" in scaled
    assert "a valley" in scaled


def test_run_starts_at_the_weights_given(scores: str) -> None:
    done = gradstep("run", "--data", scores, "--w", "1,1/2,-3", "--epochs", "0")
    assert done.stdout.startswith("Epoch    0/0 W1: 1.000, W2: 0.500, b: -3.000, Cost:")


def test_check_says_what_a_file_holds_and_where_it_would_break(scores: str) -> None:
    done = gradstep("check", scores)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        "scores.csv: 4 rows; UTF-8, separated by commas, with a header",
        "  x  exam1  73 to 96    mean 87.75",
        "  x  exam2  80 to 98    mean 89.25",
        "  y  final  152 to 196  mean 178.25",
    ]
    assert lines[4].startswith("H(X) = XW + b, cost at best ")
    breaks = "it breaks at lr 6.338e-05 (2 * mean, optim) or 3.169e-05 (sum); begin with 3e-05 or 1.5e-05"
    assert lines[5] == breaks
    assert lines[6].startswith("condition number ")
    assert "very narrow valley" in lines[6]


def test_a_run_just_below_the_lr_that_check_names_settles_and_one_just_above_breaks(scores: str) -> None:
    costs = []
    for lr in ("6.3e-5", "6.5e-5"):
        options = ["--data", scores, "--lr", lr, "--epochs", "2000", "--every", "2000", "--format", "csv"]
        last = list(csv.DictReader(io.StringIO(gradstep("run", *options).stdout)))[-1]
        costs.append(float(last["cost"]))
    assert costs[0] < 1000
    assert not costs[1] < 1e6


@pytest.mark.parametrize("name", BUILT_IN)
def test_check_knows_the_built_in_tables_by_name(name: str) -> None:
    assert BUILT_IN[name] in gradstep("check", name).stdout
    assert gradstep("check", "--data", name).stdout == gradstep("check", name).stdout


def test_check_says_what_cannot_be_learned(tmp_path: Path) -> None:
    path = tmp_path / "constant.csv"
    path.write_text("a,b,y\n2,1,1\n2,0,5\n2,4,3\n2,16777217,1\n")
    said = gradstep("check", str(path)).stdout
    assert "condition number infinite" in said
    assert "note: a is 2 in every row: its weight can't be told apart from b" in said
    assert "note: line 5: 16777217 becomes 16777216 in float32" in said


def test_names_reach_the_terminal_harmless(tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31m\u202e점수.csv"
    path.write_text('"[@click=app.quit]\u202e","점수"\n1,2\n2,3\n')
    done = gradstep("check", str(path))
    assert done.returncode == 0
    assert not set("\x1b\u202e") & set(done.stdout)
    assert "\\u202e" in done.stdout
    refused = gradstep("run", "--data", str(path), "--features", "\x1b[31mx")
    assert refused.returncode == 2
    assert not set("\x1b\u202e") & set(refused.stderr)


def refused(path: str, *options: str) -> str:
    """The sentence for a file that can't be read, the same for every command."""
    began = time.perf_counter()
    done = gradstep("check", path, *options)
    assert time.perf_counter() - began < 10
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    for command in ((), ("run",)):
        again = gradstep(*command, "--data", path, *options)
        assert (again.returncode, again.stdout, again.stderr) == (2, "", done.stderr)
    return done.stderr.removeprefix("gradstep: ").rstrip("\n")


def test_a_bad_file_gets_one_sentence_with_its_name_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text('x,y\n1,2\n\n2,"1,234"\n')
    mark = "has a thousands mark: write 1234, or 1.234 if it is a decimal comma"
    assert refused(str(path)) == f"{path}, line 4: '1,234' in column 'y' {mark}"


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    fifo, sock, loop = tmp_path / "fifo", tmp_path / "sock", tmp_path / "loop"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(sock))
        for path in (fifo, sock, loop, tmp_path, tmp_path / "none.csv", Path("/dev/zero")):
            assert refused(str(path)).startswith(str(path))
    assert refused("") == "the name of the file is empty: give the name of a CSV file"


def test_options_that_do_not_fit_the_table_get_a_sentence(scores: str) -> None:
    assert "has no column 'exam9'" in refused(scores, "--features", "exam9")
    assert "features ',' names no column" in refused(scores, "--features", ",")
    done = gradstep("run", "--data", scores, "--w", "1,2")
    assert done.stderr == "gradstep: '1,2' has 2 of 3 weights: type W1 W2 b, as in 0,0,0\n"
    done = gradstep("check")
    assert done.stderr == "gradstep: check reads one table: write it as in gradstep check scores.csv\n"
    assert done.returncode == 2
