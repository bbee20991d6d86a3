"""Sessions: saved and replayed they are the same to the bit, and their text is one that a person can read."""

import sys
from array import array
from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.beginning import beginning
from core.data import LECTURE, Dataset, standardized
from core.descent import Descent
from core.epoch import TorchEngine
from core.listing import UNWRITTEN, GradientForm
from core.lr import Lr
from core.session.faults import Unopenable, Unwritable
from core.session.opening import open_session, table_of
from core.session.reading import read_session, session_of
from core.session.recipe import Change, Recipe, Session
from core.session.replay import replayed
from core.session.trying import try_lines
from core.session.writing import save_session, text_of
from core.state import Engine, RunFailed
from core.tables import open_table
from core.tape import Tape
from tests.fake_engine import FakeEngine

Move = Callable[[Descent, Engine], Descent]

MOMENTUM = "optimizer = optim.SGD([W], lr=0.15, momentum=0.9)"


def turned_to(lr: float) -> Move:
    return lambda descent, engine: descent.turn(descent.knobs.with_lr(Lr.at(lr)), engine)


def other_method(descent: Descent, engine: Engine) -> Descent:
    return descent.turn(replace(descent.knobs, method=descent.knobs.method.other), engine)


def rewritten(number: int, text: str) -> Move:
    def rewrite(descent: Descent, engine: Engine) -> Descent:
        listing = descent.knobs.listing.with_line(number, text)
        return descent.turn(replace(descent.knobs, listing=listing), engine)

    return rewrite


def other_form(descent: Descent, engine: Engine) -> Descent:
    listing = descent.knobs.listing
    form = GradientForm.MEAN if listing.gradient_form is GradientForm.SUM else GradientForm.SUM
    return descent.turn(replace(descent.knobs, listing=listing.with_gradient_form(form)), engine)


def line(text: str) -> int:
    """The number of a line of weight.py."""
    return next(n for n, now in enumerate(Descent().knobs.listing.text.splitlines(), 1) if now.strip() == text)


ZERO_GRAD, MAKE_OPTIMIZER = line("optimizer.zero_grad()"), line("optimizer = optim.SGD([W], lr=0.15)")

moves: st.SearchStrategy[Move] = st.one_of(
    st.builds(lambda tick: lambda descent, engine: descent.goto(tick, engine), st.integers(0, 60)),
    st.builds(lambda by: lambda descent, engine: descent.goto(descent.tick + by, engine), st.integers(-9, 9)),
    st.builds(turned_to, st.floats(0, 1e6) | st.sampled_from([0.0, 0.1, 1 / 14, 1.5])),
    st.just(lambda descent, engine: descent.turn(descent.knobs.with_lr(descent.knobs.lr.up()), engine)),
    st.just(other_method),
    st.just(other_form),
    st.sampled_from([rewritten(ZERO_GRAD, "pass"), rewritten(ZERO_GRAD, "optimizer.zero_grad()")]),
    st.sampled_from([rewritten(MAKE_OPTIMIZER, MOMENTUM), rewritten(MAKE_OPTIMIZER, "optimizer = optim.Adam([W])")]),
    st.builds(
        lambda w: lambda descent, engine: descent.restarted((w,), engine),
        st.floats(width=32, allow_nan=False, allow_infinity=False).map(lambda w: w + 0.0),
    ),
    st.builds(lambda name: lambda descent, engine: descent.keep(name), st.text(max_size=5).filter(str.isprintable)),
    st.just(
        lambda descent, engine: descent.ran(
            engine.run_epochs(descent.last_knobs, descent.tape.state(len(descent.tape)), 40), engine
        )
    ),
)


def everything(descent: Descent) -> object:
    """All that a Descent is, as text in which a nan equals a nan and -0.0 is not 0.0."""
    runs = [descent.tape, descent.ghost, *(kept.tape for kept in descent.kept)]
    place = descent.tick, descent.w, descent.shown, descent.measured, [kept.name for kept in descent.kept]
    return repr((place, descent.knobs, descent.knobs.lr.anchor, [tape and history(tape) for tape in runs]))


def history(tape: Tape) -> object:
    epochs = [(tape.w(n), tape.cost(n), tape.gradient(n), tape.state(n)) for n in range(len(tape))]
    return tape.turns, epochs, tape.state(len(tape))


def again(descent: Descent, engine: Engine) -> Descent:
    """The Descent that comes of its text."""
    session = session_of(text_of(Session.of(descent)), "/")
    data, note = table_of(session)
    assert not note
    there = replayed(session, data, engine)
    assert not there.note
    return there.descent


def lived(history: list[Move], engine: Engine) -> Descent:
    descent = Descent().goto(0, engine)
    for move in history:
        descent = move(descent, engine)
    return descent


