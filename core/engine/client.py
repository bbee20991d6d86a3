"""Ask the engine's process. Nothing here imports torch, and little else: it is on the way to the first frame."""

import asyncio
import os
import pickle
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from math import inf
from pathlib import Path
from signal import Signals, strsignal
from time import monotonic
from typing import Any, cast

from core.language import _
from core.requests import Reply, Request, Run
from core.state import EngineDied, EpochsRun, RunFailed

ROOT = Path(__file__).parents[2]

BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from core.engine.server import main; main(*map(int, sys.argv[2:]))"


Replies = asyncio.Queue[tuple[str, Any]]


class EngineClient:
    """An engine in a process of its own, which is started again where it has ended."""

    def __init__(self) -> None:
        self._pipe: _Pipe | None = None
        self._numbers = count(1)
        self._waiting: dict[int, Replies] = {}

    def start(self) -> None:
        """Start the process, if none runs; needs no event loop."""
        if self._pipe is not None:
            return
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOT, str(ROOT), str(theirs.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # keys and signals of the terminal are not for it
                env={**os.environ, "MPLBACKEND": "Agg"},
            )
        self._pipe = _Pipe(process, ours, self._received)

    async def ask(self, request: Request[Reply], limit: float | None = None) -> Reply:
        """The answer to a request. Raises RunFailed, and EngineDied also where it takes longer than `limit` seconds."""
        with self._asked() as (number, replies):
            pipe = await self._send(number, request, False)
            asked = monotonic()
            while limit is not None and replies.empty():
                left = limit + min(0.0, max(asked, pipe.sign_of_life) - monotonic())
                if left <= 0:
                    await self.interrupt(_("the program ran for more than {seconds:g} s").format(seconds=limit))
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        return _checked(*await replies.get())  # type: ignore[no-any-return] # the engine's pickle
            return _checked(*await replies.get())  # type: ignore[no-any-return]

    async def stream(self, request: Run) -> AsyncIterator[EpochsRun]:
        """Many epochs, told several times a second; other requests are answered meanwhile. Closed, it stops."""
        with self._asked() as (number, replies):
            pipe = await self._send(number, request, True)
            try:
                while part := _checked(*await replies.get()):
                    yield part
            finally:
                pipe.write((number, None, False))

    async def interrupt(self, reason: str = "") -> None:
        """End what is running now, whatever it is: whoever waits for it gets EngineDied."""
        self._end(reason or _("the engine was stopped"))
        self.start()

    def close(self) -> None:
        """End the engine."""
        self._end(_("the engine was closed"))

    @contextmanager
    def _asked(self) -> Iterator[tuple[int, Replies]]:
        number = next(self._numbers)
        replies = self._waiting[number] = Replies()
        try:
            yield number, replies
        finally:
            del self._waiting[number]

    async def _send(self, number: int, request: Request[Any], is_stream: bool) -> "_Pipe":
        self.start()
        pipe = self._pipe
        assert pipe is not None
        await pipe.connect()
        pipe.write((number, request, is_stream))
        return pipe

    def _received(self, number: int, what: str, reply: Any) -> None:
        if what == "lost":
            self._end(reply)
        elif what == "no torch":
            self._end(torch_missing(reply))
        elif number in self._waiting:
            self._waiting[number].put_nowait((what, reply))

    def _end(self, reason: str) -> None:
        """End the process, and tell whoever waits why."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        for replies in self._waiting.values():
            replies.put_nowait(("died", reason))


class LocalEngine:
    """An engine in the calling process: for `gradstep run`, and for tests."""

    def __init__(self) -> None:
        """Raises EngineDied where torch can't be imported."""
        try:
            from core.engine.answers import Answers  # imports torch
        except Exception as error:  # whatever a broken installation raises
            raise EngineDied(torch_missing(f"{type(error).__name__}: {error}")) from error
        self._answers = Answers()

    def answer(self, request: Request[Reply]) -> Reply:
        """The answer to a request. Raises RunFailed."""
        return cast(Reply, self._answers.answer(request))

    async def ask(self, request: Request[Reply], limit: float | None = None) -> Reply:
        return self.answer(request)

    async def stream(self, request: Run) -> AsyncIterator[EpochsRun]:
        for part in self._answers.stream(request, lambda: False):
            yield part
            await asyncio.sleep(0)

    async def interrupt(self) -> None:
        """Nothing runs while this is called."""

    def close(self) -> None:
        """There is no process to end."""


class _Pipe(asyncio.Protocol):
    """The socket to one process, with the messages that come through it."""

    def __init__(self, process: subprocess.Popen[bytes], ours: socket.socket, received: Callable[..., None]) -> None:
        self._process, self._socket, self._received = process, ours, received
        self._connected: asyncio.Task[Any] | None = None
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self.sign_of_life = inf
        """When it last wrote; while it imports torch, that is yet to come."""

    async def connect(self) -> None:
        """Read from now on, in the event loop that runs."""
        loop = asyncio.get_running_loop()
        if self._connected is None:
            self._connected = loop.create_task(loop.create_connection(lambda: self, sock=self._socket))
        await self._connected

    def write(self, message: object) -> None:
        if self._transport is not None:
            packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
            self._transport.write(struct.pack("!i", len(packed)) + packed)

    def close(self) -> None:
        """End the process."""
        self._received = lambda *_message: None
        if self._transport is not None:
            with suppress(RuntimeError):  # the event loop has ended
                self._transport.abort()
            self._transport = None
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.sign_of_life = monotonic()
        self._buffer += data
        while len(self._buffer) >= 4:
            (size,), start = struct.unpack_from("!i", self._buffer), 4
            if size == -1:  # how multiprocessing writes a large one
                if len(self._buffer) < 12:
                    return
                (size,), start = struct.unpack_from("!Q", self._buffer, 4), 12
            if len(self._buffer) < start + size:
                return
            message = pickle.loads(self._buffer[start : start + size])
            del self._buffer[: start + size]
            self._received(*message)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._received(0, "lost", _how_ended(self._process))


def torch_missing(error: str) -> str:
    """The sentence for whoever has no torch that can be imported."""
    return _("torch can't be loaded, so no epoch can run; try pip install torch ({error})").format(error=error)


def _checked(what: str, reply: Any) -> Any:
    if what == "died":
        raise EngineDied(reply)
    if isinstance(reply, RunFailed):
        raise reply
    return reply


def _how_ended(process: "subprocess.Popen[bytes]") -> str:
    try:
        code = process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        return _("the engine closed its pipe")
    if code < 0:
        name = strsignal(-code) or Signals(-code).name
        return _("the engine was killed by signal {number} ({name})").format(number=-code, name=name)
    return _("the program ended the engine (exit code {code})").format(code=code)
