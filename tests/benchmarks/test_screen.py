"""The stepper against the smallest Textual program, in turn, both in a real terminal of 120 x 36.

Asked for: first frame 1.4 times the counter's, first epoch 1.05 times that of a counter which imports torch, a key 3
times to the number and 5 times to everything painted, at epoch 10 as at epoch 10,000; 8 KB written a key. What was
measured is each benchmark's extra information: medians in ms, and their ratio.
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


def in_turn(benchmark: BenchmarkFixture, ours: Callable[[], float], theirs: Callable[[], float]) -> None:
    """Measure ours and the counter's in turn, and put the medians and their ratio into the extra information."""
    measured: list[tuple[float, float]] = []
    benchmark.pedantic(lambda: measured.append((ours(), theirs())), rounds=9)
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


def answered(terminal: Terminal, number: int) -> tuple[float, float, int]:
    """Press space: seconds until the number has changed, seconds until the last byte, and the bytes."""
    before, began = len(terminal.output), time.perf_counter()
    terminal.press(b" ")
    seen = last = 0.0
    while terminal.read(QUIET if seen else 5):
        last = terminal.read_at - began
        seen = seen or (last if f"epoch {number}" in terminal.text else 0.0)
    return seen, last, len(terminal.output) - before


def keys(terminal: Terminal, number: int) -> tuple[float, float, float]:
    """The medians over KEYS keys from an epoch on, the first ten left out."""
    answers = [answered(terminal, number + key) for key in range(1, KEYS + 1)]
    to_number, to_all, written = (statistics.median(column) for column in zip(*answers[10:], strict=True))
    return to_number, to_all, written


@pytest.mark.parametrize("start", [0, 10_000], ids=["at epoch 10", "at epoch 10,000"])
def test_a_key(benchmark: BenchmarkFixture, start: int) -> None:
    with opened((*GRADSTEP, "--lr", "0.001")) as ours, opened(COUNTER) as theirs:
        theirs.wait_for("epoch 0")
        ours.wait_for("1/7 edge")
        time.sleep(3)  # the optimizer is imported behind the first epoch
        if start:
            ours.press(b"f")
            ours.wait_for("Run to epoch")
            ours.press(f"{start}\r".encode())
            ours.wait_for(f"ran to epoch {start:,}", 120)
        measured: list[tuple[float, float, float]] = []
        benchmark.pedantic(lambda: measured.extend((keys(ours, start), keys(theirs, 0))), rounds=1)
    (number, painted, written), (yardstick, yardstick_painted, _) = measured
    benchmark.extra_info |= {
        "key to number, ms": round(1000 * number, 2),
        "its ratio to the counter": round(number / yardstick, 2),
        "key to everything painted, ms": round(1000 * painted, 2),
        "its ratio": round(painted / yardstick_painted, 2),
        "bytes a key": written,
    }
