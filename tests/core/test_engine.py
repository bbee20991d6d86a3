"""The engine against the lecture's scripts, run plainly by Python, and against itself by other routes."""

import io
import sys
from contextlib import redirect_stdout
from typing import Any

import pytest

from core.engine.answers import Answers
from core.engine.runner import Runner
from core.engine.running import run_epochs
from core.engine.tracing import trace
from core.program import Program
from core.requests import Costs, Look, Open, Run
from core.state import EpochsRun, RunFailed, State

LECTURE = ("weight_manual", "weight_optim")

HEAD = """
import torch
x = torch.tensor([[1.0, 2.0], [2.0, -1.0], [3.0, 0.5]])
y = torch.tensor([[1.0], [2.0], [3.0]])
"""

LOOP = """
for epoch in range(20):
    hypothesis = x @ W + b
    cost = ((hypothesis - y) ** 2).mean()
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
"""

LEARNED = HEAD + "W = torch.zeros(2, 1, requires_grad=True)\nb = torch.zeros(1, requires_grad=True)\n"


def optimized(optimizer: str, loop: str = LOOP) -> str:
    return f"{LEARNED}optimizer = torch.optim.{optimizer}\n{loop}"


BY_HAND = LOOP.replace("    optimizer.zero_grad()\n    cost.backward()\n    optimizer.step()\n", "")

PROGRAMS = {
    "sgd": optimized("SGD([W, b], lr=0.05)"),
    "momentum": optimized("SGD([W, b], lr=0.05, momentum=0.9)"),
    "adam": optimized("Adam([W, b], lr=0.1)"),
    "no zero_grad": optimized("SGD([W, b], lr=0.01)", LOOP.replace("    optimizer.zero_grad()\n", "")),
    "zero_grad after the step": optimized(
        "SGD([W, b], lr=0.05)", LOOP.replace("    optimizer.zero_grad()\n", "") + "    optimizer.zero_grad()\n"
    ),
    "scheduler": optimized(
        "SGD([W, b], lr=0.05)\nscheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3, 0.5)",
        LOOP + "    scheduler.step()\n",
    ),
    "a list that grows": optimized("SGD([W, b], lr=0.05)\nlosses = []", LOOP + "    losses.append(cost.item())\n"),
    "dropout": optimized("SGD([W, b], lr=0.05)", LOOP.replace("x @ W", "torch.dropout(x, 0.5, True) @ W")),
    "a new W": HEAD
    + "W = torch.zeros(2, 1)\nb = torch.zeros(1)\nlr = 0.05\n"
    + BY_HAND
    + "    gradient = 2 * (x.T @ (hypothesis - y)) / len(x)\n    W = W - lr * gradient\n",
    "a counter and a break": optimized(
        "SGD([W, b], lr=0.05)\nbest = 1e9",
        LOOP + "    if cost.item() > 1e9:\n        break\n    best = min(best, cost.item())\n",
    ),
    "a network": HEAD
    + "torch.manual_seed(1)\nfrom torch.nn import *\n"
    + "model = Sequential(Linear(2, 30), ReLU(), Linear(30, 1))\n"
    + "optimizer = torch.optim.Adam(model.parameters(), lr=0.05)\n"
    + LOOP.replace("x @ W + b", "model(x)"),
}


def plain(text: str) -> tuple[str, dict[str, Any]]:
    names: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "plain", "exec"), names)
    return printed.getvalue(), names


def numbers(*runs: EpochsRun) -> list[float]:
    return [number for run in runs for columns in run.columns for number in columns.numbers]


@pytest.fixture(params=PROGRAMS.values(), ids=list(PROGRAMS))
def runner(request: pytest.FixtureRequest) -> Runner:
    return Runner(Program(request.param, "mine.py"))


@pytest.mark.parametrize("name", LECTURE)
def test_the_lecture_prints_and_learns_as_a_plain_run_does(name: str) -> None:
    program = Program.read(name)
    printed, names = plain(program.text)
    runner = Runner(program)
    run = run_epochs(runner, 0, 11)
    assert "".join(text for _epoch, text in run.output) == printed
    assert runner.w() == (names["W"].item(),)
    assert [trace.epoch for trace in run.traces] == [9, 10]
    assert run.columns[-1].cost[-1] == names["cost"].item()


