"""The config file: what is right in it holds, what is wrong is told with its line, and it can be written out."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import speak
from tests.pseudo import Pseudo
from tui.config.config import Config, config_at
from tui.config.file import MOST_BYTES, File
from tui.config.key_names import chosen_keys
from tui.config.settings import BY_NAME, SETTINGS
from tui.config.written import written
from tui.keys import KEYS

KEY_TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["x", "ㅌ", "space", "ctrl+i", "tab", "ctrl+q", "q", "L", "←", "f5", "shift+up", "[", ",", "comma"]
    ),
)


def config_of(tmp_path: Path, text: str | bytes) -> Config:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return config_at(str(path))


GOOD = """
theme = "nord"
language = "ko"
ascii = true
speed = 10
[start]
data = "scores"
features = ["exam1", "exam2"]
target = "final"
standardize = true
bias = false
method = "optim"
gradient = "mean"
lr = "1/14"
w = [1, -2.5]
[keys]
next_epoch = ["x", "ㅜ"]
experiments = "F5"
zoom = []
"""


def test_what_is_right_holds(tmp_path: Path) -> None:
    config = config_of(tmp_path, GOOD)
    assert config.told() == []
    assert [config.value(name) for name in ("theme", "language", "ascii", "speed")] == ["nord", "ko", True, 10]
    assert config.start == {
        "data": "scores",
        "features": ("exam1", "exam2"),
        "target": "final",
        "standardize": True,
        "bias": False,
        "method": "optim",
        "gradient": "mean",
        "lr": 1 / 14,
        "w": "1,-2.5",
    }
    assert config.keys == {"next_epoch": ("x", "n"), "experiments": ("f5",), "zoom": ()}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("\nspeeed = 3", 2, "there is no 'speeed' in a config"),
        ('speed = "fast"', 1, "speed: 'fast' is none of 1, 2, 3, 5, 10, 20, 30"),
        ("speed = true", 1, "speed: 'true' is none of"),
        ('theme = "no such"', 1, "theme: there is no theme 'no such': ctrl+p, Theme shows them all"),
        ("language = 1", 1, "language: '1' is none of ko, en"),
        ("ascii = 1", 1, "ascii: '1' is neither true nor false"),
        ("start = 5", 1, "start is a table: write [start]"),
        ("\n[start]\nlrr = 1", 3, "there is no 'start.lrr' in a config"),
        ("[start]\nlr = -1", 2, "lr '-1' is negative"),
        ("[start]\nlr = nan", 2, "lr 'nan' is not finite"),
        ("[start]\nlr = true", 2, "start.lr: 'true' is no number"),
        ("[start]\nw = [[1]]", 2, "start.w: '[...]' is no number"),
        ("[start]\ndata = 1", 2, "start.data: '1' is no text"),
        ("start.bias = 'no'", 1, "start.bias: 'no' is neither true nor false"),
        ("start = {bias = 'no'}", 1, "start.bias: 'no' is neither true nor false"),
        (f"speed = 0x{'f' * 5000}", 1, "speed: '...' is none of"),
        ("[keys]\nnext_epochs = 'x'", 2, "there is no action 'next_epochs'"),
        ("[keys]\nplay = 'ctrl+q'", 2, "ctrl+q can't be given away: ctrl+q always leaves"),
        ("[keys]\nplay = 'ctrl+c'", 2, "ctrl+c can't be given away"),
        ("[keys]\nplay = 'blank'", 2, "'blank' is no key"),
        ("[keys]\nplay = 5", 2, "'5' is no key: keys are texts"),
        ("[keys]\nplay = 'x'\nexperiments = 'f3'\nzoom = 'ㅌ'", 4, "x is the key of play already, and stays it"),
        ("[keys]\nplay = 'x'", 2, "x was the only key of experiments, which now has none"),
        ("a = 1\na = 2", 2, "this is no TOML (Cannot overwrite a value)"),
        ("[start", 1, "this is no TOML"),
        (f"\nspeed = {'1' * 5000}", 2, "a number has too many digits"),
        (b"\ntheme = '\xff'", 2, "this is no UTF-8"),
        ("theme = 'a\0b'", 1, "this is no TOML"),
    ],
)
def test_what_is_wrong_is_told_once_with_its_line(tmp_path: Path, text: str | bytes, line: int, told: str) -> None:
    (sentence,) = config_of(tmp_path, text).told()
    assert sentence.startswith(f"{tmp_path}/config.toml, line {line}: ")
    assert told in sentence


def test_the_rest_holds(tmp_path: Path) -> None:
    text = 'theme = 3\nspeed = 5\n[start]\nlr = "x"\nmethod = "optim"\n[keys]\nplay = ["x", 7]\nno = "y"'
    config = config_of(tmp_path, text)
    assert len(config.told()) == 5
    assert (config.value("theme"), config.value("speed"), config.start) == (None, 5, {"method": "optim"})
    assert config.keys == {"play": ("x",), "experiments": ()}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing", "\ufeff"])
def test_an_empty_file_says_nothing(tmp_path: Path, text: str) -> None:
    config = config_of(tmp_path, text)
    assert (config.told(), config.start, config.keys) == ([], {}, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = " + "[" * (MOST_BYTES - 10), "nested too deep"),
        ("x" * 50_000_000, "larger than any config"),
        ("a" + ".a" * (MOST_BYTES // 2 - 10) + " = 1", "there is no 'a'"),
    ],
    ids=["nested", "50 MB", "a name of many parts"],
)
def test_absurd_files_are_refused_in_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    (sentence,) = config_of(tmp_path, text).told()
    assert told in sentence


def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    for path, told in (
        (tmp_path, "is no file"),
        (tmp_path / "fifo", "is no file"),
        (Path("/dev/zero"), "is no file"),
        (tmp_path / "loop", "its links go round in a loop"),
        (tmp_path / "none" / "x", "there is no such file"),
    ):
        config = config_at(str(path))
        (sentence,) = config.told()
        assert sentence.startswith(str(path))
        assert told in sentence
        assert (config.start, config.keys, config.value("theme")) == ({}, {}, None)


def test_sentences_follow_the_language(tmp_path: Path) -> None:
    config = config_of(tmp_path, "speeed = 3\n")
    speak(Pseudo())
    assert Pseudo().gettext("there is no '") in config.told()[0]


def test_what_is_written_out_is_toml_and_reads_back(tmp_path: Path) -> None:
    config = config_of(tmp_path, GOOD)
    again = config_of(tmp_path, written(config))
    assert again.told() == []
    assert (again.start, again.keys) == (config.start, config.keys)
    assert all(again.value(name) == config.value(name) for name in BY_NAME)


@pytest.mark.parametrize("language", [None, Pseudo()])
def test_without_a_file_everything_is_written_as_a_comment_that_can_be_taken_at_its_word(
    tmp_path: Path, language: Pseudo | None
) -> None:
    speak(language)
    text = written(Config(File("none")))
    assert len(text.encode()) < MOST_BYTES / 1.5
    assert tomllib.loads(text) == {"start": {}, "keys": {}}
    names = {name.rpartition(".")[2] for name in BY_NAME} | {key.id for key in KEYS}
    uncommented = "\n".join(line[2:] if line[2:].partition(" = ")[0] in names else line for line in text.splitlines())
    values = tomllib.loads(uncommented)
    assert set(values["keys"]) == {key.id for key in KEYS}
    assert set(values["start"]) | set(values) - {"start", "keys"} == {
        setting.name.removeprefix("start.") for setting in SETTINGS
    }
    assert config_of(tmp_path, uncommented).told() == []


@given(
    st.dictionaries(
        st.one_of(st.sampled_from([key.id for key in KEYS]), st.text(max_size=5)),
        st.one_of(KEY_TEXTS, st.lists(KEY_TEXTS, max_size=4), st.integers(), st.none()),
        max_size=8,
    )
)
def test_no_two_actions_answer_to_one_key_whatever_the_file_says(table: dict[str, object]) -> None:
    chosen = chosen_keys(table)
    used = [name for key in KEYS for name in chosen.keys.get(key.id, key.usual)]
    assert len(used) == len(set(used))
    assert not {"ctrl+q", "ctrl+c"} & set(used)
    assert set(chosen.keys) <= {key.id for key in KEYS}
    assert {action for action, _ in chosen.mistakes} <= set(table)
