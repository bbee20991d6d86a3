"""The command `gradstep serve`: what it refuses, what it prints, and how it and all that it has started end."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

GRADSTEP = (sys.executable, "-m", "tui")


def refusal(*arguments: str, command: tuple[str, ...] = GRADSTEP) -> str:
    """What the command says where it ends with exit code 2."""
    done = subprocess.run([*command, "serve", *arguments], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@contextmanager
def serving(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The server in a process of its own, and its link."""
    process = subprocess.Popen(
        [*GRADSTEP, "serve", "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        link = re.fullmatch(r"\D+ (http://127\.0\.0\.1:\d+/\?token=[\w-]{43}) .*\n", line)
        assert link is not None, line
        yield process, link[1]
    finally:
        process.kill()
        process.communicate()


def children(process: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


async def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert refusal("--port", str(port)) == (
            f"gradstep: port {port} is taken by another program: "
            "choose another with --port, or any free one, --port 0\n"
        )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--port 65536", "port '65536' is not a whole number from 0 to 65535, for example 10"),
        ("--port x", "port 'x' is not a whole number from 0 to 65535, for example 10"),
        ("--sessions 0", "sessions '0' is not a whole number from 1 to 100, for example 10"),
        ("--lesson 99", "there is no lesson '99'"),
        ("--data nowhere.csv", "nowhere.csv"),
        ("--lr -1", "lr '-1' is negative"),
        ("--host 0.0.0.0", "No such option"),
    ],
)
def test_a_mistake_is_told_before_anything_is_served(arguments: str, told: str) -> None:
    sentence = refusal(*arguments.split())
    assert sentence.startswith("gradstep: ")
    assert told in sentence
    assert sentence.count("\n") == 1


@pytest.mark.parametrize("missing", ["textual_serve", "aiohttp"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from tui.__main__ import main; main()"
    assert "pip install 'gradstep[web]'" in refusal(command=(sys.executable, "-c", code))


def test_it_listens_on_this_machines_own_address_alone() -> None:
    with serving() as (_, link):
        port = int(link.split(":")[2].partition("/")[0])
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=5)
        with pytest.raises(OSError):  # noqa: PT011 - refused, or a machine without such addresses
            socket.create_connection(("::1", port), timeout=5)


async def open_session(client: aiohttp.ClientSession, link: str) -> aiohttp.ClientWebSocketResponse:
    async with client.get(link) as answer:
        assert answer.status == 200
    page = await client.ws_connect(link.replace("http", "ws", 1).replace("/?", "/ws?"))
    await painted_until(page, "epoch 0")
    return page


async def painted_until(page: aiohttp.ClientWebSocketResponse, *texts: str) -> bytes:
    """What the session paints until these texts are among it."""
    painted = b""
    async with asyncio.timeout(60):
        while not all(text.encode() in painted for text in texts):
            painted += await page.receive_bytes()
    return painted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_and_every_session(number: signal.Signals) -> None:
    with serving() as (process, link):
        async with aiohttp.ClientSession() as client:
            pages = [await open_session(client, link) for _ in range(2)]
            sessions = children(process.pid)
            assert len(sessions) == len(pages)
            process.send_signal(number)
            began = time.monotonic()
            out, err = process.communicate(timeout=20)
            assert (process.returncode, out, err) == (128 + number, "", "")
            assert time.monotonic() - began < 10  # 2 s where the machine is not shared
            until(lambda: not any(Path(f"/proc/{session}").exists() for session in sessions))


async def test_sessions_end_with_a_server_that_is_killed() -> None:
    with serving() as (process, link):
        async with aiohttp.ClientSession() as client:
            await open_session(client, link)
            (session,) = children(process.pid)
            process.kill()
            process.wait()
            until(lambda: not Path(f"/proc/{session}/exe").exists())


async def test_a_session_begins_with_what_the_teacher_says_and_knows_no_folder(tmp_path: Path) -> None:
    table = tmp_path / "my scores.csv"
    table.write_text("a,b,y\n1,2,3\n2,1,4\n3,5,9\n4,4,9\n", encoding="utf-8")
    with serving("--data", str(table), "--method", "optim", "--lang", "ko") as (_, link):
        async with aiohttp.ClientSession() as client:
            page = await client.ws_connect(link.replace("http", "ws", 1).replace("/?", "/ws?width=120&height=36&"))
            painted = await painted_until(page, "my scores.csv", "optim", "끝내기")
            await page.send_json(["stdin", "\x13"])
            painted += await painted_until(page, "my scores.gradstep")
            await page.send_json(["stdin", "\r"])
            while (message := await page.receive(timeout=60)).type == aiohttp.WSMsgType.BINARY:
                painted += message.data
            place = f"/download/{message.json()[1]}"
            async with client.get(link.replace("/?", f"{place}?")) as answer:
                saved = await answer.text()
            assert '"file": "my scores.csv"' in saved
            assert str(tmp_path) not in painted.decode(errors="replace") + saved


def test_a_closed_stdout_is_told(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("a device that is always full is Linux's")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*GRADSTEP, "serve", "--port", "0"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.startswith("gradstep: stdout can't be written")
