"""Who comes in: a browser on this machine that has the link, on the server's own page, and nobody else."""

import re

import pytest
from yarl import URL

from tests.web.server import served

PLACES = ("/", "/static/js/textual.js", "/page/page.js", "/ws", "/download/0123", "/nowhere")


async def test_the_link_opens_the_page_and_from_then_on_a_cookie_does() -> None:
    async with served(enter=False) as (server, client):
        answer = await client.get("/", params={"token": server.access.token})
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert re.search(r"; HttpOnly; .*SameSite=Strict\b", answer.headers["Set-Cookie"])
        for place in ("/", "/static/js/textual.js", "/static/css/xterm.css", "/page/page.js", "/page/page.css"):
            assert (await client.get(place)).status == 200


async def test_without_the_link_nothing_is_to_be_had() -> None:
    async with served(enter=False) as (server, client):
        for place in PLACES:
            for token in (None, "", server.access.token[:-1], f"{server.access.token}x", "é"):
                query = {} if token is None else {"token": token}
                answer = await client.get(place, params=query, headers={"Cookie": f"gradstep-{server.port}=; a=b"})
                assert answer.status == 403
                assert (await answer.text()).startswith("gradstep: open the whole link that 'gradstep serve' has")
        assert not server.sessions


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("Host", "evil.example:{port}", "only a browser on this machine"),
        ("Host", "127.0.0.1.evil.example", "only a browser on this machine"),
        ("Host", "127.0.0.2", "only a browser on this machine"),
        ("Host", "", "only a browser on this machine"),
        ("Origin", "http://evil.example", "another page has asked"),
        ("Origin", "null", "another page has asked"),
        ("Origin", "http://127.0.0.1:1", "another page has asked"),
    ],
)
async def test_a_foreign_name_and_another_page_are_refused(header: str, value: str, reason: str) -> None:
    async with served() as (server, client):
        for place in PLACES:
            answer = await client.get(place, headers={header: value.format(port=server.port)})
            assert answer.status == 403
            assert (await answer.text()).startswith(f"gradstep: {reason}")


async def test_the_page_asks_for_nothing_elsewhere_and_no_other_page_may_hold_it() -> None:
    async with served() as (server, client):
        answer = await client.get(
            "/", headers={"Host": f"localhost:{server.port}"}, params={"token": server.access.token}
        )
        assert re.findall(r"\w+://[^/\"]*", await answer.text()) == [f"ws://localhost:{server.port}"]
        assert server.access.token not in await answer.text()
        policy = answer.headers["Content-Security-Policy"]
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        for path in ("/static/%2e%2e/server.py", "/page/%2e%2e/access.py"):
            assert (await client.get(URL(path, encoded=True))).status in (403, 404)
