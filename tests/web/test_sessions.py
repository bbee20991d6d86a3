"""A session is a process behind a page: what the page may send, how many there are, and how they end."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

import aiohttp
import pyte

from tests.web.server import Client, Socket, served
from tui.web.server import MOST_BYTES, MOST_TYPED, GradstepServer
from tui.web.session_process import LARGEST, clamped_size


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")


def is_running(server: GradstepServer) -> bool:
    """Whether a session has a process."""
    return any(session._process is not None and session._process.returncode is None for session in server.sessions)


async def shown(socket: Socket, text: str) -> None:
    """Read until the text is on the screen, which is empty at first."""
    screen = pyte.Screen(120, 36)
    stream, painted = pyte.ByteStream(screen), b""
    async with asyncio.timeout(60):
        while text not in "\n".join(screen.display) and text.encode() not in painted:
            message = await socket.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (message, painted[-500:])
            if message.type == aiohttp.WSMsgType.BINARY:
                painted += message.data
                stream.feed(message.data)


async def said(socket: Socket, kind: str) -> Any:
    """What comes with a word of this kind, beside what is painted."""
    async with asyncio.timeout(60):
        while True:
            message = await socket.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
            if message.type == aiohttp.WSMsgType.TEXT and message.json()[0] == kind:
                return message.json()[1]


async def answers(socket: Socket) -> None:
    await socket.send_json(["ping", "still there"])
    assert await said(socket, "pong") == "still there"


async def opened(client: Client) -> Socket:
    socket = await client.ws_connect("/ws?width=120&height=36")
    await shown(socket, "epoch 0")
    return socket


async def test_keys_reach_the_stepper_and_processes_end_with_their_page() -> None:
    async with served() as (server, client):
        socket = await opened(client)
        (session,) = server.sessions
        assert session._process is not None
        group = session._process.pid
        await socket.send_json(["stdin", " "])
        await shown(socket, "1.400")
        engines = [pid for pid in os.listdir("/proc") if pid.isdigit() and _parent(pid) == group]
        assert len(engines) == 1
        await socket.close()
        await until(lambda: not server.sessions and not any(os.path.exists(f"/proc/{pid}/exe") for pid in engines))


def _parent(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return -1


async def test_one_session_more_is_turned_away_and_the_others_live() -> None:
    async with served(most=1) as (server, client):
        first = await opened(client)
        second = await client.ws_connect("/ws")
        assert await said(second, "open_url") == {"url": "#full", "new_tab": False}
        assert "All 1 sessions are in use." in await (await client.get("/")).text()
        await answers(first)
        again = asyncio.ensure_future(opened(client))  # a browser leaves the old page when it has the new one
        await asyncio.sleep(0)
        await first.close()
        await answers(await again)
        assert len(server.sessions) == 1


NONSENSE = (
    *("", "nonsense", "[" * 100_000, "null", "[]", '["stdin"]', '["stdin", null]', '["stdin", "\\ud800"]'),
    '["stdin", "\\u001b[999999999999;1R\\u001b[<0;0;0M\\u001b[<-1;99999999999999999999;1M"]',
    f'["stdin", "{"x" * (MOST_TYPED + 1)}"]',
    *('["resize", {"width": "a", "height": null}]', '["resize", {"width": 1e999, "height": NaN}]'),
    '["resize", {"width": 999999999, "height": -5}]',
    *('["ping", {"a": 1}]', '["exit"]', '["deliver_chunk_request", "x"]'),
)


async def test_nonsense_from_a_page_does_nothing_and_a_message_without_measure_ends_its_own_session_only() -> None:
    async with served() as (server, client):
        socket = await client.ws_connect(f"/ws?width={'9' * 5000}&height=-1")
        await shown(socket, "\x1b[?1049h")
        for message in NONSENSE:
            await socket.send_str(message)
        await socket.send_bytes(b"M\x00\x00\x00\x0f{'type': 'quit'}")
        await answers(socket)
        await socket.send_json(["resize", {"width": 120, "height": 36}])
        await socket.send_json(["stdin", " " * 300])
        await shown(socket, "epoch 300")
        other = await client.ws_connect("/ws")
        await other.send_str("x" * (MOST_BYTES + 1))
        await until(lambda: len(server.sessions) == 1)
        await answers(socket)


def test_a_size_is_one_that_a_screen_can_have() -> None:
    sizes = [(-5, 0), (1, 1), (120, 36), (10**9, 10**9)]
    assert [clamped_size(*size) for size in sizes] == [(1, 1), (1, 1), (120, 36), LARGEST]


async def test_q_and_a_process_that_is_killed_end_the_page() -> None:
    async with served() as (server, client):
        for way in ("q", "kill"):
            socket = await opened(client)
            (session,) = server.sessions
            assert session._process is not None
            if way == "q":
                await socket.send_json(["stdin", "q"])
            else:
                os.killpg(session._process.pid, signal.SIGKILL)
            while not socket.closed:
                await socket.receive(timeout=20)
            await until(lambda: not server.sessions and not is_running(server))


async def test_code_is_not_for_visitors_and_what_is_written_is_a_download_for_once() -> None:
    async with served() as (_server, client):
        socket = await opened(client)
        await socket.send_json(["stdin", " "])
        await shown(socket, "epoch 1")
        await socket.send_json(["stdin", "e"])
        await shown(socket, "program's own keyboard only")
        for key, filename, content in (("\x05", "%EC%8B%A4.md", "# A run"), ("\x13", "mine.gradstep", '"gradstep": 2')):
            await socket.send_json(["stdin", key])
            await shown(socket, "downloads")
            await socket.send_json(["stdin", "\x15"])
            await asyncio.sleep(0.3)  # textual carries ctrl+u out after letters that come with it
            await socket.send_json(["stdin", f"{'../실.md' if 'md' in filename else 'mine'}\r"])
            place = f"/download/{await said(socket, 'deliver_file_start')}"
            answer = await client.get(place)
            assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{filename}"
            assert content in await answer.text()
            assert (await client.get(place)).status == 404
        assert os.listdir(os.environ["GRADSTEP_STATE"]) == []
