"""The config file: what is right in it holds, what is wrong is said with its line, and it can be written out."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.keys import ACTIONS
from tui.settings import MOST_BYTES, Settings
from tui.settings_fields import TABLES, key_problems, template

GOOD = """
theme = "nord"
language = "ko"
ascii = true
speed = 10
[start]
data = "scores"
features = ["exam1", "exam2"]
standardize = true
bias = false
method = "optim"
lr = "1/14"
w = [1, -2.5]
[keys]
next_epoch = ["x", "ㅜ"]
experiments = "F5"
zoom = []
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADSTEP_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("GRADSTEP_STATE", str(tmp_path / "state"))
    return tmp_path / "config.toml"


def settings_of(config: Path, text: str | bytes) -> Settings:
    config.write_bytes(text.encode() if isinstance(text, str) else text)
    return Settings.load()


def test_what_is_right_holds_and_what_is_written_out_reads_back(config: Path) -> None:
    settings = settings_of(config, GOOD)
    assert settings.mistakes == []
    assert (settings.choice("theme"), settings.choice("language"), settings.ascii, settings.speed) == (
        *("nord", "ko"),
        *(True, 10),
    )
    assert settings.start == {
        "data": "scores",
        "features": ("exam1", "exam2"),
        "standardize": True,
        "bias": False,
        "method": "optim",
        "lr": 1 / 14,
        "w": "1,-2.5",
    }
    assert settings.keymap == {"next_epoch": ("x", "n"), "experiments": ("f5",), "zoom": ()}
    again = settings_of(
        config, "\n".join(template("", settings.values, settings.keymap)).replace('"1,-2.5"', "[1, -2.5]")
    )
    assert (again.mistakes, again.values, again.keymap) == ([], settings.values, settings.keymap)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\nspeeed = 3", 2, "there is no 'speeed' in a config"),
        ('speed = "fast"', 1, "speed: 'fast' does not fit: write 1, 2, 3, 5, 10, 20, 30"),
        ('theme = "no such"', 1, "there is no theme 'no such': ctrl+p, Theme shows them all"),
        ("language = 1", 1, "'1' does not fit: write ko, en"),
        ("ascii = 1", 1, "'1' does not fit: write true or false"),
        ("start = 5", 1, "start is a table: write [start]"),
        ("\n[start]\nlrr = 1", 3, "there is no 'start.lrr' in a config"),
        ("[start]\nlr = -1", 2, "lr '-1' is negative"),
        ("[start]\nw = [[1]]", 2, "start.w: '...' does not fit: write a number, or several in a list"),
        ("start.bias = 'no'", 1, "start.bias: 'no' does not fit"),
        ("[keys]\nnext_epochs = 'x'", 2, "there is no action 'next_epochs'"),
        ("[keys]\nplay = 'ctrl+q'", 2, "ctrl+q can't be given away: ctrl+q always leaves"),
        ("[keys]\nplay = 5", 2, "'5' is not a key: keys are texts"),
        ("[keys]\nplay = 'x'\nexperiments = 'f3'\nzoom = 'ㅌ'", 4, "x is the key of play already, and stays it"),
        ("[keys]\nplay = 'x'", 2, "x was the only key of experiments, which now has none"),
        ("a = 1\na = 2", 2, "this is not TOML (Cannot overwrite a value)"),
        ("a = " + "[" * (MOST_BYTES - 10), 1, "this is not TOML"),
    ],
)
def test_what_is_wrong_is_said_once_with_its_line(config: Path, text: str, line: int, said: str) -> None:
    (sentence,) = settings_of(config, text).mistakes
    assert sentence.startswith(f"{config}, line {line}: ")
    assert said in sentence


def test_the_rest_holds(config: Path) -> None:
    settings = settings_of(config, 'theme = 3\nspeed = 5\n[start]\nlr = "x"\nmethod = "optim"\n[keys]\nplay = ["x", 7]')
    assert len(settings.mistakes) == 4
    assert (settings.choice("theme"), settings.speed, settings.start) == ("", 5, {"method": "optim"})
    assert settings.keymap == {"play": ("x",), "experiments": ()}
    assert settings_of(config, "\ufeff").mistakes == []


def test_absurd_files_get_a_sentence(config: Path) -> None:
    assert "too long for a config" in settings_of(config, "x" * 50_000_000).mistakes[0]
    assert "not a text in UTF-8" in settings_of(config, b"theme = '\xff'").mistakes[0]
    config.unlink()
    os.mkfifo(config)
    assert Settings.load().mistakes == [f"{config}: not a file; the config is a TOML file"]


def test_without_a_file_everything_is_a_comment_that_can_be_taken_at_its_word(config: Path) -> None:
    text = "\n".join(template("none", {}, {}))
    assert len(text.encode()) < MOST_BYTES / 1.5
    assert tomllib.loads(text) == {"start": {}, "keys": {}}
    names = {name for struct in TABLES.values() for name in struct.__struct_fields__}
    names |= {action.id for action in ACTIONS}
    uncommented = "\n".join(line[2:] if line[2:].partition(" = ")[0] in names else line for line in text.splitlines())
    settings = settings_of(config, uncommented)
    assert (settings.mistakes, set(settings.keymap)) == ([], {action.id for action in ACTIONS})


def test_a_choice_holds_until_the_config_says_something_else(config: Path) -> None:
    settings = settings_of(config, 'theme = "nord"\n')
    settings.remember("theme", "dracula")
    settings.remember("language", "ko")
    settings.save()
    assert [settings_of(config, '# the same\ntheme = "nord"').choice(name) for name in ("theme", "language")] == [
        *("dracula", "ko")
    ]
    assert settings_of(config, 'theme = "gruvbox"').choice("theme") == "gruvbox"
    for damage in (b"", b"theme\tnord", b"\xff\xfe\x00", b"x" * 100_000):
        (config.parent / "state" / "choices").write_bytes(damage)
        assert Settings.load().choice("theme") == "gruvbox"


KEY_TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["x", "ㅌ", "space", "ctrl+q", "q", "L", "←", "f5", "[", ","])
)


@given(
    st.dictionaries(
        st.one_of(st.sampled_from([action.id for action in ACTIONS]), st.text(max_size=5)),
        st.one_of(KEY_TEXTS, st.lists(KEY_TEXTS, max_size=4), st.integers(), st.none()),
        max_size=8,
    )
)
def test_no_two_actions_answer_to_one_key_whatever_the_file_says(table: dict[str, object]) -> None:
    keys, _problems = key_problems(table)
    used = [name for action in ACTIONS for name in keys.get(action.id, action.default_keys)]
    assert len(used) == len(set(used))
    assert not {"ctrl+q", "ctrl+c"} & set(used)
