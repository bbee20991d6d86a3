"""Long runs and large tables, ratios in one run, told as each benchmark's extra information.

Asked for: recording a million epochs at most 1.25 times the bare lines, 96 bytes an epoch; an epoch far back, and a
key there, at most 1.2 times what they cost at epoch 10, the table of runs twice. While it runs far a key within 3 times
the idle latency (95th percentile), and 65 % of the bare speed. A million rows: read in at most 1.5 times the time of
numpy.loadtxt, an epoch at most 1.1 times the bare lines; ten million in 3 GB, an epoch at most 12 times that of a
million.
"""

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture

from core.beginning import beginning
from core.csv_file import read_dataset
from core.data import LECTURE, Dataset
from core.descent import MOST_KEPT, Descent
from core.epoch import TorchEngine
from core.listing import GradientForm, Method
from core.lr import Lr
from core.tables import open_table
from tests.tty.terminal import GRADSTEP, Terminal, opened
from tui.panels.runs import runs_of, table

ROUNDS = 5


@pytest.fixture(autouse=True)
def only_when_benchmarks_are_enabled(benchmark: BenchmarkFixture) -> None:
    """They take minutes, and without a clock they would tell nothing."""
    if benchmark.disabled:
        pytest.skip("runs with --benchmark-enable")


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare_lines(data: Dataset, descent: Descent) -> Callable[[int], None]:
    """The listing of a run without its yields: what runs those lines and nothing else, so many times."""
    listing, method = descent.knobs.listing, descent.knobs.method
    names: dict[str, Any] = {"__name__": "bare"}
    exec(re.sub(r"\n    yield .*", "", listing.text), names)
    names["x_train"] = torch.tensor(data.x).view(len(data), -1)
    names["y_train"] = torch.tensor(data.y).unsqueeze(1)
    *parameters, stepper = names[f"{method}_model"]()
    if method is Method.MANUAL:
        stepper = descent.knobs.lr.value
    else:
        stepper.param_groups[0]["lr"] = descent.knobs.lr.value
    epoch = names[f"{method}_epoch"]

    def run(count: int) -> None:
        for _ in range(count):
            epoch(*parameters, stepper)

    return run


