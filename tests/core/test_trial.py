"""A changed line is tried on a copy: what is the matter with it is told, and nothing is left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import Queue

import pytest

from core.data import LECTURE, Dataset
from core.epoch import TorchEngine
from core.listing import UNWRITTEN, Method, Phase
from core.state import Knobs, State
from core.study.verdict import Verdict
from core.trial import process
from core.trial.attempt import Attempt, try_line
from core.trial.process import TrialProcess
from core.trial.result import Fault, Trial
from tests.core.test_autograd_check import TRUE, table

ENGINE = TorchEngine(LECTURE)
LINES = {
    "hypothesis": (Method.MANUAL, Phase.HYPOTHESIS, 0),
    "cost": (Method.MANUAL, Phase.COST, 0),
    "gradient": (Method.MANUAL, Phase.GRADIENT, 0),
    "update": (Method.MANUAL, Phase.UPDATE, 0),
    "zero_grad": (Method.OPTIM, Phase.GRADIENT, 0),
    "backward": (Method.OPTIM, Phase.GRADIENT, 1),
    "step": (Method.OPTIM, Phase.UPDATE, 0),
}


def attempt(name: str, text: str, w: float = 0.0) -> Attempt:
    """The lecture's program with a line of another text."""
    method, phase, index = LINES[name]
    knobs = replace(Knobs.of_lecture(), method=method)
    number = knobs.listing.phase_lines(method, phase)[index].number
    return Attempt(replace(knobs, listing=knobs.listing.with_line(number, text)), number, State((w,)))


def tried(name: str, text: str, w: float = 0.0) -> Trial:
    return try_line(ENGINE, LECTURE, attempt(name, text, w))


@pytest.mark.parametrize(
    ("name", "text", "fault", "sentence"),
    [
        ("hypothesis", "hypothesis = W", Fault.SHAPE, "hypothesis must have the shape (3, 1), and has (1,)"),
        ("hypothesis", "hypothesis = x_train.T * W", Fault.SHAPE, "must have the shape (3, 1), and has (1, 3)"),
        ("hypothesis", "hypothesis = x_train > 2", Fault.NO_FLOATS, "hypothesis must be made of floats"),
        ("hypothesis", "hypothesis = 3", Fault.NO_TENSOR, "hypothesis must be a tensor, not int"),
        ("hypothesis", "hypothesis = cost", Fault.NO_VALUE, "cost has no value yet in this line"),
        ("cost", "cost = hypothesis", Fault.SHAPE, "cost must be one number, and has the shape (3, 1)"),
        ("cost", "cost = torch.mean(hypothesis / 0)", Fault.NOT_FINITE, "cost is nan or inf at W 0"),
        ("gradient", "gradient = x_train", Fault.SHAPE, "gradient must be one number, and has the shape (3, 1)"),
        ("gradient", "gradient = W.grad", Fault.NO_TENSOR, "gradient must be a tensor, not NoneType"),
        ("gradient", "gradient = W / 0", Fault.NOT_FINITE, "gradient is nan or inf at W 0"),
        ("gradient", "gradient = x_train @ x_train", Fault.RAISES, "RuntimeError: mat1 and mat2 shapes cannot be"),
        ("gradient", "cost = 3", Fault.NO_VALUE, "gradient has no value any more: this line must give it one"),
        ("gradient", "pass", Fault.NO_VALUE, "gradient has no value any more"),
        ("update", "W -= x_train", Fault.RAISES, "RuntimeError: output with shape [1] doesn't match"),
        ("update", "W = x_train", Fault.SHAPE, "W must be one number, and has the shape (3, 1)"),
        ("update", "W = 3", Fault.NO_TENSOR, "W must be a tensor, not int"),
        ("backward", "pass", Fault.NO_TENSOR, "W.grad is None: nothing has filled it, cost.backward() does"),
        ("backward", "W.grad.zero_()", Fault.RAISES, "AttributeError: 'NoneType' object has no attribute 'zero_'"),
    ],
)
def test_what_is_the_matter_with_a_line_is_told_in_a_sentence(
    name: str, text: str, fault: Fault, sentence: str
) -> None:
    trial = tried(name, text)
    assert trial.fault is fault
    assert sentence in trial.sentence


def test_an_exception_in_another_line_names_that_line() -> None:
    knobs = Knobs.of_lecture("weight_bias")
    error = next(line for line in knobs.listing.lines(Method.MANUAL) if line.name == "error")
    changed = replace(knobs, listing=knobs.listing.with_line(error.number, "error = 2"))
    trial = try_line(ENGINE, LECTURE, Attempt(changed, error.number, State((0.0, 0.0))))
    assert trial.sentence.startswith(f"line {error.number + 2} can't be run any more: TypeError")


@pytest.mark.parametrize(
    ("gradient", "verdict", "factor"),
    [
        (TRUE, Verdict.GRADIENT, 1),
        (f"1.5 * {TRUE}", Verdict.MULTIPLE, 1.5),
        (f"0.5 * {TRUE}", Verdict.MULTIPLE, 0.5),
        (f"-{TRUE}", Verdict.UPHILL, -1),
        ("W * 3", Verdict.OTHER, None),
    ],
)
def test_a_gradient_line_that_runs_is_held_against_autograd(
    gradient: str, verdict: Verdict, factor: float | None
) -> None:
    trial = tried("gradient", f"gradient = {gradient}")
    assert trial.fault is None
    assert trial.check is not None
    assert trial.check.verdict is verdict
    assert factor is None or trial.check.factor == factor
    assert trial.sentence == trial.check.sentence


