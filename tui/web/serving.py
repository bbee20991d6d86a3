"""Serve until a signal comes."""

import asyncio
import errno
import logging
import signal
import socket

from aiohttp import web

from core.language import _
from tui.errors import describe_error, os_reason, print_error
from tui.web.access import TOKEN
from tui.web.server import GradstepServer

HOST = "127.0.0.1"
"""This machine alone: there is no option for another."""


class Serving:
    """A port that is listened on, and the server that answers there."""

    def __init__(self, port: int, most: int, argument: str) -> None:
        """Raises ValueError, with a sentence, for a port that can't be had."""
        self._listener = _listener(port)
        self._server = GradstepServer(self._listener.getsockname()[1], most, argument)

    @property
    def url_message(self) -> str:
        """A line that says where it is, and how it ends."""
        link = f"http://{HOST}:{self._server.port}/?{TOKEN}={self._server.access.token}"
        return _("gradstep is in the browser at {link} until ctrl+c here").format(link=link)

    def serve(self) -> int:
        """Answer until a signal comes, and end every session; returns the exit code."""
        logging.basicConfig(level=logging.ERROR, handlers=[_ErrorLog()])
        return 128 + asyncio.run(self._serve())

    async def _serve(self) -> int:
        signalled: asyncio.Queue[int] = asyncio.Queue()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, signalled.put_nowait, number)
        runner = web.AppRunner(await self._server.make_app(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, self._listener).start()
        came = await signalled.get()
        await runner.cleanup()
        return came


class _ErrorLog(logging.Handler):
    """What goes wrong in the server, in a sentence."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        sentence = describe_error(error) if isinstance(error, Exception) else record.getMessage()
        print_error(_("something went wrong inside gradstep ({error})").format(error=sentence))


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            sentence = _(
                "port {port} is taken by another program: choose another with --port, or any free one, --port 0"
            )
        else:
            sentence = _("port {port} can't be had ({reason}): choose another with --port, or any free one, --port 0")
        raise ValueError(sentence.format(port=port, reason=os_reason(error))) from None
    return listener
