"""The driver for a browser: textual's, with bad input, a flood of keys and a server that has gone taken care of."""

import asyncio
import os
from codecs import getincrementaldecoder
from concurrent.futures import Future
from functools import partial
from select import select
from threading import Lock
from time import sleep
from typing import Any

from textual.app import App
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.message import Message

from tui.terminal import KeyParser

STDIN = 0

MOST_WAITING = 1000
"""While so many keys wait no more are read: they stay in the pipe, and at last in the browser."""


class BrowserDriver(WebDriver):
    """What it writes goes to the server in packets, and from there to the page."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._one_packet = Lock()
        self._write = partial(self._write_packet)
        self._sent: Future[bool] | None = None

    def _write_packet(self, packet: bytes) -> int:
        """Write all of a packet, and no other thread's in the middle of it."""
        with self._one_packet:
            rest = memoryview(packet)
            try:
                while rest:
                    rest = rest[os.write(self.fileno, rest) :]
            except OSError:
                os._exit(0)  # the server has gone, and the page with it
        return len(packet)

    def send_message(self, message: Message) -> None:
        self._sent = asyncio.run_coroutine_threadsafe(self._app._post_message(message), self._loop)

    def run_input_thread(self) -> None:
        """Read packets until the server closes the pipe."""
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result()  # the first size is passed on first
        packets, parser = ByteStream(), KeyParser(self.process_message, self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        while not self.exit_event.is_set():
            text = ""
            if select([STDIN], [], [], 0.1)[0]:
                if not (data := os.read(STDIN, 4096)):
                    os._exit(0)
                for kind, payload in packets.feed(data):
                    if kind == "D":
                        text += decode(payload)
                    else:
                        self._on_meta(kind, payload)
            parser.feed(text)
            self._let_the_app_follow()

    def _let_the_app_follow(self) -> None:
        if self._sent is not None:
            self._sent.result()
        while self._app._message_queue.qsize() > MOST_WAITING and not self.exit_event.is_set():
            sleep(0.01)
