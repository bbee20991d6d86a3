"""A session is a process behind a page: what the page may send, how many there are, and how they end."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.server import Client, admitted, served
from tui.web.server import MOST_BYTES, MOST_TYPED, Served
from tui.web.session import LARGEST, sane

Socket = aiohttp.ClientWebSocketResponse


async def until(condition: Callable[[], bool], told: str) -> None:
    for _ in range(1500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(told)


def process_of(server: Served) -> int:
    """The process of the only session."""
    (session,) = server.sessions
    assert session._process is not None
    return session._process.pid


def runs(process: int) -> bool:
    try:
        os.killpg(process, 0)
    except ProcessLookupError:
        return False
    return True


async def shown(socket: Socket, text: str) -> None:
    """Read until the text has been painted."""
    painted = b""
    async with asyncio.timeout(60):
        while text.encode() not in painted:
            message = await socket.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (message, painted[-500:])
            if message.type == aiohttp.WSMsgType.BINARY:
                painted += message.data


async def told(socket: Socket, kind: str) -> Any:
    """Read until a word of this kind comes beside what is painted."""
    async with asyncio.timeout(60):
        while True:
            message = await socket.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
            if message.type == aiohttp.WSMsgType.TEXT and message.json()[0] == kind:
                return message.json()[1]


async def answers(socket: Socket) -> None:
    await socket.send_json(["ping", "still there"])
    assert await told(socket, "pong") == "still there"


async def begun(client: Client, query: str = "?width=120&height=36") -> Socket:
    socket = await client.ws_connect(f"/ws{query}")
    await shown(socket, "epoch 0")
    return socket


async def test_keys_reach_the_stepper_and_the_session_ends_with_its_page() -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await begun(client)
        process = process_of(server)
        await socket.send_json(["stdin", " "])
        await shown(socket, "epoch 1")
        await socket.close()
        await until(lambda: not server.sessions, "the session lives on")
        assert not runs(process)


async def test_one_session_more_is_told_so_and_the_others_live() -> None:
    async with served(most=1) as (server, client):
        await admitted(server, client)
        first = await begun(client)
        second = await client.ws_connect("/ws")
        assert await told(second, "open_url") == {"url": "#full", "new_tab": False}
        assert (await second.receive()).type == aiohttp.WSMsgType.CLOSE
        assert "All 1 sessions are in use." in await (await client.get("/")).text()
        await answers(first)
        assert len(server.sessions) == 1


async def test_a_page_that_is_loaded_anew_has_its_place_again() -> None:
    async with served(most=1) as (server, client):
        await admitted(server, client)
        first = await begun(client)
        again = asyncio.ensure_future(begun(client))  # a browser leaves the old page when it has the new one
        await asyncio.sleep(0)
        await first.close()
        await answers(await again)


NONSENSE: tuple[str | bytes, ...] = (
    "",
    "nonsense",
    "[" * 100_000,
    "null",
    "[]",
    "{}",
    '["stdin"]',
    '["stdin", 1]',
    '["stdin", null]',
    '["stdin", "\\ud800\\udfff"]',
    '["stdin", "\\u001b[999999999999;1R\\u001b[<0;0;0M\\u001b[<-1;99999999999999999999;1M"]',
    '["stdin", "\\u001b[200~a paste without its end\\u001b[201~"]',
    f'["stdin", "{"x" * (MOST_TYPED + 1)}"]',
    '["resize"]',
    '["resize", {}]',
    '["resize", {"width": "a", "height": null}]',
    '["resize", {"width": 1e999, "height": NaN}]',
    f'["resize", {{"width": {"9" * 5000}, "height": 1}}]',
    '["resize", {"width": 999999999, "height": -5}]',
    '["resize", {"width": 0, "height": 0}]',
    '["ping", {"a": 1}]',
    '["focus", 1, 2, 3]',
    '["exit"]',
    '["deliver_chunk_request", "x"]',
    b"\x00\xff" * 1000,
    b"M\x00\x00\x00\x0f{'type': 'quit'}",
)


async def test_nonsense_from_a_page_does_nothing() -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await begun(client)
        for message in NONSENSE:
            await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))
        await answers(socket)
        await socket.send_json(["resize", {"width": 120, "height": 36}])
        await socket.send_json(["stdin", " "])
        await shown(socket, "epoch 1")


async def test_a_message_without_measure_ends_its_own_session_only() -> None:
    async with served() as (server, client):
        await admitted(server, client)
        other = await begun(client)
        kept = set(server.sessions)
        socket = await begun(client)
        await socket.send_str("x" * (MOST_BYTES + 1))
        await until(lambda: server.sessions == kept, "the session lives on")
        await answers(other)


async def test_a_flood_of_keys_is_carried_out_and_ends_with_its_page() -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await begun(client)
        process = process_of(server)
        for _ in range(5):
            await socket.send_json(["stdin", "m" * 20_001])
        await answers(socket)
        await socket.close()
        await until(lambda: not server.sessions, "the session lives on")
        assert not runs(process)


@given(st.integers(), st.integers())
def test_a_size_is_one_that_a_screen_can_have(width: int, height: int) -> None:
    columns, rows = sane(width, height)
    assert (1 <= columns <= LARGEST[0], 1 <= rows <= LARGEST[1]) == (True, True)
    if 1 <= width <= LARGEST[0]:
        assert columns == width


@pytest.mark.parametrize("query", ["", "?width=&height=a", f"?width={'9' * 5000}&height=-1", "?width=1e3&height=24"])
async def test_a_session_begins_whatever_size_its_page_claims(query: str) -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await client.ws_connect(f"/ws{query}")
        await shown(socket, "\x1b[?1049h")
        await socket.send_json(["resize", {"width": 120, "height": 36}])
        await shown(socket, "epoch 0")


async def test_a_process_that_fails_ends_its_page() -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await begun(client)
        os.killpg(process_of(server), signal.SIGKILL)
        while not socket.closed:
            await socket.receive(timeout=10)
        await until(lambda: not server.sessions, "the session lives on")


async def test_q_ends_the_session_and_its_page() -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await begun(client)
        process = process_of(server)
        await socket.send_json(["stdin", "q"])
        while not socket.closed:
            await socket.receive(timeout=10)
        await until(lambda: not server.sessions and not runs(process), "the session lives on")


async def download(socket: Socket, key: str, name: str) -> str:
    """Press a key that writes something, under a name; where it is to be fetched."""
    await socket.send_json(["stdin", key])
    await shown(socket, "downloads")
    await socket.send_json(["stdin", "\x15"])
    await shown(socket, "a name for the file")  # textual carries ctrl+u out after letters that come with it
    await socket.send_json(["stdin", f"{name}\r"])
    return f"/download/{await told(socket, 'deliver_file_start')}"


@pytest.mark.parametrize(
    ("key", "name", "filename", "content"),
    [
        ("\x05", '../../etc/실행 "1".md', "%EC%8B%A4%ED%96%89%20%221%22.md", "# A run of gradient descent"),
        ("\x13", "mine", "mine.gradstep", '"gradstep": 1'),
    ],
)
async def test_what_is_written_is_a_download_for_once(key: str, name: str, filename: str, content: str) -> None:
    async with served() as (server, client):
        await admitted(server, client)
        socket = await begun(client)
        await socket.send_json(["stdin", " "])
        await shown(socket, "epoch 1")
        place = await download(socket, key, name)
        answer = await client.get(place)
        assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{filename}"
        assert content in await answer.text()
        assert (await client.get(place)).status == 404
        await answers(socket)


async def test_lessons_are_remembered_by_the_session_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with served(opening="lessons('1')") as (server, client):
        await admitted(server, client)
        socket = await client.ws_connect("/ws?width=120&height=36")
        await shown(socket, "1/")
        for _ in range(12):
            await socket.send_json(["stdin", " "])
        await answers(socket)
        await socket.close()
        await until(lambda: not server.sessions, "the session lives on")
        assert os.listdir(os.environ["GRADSTEP_STATE"]) == []
