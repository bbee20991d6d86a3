"""A server in the test's own process, and a client that has its link."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.test_utils import TestClient, TestServer, unused_port
from aiohttp.web import Application, Request

from tui.web.child import argument
from tui.web.server import Served

Client = TestClient[Request, Application]


@asynccontextmanager
async def served(most: int = 4, opening: str = "") -> AsyncIterator[tuple[Served, Client]]:
    """The server, and a client that has opened nothing yet."""
    options: dict[str, object] = {"method": "manual", "gradient": None, "lr": None, "w": None, "bias": None}
    table: dict[str, object] = {"data": None, "features": None, "target": "", "standardize": False}
    port = unused_port()
    server = Served(port, most, argument("en", False, opening, options | table))
    cookies = aiohttp.CookieJar(unsafe=True)  # it would keep none of an address in numbers
    async with TestClient(TestServer(await server.make_app(), port=port), cookie_jar=cookies) as client:
        yield server, client


async def admitted(server: Served, client: Client) -> None:
    """Open the link."""
    answer = await client.get("/", params={"token": server.door.token})
    assert answer.status == 200, await answer.text()
