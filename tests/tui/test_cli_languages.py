"""The command line in other languages: in a pseudo-language nothing is in plain letters, in Korean nothing English."""

import os
import subprocess
import sys
from pathlib import Path
from unicodedata import east_asian_width

import click
import pytest

from tests.pseudo import plain_words
from tui.command_line.cli import gradstep

COMMANDS = [
    "--help",
    "run --help",
    "check --help",
    "check",
    "check lecture mtcars",
    "check lecture",
    "check scores",
    "check mtcars --standardize",
    "check nothing.csv",
    "check .",
    "check one.csv",
    "check broken.csv",
    "check wide.csv --features x",
    "check wide.csv --target no",
    "check --lr 1",
    "run --lr x",
    "run --lr -1",
    "run --lr 1e9",
    "run --lr 1/0",
    "run --lr inf",
    "run --w 1,2",
    "run --bias --w 1",
    "run --epochs -1",
    "run --every 0",
    "run --features ,",
    "run --method sgd",
    "run --lang fr",
    "run --nonsense",
    "run --data",
    "run more",
    "runn",
    "--lr 1 run",
    "open",
    "open --help",
    "open nothing.gradstep",
    "open wide.csv",
    "open .",
    "run --explain --epochs 2",
    "run --explain --method optim --data mtcars --epochs 60",
    "run --explain --format csv",
    "",
]


def words_of(command: click.Command) -> set[str]:
    """The command, its options and what stands for their values."""
    context = click.Context(command)
    told = " ".join(f"{parameter.make_metavar(context)} {' '.join(parameter.opts)}" for parameter in command.params)
    off = " ".join(option for parameter in command.params for option in parameter.secondary_opts)
    return plain_words(f"{command.name} {told} {off}")


WORDS = words_of(gradstep).union(*map(words_of, gradstep.commands.values())) | plain_words(
    "h help runn more sgd fr nonsense stdin wide.csv nothing.gradstep python backward optimizer Expecting "
    "value nothing.csv broken.csv one.csv wide.csv cars mtcars scores hp wt mpg W1 W2 exam1 exam2 exam3 final "
    "UTF cp949 Wx XW X H x b y m inf nan epoch cost update optim W "
)
"""What is typed, what files and columns are called, and the code's own words."""

PSEUDO = """
import gettext, sys
from core.language import speak
from tests.pseudo import Pseudo
speak(Pseudo())
gettext.gettext, gettext.ngettext = Pseudo().gettext, Pseudo().ngettext
sys.argv = ["gradstep", *sys.argv[1:]]
from tui.command_line.cli import command_line
command_line()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files that have something wrong."""
    (tmp_path / "one.csv").write_text("x\n1\n2\n")
    (tmp_path / "broken.csv").write_text("x,y\n1,2\n3,12/5\n")
    (tmp_path / "wide.csv").write_text("x,x,y\n1,2,3\n")
    return tmp_path


def told(folder: Path, *command: str) -> str:
    """What a command prints, with the program found where the tests are."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stderr
    assert done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("line", COMMANDS)
def test_nothing_is_in_plain_letters(line: str, folder: Path) -> None:
    assert plain_words(told(folder, "-c", PSEUDO, *line.split())) - WORDS == set()


@pytest.mark.parametrize("line", COMMANDS)
def test_nothing_is_in_english(line: str, folder: Path) -> None:
    """Click's own words are Korean, too."""
    korean = plain_words("CSV BOM float32 stdout torch null nb_epochs mph ft lbs mpg Ezekiel Motor Trend mtcars")
    korean |= plain_words("Methods of Correlation Analysis Test Scores for General Psychology ctrl s JSON Python")
    assert plain_words(told(folder, "-m", "tui", "--lang", "ko", *line.split())) - WORDS - korean == set()


@pytest.mark.parametrize("command", ["", "run", "check"])
def test_korean_help_is_as_wide_as_the_terminal_at_most(command: str, folder: Path) -> None:
    lines = told(folder, "-m", "tui", "--lang", "ko", *command.split(), "--help").splitlines()
    widths = [len(line) + sum(east_asian_width(character) in "WF" for character in line) for line in lines]
    assert max(widths) <= 80
    assert max(widths) > 70


@pytest.mark.parametrize(
    ("environment", "line", "korean"),
    [
        ({"LC_ALL": "ko_KR.UTF-8"}, "run --help", True),
        ({"LC_ALL": "ko_KR.UTF-8"}, "--lang en run --help", False),
        ({"LC_ALL": "ko_KR.UTF-8"}, "run --help --lang en", False),
        ({"LC_ALL": "C"}, "run --nonsense --lang=ko", True),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "", "LANGUAGE": "ko:en"}, "--nonsense", True),
        ({}, "run --nonsense", False),
    ],
)
def test_the_locale_and_lang_choose(
    environment: dict[str, str], line: str, korean: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = told(folder, "-X", "utf8", "-m", "tui", *line.split())
    assert any("가" <= character <= "힣" for character in text) == korean


def test_an_unknown_language_is_a_mistake(folder: Path) -> None:
    assert told(folder, "-m", "tui", "--lang", "fr").startswith("gradstep: Invalid value for '--lang': 'fr' is not one")
