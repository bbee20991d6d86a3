"""`gradstep open`: a session is gone on with in its terminal; what is none gets a sentence, quickly and in bounds."""

import json
import pickle
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.descent import Descent
from core.session.recipe import Session
from core.session.writing import save_session, text_of
from tests.fake_engine import FakeEngine
from tests.tty.terminal import GRADSTEP, Terminal, opened

GOOD = text_of(Session.of(Descent().goto(22, FakeEngine())))

SECONDS, MEMORY = 10, 1 << 30


def refused(path: Path) -> str:
    """What `gradstep open` says of a file, within the seconds and the memory that it may take."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tui", "open", str(path)], capture_output=True, text=True, timeout=60, preexec_fn=bounded
    )
    assert time.perf_counter() - began < SECONDS
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith("gradstep: ")
    assert done.stderr.isprintable() or done.stderr[:-1].isprintable()
    return done.stderr


def long_lines() -> bytes:
    """As many turns as fit into a file, each of which writes the program in another way."""
    whole = json.loads(GOOD)
    turn = whole["run"]["turns"][0]
    turns = [{**turn, "epoch": epoch, "lines": {"33": f"W -= lr * {epoch}"}} for epoch in range(30_000)]
    whole["run"] |= {"turns": turns, "epochs": 40_000}
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty"),
        (GOOD[: len(GOOD) // 2].encode(), "this is no JSON"),
        (b"[" * 1_000_000, "it is nested too deep"),
        (b'{"a":[' * 800_000, "it is nested too deep"),
        (b'"' + b"\xed\x95\x9c" * 17_000_000 + b'"', "it is larger than any session"),
        (b'{"gradstep": 1, "gradstep": "' + b"x" * 4_900_000 + b'"}', "has 'gradstep' twice"),
        (b'{"gradstep": ' + b"9" * 4_900_000 + b"}", "not 9999999999999999999999999999999999999999..."),
        (b'{"gradstep": ' + b"[" + b"{}," * 1_600_000 + b"{}]}", "gradstep must be a whole number"),
        (pickle.dumps({"gradstep": 1}), "it is no text"),
        (GOOD.replace("lecture", "\x1b[2J\u202e[@click=app.quit]").encode(), "this is no JSON"),
        (
            GOOD.replace("lecture", "\\u001b[2J\\u202e[@click=app.quit]").encode(),
            "not '\\x1b[2J\\u202e[@click=app.quit]'",
        ),
        (
            GOOD.replace('"tick": 22', '"tick": 1000000000000000000').encode(),
            "tick must be a whole number from 0 to 23",
        ),
        (GOOD.replace('{"name": "lecture"', '{"file": "/dev/zero"').encode(), "/dev/zero is a pipe or a device"),
        (GOOD.replace('{"name": "lecture"', '{"file": "../../../etc/shadow"').encode(), "shadow"),
        (long_lines(), "the program is changed in more than 1000 ways"),
    ],
)
def test_a_hostile_file_gets_one_sentence_in_time_and_memory(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "s.gradstep"
    path.write_bytes(content)
    assert sentence in refused(path)


def test_a_file_of_a_terabyte_without_a_byte_in_it_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "s.gradstep"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert "it is larger than any session" in refused(path)


def test_a_session_needs_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "s.gradstep"
    path.write_text(GOOD)
    assert "is not a terminal" in refused(path)


def rows_of(terminal: Terminal) -> list[str]:
    """The rows of the table of epochs."""
    return [row[:76] for row in terminal.text.splitlines() if "manual  " in row[:76] or "optim  " in row[:76]]


def test_a_session_is_opened_where_it_was_saved(tmp_path: Path) -> None:
    path = str(tmp_path / "s.gradstep")
    with opened() as terminal:
        terminal.wait_for("4.666667")
        terminal.press(b" " * 5 + b"m\r")
        terminal.wait_for("epoch 5 · hypothesis")
        terminal.press(b"\x13")
        terminal.wait_for("goes to")
        terminal.press(path.encode() + b"\r")
        terminal.wait_for("saved: gradstep open")
        rows = rows_of(terminal)
        terminal.press(b"q")
        assert terminal.leave() == 0
    with opened((*GRADSTEP, "open", path)) as terminal:
        terminal.press(b" ")  # it waits until the run is there
        terminal.wait_for("epoch 6 · W")
        terminal.press(b"\x1b[D")
        terminal.wait_for("epoch 5 · W")
        terminal.press(b"\r")
        terminal.wait_for("epoch 5 · hypothesis")
        assert rows_of(terminal)[:6] == rows
        terminal.press(b"q")
        assert terminal.leave() == 0


def test_changed_lines_are_accepted_in_the_terminal_and_run(tmp_path: Path) -> None:
    path, engine = str(tmp_path / "s.gradstep"), FakeEngine()
    start = Descent().goto(0, engine)
    listing = start.knobs.listing.with_line(33, "W -= lr * gradient / 2")
    save_session(Session.of(start.turn(replace(start.knobs, listing=listing), engine).goto(8, engine)), path)
    with opened((*GRADSTEP, "open", path)) as terminal:
        terminal.wait_for("+ W -= lr * gradient / 2")
        terminal.press(b"y")
        terminal.wait_for("W is not what it was when this was saved", seconds=60)  # torch ran it, not the fake engine
        terminal.wait_for("epoch 2 · W 0.910")
        terminal.press(b"q")
        assert terminal.leave() == 0
