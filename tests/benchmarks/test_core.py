"""The core against the lecture's own bare loop, over 20,000 epochs. Asked for: at most 1.15 times."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture
from torch import optim

from core.data import LECTURE
from core.epoch import TorchEngine
from core.listing import Method
from core.programs.weight import x_train, y_train
from core.state import Knobs, State
from core.tape import Tape

EPOCHS = 20_000


def bare_manual() -> None:
    W = torch.zeros(1)
    lr = 0.1
    for _ in range(EPOCHS):
        hypothesis = x_train * W
        cost = torch.mean((hypothesis - y_train) ** 2)  # noqa: F841 - the lecture computes it
        gradient = torch.sum((W * x_train - y_train) * x_train)
        W -= lr * gradient


def bare_optim() -> None:
    W = torch.zeros(1, requires_grad=True)
    optimizer = optim.SGD([W], lr=0.15)
    for _ in range(EPOCHS):
        hypothesis = x_train * W
        cost = torch.mean((hypothesis - y_train) ** 2)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()


def recorded(method: Method) -> Callable[[], None]:
    engine, knobs = TorchEngine(LECTURE), replace(Knobs.of_lecture(), method=method)

    def run() -> None:
        tape = Tape().extended(knobs, engine.run_epochs(knobs, State(), EPOCHS))
        assert len(tape) == EPOCHS

    return run


@pytest.mark.parametrize("who", ["bare loop", "recorded"])
@pytest.mark.parametrize("method", Method)
def test_epochs(benchmark: BenchmarkFixture, method: Method, who: str) -> None:
    benchmark.group = f"20,000 epochs, {method}"
    bare = bare_manual if method is Method.MANUAL else bare_optim
    benchmark.pedantic(bare if who == "bare loop" else recorded(method), rounds=7, warmup_rounds=1)
