"""Who may connect: a browser on this machine that was given the link, on a page that this server sent it."""

import re
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from secrets import token_urlsafe

from aiohttp import web

from core.language import _

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOCAL = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")
"""What a browser on this machine calls the server; a name that merely leads here is somebody's trick."""

TOKEN = "token"

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self' ws://{host}; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer says: the page loads nothing from elsewhere, no other page holds it, and its link isn't told."""


class AccessCheck:
    """The token of one server. The link carries it once; from then on a cookie does, which no script can read."""

    def __init__(self, port: int) -> None:
        self.token = token_urlsafe()
        self._cookie = f"gradstep-{port}"  # browsers send cookies to every port of a host

    def attach(self, app: web.Application) -> None:
        """Stand before every route."""
        app.middlewares.append(self._admit)
        app.on_response_prepare.append(self._protect)

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if refusal := self.refusal(request):
            raise web.HTTPForbidden(text=f"gradstep: {refusal}\n")
        response = await handler(request)
        if not response.prepared and self._is_token(request.query.get(TOKEN)):
            response.set_cookie(self._cookie, self.token, httponly=True, samesite="Strict")
        return response

    async def _protect(self, request: web.Request, response: web.StreamResponse) -> None:
        host = request.headers.get("Host", "")
        for name, value in HEADERS.items():
            response.headers[name] = value.replace("{host}", host if LOCAL.fullmatch(host) else "")

    def refusal(self, request: web.Request) -> str:
        """Why a request is refused, in a sentence; empty for one that is not."""
        host = request.headers.get("Host", "")
        if not LOCAL.fullmatch(host):
            return _("only a browser on this machine comes in, and by its own name: 127.0.0.1 or localhost")
        if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
            return _("another page has asked for this, and only gradstep's own page may")
        if not any(map(self._is_token, (request.query.get(TOKEN), request.cookies.get(self._cookie)))):
            return _("open the whole link that 'gradstep serve' has printed: its token is missing or of another start")
        return ""

    def _is_token(self, text: str | None) -> bool:
        return compare_digest((text or "").encode(errors="replace"), self.token.encode())
