"""A server in the test's own process, and a client that has its link."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.test_utils import TestClient, TestServer, unused_port
from aiohttp.web import Application, Request

from tui.web.server import GradstepServer
from tui.web.session_main import argument

Client = TestClient[Request, Application]
Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def served(most: int = 4, opening: str = "", enter: bool = True) -> AsyncIterator[tuple[GradstepServer, Client]]:
    """The server, and a client that has opened the link, or nothing yet."""
    port = unused_port()
    server = GradstepServer(port, most, argument("en", False, opening, {}))
    cookies = aiohttp.CookieJar(unsafe=True)  # it would keep none of an address in numbers
    async with TestClient(TestServer(await server.make_app(), port=port), cookie_jar=cookies) as client:
        if enter:
            assert (await client.get("/", params={"token": server.access.token})).status == 200
        yield server, client
