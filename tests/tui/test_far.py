"""Running far, without a screen."""

from queue import Queue

from core.descent import Descent
from core.ending import Ending
from core.lr import Lr
from core.state import Columns
from tests.fake_engine import FakeEngine
from tui.engine.far import FarRun, Stretch

ENGINE = FakeEngine()


def reports(lr: float, last: int | None) -> tuple[Columns, Stretch]:
    """All the epochs of a run, and its last report."""
    knobs = Descent().knobs.with_lr(Lr.at(lr))
    reported: Queue[Stretch] = Queue()
    FarRun(Descent(knobs).goto(8, ENGINE), last, reported.put).start(ENGINE)
    epochs = Columns()
    while True:
        stretch = reported.get(timeout=20)
        epochs.extend(stretch.epochs)
        stretch.run.go_on()
        if stretch.over:
            return epochs, stretch


def test_it_runs_exactly_the_epochs_that_are_missing_and_the_same_ones() -> None:
    epochs, last = reports(lr=1e-6, last=20_000)
    knobs = Descent().knobs.with_lr(Lr.at(1e-6))
    start = Descent(knobs).goto(8, ENGINE).tape.state(3)
    assert len(epochs) == 20_001 - 3
    assert epochs.w_next == ENGINE.run_epochs(knobs, start, len(epochs)).w_next
    assert last.ending is None


def test_it_ends_where_w_no_longer_changes_or_is_no_number() -> None:
    assert reports(lr=0.25, last=None)[1].ending is Ending.SETTLED
    assert reports(lr=1.0, last=None)[1].ending is Ending.BOUNCES
    assert reports(lr=5.0, last=10**9)[1].ending is Ending.NOT_FINITE


def test_a_run_that_is_stopped_reports_no_more() -> None:
    reported: Queue[Stretch] = Queue()
    run = FarRun(Descent().goto(0, ENGINE), 10**9, reported.put)
    run.stop()
    run._run(ENGINE)
    assert reported.empty()


def test_progress_tells_how_far_how_fast_and_how_long_still() -> None:
    run = FarRun(Descent(tape=Descent().tape).goto(0, ENGINE), 999, lambda stretch: None)
    assert run.progress(500).startswith("esc stops · 50% of the way to epoch 999 · ")
    assert run.progress(500).endswith(" left")