@pytest.mark.parametrize("name", LECTURE)
def test_many_epochs_run_as_one_loop(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(Program.read(name))
    one_by_one: list[int] = []
    epoch = Runner.epoch

    def counted(self: Runner, number: int) -> None:
        one_by_one.append(number)
        epoch(self, number)

    monkeypatch.setattr(Runner, "epoch", counted)
    assert len(run_epochs(runner, 0, 100)) == 100
    assert set(one_by_one) == {0}  # the first, and what is measured


def test_epochs_past_the_literal_print_as_the_longer_script_does() -> None:
    program = Program.read("weight_manual")
    longer, _names = plain(program.with_nb_epochs(14).text)
    run = run_epochs(Runner(program), 0, 15)
    assert [text for _epoch, text in run.output][14] == longer.splitlines(keepends=True)[14]


def test_every_route_gives_the_same_bits(runner: Runner) -> None:
    start = runner.opened.start
    at_once = run_epochs(runner, 0, 12)
    end = runner.capture()
    assert at_once.failure is None
    runner.restore(start)
    runs = [run_epochs(runner, epoch, 1) for epoch in range(5)]
    middle = runner.capture()
    run_epochs(runner, 5, 3)  # on, and back
    runner.restore(middle)
    for epoch in range(5, 12):
        runner.epoch(epoch)
    assert runner.capture() == end
    assert [run.columns[0].cost[0] for run in runs] == [cost for part in at_once.columns for cost in part.cost][:5]
    runner.restore(start)
    assert runner.capture() == start
    lines = [trace(runner, epoch) for epoch in range(12)]
    assert runner.capture() == end
    assert lines[-2:] == list(at_once.traces)


def test_the_state_of_momentum_has_its_buffers_and_begins_without_them() -> None:
    runner = Runner(Program(PROGRAMS["momentum"], "mine.py"))
    assert [slot.name for slot in runner.opened.start.slots] == ["W", "b"]
    runner.epoch(0)
    names = [slot.name for slot in runner.capture().slots]
    assert names == ["W", "b", "W.grad", "b.grad", "SGD.momentum_buffer.W", "SGD.momentum_buffer.b"]
    assert runner.capture().rest == b""


def test_another_optimizer_ignores_what_the_former_one_remembers() -> None:
    momentum, adam = (Runner(Program(PROGRAMS[name], "mine.py")) for name in ("momentum", "adam"))
    momentum.epoch(0)
    adam.restore(momentum.capture())
    assert trace(adam, 1).memory == ()
    assert trace(adam, 2).memory[0][0] == "step"


def test_the_gradient_that_ran_is_read_before_a_later_zero_grad() -> None:
    runner = Runner(Program(PROGRAMS["zero_grad after the step"], "mine.py"))
    traced = trace(runner, 0)
    assert traced.gradient == traced.true_gradient
    assert traced.steps[-1].grad is None


def test_turning_the_lr_sets_the_running_value_without_another_setup() -> None:
    for name in LECTURE:
        program = Program.read(name)
        turned = program.with_lr(0.05)
        answers = Answers()
        opened = answers.answer(Open(program))
        run = answers.answer(Run(turned, opened.start, 0, 0, 11))
        printed, _names = plain(turned.text)
        assert "".join(text for _epoch, text in run.output) == printed


def test_an_earlier_state_leads_to_a_later_epoch() -> None:
    answers, program = Answers(), Program.read("weight_manual")
    start = answers.answer(Open(program)).start
    run = answers.answer(Run(program, start, 0, 0, 8))
    assert answers.answer(Look(program, start, 0, 7)) == run.traces[-1]


def test_a_failing_line_is_named_and_what_ran_before_it_is_kept() -> None:
    program = Program.read("weight_manual")
    edited = program.with_statement(program.lines[-1].number, "W -= lr * F")
    with pytest.raises(RunFailed) as failed:
        Runner(edited)
    assert str(failed.value) == f"line {program.lines[-1].number}: NameError: name 'F' is not defined"
    edited = program.with_statement(
        program.lines[-1].number, "W -= lr * gradient / (0 if epoch == 7 else 1) if epoch != 7 else 1 / 0"
    )
    run = run_epochs(Runner(edited), 0, 20)
    assert len(run) == 7
    assert str(run.failure) == f"line {program.lines[-1].number}: ZeroDivisionError: division by zero"


def test_a_large_state_is_kept_at_checkpoints() -> None:
    runner = Runner(Program(PROGRAMS["a network"], "mine.py"))
    run = run_epochs(runner, 0, 10)
    assert not run.columns[-1].numbers
    assert len(run.columns[-1].sizes) == 2 * len(run.columns[-1])
    assert run.checkpoints[-1] == (10, runner.capture())


def test_the_table_shows_rows_spread_evenly() -> None:
    text = Program.read("weight_manual").text.replace("[[1], [2], [3]]", "[[n] for n in range(1000)]")
    table = Runner(Program(text.replace("lr = 0.1", "lr = 1e-6"), "mine.py")).opened.table
    assert (table.rows, len(table.x), table.x[1], table.y[-1]) == (1000, 200, (5.0,), (995.0,))
    assert table.ranges == ((0.0, 999.0, 499.5),) * 2


def test_a_core_py_of_the_learner_wins(tmp_path: Any) -> None:
    (tmp_path / "core.py").write_text("START = 2.5\n")
    text = Program.read("weight_manual").text.replace("torch.zeros(1)", "torch.full((1,), core.START)")
    runner = Runner(Program(f"import core\n{text}", str(tmp_path / "train.py")))
    assert runner.opened.start == State(runner.opened.start.slots, (2.5,))
    assert sys.modules["core"].__file__ != str(tmp_path / "core.py")


def test_costs_leave_the_run_as_it_was() -> None:
    answers, program = Answers(), Program.read("weight_optim")
    start = answers.answer(Open(program)).start
    parts = []

    def meanwhile() -> bool:
        parts.append(answers.answer(Costs(program, start, ((1.0,),))))
        return False

    streamed = list(answers.stream(Run(program, start, 0, 0, 300), meanwhile))
    assert parts[0] == (0.0,)
    assert numbers(*streamed) == numbers(answers.answer(Run(program, start, 0, 0, 300)))
