"""The command line, in processes of its own."""

import csv
import io
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from core.lecture import PRINTED, printed_row
from core.listing import Method


def gradstep(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False, env=env
    )


def test_run_prints_the_lectures_table() -> None:
    done = gradstep("run")
    rows = [printed_row(Method.MANUAL, n, 10, {"W": float(w)}, float(cost)) for n, (w, cost) in enumerate(PRINTED)]
    assert done.stdout.splitlines() == rows
    assert (done.returncode, done.stderr) == (0, "")
    assert rows[1] == "Epoch    1/10 W: 1.400, Cost: 0.746666"


def test_run_prints_the_optim_table_without_a_comma() -> None:
    lines = gradstep("run", "--method", "optim").stdout.splitlines()
    assert len(lines) == 11
    assert lines[1] == "Epoch    1/10 W: 1.400 Cost: 0.746667"


def test_csv_has_full_precision_and_json_the_same_values() -> None:
    options = ["run", "--method", "optim", "--epochs", "40", "--lr", "0.2"]
    rows = list(csv.DictReader(io.StringIO(gradstep(*options, "--format", "csv").stdout)))
    objects = [json.loads(line) for line in gradstep(*options, "--format", "json").stdout.splitlines()]
    assert list(rows[0]) == ["epoch", "method", "lr", "W", "cost", "gradient", "update"]
    assert len(rows) == len(objects) == 41
    for row, next_row, values in zip(rows, rows[1:], objects, strict=False):
        assert {name: type(values[name])(text) for name, text in row.items()} == values
        for name in ("W", "cost", "gradient"):
            assert struct.unpack("f", struct.pack("f", values[name]))[0] == values[name]
        assert values["W"] + values["update"] == float(next_row["W"])


def test_inf_and_nan_are_null_in_json() -> None:
    last = gradstep("run", "--lr", "1", "--epochs", "40", "--every", "40", "--format", "json").stdout.splitlines()[-1]
    assert "NaN" not in last
    assert json.loads(last)["W"] is None


def test_every_prints_every_nth_epoch_over_many_slices() -> None:
    lines = gradstep("run", "--epochs", "2500", "--every", "700").stdout.splitlines()
    assert [int(line.split()[1].split("/")[0]) for line in lines] == [0, 700, 1400, 2100]


def test_the_options_turn_the_knobs() -> None:
    done = gradstep("run", "--gradient", "mean", "--epochs", "1", "--w", "0").stdout.splitlines()
    assert done[1].startswith("Epoch    1/1 W: 0.933, Cost")
    assert "W: 5.000" in gradstep("run", "--w", "5", "--epochs", "0").stdout
    assert "W: 1.000" in gradstep("run", "--lr", "1/14", "--epochs", "1").stdout.splitlines()[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("run --lr abc", "lr 'abc' is not a number: type one like 0.1, 1e-3 or 1/14"),
        ("run --lr -1", "lr '-1' is negative: it must be from 0 to 1e6, for example 0.1"),
        ("run --lr nan", "lr 'nan' is not finite: type a number like 0.1, 1e-3 or 1/14"),
        ("run --lr 1e7", "lr '1e7' is too large: it must be from 0 to 1e6, for example 0.1"),
        ("--lr inf", "lr 'inf' is not finite: type a number like 0.1, 1e-3 or 1/14"),
        ("run --w 1e39", "W '1e39' does not fit a float32: it must be from -3.4e38 to 3.4e38"),
        ("run --epochs 1.5", "epochs '1.5' is not a whole number from 0 to 1000000000, for example 10"),
        ("run --every 0", "every '0' is not a whole number from 1 to 1000000000, for example 10"),
        ("run --method torch", "Invalid value for '--method': 'torch' is not one of 'manual', 'optim'"),
        ("run --format xml", "Invalid value for '--format': 'xml' is not one of 'lecture', 'csv', 'json'"),
        ("run --explain --format csv", "--explain and --format csv are two ways to print the epochs: choose one"),
        ("run --nonsense", "No such option '--nonsense': 'gradstep run --help' lists what there is"),
        ("nonsense", "No such command 'nonsense': 'gradstep --help' lists what there is"),
        ("run --lr", "Option '--lr' requires an argument: 'gradstep --help' lists what there is"),
        ("lessons 0", "there is no lesson '0': write a number from 1 to 18, as in gradstep lessons 3"),
        ("lessons 19", "there is no lesson '19': write a number from 1 to 18, as in gradstep lessons 3"),
        ("lessons one", "there is no lesson 'one': write a number from 1 to 18, as in gradstep lessons 3"),
        (
            "lessons 3",
            "stdin is not a terminal, and the stepper needs one; 'gradstep run' prints the epochs without a screen",
        ),
        ("run extra", "Got unexpected extra argument (extra): 'gradstep run --help' lists what there is"),
        ("--lr 1 run", "--lr stands before 'run': write it after, as in gradstep run --lr ..."),
        ("", "stdin is not a terminal, and the stepper needs one; 'gradstep run' prints the epochs without a screen"),
    ],
)
def test_a_mistake_gets_one_sentence_exit_code_2_and_nothing_on_stdout(arguments: str, sentence: str) -> None:
    done = gradstep(*arguments.split())
    assert done.stderr == f"gradstep: {sentence}\n"
    assert (done.returncode, done.stdout) == (2, "")


def test_a_closed_pipe_ends_it_quietly() -> None:
    command = f"{sys.executable} -m tui run --epochs 100000 | head -3"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert len(done.stdout.splitlines()) == 3
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_gets_a_sentence() -> None:
    command = f"{sys.executable} -m tui run > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == "gradstep: stdout can't be written: No space left on device\n"
    assert done.returncode == 1


def test_help_and_version() -> None:
    assert gradstep("--version").stdout.startswith("gradstep 0.")
    for arguments in (["--help"], ["run", "--help"]):
        done = gradstep(*arguments)
        assert done.returncode == 0
        assert "--gradient [sum|mean]" in done.stdout


def test_run_says_in_a_sentence_that_torch_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise OSError('libtorch.so: \\x1b[31mnot found')")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.getcwd()}"}
    command = [sys.executable, "-m", "tui", "run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert done.stderr.startswith("gradstep: torch can't be loaded, so no epoch can run; try pip install torch")
    assert "\\x1b[31mnot found" in done.stderr
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


def test_lr_0_is_allowed_with_a_note() -> None:
    done = gradstep("run", "--lr", "0", "--epochs", "1")
    assert done.returncode == 0
    assert done.stderr == "gradstep: note: lr 0 learns nothing, W stays where it is\n"
    assert "W: 0.000" in done.stdout.splitlines()[1]


def test_explain_tells_every_epoch_as_it_goes() -> None:
    done = gradstep(
        "run", "--explain", "--bias", "--epochs", "2000", "--every", "1000", "--method", "optim", "--lang", "en"
    )
    assert (done.returncode, done.stderr) == (0, "")
    paragraphs = done.stdout.split("\n\n")
    assert paragraphs[0].startswith("The hypothesis is H(x) = Wx + b.")
    assert [text.partition(".")[0] for text in paragraphs[-3:]] == ["Epoch 0", "Epoch 1000", "Epoch 2000"]
    assert "The gradient of b is -4.000. It is negative, so b gets larger: 0.15 times 4.000 is 0.600" in paragraphs[-3]
