"""Recorded epochs against the bare loop of the same program. Asked for: at most 1.15 times."""

import re
import statistics
import time
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from core.engine.client import LocalEngine
from core.knobs import Knobs
from core.log import EpochLog
from core.program import Method
from core.requests import Open, Run

EPOCHS = 20_000


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.mark.parametrize("rung", ["weight", "bias"])
@pytest.mark.parametrize("method", Method)
def test_recorded_epochs(benchmark: BenchmarkFixture, rung: str, method: Method) -> None:
    if benchmark.disabled:
        pytest.skip("runs with --benchmark-enable")
    engine, knobs = LocalEngine(), Knobs.of(rung, method)
    opened = engine.answer(Open(knobs.program))
    silent = re.sub(r"    print\((?:.|\n)*?\n    \)\)\n", "", knobs.program.text)
    quiet = knobs.program.with_text(silent)
    engine.answer(Run(quiet, opened.start, 0, 0, 100))
    setup, loop = silent.split("nb_epochs = 10\n")
    code = compile(f"nb_epochs = {EPOCHS}\n{loop}", "bare", "exec")

    def bare() -> None:
        names: dict[str, object] = {}
        exec(setup, names)
        exec(code, names)

    def recorded() -> None:
        run = engine.answer(Run(quiet, opened.start, 0, 0, EPOCHS))
        assert len(EpochLog.of(opened).extended(knobs, run)) == EPOCHS

    ratios: list[float] = []
    benchmark.pedantic(lambda: ratios.append(seconds(recorded) / seconds(bare)), rounds=7, warmup_rounds=1)
    benchmark.extra_info["recorded / bare"] = round(statistics.median(ratios), 3)
