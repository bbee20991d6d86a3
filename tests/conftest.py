"""Settings for every test."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tui.drawing.ascii import set_ascii_mode
from tui.keys import set_own_keys
from tui.language import set_language

# the machine that runs the tests may be busy: time is what the benchmarks measure
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# the tests read English, whatever the machine's locale; a program that they start does so, too
for name in ("LANGUAGE", "LC_ALL"):
    os.environ.pop(name, None)
os.environ |= {"LANG": "C.UTF-8", "LC_MESSAGES": "C"}


@pytest.fixture(autouse=True)
def _nothing_remembered(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test, and the programs that it starts, remember nothing of earlier ones."""
    monkeypatch.setenv("GRADSTEP_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("GRADSTEP_CONFIG", str(tmp_path_factory.mktemp("config") / "config.toml"))


@pytest.fixture(autouse=True)
def _defaults() -> Iterator[None]:
    """A test that chooses a language, keys or plain characters leaves the default ones to the next one."""
    yield
    set_language("en")
    set_own_keys({})
    set_ascii_mode(False)
