"""The stepper against the smallest Textual program, in turn, both in a real terminal of 120 x 36.

Each benchmark's extra information has what was measured: medians in ms, and their ratio.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.tty.terminal import GRADSTEP, Terminal, opened

COUNTER = (sys.executable, str(Path(__file__).parent / "counter.py"))
KEYS = 60
QUIET = 0.04
"""After so many seconds without output a key is answered in full."""


@pytest.fixture(autouse=True)
def only_when_benchmarks_are_enabled(benchmark: BenchmarkFixture) -> None:
    """They take minutes, and without a clock they would say nothing."""
    if benchmark.disabled:
        pytest.skip("runs with --benchmark-enable")


def in_turn(benchmark: BenchmarkFixture, ours: Callable[[], float], theirs: Callable[[], float]) -> None:
    """Measure ours and the counter's in turn, and note the medians and their ratio."""
    measured: list[tuple[float, float]] = []
    benchmark.pedantic(lambda: measured.append((ours(), theirs())), rounds=7)
    mine, yardstick = (statistics.median(column) * 1000 for column in zip(*measured, strict=True))
    benchmark.extra_info |= {
        "gradstep, ms": round(mine),
        "counter, ms": round(yardstick),
        "ratio": round(statistics.median(a / b for a, b in measured), 3),
    }


def first_frame(command: tuple[str, ...], text: str) -> float:
    with opened(command) as terminal:
        return terminal.wait_for(text)


def first_epoch(command: tuple[str, ...]) -> float:
    with opened(command) as terminal:
        terminal.wait_for("epoch 0")
        terminal.press(b" ")
        return terminal.wait_for("epoch 1")


def test_first_frame(benchmark: BenchmarkFixture) -> None:
    in_turn(benchmark, lambda: first_frame(GRADSTEP, "cost(W)"), lambda: first_frame(COUNTER, "epoch 0"))


def test_first_epoch(benchmark: BenchmarkFixture) -> None:
    in_turn(benchmark, lambda: first_epoch(GRADSTEP), lambda: first_epoch((*COUNTER, "--torch")))


def ready(terminal: Terminal) -> Terminal:
    terminal.wait_for("1/7 edge")
    time.sleep(3)  # the optimizer is imported behind the first epoch
    while terminal.read(0.1):
        pass
    return terminal


def answered(terminal: Terminal, text: str) -> tuple[float, float]:
    """Press space: seconds until the text is there, and until the last byte."""
    began = time.perf_counter()
    terminal.press(b" ")
    seen = last = 0.0
    while terminal.read(QUIET if seen else 5):
        last = terminal.read_at - began
        seen = seen or (last if text in terminal.text else 0.0)
    return seen, last


def keys(terminal: Terminal, number: int) -> tuple[list[float], list[float]]:
    """Seconds to the number, and to everything painted, of KEYS keys; the first ten left out."""
    answers = [answered(terminal, f"epoch {number + key}") for key in range(1, KEYS + 1)][10:]
    return [seen for seen, _last in answers], [last for _seen, last in answers]


def spread(seconds: list[float]) -> list[float]:
    """Median and 95th percentile in ms."""
    return [round(1000 * value, 1) for value in (statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1])]


@pytest.mark.parametrize("start", [0, 10_000], ids=["at epoch 10", "at epoch 10,000"])
def test_a_key(benchmark: BenchmarkFixture, start: int) -> None:
    with opened((*GRADSTEP, "--lr", "0.001")) as ours, opened(COUNTER) as theirs:
        theirs.wait_for("epoch 0")
        ready(ours)
        if start:
            ours.press(b"f")
            ours.wait_for("Run to epoch")
            ours.press(f"{start}\r".encode())
            ours.wait_for(f"ran to epoch {start:,}", 120)
        measured: list[tuple[list[float], list[float]]] = []
        benchmark.pedantic(lambda: measured.extend((keys(ours, start), keys(theirs, 0))), rounds=1)
    for what, mine, yardstick in zip(("number", "everything painted"), *measured, strict=True):
        benchmark.extra_info[f"key to {what}, ms (median, 95 %)"] = spread(mine)
        benchmark.extra_info[f"counter's to {what}"] = spread(yardstick)
        ratio = statistics.median(mine) / statistics.median(yardstick)
        benchmark.extra_info[f"ratio to {what}"] = round(ratio, 2)


def test_400_keys_at_once(benchmark: BenchmarkFixture) -> None:
    def flood(terminal: Terminal, first: int) -> float:
        began = time.perf_counter()
        terminal.press(b" " * 400)
        terminal.wait_for(f"epoch {first + 400}", 60)
        return terminal.read_at - began

    with opened() as ours, opened(COUNTER) as theirs:
        theirs.wait_for("epoch 0")
        ready(ours)
        measured: list[tuple[float, float]] = []
        benchmark.pedantic(
            lambda: measured.append((flood(ours, 400 * len(measured)), flood(theirs, 400 * len(measured)))), rounds=5
        )
    mine, yardstick = (statistics.median(column) for column in zip(*measured, strict=True))
    benchmark.extra_info |= {"gradstep, s": round(mine, 2), "counter, s": round(yardstick, 2)}


def memory(pid: int) -> int:
    """The resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def test_keys_while_a_long_run_goes_on_and_memory(benchmark: BenchmarkFixture) -> None:
    def zoomed() -> float:
        before, began = ours.text.splitlines()[11], time.perf_counter()
        ours.press(b"z")
        while ours.text.splitlines()[11] == before:
            assert ours.read(5), "no answer"
        seconds = ours.read_at - began
        end = time.perf_counter() + 0.05
        while time.perf_counter() < end:
            ours.read(0.05)
        return seconds

    with opened((*GRADSTEP, "--lr", "1e-9")) as ours:
        ready(ours)
        (engine,) = Path(f"/proc/{ours.process.pid}/task/{ours.process.pid}/children").read_text().split()
        idle = spread([zoomed() for _ in range(KEYS)])
        ours.press(b"f")
        ours.wait_for("Run to epoch")
        ours.press(b"90000000\r")
        ours.wait_for("of the way to epoch")
        busy: list[float] = []
        benchmark.pedantic(lambda: busy.append(zoomed()), rounds=KEYS)
        benchmark.extra_info |= {
            "a key idle, ms (median, 95 %)": idle,
            "a key while a long run goes on": spread(busy),
            "MB of the screen's process": memory(ours.process.pid),
            "MB of the engine's": memory(int(engine)),
        }