def test_an_update_that_changes_nothing_is_allowed_and_told() -> None:
    assert (tried("update", "pass").fault, tried("update", "pass").idle) == (None, True)
    assert tried("step", "pass").sentence == "the update leaves W as it is"
    assert not tried("update", "W += lr * gradient").idle


def test_a_forgotten_zero_grad_is_told() -> None:
    assert tried("zero_grad", "pass").accumulates
    assert "earlier epochs" in tried("zero_grad", "pass").sentence
    assert not tried("zero_grad", "W.grad = None").accumulates


def test_a_state_that_is_beyond_float32_already_is_not_the_lines_fault() -> None:
    assert tried("gradient", f"gradient = {TRUE}", w=float("inf")).fault is None
    assert tried("gradient", f"gradient = {TRUE}", w=1e30).fault is None


def test_lines_that_are_still_to_be_written_do_not_keep_another_from_being_tried() -> None:
    one = attempt("gradient", f"gradient = {TRUE}")
    update = one.knobs.listing.phase_lines(Method.MANUAL, Phase.UPDATE)[0].number
    blank = replace(one, knobs=replace(one.knobs, listing=one.knobs.listing.with_line(update, UNWRITTEN)))
    assert try_line(ENGINE, LECTURE, blank) == try_line(ENGINE, LECTURE, one)


# in a process of its own


@contextmanager
def a_process(data: Dataset = LECTURE) -> Iterator[tuple[TrialProcess, "Queue[Trial]"]]:
    trials: Queue[Trial] = Queue()
    trying = TrialProcess(data, Knobs.of_lecture(), lambda attempt, trial: trials.put(trial))
    trying.start()
    try:
        yield trying, trials
    finally:
        trying.close()


def children() -> set[int]:
    """The processes whose parent this one is, dead or alive."""
    told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {int(line.split()[0]) for line in told.stdout.splitlines() if "trial.child" in line or "defunct" in line}


def test_lines_are_tried_one_after_the_other_and_nothing_is_left_of_the_process() -> None:
    before = children()
    with a_process() as (trying, trials):
        trying.try_line(attempt("gradient", f"gradient = {TRUE}"))
        trying.try_line(attempt("gradient", "gradient = W / 0"))
        assert trials.get(timeout=60) == tried("gradient", f"gradient = {TRUE}")
        assert trials.get(timeout=60).fault is Fault.NOT_FINITE
    until_gone(before)


def test_a_process_that_is_closed_while_it_loads_is_gone() -> None:
    before = children()
    with a_process():
        pass
    until_gone(before)


def until_gone(before: set[int]) -> None:
    for _ in range(500):
        if children() <= before:
            return
        time.sleep(0.02)
    raise AssertionError(f"left over: {children() - before}")


def test_a_line_that_takes_too_long_is_stopped_and_the_next_one_is_tried() -> None:
    # what the static check would refuse: here it may not even be reached
    endless = attempt("gradient", "gradient = [0 for _ in iter(int, 1)]")
    with a_process() as (trying, trials):
        trying.try_line(endless)
        trying.try_line(attempt("gradient", f"gradient = {TRUE}"))
        assert trials.get(timeout=60).sentence == "stopped: the line takes longer than a second"
        assert trials.get(timeout=60).fault is None


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is bounded on Linux alone")
def test_a_line_that_takes_too_much_memory_is_stopped() -> None:
    data = table(60_000, 1, 1, 1)
    with a_process(data) as (trying, trials):
        trying.try_line(attempt("gradient", "gradient = torch.sum(x_train * x_train.T)"))
        assert trials.get(timeout=60).sentence == "stopped: the line takes too much memory"


def test_a_line_that_ends_the_process_is_told() -> None:
    with a_process() as (trying, trials):
        trying.try_line(attempt("gradient", "gradient = __import__('os')._exit(3)"))
        assert trials.get(timeout=60).fault is Fault.DIED
        trying.try_line(attempt("gradient", f"gradient = {TRUE}"))
        assert trials.get(timeout=60).fault is None


def test_a_line_that_changes_the_table_is_told_and_the_table_is_as_it_was() -> None:
    with a_process() as (trying, trials):
        trying.try_line(attempt("gradient", "gradient = x_train.mul_(2).sum()"))
        assert "the table must stay as it is" in trials.get(timeout=60).sentence
        trying.try_line(attempt("gradient", f"gradient = {TRUE}"))
        assert trials.get(timeout=60) == tried("gradient", f"gradient = {TRUE}")
    assert list(LECTURE.x) == [1, 2, 3]


def test_a_large_table_is_tried_within_the_time() -> None:
    with a_process(table(2_000_000, 1, 1, 3)) as (trying, trials):
        trying.try_line(attempt("gradient", f"gradient = {TRUE}"))
        trial = trials.get(timeout=60)
    assert trial.fault is None
    assert trial.check is not None
    assert trial.check.is_gradient


def test_the_process_ends_when_the_one_that_has_started_it_ends() -> None:
    code = (
        f"import sys, os, time; sys.path.insert(0, {process.ROOM!r})\n"
        "from core.data import LECTURE; from core.state import Knobs; from core.trial.process import TrialProcess\n"
        "trying = TrialProcess(LECTURE, Knobs.of_lecture(), print); trying.start()\n"
        "while trying._child is None: time.sleep(0.01)\n"
        "print(trying._child.pid, flush=True); os._exit(0)"
    )
    told = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    pid = int(told.stdout)
    for _ in range(3000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("it is left over")
