"""Sessions: saved and replayed they are the same to the bit; what strangers send gets a sentence, and nothing runs."""

import asyncio
import json
import os
import pickle
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.descent import Descent
from core.edits import GradientForm, with_gradient_form, with_start
from core.engine.client import LocalEngine
from core.knobs import Knobs
from core.log import EpochLog
from core.lr import Lr
from core.program import Method, Program
from core.session.edited_lines import edited_lines, has_base, without_edited_lines
from core.session.file import AlreadyThere, Fault, Unopenable, Unwritable, read_text, write_durably
from core.session.opening import open_session, session_of
from core.session.replay import Replayed, replay
from core.session.session import Session, text_of
from core.start import start_knobs
from core.table import open_table
from tests.core.stories import ENGINE, Story, line, lr, switch
from tests.fake_engine import FakeEngine

Move = Callable[[Story], Story]

SUM_COST = line("cost = torch.mean((hypothesis - y_train) ** 2)", "cost = torch.sum((hypothesis - y_train) ** 2)")
MOMENTUM = line("optimizer = optim.SGD([W], lr=0.15)", "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)")
EVIL = line("W -= lr * gradient", "W -= lr * gradient * (1 + __import__('os').system('true'))")


def everything(descent: Descent) -> str:
    """All that a Descent is, as text in which a nan equals a nan and -0.0 is not 0.0."""
    runs = [descent.log, descent.ghost, *(kept.log for kept in descent.kept)]
    place = descent.tick, descent.w, descent.trace and descent.trace.steps, [kept.name for kept in descent.kept]
    return repr((place, texts(descent.knobs), [log and history(log) for log in runs]))


def history(log: EpochLog) -> Any:
    epochs = [(log.w(n), log.cost(n), log.gradient(n), log.state(n)) for n in range(len(log))]
    return [(epoch, texts(knobs)) for epoch, knobs in log.segments], epochs, log.state(len(log))


def texts(knobs: Knobs) -> Any:
    programs = (knobs.program, *([knobs.other] if knobs.other else []))
    return knobs.anchor, [(each.text, each.path, each.original or each.text) for each in programs]


def replayed(descent: Descent) -> Replayed:
    return asyncio.run(replay(session_of(text_of(Session.of(descent))), ENGINE))


moves: st.SearchStrategy[Move] = st.one_of(
    st.builds(lambda epoch, line: lambda story: story.to(epoch, line), st.integers(0, 30), st.integers(0, 3)),
    st.builds(lambda value: lambda story: story.turn(lr(value)), st.sampled_from([0.0, 0.1, 1 / 14, 0.2, 1.5, 1e6])),
    st.just(lambda story: story.turn(lambda knobs: knobs.with_lr((knobs.lr or Lr.at(0)).up()))),
    st.just(lambda story: story.turn(switch)),
    st.sampled_from([SUM_COST, MOMENTUM]).map(lambda turn: lambda story: story.turn(turn)),
    st.just(lambda story: story.restart()),
    st.sampled_from(["a", "b", "한"]).map(lambda name: lambda story: story.keep(name)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(moves, max_size=10))
def test_what_is_saved_and_replayed_is_the_same_to_the_bit(history: list[Move]) -> None:
    story = Story()
    for move in history:
        story = move(story)
    again = replayed(story.descent)
    assert everything(again.descent) == everything(story.descent)
    assert again.note == ""


def test_every_program_table_and_start_is_replayed() -> None:
    cars = start_knobs(open_table("cars"), method=Method.OPTIM, standardize=True)
    for knobs in (*map(Knobs.of, ("bias", "features", "features_no_bias")), cars):
        story = Story(Descent(knobs)).to(7, 1).turn(switch).to(9)
        assert everything(replayed(story.descent).descent) == everything(story.descent)
        assert edited_lines(Session.of(story.descent)) == ()


def test_a_replay_reports_how_far_it_is_and_can_be_cancelled() -> None:
    story, reports = Story().to(40).turn(switch).to(60), list[int]()
    session = Session.of(story.descent)
    there = asyncio.run(replay(session, LocalEngine(), reports.append))
    assert everything(there.descent) == everything(story.descent)
    assert reports[-1] == session.epochs == 61

    async def cancelled() -> bool:
        engine = FakeEngine()
        engine.ready.clear()
        task = asyncio.create_task(replay(session, engine, reports.append))
        await asyncio.sleep(0)
        task.cancel()
        return isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)

    assert asyncio.run(cancelled())


