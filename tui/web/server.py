"""The server: textual-serve's, with an access check, a page that needs no network and a limit to its sessions."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import aiohttp_jinja2
from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from core.language import _
from tui.language import current_language
from tui.web.access import AccessCheck
from tui.web.session_process import SessionProcess

PAGE = Path(__file__).parent / "page"

MOST_BYTES = 1 << 20
"""A longer message ends its connection; a large paste still fits."""

MOST_TYPED = 1 << 16
"""So many characters at once, a longer paste is left out: no line takes them, and half a paste would hang the keys."""

FAREWELL = 0.5
"""Seconds that a page has to say goodbye, too."""

PATIENCE = 2.0
"""Seconds that one more session waits for a place: a page that is loaded anew leaves its own only then."""


class GradstepServer(Server):
    """At most `most` sessions at a time. `argument` is what each of their processes is told."""

    def __init__(self, port: int, most: int, argument: str) -> None:
        super().__init__("gradstep", host="127.0.0.1", port=port, templates_path=PAGE)
        self.access = AccessCheck(port)
        self._most, self._argument = most, argument
        self._places = asyncio.Semaphore(most)
        self.sessions: set[SessionProcess] = set()
        self._downloading: set[str] = set()

    async def make_app(self) -> web.Application:
        """textual-serve's routes, and the page's own files."""
        app = await self._make_app()
        app.add_routes([web.static("/page", PAGE)])
        self.access.attach(app)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Who starts the server says where it is."""

    async def on_shutdown(self, app: web.Application) -> None:
        for session in self.sessions:
            session.kill()

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        full = _("All {most} sessions are in use. Leave another one, or begin gradstep serve with more --sessions.")
        words = {
            "language": current_language(),
            "begins": _("gradstep begins ..."),
            "ended": _("This session has ended."),
            "full": full.format(most=self._most),
            "begin": _("Start again"),
            "again": _("Try again"),
            "websocket": f"ws://{request.host}/ws",
        }
        return aiohttp_jinja2.render_template("page.html", request, words)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(timeout=FAREWELL, heartbeat=15, max_msg_size=MOST_BYTES)
        try:
            await asyncio.wait_for(self._places.acquire(), PATIENCE)
        except TimeoutError:
            await websocket.prepare(request)
            await websocket.send_json(["open_url", {"url": "#full", "new_tab": False}])
            await websocket.close()
            return websocket
        session = SessionProcess(
            self._argument,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,
            download_manager=self.download_manager,
        )
        self.sessions.add(session)
        try:
            await websocket.prepare(request)
            await session.start(*(to_int(request.query.get(name, ""), 80) for name in ("width", "height")))
            await self._process_messages(websocket, session)
        except ConnectionError:  # the browser has gone
            pass
        finally:
            await asyncio.shield(self._end(session))  # whatever becomes of the connection meanwhile
        return websocket

    async def _end(self, session: SessionProcess) -> None:
        await session.stop()
        self.sessions.discard(session)
        self._places.release()

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        """Pass on what a page may send; anything else is nothing."""
        async for message in websocket:
            if message.type != WSMsgType.TEXT:
                continue
            with suppress(ValueError, RecursionError):
                match json.loads(message.data):
                    case ["stdin", str(typed)] if len(typed) <= MOST_TYPED:
                        await app_service.send_bytes(typed.encode(errors="ignore"))
                    case ["resize", {"width": int(width), "height": int(height)}]:
                        await app_service.set_terminal_size(width, height)
                    case ["ping", str(sent)]:
                        await websocket.send_json(["pong", sent])
                    case ["blur"]:
                        await app_service.blur()
                    case ["focus"]:
                        await app_service.focus()

    async def handle_download(self, request: web.Request) -> web.StreamResponse:
        """A file that a session offers, once. It is never shown in the page: a picture could hold a script."""
        key = request.match_info["key"]
        try:
            download = await self.download_manager.get_download_metadata(key)
        except KeyError:
            download = None
        if download is None or key in self._downloading:
            raise web.HTTPNotFound(text=_("gradstep: this file has been fetched already, or its session has ended\n"))
        self._downloading.add(key)
        try:
            headers = {
                "Content-Type": download.mime_type or "application/octet-stream",
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(download.file_name, safe='')}",
            }
            response = web.StreamResponse(headers=headers)
            await response.prepare(request)
            async for chunk in self.download_manager.download(key):
                await response.write(chunk)
            await response.write_eof()
        finally:
            self._downloading.discard(key)
        return response