@given(st.lists(moves, max_size=14))
def test_what_is_saved_and_replayed_is_the_same_with_round_numbers(history: list[Move]) -> None:
    descent = lived(history, FakeEngine())
    assert everything(again(descent, FakeEngine())) == everything(descent)


@settings(max_examples=60)
@given(st.lists(moves, max_size=10))
def test_what_is_saved_and_replayed_is_the_same_to_the_bit(history: list[Move]) -> None:
    descent = lived(history, TorchEngine(LECTURE))
    assert everything(again(descent, TorchEngine(LECTURE))) == everything(descent)


@pytest.mark.parametrize("name", ["cars", "scores", "mtcars"])
@pytest.mark.parametrize("scaled", [False, True])
def test_every_table_and_program_is_replayed_to_the_bit(name: str, scaled: bool) -> None:
    data = open_table(name)
    data = standardized(data) if scaled else data
    for bias in (False, True):
        engine = TorchEngine(data)
        descent = other_method(beginning(data, bias).goto(41, engine), engine).goto(60, engine)
        assert everything(again(descent, engine)) == everything(descent)


@given(st.lists(moves, max_size=10))
def test_the_text_of_a_session_read_again_is_the_same_text(history: list[Move]) -> None:
    text = text_of(Session.of(lived(history, FakeEngine())))
    assert text_of(session_of(text, "/")) == text


def test_what_stands_in_a_file_can_be_read_by_a_person() -> None:
    engine = FakeEngine()
    descent = other_method(Descent().goto(12, engine), engine).goto(22, engine).keep("optim from 3 on")
    descent = turned_to(0.3)(descent, engine).restarted((5.0,), engine)
    assert text_of(Session.of(descent)) == PLAIN


PLAIN = """\
{
  "gradstep": 1,
  "table": {"name": "lecture", "sha256": "FINGERPRINT"},
  "run": {
    "program": "weight",
    "start": [5.0],
    "turns": [
      {"epoch": 0, "method": "optim", "manual_lr": 0.1, "optim_lr": 0.3}
    ],
    "epochs": 1,
    "w": [2.5999999046325684]
  },
  "tick": 0,
  "ghost": {
    "program": "weight",
    "start": [0.0],
    "turns": [
      {"epoch": 0, "method": "manual", "manual_lr": 0.1, "optim_lr": 0.15},
      {"epoch": 3, "method": "optim", "manual_lr": 0.1, "optim_lr": 0.15},
      {"epoch": 5, "method": "optim", "manual_lr": 0.1, "optim_lr": 0.3}
    ],
    "epochs": 6,
    "w": [0.8996480107307434]
  },
  "kept": [
    {
      "name": "optim from 3 on",
      "program": "weight",
      "start": [0.0],
      "turns": [
        {"epoch": 0, "method": "manual", "manual_lr": 0.1, "optim_lr": 0.15},
        {"epoch": 3, "method": "optim", "manual_lr": 0.1, "optim_lr": 0.15}
      ],
      "epochs": 6,
      "w": [0.8243839740753174]
    }
  ]
}
""".replace("FINGERPRINT", LECTURE.fingerprint)


def test_numbers_that_json_has_not_are_words() -> None:
    recipe = replace(Recipe.of(Tape(), Descent().knobs), start=(-0.0, inf), w=(nan, -inf))
    session = replace(Session.of(Descent()), run=recipe)
    text = text_of(session)
    assert '"start": [-0.0, "inf"]' in text
    assert '"w": ["nan", "-inf"]' in text
    assert repr(session_of(text, "/").run) == repr(recipe)


def test_a_place_that_no_epoch_can_be_run_from_is_kept_with_its_knobs() -> None:
    engine = FakeEngine()
    run = Descent().goto(14, engine)
    blank = replace(run.knobs, listing=run.knobs.listing.with_line(line("W -= lr * gradient"), UNWRITTEN))
    for waiting in (run.turn(blank, None), Descent().turn(blank, None), Descent(), run.begun_at((3.0,))):
        there = again(waiting, engine)
        assert (there.tick, there.knobs, there.w) == (waiting.tick, waiting.knobs, waiting.w)
        assert len(there.tape) == len(waiting.tape)


def test_a_table_beside_the_file_is_found_from_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "점수.csv").write_text("a,b,y\n1,2,3\n2,1,5\n4,4,4\n")
    session = Session.of(beginning(open_table(str(tmp_path / "a" / "점수.csv"), ("b",), "a")))
    text = text_of(session, str(tmp_path / "a"))
    assert '{"file": "점수.csv", "features": ["b"], "target": "a", "sha256":' in text
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "b" / "s.gradstep").write_text(text)
    moved = read_session(str(tmp_path / "b" / "s.gradstep"))
    assert table_of(moved)[0].inputs == ("b",)
    assert str(tmp_path / "a" / "점수.csv") in text_of(session, str(tmp_path / "elsewhere"))


