"""The stepper against the smallest Textual program, both in a real terminal of 120 x 36.

Asked for: first frame 1.4 times the counter's, first epoch 1.05 times that of a counter which imports torch, a key 3
times to the number and 5 times to everything painted, at epoch 10 as at epoch 10,000; 8 KB written a key.
"""

import statistics
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.tty.terminal import GRADSTEP, Terminal, opened

COUNTER = (sys.executable, str(Path(__file__).parent / "counter.py"))
KEYS = 40
QUIET = 0.04
"""After so many seconds without output a key is answered in full."""


def first_frame(command: tuple[str, ...], text: str) -> None:
    with opened(command) as terminal:
        terminal.wait_for(text)


@pytest.mark.parametrize(("command", "text"), [(COUNTER, "epoch 0"), (GRADSTEP, "play")], ids=["counter", "gradstep"])
def test_first_frame(benchmark: BenchmarkFixture, command: tuple[str, ...], text: str) -> None:
    benchmark.group = "first frame"
    benchmark.pedantic(first_frame, (command, text), rounds=7)


def first_epoch(command: tuple[str, ...]) -> None:
    with opened(command) as terminal:
        terminal.wait_for("epoch 0")
        terminal.press(b" ")
        terminal.wait_for("epoch 1")


@pytest.mark.parametrize("command", [(*COUNTER, "--torch"), GRADSTEP], ids=["counter that imports torch", "gradstep"])
def test_first_epoch(benchmark: BenchmarkFixture, command: tuple[str, ...]) -> None:
    benchmark.group = "first epoch on the screen"
    benchmark.pedantic(first_epoch, (command,), rounds=7)


def answered(terminal: Terminal, number: int) -> tuple[float, float, int]:
    """Press space: seconds until the number has changed, seconds until the last byte, and the bytes."""
    before, began = len(terminal.output), time.perf_counter()
    terminal.press(b" ")
    seen = last = 0.0
    while terminal.read(QUIET if seen else 5):
        last = time.perf_counter() - began
        seen = seen or (last if f"epoch {number}" in terminal.text else 0.0)
    return seen, last, len(terminal.output) - before


@pytest.mark.parametrize("start", [0, 10_000], ids=["epoch 10", "epoch 10,000"])
@pytest.mark.parametrize("who", ["counter", "gradstep"])
def test_a_key(benchmark: BenchmarkFixture, who: str, start: int) -> None:
    """Timed as a whole: forty keys. The medians to the number and to the last byte are in the extra information."""
    benchmark.group = f"forty keys from epoch {start or 10}"
    with opened(COUNTER if who == "counter" else (*GRADSTEP, "--lr", "0.001")) as terminal:
        terminal.wait_for("epoch 0")
        number = 0
        if who == "gradstep":
            terminal.wait_for("1/7 edge")
            time.sleep(3)  # the optimizer is imported behind
            if start:
                terminal.press(b"f")
                terminal.wait_for("Run to epoch")
                terminal.press(f"{start}\r".encode())
                terminal.wait_for(f"ran to epoch {start:,}", 120)
                number = start
        answers: list[tuple[float, float, int]] = []

        def forty_keys() -> None:
            for _ in range(KEYS):
                answers.append(answered(terminal, number + len(answers) + 1))

        benchmark.pedantic(forty_keys, rounds=1)
        seen, settled, written = (statistics.median(column) for column in zip(*answers[5:], strict=True))
        benchmark.extra_info |= {
            "key to number, ms": round(1000 * seen, 2),
            "key to everything painted, ms": round(1000 * settled, 2),
            "bytes a key": written,
        }