def test_a_replay_that_comes_to_other_numbers_says_so() -> None:
    whole = json.loads(text_of(Session.of(Story().to(5).descent)))
    whole["run"]["end"] = [0.5]
    assert asyncio.run(replay(session_of(json.dumps(whole)), ENGINE)).note.startswith("W is not what it was")


def test_many_lrs_of_one_text_are_one_text() -> None:
    story = Story()
    for epoch in range(1, 40):
        story.to(epoch).turn(lr(epoch / 100))
    session = Session.of(story.descent)
    assert len(session.texts) == 2
    assert [segment.program.lr for segment in session.run.segments[:4]] == [None, 0.01, 0.02, 0.03]


# edited lines


def test_only_lines_that_are_not_the_lectures_are_edited() -> None:
    knobs = Knobs.of()
    started = with_start(with_gradient_form(knobs.program, GradientForm.MEAN), {"W": (-2.5,)}).with_nb_epochs(30)
    session = Session.of(Story(Descent(knobs.with_program(started))).to(3).turn(lr(1 / 7)).descent)
    assert edited_lines(session) == ()
    session = Session.of(Story().to(3).turn(SUM_COST).turn(EVIL).descent)
    assert {(each.text, each.before) for each in edited_lines(session)} == {
        ("cost = torch.sum((hypothesis - y_train) ** 2)", "cost = torch.mean((hypothesis - y_train) ** 2)"),
        ("W -= lr * gradient * (1 + __import__('os').system('true'))", "W -= lr * gradient"),
    }
    assert has_base(session)
    plain = without_edited_lines(session)
    assert edited_lines(plain) == ()
    assert asyncio.run(replay(plain, ENGINE)).note == ""


@pytest.mark.parametrize(
    "hidden",
    [
        "x_train = torch.FloatTensor([[1], [2], [3]]); import os",
        "# a comment\rimport os",
        "# a comment\nimport os",
        "xy = np.loadtxt('https://example.org/a.csv')",
        "lr = 1 + __import__('os').system('true')",
        "W = torch.zeros(exit())",
    ],
)
def test_no_line_hides_behind_the_lectures(hidden: str) -> None:
    whole = json.loads(text_of(Session.of(Story().to(1).descent)))
    whole["texts"][0]["lines"].insert(6, hidden)
    lines = edited_lines(session_of(json.dumps(whole)))
    assert [each.text for each in lines] == [hidden.strip()]


def test_a_program_of_somebody_elses_is_shown_whole_and_ones_own_only_where_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(Program.read("weight_manual").text)
    story = Story(Descent(Knobs(Program(path.read_text(), str(path))))).to(3)
    session = Session.of(story.descent)
    assert {each.text for each in edited_lines(session)} >= {"import torch", "W -= lr * gradient"}
    assert not has_base(session)
    assert edited_lines(session, own=True) == ()
    session = Session.of(story.turn(SUM_COST).to(4).descent)
    assert [each.text for each in edited_lines(session, own=True)] == ["cost = torch.sum((hypothesis - y_train) ** 2)"]


def test_what_is_on_the_screen_before_the_yes_has_none_of_the_edited_lines(tmp_path: Path) -> None:
    write_durably(str(tmp_path / "s.gradstep"), text_of(Session.of(Story().turn(EVIL).to(3).descent)), replace=False)
    assert "__import__" not in open_session(str(tmp_path / "s.gradstep")).start.knobs.program.text


# files


GOOD = Session.of(Story(answer=FakeEngine()._answer).to(5, 2).keep("a").descent)