def test_a_table_that_has_changed_since_is_told(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("x,y\n1,2\n2,4\n")
    session = Session.of(beginning(open_table(str(file))))
    file.write_text("x;y\n1;2\n2;4\n")
    assert table_of(session)[1] == ""
    file.write_text("x,y\n1,2\n2,5\n")
    assert table_of(session)[1].startswith("t.csv has other numbers than when this was saved")
    file.write_text("x,x2,y\n1,2,3\n2,5,4\n")
    with pytest.raises(ValueError, match="2 inputs, which does not suit a run of weight_bias"):
        table_of(session)


def test_a_table_that_is_gone_is_told_with_the_session_that_needs_it(tmp_path: Path) -> None:
    table, path = tmp_path / "t.csv", tmp_path / "s.gradstep"
    table.write_text("x,y\n1,2\n2,3\n")
    save_session(Session.of(beginning(open_table(str(table))).goto(4, FakeEngine())), str(path))
    table.unlink()
    with pytest.raises(Unopenable) as refused:
        open_session(str(path))
    assert str(refused.value) == f"{path}: its table: {table} can't be read: there is no such file"


def test_a_w_that_is_not_what_it_was_is_told() -> None:
    engine = FakeEngine()
    session = Session.of(Descent().goto(12, engine))
    other = replace(session, run=replace(session.run, w=(0.5,)))
    assert replayed(session, LECTURE, engine).note == ""
    assert "W is not what it was when this was saved" in replayed(other, LECTURE, engine).note


def test_the_lines_that_somebody_has_changed_are_told_apart_from_the_lectures_own() -> None:
    engine = FakeEngine()
    descent = rewritten(ZERO_GRAD, "print(W)")(other_form(Descent().goto(8, engine), engine), engine).keep("mine")
    session = Session.of(rewritten(ZERO_GRAD, "optimizer.zero_grad()")(descent, engine))
    change = Change("weight", ZERO_GRAD, "print(W)")
    assert session.changes == (change,)
    assert change.lectures == "optimizer.zero_grad()"
    assert session.without(session.changes).changes == ()
    assert session.without(session.changes).kept[0][1].w == ()
    assert session.without(session.changes).run == session.run


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is bounded on Linux alone")
def test_a_changed_line_is_tried_elsewhere_before_it_is_replayed() -> None:
    engine, ones = FakeEngine(), array("f", [1.0] * 60_000)
    large = Dataset("large", ("x",), "y", ones, ones)
    gradient = line("gradient = torch.sum((W * x_train - y_train) * x_train)")

    def edited(text: str) -> Session:
        return Session.of(rewritten(gradient, text)(Descent(), engine).goto(8, engine))

    try_lines(edited("gradient = torch.mean((W * x_train - y_train) * x_train)"), large)
    try_lines(edited("gradient = torch.sum(x_train * x_train.T)"), LECTURE)
    with pytest.raises(RunFailed, match="takes too much memory"):
        try_lines(edited("gradient = torch.sum(x_train * x_train.T)"), large)


@pytest.mark.parametrize("text", ["import os", "W = 1; W = 2", "(" * 300, "def f(): pass", "", "\ud800"])
def test_what_is_no_plain_line_can_not_be_accepted(text: str) -> None:
    assert Change("weight", ZERO_GRAD, text).refusal


def test_only_more_than_a_start_is_worth_keeping() -> None:
    engine = FakeEngine()
    start = Descent().goto(0, engine)
    assert not Session.of(start).is_worth_keeping
    assert not Session.of(turned_to(0.3)(start, engine)).is_worth_keeping
    assert Session.of(start.goto(1, engine)).is_worth_keeping
    assert Session.of(start.goto(4, engine).goto(0, engine)).is_worth_keeping
    assert Session.of(start.keep("a")).is_worth_keeping
    assert Session.of(rewritten(ZERO_GRAD, "pass")(start, engine)).is_worth_keeping


def test_a_long_run_is_replayed_in_slices() -> None:
    engine = FakeEngine()
    start = other_method(Descent().goto(0, engine), engine)
    far = start.ran(engine.run_epochs(start.knobs, start.tape.state(1), 9_000), engine)
    assert everything(again(far, engine)) == everything(far)


def test_more_turns_than_can_be_read_again_are_not_written() -> None:
    session = Session.of(Descent().goto(8, FakeEngine()))
    turns = tuple(replace(session.run.turns[0], epoch=epoch) for epoch in range(70_000))
    with pytest.raises(Unwritable, match="more turns of the knobs than a session can hold"):
        text_of(replace(session, run=replace(session.run, turns=turns)))
    most = replace(session, run=replace(session.run, turns=turns[:60_000], epochs=60_000))
    assert session_of(text_of(most), "/") == most
