"""The command line, in processes of its own where it needs one."""

import csv
import io
import json
import os
import re
import runpy
import struct
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unicodedata import east_asian_width
from unittest.mock import patch

import pytest

from core.descent import Descent, Tick
from core.engine.client import LocalEngine
from core.export.formats import FORMATS
from core.program import PROGRAMS
from core.session.file import write_durably
from core.session.session import Session, text_of
from tui.command_line.cli import command_line
from tui.settings import load

LECTURE = Path(__file__).parents[1] / "lecture"


Done = subprocess.CompletedProcess[str]


def gradstep(*arguments: str) -> Done:
    """The command in this process, which imports torch once."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["gradstep", *arguments]):
        load()
        try:
            command_line()
        except SystemExit as end:
            code = int(end.code or 0)
    return Done([], code, out.getvalue(), err.getvalue())


def process(*arguments: str, cwd: Path | None = None, **env: str) -> Done:
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, [env.pop("PYTHONPATH", ""), str(PROGRAMS.parents[1])]))}
    command = [sys.executable, "-m", "tui", *arguments]
    env = os.environ | paths | env
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False, cwd=cwd, env=env
    )


def printed_by(script: Path) -> str:
    with redirect_stdout(io.StringIO()) as out:
        runpy.run_path(str(script))
    return out.getvalue()


@pytest.mark.parametrize("method", ["manual", "optim"])
def test_run_prints_the_slides_table_byte_for_byte(method: str) -> None:
    done = process("run", "--method", method)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == printed_by(LECTURE / f"{method}.py") == printed_by(PROGRAMS / f"weight_{method}.py")


@pytest.mark.parametrize("method", ["manual", "optim"])
def test_run_prints_what_the_program_of_every_rung_prints_by_itself(method: str) -> None:
    assert gradstep("run", "--bias", "--method", method).stdout == printed_by(PROGRAMS / f"bias_{method}.py")
    for rung, option in (("features", "--bias"), ("features_no_bias", "--no-bias")):
        done = gradstep("run", "--data", "scores", option, "--method", method, "--lr", "1e-6", "--epochs", "3")
        lines = re.findall(r"Epoch +\d/\d+ hypothesis: tensor\(.*?Cost: [\d.]+", done.stdout, re.DOTALL)
        assert (len(lines), done.returncode) == (4, 0), rung


def test_csv_has_full_precision_and_json_the_same_values() -> None:
    options = ["run", "--method", "optim", "--epochs", "2500", "--every", "500", "--lr", "0.001"]
    rows = list(csv.DictReader(io.StringIO(gradstep(*options, "--format", "csv").stdout)))
    objects = [json.loads(line) for line in gradstep(*options, "--format", "json").stdout.splitlines()]
    assert list(rows[0]) == ["epoch", "method", "lr", "W", "cost", "gradient", "update"]
    assert [int(row["epoch"]) for row in rows] == [0, 500, 1000, 1500, 2000, 2500]
    for row, values in zip(rows, objects, strict=True):
        assert {name: type(values[name])(text) for name, text in row.items()} == values
        assert all(struct.unpack("f", struct.pack("f", values[name]))[0] == values[name] for name in ("W", "cost"))


def test_a_run_that_breaks_has_a_note_on_stderr_and_null_in_json() -> None:
    done = gradstep("run", "--lr", "0.3", "--epochs", "1200", "--every", "1200", "--format", "json")
    assert json.loads(done.stdout.splitlines()[-1])["W"] is None
    assert re.fullmatch(
        r"gradstep: note: the run breaks: cost is not .* from epoch \d\d on; it holds below lr 1/7\n", done.stderr
    )
    assert "lr 0 learns nothing" in gradstep("run", "--lr", "0", "--epochs", "0").stderr


def test_very_many_weights_have_sizes_instead(tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    header = ",".join(f"c{number}" for number in range(71))
    wide.write_text(f"{header}\n" + "".join(",".join(str(row % (n + 2)) for n in range(71)) + "\n" for row in range(9)))
    done = gradstep("run", "--data", str(wide), "--lr", "1e-6", "--epochs", "1001", "--format", "csv")
    assert done.stdout.startswith("epoch,method,lr,cost,gradient_size,update_size\n0,manual,1e-06,")
    assert len(done.stdout.splitlines()) == 1003


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("run --lr abc", "lr 'abc' is not a number: type one like 0.1, 1e-3 or 1/14"),
        ("--lr inf", "lr 'inf' is not finite: type a number like 0.1, 1e-3 or 1/14"),
        ("run --epochs 1.5", "epochs '1.5' is not a whole number from 0 to 1000000000, for example 10"),
        ("run --method torch", "Invalid value for '--method': 'torch' is not one of 'manual', 'optim'"),
        ("run --explain --format csv", "--explain and --format csv are two ways to print the epochs: choose one"),
        ("run --data scores --w 1,2", "'1,2' has 2 of 4 weights: type W1 W2 W3 b, as in 0,0,0,0"),
        ("run --nonsense", "No such option '--nonsense': 'gradstep run --help' lists what there is"),
        ("lessons 19", "there is no lesson '19': write a number from 1 to 18, as in gradstep lessons 3"),
        ("--lr 1 run", "--lr stands before 'run': write it after, as in gradstep run --lr ..."),
        ("check", "check reads one table: write it as in gradstep check scores.csv"),
        ("run --features ,", "features ',' names no column: write names with commas between them, as in A,B"),
        ("check none.csv", "none.csv can't be read: no such file or directory"),
        ("check --data=", "the name of the file is empty: give the name of a CSV file"),
        ("open none.gradstep", "none.gradstep can't be read: there is no such file or folder"),
        ("export x --to y", "the file ending chooses the format: it is one of .py, .ipynb, .csv, .md, .svg, .txt, or "
         "--format says it"),
        ("", "stdin is not a terminal, and the stepper needs one; 'gradstep run' prints the epochs without a screen"),
    ],
)  # fmt: skip
def test_a_mistake_gets_one_sentence_exit_code_2_and_nothing_on_stdout(arguments: str, sentence: str) -> None:
    done = gradstep(*arguments.split())
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"gradstep: {sentence}\n")


def test_a_closed_pipe_is_quiet_a_full_disk_and_a_broken_torch_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise OSError('libtorch.so: \\x1b[31mnot found')")
    done = process("run", PYTHONPATH=str(tmp_path))
    assert done.stderr.startswith("gradstep: torch can't be loaded, so no epoch can run; try pip install torch")
    assert "\\x1b[31mnot found" in done.stderr
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    for to, code, said in (("| head -3", 0, ""), ("> /dev/full", 1, "No space left on device")):
        command = f"set -o pipefail; {sys.executable} -m tui run --epochs 100000 {to}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
        assert said in done.stderr
        assert done.returncode in (code, 128 + 13)
        assert len(done.stderr.splitlines()) == (1 if said else 0)


def test_explain_says_what_every_epoch_does() -> None:
    done = gradstep("run", "--explain", "--bias", "--epochs", "2000", "--every", "1000", "--method", "optim")
    paragraphs = done.stdout.split("\n\n")
    assert [text.partition(".")[0] for text in paragraphs[-3:]] == ["Epoch 0", "Epoch 1000", "Epoch 2000"]
    assert "The gradient is -9.333 and -4.000. The update adds 1.400 and 0.600." in paragraphs[-3]


def test_check_says_what_a_file_holds_and_where_it_would_break(tmp_path: Path) -> None:
    scores = tmp_path / "\x1b[31m\u202escores.csv"
    scores.write_text("exam1,exam2,final\n73,80,152\n93,88,185\n89,91,180\n96,98,196\n")
    done = gradstep("check", str(scores))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].endswith("\\x1b[31m\\u202escores.csv: 4 rows; utf-8, separated by commas, with a header")
    assert lines[1:4] == [
        "  x  exam1  73 to 96    mean 87.75",
        "  x  exam2  80 to 98    mean 89.25",
        "  y  final  152 to 196  mean 178.25",
    ]
    edge = re.match(r"it breaks at lr (\S+) \(2 \* mean, optim\)", lines[5])
    assert edge
    assert lines[6].startswith("condition number ")
    for factor, settles in ((0.99, True), (1.02, False)):
        lr = f"{float(edge[1]) * factor}"
        options = ["--data", str(scores), "--lr", lr, "--epochs", "2000", "--every", "2000", "--format", "csv"]
        last = list(csv.DictReader(io.StringIO(gradstep("run", *options).stdout)))[-1]
        assert (float(last["cost"]) < 1000) == settles


def test_check_says_what_cannot_be_learned(tmp_path: Path) -> None:
    (tmp_path / "constant.csv").write_text("a,b,y\n2,1,1\n2,0,5\n2,4,3\n2,16777217,1\n")
    said = gradstep("check", str(tmp_path / "constant.csv")).stdout
    assert "condition number infinite" in said
    assert "is 2 in every row: its weight can't be told apart from b" in said
    assert "16777217 becomes 16777216 in float32" in said


def test_help_is_korean_where_that_is_asked_for_and_no_wider_than_the_terminal() -> None:
    asked = process("--lang", "ko", "run", "--help").stdout
    assert process("run", "--help", LC_ALL="ko_KR.UTF-8", LANGUAGE="").stdout == asked
    widths = [len(line) + sum(east_asian_width(letter) in "WF" for letter in line) for line in asked.splitlines()]
    assert "옵션" in asked
    assert 70 < max(widths) <= 80
    assert "--gradient [sum|mean]" in gradstep("run", "--help").stdout
    assert gradstep("--version").stdout.startswith("gradstep 0.")


def test_config_holds_below_the_options_and_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own" / "config.toml"
    monkeypatch.setenv("GRADSTEP_CONFIG", str(path))
    printed, made = gradstep("config"), gradstep("config", "--write")
    assert (made.returncode, path.read_text()) == (0, printed.stdout)
    assert "is there already: it stays as it is" in gradstep("config", "--write").stderr
    path.write_text('nonsense = 1\n[start]\ndata = "cars"\nmethod = "optim"\nlr = 1e-5\nw = [1, 2]\n')
    run = ["run", "--epochs", "0", "--format", "csv"]
    done = gradstep(*run)
    assert done.stdout.splitlines()[1].startswith("0,optim,1e-05,1.0,2.0")
    assert done.stderr == f"gradstep: note: {path}, line 1: there is no 'nonsense' in a config\n"
    again = gradstep(*run, "--data", "lecture", "--lr", "0.1")
    assert again.stdout.splitlines()[1].startswith("0,optim,0.1,0.0")
    path.write_text('[start]\ndata = "nowhere.csv"\nmethod = "optim"\n')
    done = gradstep(*run)
    assert done.stdout.splitlines()[1].startswith("0,optim,0.15,0.0,")
    assert f"{path}, line 1: nowhere.csv can't be read" in done.stderr
    path.write_text("speed = 5\nspeed =")
    assert gradstep("config").stderr == f"gradstep: {path}, line 2: this is not TOML (Invalid value)\n"


def test_completion_offers_tables_and_files(tmp_path: Path) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert f"gradstep completion {shell}" in gradstep("completion", shell).stdout.splitlines()[0]
    (tmp_path / "scatter.csv").write_text("x,y\n1,2\n")
    for words, offered in (("gradstep run --data sc", "plain,scores plain,scatter.csv"), ("gradstep ", "plain,run")):
        env = {"_GRADSTEP_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        assert set(offered.split()) <= set(process(cwd=tmp_path, **env).stdout.split())


def test_export_writes_the_run_of_a_session_and_replaces_no_file(tmp_path: Path) -> None:
    engine, descent = LocalEngine(), Descent().goto(Tick(10, 0))
    while request := descent.request:
        descent = descent.answered(engine.answer(request))
    session = str(tmp_path / "run.gradstep")
    write_durably(session, text_of(Session.of(descent)))
    for ending in FORMATS:
        place = tmp_path / f"run{ending}"
        assert gradstep("export", session, "--to", str(place)).returncode == 0
        assert place.stat().st_size > 300
    assert (tmp_path / "run.py").read_text() == Path(PROGRAMS / "weight_manual.py").read_text()
    done = gradstep("export", session, "--to", str(place))
    assert (done.returncode, done.stderr) == (
        2,
        f"gradstep: {place} is there already: --replace replaces it\n",
    )
    assert gradstep("export", session, "--to", str(place), "--replace").returncode == 0
    screen = process("export", session, "--to", "-", "--format", "txt").stdout
    assert len(screen.splitlines()) == 36
    assert "swings across, and settles" in screen
