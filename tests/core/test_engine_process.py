"""The engine in its own process: what it answers, and what happens where it can't."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.engine.client import EngineClient
from core.program import Program
from core.requests import Costs, Look, Open, Run
from core.state import EngineDied, Opened, RunFailed

PROGRAM = Program.read("weight_manual")
UPDATE = PROGRAM.lines[-1].number


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[EngineClient]:
    client = EngineClient()
    client.start()
    yield client
    client.close()


async def opened(engine: EngineClient) -> Opened:
    return await engine.ask(Open(PROGRAM))


async def run(engine: EngineClient, count: int = 11, update: str = "", limit: float | None = None) -> int:
    program = PROGRAM.with_statement(UPDATE, update) if update else PROGRAM
    state = (await opened(engine)).start
    return len(await engine.ask(Run(program, state, 0, 0, count), limit))


async def test_a_long_run_comes_in_parts_and_others_are_answered_meanwhile(engine: EngineClient) -> None:
    start = (await opened(engine)).start
    first = 0
    async for part in engine.stream(Run(PROGRAM, start, 0, 0, 1_000_000)):
        assert part.first == first
        first += len(part)
        assert await engine.ask(Costs(PROGRAM, start, ((1.0,), (0.0,)))) == pytest.approx((0.0, 14 / 3))
        if first > 2000:
            break
    assert (await engine.ask(Look(PROGRAM, start, 0, 3))).epoch == 3  # it has stopped


async def test_a_failure_comes_back_with_its_line(engine: EngineClient) -> None:
    with pytest.raises(RunFailed, match="NameError: name 'F' is not defined") as failed:
        await run(engine, update="W -= F")
    assert failed.value.line == UPDATE


async def test_a_killed_engine_is_reported_and_the_next_request_starts_another(engine: EngineClient) -> None:
    with pytest.raises(EngineDied, match="signal 9"):
        await run(engine, update="W -= __import__('os').kill(__import__('os').getpid(), 9)")
    assert await run(engine) == 11
    with pytest.raises(EngineDied, match="exit code 3"):
        await run(engine, update="W -= __import__('os')._exit(3)")


async def test_a_loop_for_ever_is_ended_by_the_limit(engine: EngineClient) -> None:
    with pytest.raises(EngineDied, match=r"more than 0\.2 s"):
        await run(engine, update="W -= sum(0 for _ in iter(int, 1))", limit=0.2)
    assert await run(engine) == 11


async def test_an_interrupt_ends_what_is_running(engine: EngineClient) -> None:
    running = asyncio.create_task(run(engine, update="W -= sum(0 for _ in iter(int, 1))"))
    await opened(engine)
    await asyncio.sleep(0.1)
    await engine.interrupt()
    with pytest.raises(EngineDied):
        await running


async def test_a_program_can_not_read_or_print_to_the_terminal(engine: EngineClient) -> None:
    assert await run(engine, update="W -= lr * gradient + 0 * len(__import__('sys').stdin.read())") == 11


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_orphan_ends_while_its_program_loops(tmp_path: Path) -> None:
    script = (
        "import asyncio\n"
        "from tests.core.test_engine_process import *\n"
        "engine = EngineClient(); engine.start()\n"
        "print(engine._pipe._process.pid, flush=True)\n"
        "asyncio.run(run(engine, update='W -= sum(0 for _ in iter(int, 1))'))\n"
    )
    root = str(Path(__file__).parents[2])
    stepper = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root,
                               env={**os.environ, "PYTHONPATH": root})  # fmt: skip
    assert stepper.stdout is not None
    child = int(stepper.stdout.readline())
    time.sleep(2)
    stepper.send_signal(signal.SIGKILL)
    stepper.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_client_imports_neither_torch_nor_multiprocessing() -> None:
    asked = (
        "import sys, core.engine.client; print([m for m in ('torch', 'numpy', 'multiprocessing') if m in sys.modules])"
    )
    root = str(Path(__file__).parents[2])
    printed = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=root, check=True)
    assert printed.stdout == "[]\n"
