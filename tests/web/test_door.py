"""Who comes in: a browser on this machine that has the link, on the server's own page, and nobody else."""

import re

import pytest

from tests.web.server import admitted, served

PLACES = ("/", "/static/js/textual.js", "/page/page.js", "/ws", "/download/0123", "/nowhere")

LINK = "open the whole link that 'gradstep serve' has printed: its token is missing or of another start"


async def test_the_link_opens_the_page_and_from_then_on_a_cookie_does() -> None:
    async with served() as (server, client):
        answer = await client.get("/", params={"token": server.door.token})
        assert (answer.status, answer.content_type) == (200, "text/html")
        cookie = answer.headers["Set-Cookie"]
        assert re.search(r"; HttpOnly\b", cookie)
        assert re.search(r"; SameSite=Strict\b", cookie)
        for place in ("/", "/static/js/textual.js", "/static/css/xterm.css", "/page/page.js", "/page/page.css"):
            assert (await client.get(place)).status == 200


@pytest.mark.parametrize("place", PLACES)
async def test_without_the_link_nothing_is_to_be_had(place: str) -> None:
    async with served() as (server, client):
        for token in (None, "", "x", server.door.token[:-1], f"{server.door.token}x", "é\ud800"):
            query = {} if token is None else {"token": token.encode(errors="replace").decode()}
            answer = await client.get(place, params=query, headers={"Cookie": f"gradstep-{server.port}=; a=b"})
            assert (answer.status, await answer.text()) == (403, f"gradstep: {LINK}\n")
        assert not server.sessions


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "127.0.0.2", "", "a b"]
)
async def test_a_foreign_name_for_this_machine_is_refused(place: str, host: str) -> None:
    async with served() as (server, client):
        await admitted(server, client)
        answer = await client.get(place, headers={"Host": host.format(port=server.port)})
        assert answer.status == 403
        assert (await answer.text()).startswith("gradstep: only a browser on this machine comes in")


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "localhost:9000", "[::1]:{port}"])
async def test_this_machines_own_names_are_none_to_refuse(host: str) -> None:
    async with served() as (server, client):
        headers = {"Host": host.format(port=server.port)}
        answer = await client.get("/", params={"token": server.door.token}, headers=headers)
        assert answer.status == 200
        assert f'"ws://{headers["Host"]}/ws"' in await answer.text()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://localhost:{port}"],
)
async def test_another_page_can_have_nothing(place: str, origin: str) -> None:
    async with served() as (server, client):
        await admitted(server, client)
        answer = await client.get(place, headers={"Origin": origin.format(port=server.port)})
        assert answer.status == 403
        assert (await answer.text()).startswith("gradstep: another page has asked for this")


async def test_the_page_asks_for_nothing_elsewhere_and_no_other_page_may_hold_it() -> None:
    async with served() as (server, client):
        answer = await client.get("/", params={"token": server.door.token})
        assert re.findall(r"\w+://[^/\"]*", await answer.text()) == [f"ws://127.0.0.1:{server.port}"]
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert re.findall(r"\w+://[^ ;]*", policy) == [f"ws://127.0.0.1:{server.port}"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert server.door.token not in await answer.text()


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/%2e%2e/server.py", "/page/%2e%2e/door.py"])
async def test_only_the_pages_own_files_are_to_be_had(path: str) -> None:
    from yarl import URL

    async with served() as (server, client):
        await admitted(server, client)
        answer = await client.get(URL(path, encoded=True))
        assert answer.status in (403, 404)
        assert "import" not in await answer.text()
