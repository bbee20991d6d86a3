"""The command `gradstep serve`: what it refuses, what it prints, and how it and all that it has started end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.web.test_sessions import said, shown

GRADSTEP = (sys.executable, "-m", "tui")


def refusal(*arguments: str, command: tuple[str, ...] = GRADSTEP) -> str:
    """What the command says where it ends with exit code 2."""
    done = subprocess.run([*command, "serve", *arguments], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
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


def test_mistakes_are_said_before_anything_is_served() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} is taken by another program: choose another" in refusal("--port", str(port))
    assert "sessions '0' is not a whole number from 1 to 100" in refusal("--sessions", "0")
    assert "there is no lesson '99'" in refusal("--lesson", "99")
    assert "nowhere.csv" in refusal("--data", "nowhere.csv")
    code = "import sys; sys.modules['aiohttp'] = None; from tui.__main__ import main; main()"
    assert "pip install 'gradstep[web]'" in refusal(command=(sys.executable, "-c", code))


async def open_session(client: aiohttp.ClientSession, link: str, *texts: str) -> aiohttp.ClientWebSocketResponse:
    async with client.get(link) as answer:
        assert answer.status == 200
    page = await client.ws_connect(link.replace("http", "ws", 1).replace("/?", "/ws?width=120&height=36&"))
    await shown(page, "epoch 0")
    for text in texts:
        await shown(page, text)
    return page


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_a_signal_ends_it_and_every_session(number: signal.Signals) -> None:
    with serving() as (process, link):
        async with aiohttp.ClientSession() as client:
            await open_session(client, link)
            sessions = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            assert len(sessions) == 1
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
            code = -number if number is signal.SIGKILL else 128 + number
            assert (process.returncode, out, err) == (code, "", "")
            end = time.monotonic() + 20
            while any(os.path.exists(f"/proc/{session}/exe") for session in sessions):
                assert time.monotonic() < end
                time.sleep(0.05)


async def test_a_session_begins_with_what_the_teacher_says_and_knows_no_folder(tmp_path: Path) -> None:
    table = tmp_path / "my scores.csv"
    table.write_text("a,b,y\n1,2,3\n2,1,4\n3,5,9\n4,4,9\n", encoding="utf-8")
    with serving("--data", str(table), "--method", "optim") as (_, link):
        async with aiohttp.ClientSession() as client:
            page = await open_session(client, link, "4 rows")
            await page.send_json(["stdin", "\x13"])
            await shown(page, "downloads")
            await page.send_json(["stdin", "\r"])
            place = f"/download/{await said(page, 'deliver_file_start')}"
            async with client.get(link.replace("/?", f"{place}?")) as answer:
                assert "features_optim" in await answer.text()
