"""Session files as strangers send them: each gets one sentence with what and where, and none is run."""

import json
import os
import pickle
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.descent import Descent
from core.session.faults import Fault, Unopenable
from core.session.file import MOST_BYTES
from core.session.opening import table_of
from core.session.reading import read_session, session_of
from core.session.recipe import Session
from core.session.writing import text_of
from tests.fake_engine import FakeEngine

UPDATE = "33"
"""The line W -= lr * gradient."""

GOOD = text_of(Session.of(Descent().goto(22, FakeEngine()).keep("a")))


def refused(content: str | bytes, folder: Path) -> str:
    """The sentence for a file of this content, without its name."""
    path = folder / "s.gradstep"
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    with pytest.raises(Unopenable) as refusal:
        table_of(read_session(str(path)))
    assert len(str(refusal.value)) < 300 + len(str(folder))
    return str(refusal.value).removeprefix(f"{path}: ")


def changed(*way: str | int, value: Any) -> str:
    """The good session with another value at the end of the way."""
    whole = json.loads(GOOD)
    part = whole
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = value
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"x,y\n1,2\n", "line 1: this is no JSON: Expecting value"),
        (pickle.dumps({"gradstep": 1}), "this is no session of gradstep: it is no text"),
        (pickle.dumps({"gradstep": 1}, protocol=0), "line 1: this is no JSON: Expecting value"),
        (b"PK\3\4" + b"\0" * 100, "this is no session of gradstep: it is no text"),
        (b'{\n"gradstep": "\xff"}', "line 2: this is no UTF-8"),
        (GOOD.encode("utf-16"), "this is no session of gradstep: it is no text"),
        (b"[" * 100_000, "it is nested too deep"),
        (b'{"a":' * 100_000, "it is nested too deep"),
        (b'"' + b"x" * 50_000_000 + b'"', "it is larger than any session: at most 5,000,000 bytes"),
        (b"[]", "the file must be an object, not a list"),
        (b"{}", "this is no session of gradstep: it has no 'gradstep' with a version"),
        (b'{"cells": [], "nbformat": 4}', "this is no session of gradstep: it has no 'gradstep' with a version"),
        (b'{"gradstep": 2, "new": 1}', "it was saved by a newer gradstep, in version 2; this one reads up to 1"),
        (b'{"gradstep": 0}', "gradstep must be 1, not 0"),
        (b'{"gradstep": true}', "gradstep must be a whole number from 0 to 1000000000, not true"),
        (b'{"gradstep": 1, "gradstep": 1}', "the file has 'gradstep' twice"),
        (b'{"gradstep": 1}', "the file has no 'table'"),
    ],
)
def test_what_is_no_session_gets_a_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    assert refused(content, tmp_path) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (changed("tick", value=10**18), "tick must be a whole number from 0 to 23, not 1000000000000000000"),
        (changed("tick", value=-1), "tick must be a whole number from 0 to 23, not -1"),
        (changed("tick", value=[]), "tick must be a whole number from 0 to 23, not a list"),
        (changed("run", "epochs", value=10**18), "run.epochs must be a whole number from 0 to 1200000000"),
        (
            changed("run", "epochs", value=10**9),
            "1000000006 epochs are too many for the memory: there can",
        ),
        (changed("run", "epochs", value=6.0), "run.epochs must be a whole number from 0 to 1200000000, not 6.0"),
        (changed("run", "epochs", value=float("nan")), "not NaN"),
        (GOOD.replace('"epochs": 6', f'"epochs": {"9" * 5000}', 1), "not " + "9" * 40 + "..."),
        (GOOD.replace("0.15", "0." + "1" * 5000, 1), "run.turns[0].optim_lr must be a number from 0 to 1e+06, not 0."),
        (changed("run", "turns", 0, "manual_lr", value=float("inf")), "not Infinity"),
        (
            changed("run", "turns", 0, "manual_lr", value=-0.1),
            "run.turns[0].manual_lr must be a number from 0 to 1e+06",
        ),
        (changed("run", "turns", 0, "manual_lr", value="0.1"), "manual_lr must be a number from 0 to 1e+06, not '0.1'"),
        (changed("run", "turns", 0, "manual_lr", value=True), "not true"),
        (changed("run", "turns", 0, "method", value="adam"), "run.turns[0].method must be one of manual, optim, not"),
        (
            changed("run", "turns", 0, "method", value=None),
            "run.turns[0].method must be one of manual, optim",
        ),
        (changed("run", "turns", 0, "epoch", value=1), "run.turns must begin with the knobs at epoch 0"),
        (changed("run", "turns", value=[]), "run.turns must begin with the knobs at epoch 0"),
        (changed("run", "turns", value=[[[]]]), "run.turns[0] must be an object, not a list"),
        (changed("run", "turns", value="x"), "run.turns must be a list, not 'x'"),
        (changed("run", "turns", 0, "lines", value={"3": "import os"}), "run.turns[0].lines.3: weight.py has no line"),
        (changed("run", "turns", 0, "lines", value={"x": ""}), "run.turns[0].lines.x: weight.py has no line"),
        (changed("run", "turns", 0, "lines", value={UPDATE: "a\nb"}), "must be one line of at most 400 characters"),
        (changed("run", "turns", 0, "lines", value={UPDATE: "a\u2028b"}), "must be one line of at most 400 characters"),
        (
            changed("run", "turns", 0, "lines", value={UPDATE: "x" * 10_000}),
            "of at most 400 characters, not 'xxx",
        ),
        (changed("run", "turns", 0, "lines", value={UPDATE: 5}), "run.turns[0].lines.33 must be text, not 5"),
        (changed("run", "start", value=[]), "run.start must have from 1 to 1000 numbers"),
        (changed("run", "start", value=[1e39]), "run.start[0] must be a number from -3.40282e+38 to 3.40282e+38"),
        (changed("run", "start", value=["zero"]), "run.start[0] must be a number"),
        (changed("run", "w", value=[1, 2]), "run.w must have as many numbers as run.start"),
        (changed("run", "program", value="../../etc/passwd"), "run.program must be one of weight, weight_bias"),
        (changed("run", "lrr", value=1), "run has a key that is not known: 'lrr'"),
        (changed("kept", value=json.loads(GOOD)["kept"] * 9), "kept must be at most 8 runs"),
        (changed("kept", 0, "name", value=["a"]), "kept[0].name must be text, not a list"),
        (changed("kept", 0, "epochs", value="\x1b[31m"), "kept[0].epochs must be a whole number"),
        (changed("table", "name", value="[@click=app.quit]"), "table.name must be one of lecture, cars"),
        (changed("table", "target", value="\ud800"), "has no column '\ud800'"),
        (GOOD.replace('"tick": 22', '"tick": 22, "tick": 21'), "the file has 'tick' twice"),
        (
            GOOD.replace('"method": "manual",', '"method": "manual", "method": "optim",', 1),
            "run.turns[0] has 'method' twice",
        ),
    ],
)
def test_what_a_session_can_not_hold_is_told_with_its_place(content: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in refused(content, tmp_path)


@pytest.mark.parametrize("weights", [1, 3])
def test_a_run_that_does_not_suit_its_table_is_refused(weights: int, tmp_path: Path) -> None:
    program = {1: "weight_bias", 3: "features"}[weights]
    whole = json.loads(GOOD)
    del whole["kept"]
    whole["run"] |= {"program": program, "start": [0.0] * weights, "w": [0.0] * weights}
    told = refused(json.dumps(whole), tmp_path)
    assert told == f"the lecture's data has 1 input, which does not suit a run of {program}.py with {weights} weights"


def test_every_beginning_of_a_session_is_refused_or_the_whole() -> None:
    for length in range(len(GOOD) - 2):
        with pytest.raises(Fault):
            session_of(GOOD[:length], "/")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def ways(value: Any, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([way] if way else []), *(found for step, part in inner for found in ways(part, (*way, step)))]


@given(st.sampled_from(ways(json.loads(GOOD))), json_values)
def test_any_value_in_any_place_is_read_or_refused(way: tuple[str | int, ...], value: Any) -> None:
    try:
        session = session_of(changed(*way, value=value), "/")
    except Fault as fault:
        assert len(str(fault)) < 300  # noqa: PT017 - most are refused, and some can be read
    else:
        assert session_of(text_of(session), "/") == session


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    fifo, sock, loop = tmp_path / "fifo", tmp_path / "sock", tmp_path / "loop"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(sock))
        for path in (*map(str, (fifo, sock, loop, tmp_path, tmp_path / "none")), "/dev/zero", "a\0b", "x" * 5000):
            with pytest.raises(Unopenable, match=re.escape(path)):
                read_session(path)


def test_a_table_elsewhere_is_only_read_as_a_table(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "key").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")
    for name in ("fifo", "key", "../" * 30 + "etc/passwd", "/dev/zero", "/dev/stdin", "~", "a\0b"):
        told = refused(changed("table", value={"file": name}), tmp_path)
        assert "AAAA" not in told
        assert "root:" not in told


def test_a_file_that_is_as_large_as_a_session_may_be_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.gradstep"
    path.write_text(GOOD + " " * (MOST_BYTES - len(GOOD)))
    assert read_session(str(path)).tick == 22