def in_turn(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median ratio of ours to theirs, measured in turn."""
    return statistics.median(seconds(ours) / seconds(theirs) for _ in range(rounds))


RUNGS = [("lecture", False), ("lecture", True), ("mtcars", True), ("mtcars", False)]
EPOCHS = 20_000


@pytest.mark.parametrize(("table", "bias"), RUNGS)
@pytest.mark.parametrize("method", Method)
def test_recording(benchmark: BenchmarkFixture, table: str, bias: bool, method: Method) -> None:
    data = open_table(table)
    descent = beginning(data, bias, method)
    engine, bare = TorchEngine(data), bare_lines(data, descent)
    engine.run_epochs(descent.knobs, descent.tape.start, 10)
    ratios: list[float] = []

    def record() -> None:
        columns = engine.run_epochs(descent.knobs, descent.tape.start, EPOCHS)
        assert len(descent.tape.extended(descent.knobs, columns)) == EPOCHS

    benchmark.pedantic(lambda: ratios.append(in_turn(record, lambda: bare(EPOCHS), 1)), rounds=ROUNDS)
    benchmark.extra_info["recorded / bare"] = round(statistics.median(ratios), 3)


@pytest.fixture(scope="module")
def million() -> tuple[Descent, TorchEngine, float, int]:
    """A run of a million epochs, its ratio to the bare lines, and the bytes of its tape."""
    descent, engine = Descent(Descent().knobs.with_lr(Lr.at(1e-9))), TorchEngine(LECTURE)
    bare = bare_lines(LECTURE, descent)
    began = time.perf_counter()
    descent = descent.goto(4 * 1_000_000, engine)
    recorded = time.perf_counter() - began
    ratio = recorded / seconds(lambda: bare(1_000_000))
    columns = (column for block in descent.tape.blocks for column in (block.cost, block.gradient, block.w_next))
    return descent, engine, ratio, sum(map(sys.getsizeof, columns))


def test_a_million_epochs(benchmark: BenchmarkFixture, million: tuple[Descent, TorchEngine, float, int]) -> None:
    descent, engine, ratio, size = million
    cut = descent.goto(0, engine).goto(40, engine)

    def moves(epoch: int) -> Callable[[], object]:
        return lambda: [descent.goto(4 * (epoch + step), engine) for step in range(100)]

    def turns(place: Descent) -> Callable[[], object]:
        lrs = [place.knobs.with_lr(Lr.at(1e-9 + step * 1e-12)) for step in range(1, 101)]
        return lambda: [place.turn(knobs, engine) for knobs in lrs]

    benchmark.pedantic(moves(123_456), rounds=ROUNDS)
    benchmark.extra_info |= {
        "recorded / bare": round(ratio, 3),
        "bytes an epoch": round(size / len(descent.tape), 1),
        "going back to 123,456 / to 10": round(in_turn(moves(123_456), moves(10), 11), 2),
        "a knob turned at 1,000,000 / at 10": round(in_turn(turns(descent), turns(cut), 11), 2),
    }


def test_the_table_of_runs_beside_a_million_epochs(
    benchmark: BenchmarkFixture, million: tuple[Descent, TorchEngine, float, int]
) -> None:
    long, engine, _ratio, _size = million
    short = long.goto(0, engine).restarted((0.0,), engine).goto(40, engine)

    def rows(descent: Descent) -> Callable[[], object]:
        for start in range(MOST_KEPT):
            descent = descent.keep(str(start))
        places = [descent.goto(descent.tick + 4 * step, engine) for step in range(1, 101)]
        table(descent, runs_of(descent), 74)  # a run is looked at once

        def drawn() -> None:
            for place in places:
                grown = replace(place, tape=replace(place.tape))  # nothing of the tape itself is remembered
                table(grown, runs_of(grown), 74)

        return drawn

    benchmark.pedantic(rows(long), rounds=ROUNDS)
    benchmark.extra_info["at 1,000,000 / at 10"] = round(in_turn(rows(long), rows(short), 11), 2)


def zoomed(terminal: Terminal) -> float:
    """Press z: seconds until the axis below cost(W) has changed."""
    before, began = terminal.text.splitlines()[11], time.perf_counter()
    terminal.press(b"z")
    while terminal.text.splitlines()[11] == before:
        assert terminal.read(5), "no answer"
    return terminal.read_at - began


def keys(terminal: Terminal) -> tuple[float, float]:
    """Median and 95th percentile of 100 keys, some time apart."""
    latencies = []
    for _ in range(100):
        latencies.append(zoomed(terminal))
        while terminal.read(0.05):
            pass
    return statistics.median(latencies), statistics.quantiles(latencies, n=20)[-1]


def test_running_far(benchmark: BenchmarkFixture) -> None:
    descent = Descent(Descent().knobs.with_lr(Lr.at(1e-9)))
    bare = bare_lines(LECTURE, descent)
    with opened((*GRADSTEP, "--lr", "1e-9")) as terminal:
        terminal.wait_for("1/7 edge")
        time.sleep(3)  # the optimizer is imported behind the first epoch
        terminal.read(0.1)
        idle = keys(terminal)
        speed = 100_000 / seconds(lambda: bare(100_000))
        terminal.press(b"f")
        terminal.wait_for("Run to epoch")
        terminal.press(b"1000000\r")
        began = time.perf_counter()
        busy: list[tuple[float, float]] = []
        benchmark.pedantic(lambda: busy.append(keys(terminal)), rounds=1)
        terminal.wait_for("ran to epoch 1,000,000", 200)
        far = 1_000_000 / (time.perf_counter() - began)
    speed = (speed + 100_000 / seconds(lambda: bare(100_000))) / 2
    benchmark.extra_info |= {
        "a key idle, ms (median, 95 %)": [round(1000 * value, 1) for value in idle],
        "a key while it runs far": [round(1000 * value, 1) for value in busy[0]],
        "95 % / idle": round(busy[0][1] / idle[1], 2),
        "share of the bare speed": round(far / speed, 2),
    }


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """CSV files of a million and of ten million rows."""
    folder, generator = tmp_path_factory.mktemp("tables"), np.random.default_rng(0)
    for millions in (1, 10):
        with open(folder / f"{millions}.csv", "w") as file:
            file.write("x,y\n")
            for _ in range(millions):
                x = generator.random(1_000_000) * 10
                y = 2 * x + 1 + generator.normal(size=len(x))
                np.savetxt(file, np.column_stack([x, y]), fmt="%.4f", delimiter=",")
    yield folder / "1.csv", folder / "10.csv"
    for path in folder.iterdir():
        path.unlink()


def test_reading_a_million_rows(benchmark: BenchmarkFixture, tables: tuple[Path, Path]) -> None:
    path = str(tables[0])
    benchmark.pedantic(lambda: read_dataset(path), rounds=ROUNDS)
    ratio = in_turn(lambda: read_dataset(path), lambda: np.loadtxt(path, delimiter=",", skiprows=1), 9)
    benchmark.extra_info["ours / loadtxt"] = round(ratio, 2)


@pytest.mark.parametrize("method", Method)
def test_an_epoch_over_a_million_rows(benchmark: BenchmarkFixture, tables: tuple[Path, Path], method: Method) -> None:
    data = open_table(str(tables[0]))
    descent = beginning(data, method=method, form=GradientForm.SUM)
    engine, bare = TorchEngine(data), bare_lines(data, descent)

    def record() -> object:
        return engine.run_epochs(descent.knobs, descent.tape.start, 30)

    benchmark.pedantic(record, rounds=ROUNDS)
    benchmark.extra_info["ours / bare"] = round(in_turn(record, lambda: bare(30), 9), 2)


TEN_MILLION = """
import json, resource, statistics, sys, time
from core.beginning import beginning
from core.epoch import TorchEngine
from core.listing import Method
from core.tables import open_table
told = {}
for method in Method:
    times = []
    for path, count in zip(sys.argv[1:], (40, 6)):
        data = open_table(path)
        engine, descent = TorchEngine(data), beginning(data, method=method)
        rounds = []
        for _ in range(5):
            began = time.perf_counter()
            engine.run_epochs(descent.knobs, descent.tape.start, count)
            rounds.append((time.perf_counter() - began) / count)
        times.append(statistics.median(rounds))
    told[f"{method}: ten million / one"] = round(times[1] / times[0], 1)
told["GB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
print(json.dumps(told))
"""


def test_ten_million_rows(benchmark: BenchmarkFixture, tables: tuple[Path, Path]) -> None:
    command = [sys.executable, "-c", TEN_MILLION, *map(str, tables)]
    printed: list[str] = []
    benchmark.pedantic(
        lambda: printed.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout), rounds=1
    )
    benchmark.extra_info |= json.loads(printed[0])
