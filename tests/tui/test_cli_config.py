"""gradstep config and completion, and what a config means to the other commands, in processes of their own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.lecture import PRINTED
from tests.tui.test_cli import gradstep


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own" / "config.toml"
    monkeypatch.setenv("GRADSTEP_CONFIG", str(path))
    return path


def written(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_config_says_where_and_what_and_makes_the_file_once(config: Path) -> None:
    printed = gradstep("config")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout.startswith(f"# {config}\n")
    assert not config.exists()
    made = gradstep("config", "--write")
    assert (made.returncode, made.stdout) == (0, f"{config} is made: every line in it is still a comment\n")
    assert config.read_text() == printed.stdout
    written(config, "speed = 5\n")
    again = gradstep("config", "--write")
    assert (again.returncode, again.stderr) == (2, f"gradstep: {config} is there already: it stays as it is\n")
    assert config.read_text() == "speed = 5\n"
    assert "\nspeed = 5\n" in gradstep("config").stdout


def test_a_file_that_is_no_toml_ends_config_with_2_and_stops_nothing_else(config: Path) -> None:
    written(config, "speed = 5\nspeed =")
    told = f"{config}, line 2: this is no TOML (Invalid value)"
    done = gradstep("config")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"gradstep: {told}\n")
    run = gradstep("run")
    assert (run.returncode, run.stderr) == (0, f"gradstep: note: {told}\n")
    assert len(run.stdout.splitlines()) == len(PRINTED)


def test_options_go_before_the_config_and_the_config_before_the_defaults(config: Path) -> None:
    written(config, '[start]\nmethod = "optim"\nlr = 0.05\nw = 1.5\n')
    by_config = gradstep("run", "--epochs", "1", "--format", "csv").stdout.splitlines()
    assert by_config[1].startswith("0,optim,0.05,1.5,")
    by_option = gradstep("run", "--epochs", "1", "--format", "csv", "--lr", "0.1", "--method", "manual", "--w", "0")
    assert by_option.stdout.splitlines()[1].startswith("0,manual,0.1,0.0,")


def test_what_belongs_to_the_configs_table_does_not_hold_for_another(config: Path) -> None:
    written(config, '[start]\ndata = "cars"\nw = [1, 2]\nlr = 1e-5\nmethod = "optim"\nstandardize = true\n')
    assert (
        gradstep("run", "--epochs", "0", "--format", "csv").stdout.splitlines()[1].startswith("0,optim,1e-05,1.0,2.0")
    )
    done = gradstep("run", "--epochs", "0", "--format", "csv", "--data", "lecture", "--no-standardize")
    assert (done.stdout.splitlines()[1][:17], done.stderr) == ("0,optim,0.15,0.0,", "")


@pytest.mark.parametrize(
    ("start", "line", "told"),
    [
        ('data = "nowhere.csv"\nw = [1, 2]\n', 2, "nowhere.csv can't be read"),
        ("lr = 0.15\nw = [1, 2]\n", 3, "W '1,2' is not a number"),
        ('features = ["z"]\n', 2, "z"),
    ],
)
def test_a_start_that_does_not_fit_is_told_and_the_rest_holds(config: Path, start: str, line: int, told: str) -> None:
    written(config, f"[start]\n{start}method = 'optim'\n")
    done = gradstep("run", "--epochs", "0", "--format", "csv")
    assert done.stdout.splitlines()[1].startswith("0,optim,0.15,0.0,")
    assert done.stderr.startswith(f"gradstep: note: {config}, line {line}: ")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_language_of_the_config_goes_before_the_locale_and_after_the_option(config: Path) -> None:
    written(config, 'language = "ko"\n')
    assert "옵션" in gradstep("--help").stdout
    assert "Options" in gradstep("--help", "--lang", "en").stdout


@pytest.mark.parametrize("asked", ["option", "config"])
def test_lines_are_plain_where_that_is_asked_for(config: Path, asked: str) -> None:
    if asked == "config":
        written(config, "ascii = true\n")
    option = ["--ascii"] if asked == "option" else []
    for command in (["run", "--explain", "--epochs", "8"], ["check", "lecture"], ["run", "--data", "nö.csv"]):
        done = gradstep(*command, *option)
        assert {character for character in done.stdout + done.stderr if not character.isascii()} <= {"ö"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_says_where_it_goes(shell: str) -> None:
    done = gradstep("completion", shell)
    first, *rest = done.stdout.splitlines()
    assert (done.returncode, first[:2]) == (0, "# ")
    assert f"gradstep completion {shell}" in first
    assert any("_GRADSTEP_COMPLETE" in line for line in rest)


ASK = """
eval "$(gradstep completion bash)"
COMP_WORDS=({words}) COMP_CWORD={last}
_gradstep_completion gradstep
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("gradstep che", {"check"}),
        ("gradstep run --method ''", {"manual", "optim"}),
        ("gradstep run --data sc", {"scores", "scatter.csv"}),
        ("gradstep check mt", {"mtcars"}),
        ("gradstep --sta", {"--standardize"}),
        ("gradstep completion f", {"fish"}),
        ("gradstep run --lang k", {"ko"}),
    ],
)
def test_bash_completes_commands_options_values_and_tables(tmp_path: Path, line: str, offered: set[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    (tmp_path / "scatter.csv").write_text("x,y\n1,2\n")
    command = tmp_path / "bin" / "gradstep"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={os.getcwd()} exec {sys.executable} -m tui "$@"\n')
    command.chmod(0o755)
    words = line.split()
    script = ASK.format(words=" ".join(words), last=len(words) - 1)
    env = os.environ | {"PATH": f"{command.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [bash, "--norc", "-c", script], capture_output=True, text=True, cwd=tmp_path, env=env, check=False
    )
    assert set(done.stdout.split()) == offered, done.stderr


def test_the_stepper_does_not_start_where_a_shell_asks_for_completions() -> None:
    environment = os.environ | {"_GRADSTEP_COMPLETE": "bash_complete", "COMP_WORDS": "gradstep ", "COMP_CWORD": "1"}
    done = gradstep(env=environment)
    assert "plain,run" in done.stdout.splitlines()