def changed(*way: str | int, value: Any) -> bytes:
    """The good session with another value at the end of the way."""
    whole = part = json.loads(text_of(GOOD))
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = value
    return json.dumps(whole).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" \n", "it is empty"),
        (b"x,y\n1,2\n", "line 1: this is not JSON"),
        (b'{\n"gradstep": 2,\n"texts": [}', "line 3: this is not JSON"),
        (pickle.dumps({"gradstep": 1}), "not a gradstep session (not a text file)"),
        (b'{"a": ' * 100_000, "it is nested too deep"),
        (b'"' + b"x" * 3_000_001 + b'"', "it is larger than any session: at most 3,000,000 bytes"),
        (b"[]", "the file must be an object, not a list"),
        (b'{"cells": [], "nbformat": 4}', "not a gradstep session: it has no 'gradstep' with a version"),
        (b'{"gradstep": 1, "tick": 22}', "a session of gradstep 0.1.0, which this version can't replay: open it with"),
        (b'{"gradstep": 3, "new": 1}', "it was saved by another gradstep, in version 3"),
        (b'{"gradstep": 2}', "the file has no texts"),
        (changed("run", "epochs", value="6"), "run.epochs must be a whole number, not text"),
        (changed("run", "epochs", value=10**18), "run.epochs must be a whole number <= 1200000000"),
        (
            changed("run", "segments", 0, "program", "lr", value=-0.1),
            "run.segments[0].program.lr must be a number >= 0.0",
        ),
        (
            changed("run", "segments", 0, "program", "text", value=9),
            "there is no text of the number that a program has",
        ),
        (changed("run", "segments", 0, "epoch", value=1), "run: the segments must begin at 0, one after the other"),
        (changed("run", "segments", value=[]), "run: the segments must begin at 0"),
        (changed("run", "lrr", value=1), "run has a key that is not known: lrr"),
        (changed("knobs", "epoch", value=99), "the place must be an epoch of the run"),
        (changed("line", value=5), "line must be the number of a line of the loop"),
        (changed("kept", value=[json.loads(text_of(GOOD))["run"]] * 9), "kept must be a list of length <= 8"),
        (changed("texts", 0, "lines", value=["print(1)"]), "texts[0]: "),
        (changed("texts", 0, "lines", value=["(" * 900]), "texts[0]: "),
    ],
)
def test_what_is_no_session_gets_one_short_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "s.gradstep"
    path.write_bytes(content)
    with pytest.raises(Unopenable) as refusal:
        open_session(str(path))
    told = str(refusal.value).removeprefix(f"{path}: ")
    assert sentence in told
    assert len(told) < 300
    assert "\n" not in told


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    fifo, sock, loop = tmp_path / "fifo", tmp_path / "sock", tmp_path / "loop"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(sock))
        for path in (*map(str, (fifo, sock, loop, tmp_path, tmp_path / "none")), "/dev/zero", "a\0b", "x" * 5000):
            with pytest.raises(Unopenable):
                read_text(path)


def test_every_beginning_of_a_session_is_refused() -> None:
    text = text_of(GOOD)
    for length in range(0, len(text) - 2, 7):
        with pytest.raises(Fault):
            session_of(text[:length])


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def ways(value: Any, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([way] if way else []), *(found for step, part in inner for found in ways(part, (*way, step)))]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ways(json.loads(text_of(GOOD)))), json_values)
def test_any_value_in_any_place_is_read_or_refused(way: tuple[str | int, ...], value: Any) -> None:
    try:
        session = session_of(changed(*way, value=value).decode("utf-8", "surrogatepass"))
    except Fault as fault:
        assert len(str(fault)) < 300  # noqa: PT017 - most are refused, and some can be read
    else:
        assert session_of(text_of(session)) == session


def test_a_session_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "s.gradstep"
    write_durably(str(path), text_of(GOOD), replace=False)
    assert open_session(str(path)).session == GOOD
    with pytest.raises(AlreadyThere, match="is there already"):
        write_durably(str(path), text_of(GOOD), replace=False)
    for refused in (tmp_path, tmp_path / "none" / "s", "a\0b"):
        with pytest.raises(Unwritable):
            write_durably(str(refused), text_of(GOOD))
    assert os.listdir(tmp_path) == ["s.gradstep"]
