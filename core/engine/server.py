"""The engine's process: requests come through a socket, and are answered through it."""

import ctypes
import gc
import importlib
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Thread
from time import sleep
from typing import Any

from core.requests import Open, Request, Run
from core.state import RunFailed

READY = 0
"""The number of the message that says: torch is imported, requests are answered."""


class Server:
    """Reads (number, request) or (number, None), which ends a stream; writes (number, what, reply)."""

    def __init__(self, pipe: Connection) -> None:
        from core.engine.answers import Answers  # imports torch

        self.pipe, self.answers = pipe, Answers()
        self.waiting: deque[tuple[int, Request[Any] | None, bool]] = deque()
        self.streamed: int | None = None

    def serve(self) -> None:
        """Answer until the other end is closed."""
        self.pipe.send((READY, "sign", None))
        while True:
            number, request, is_stream = self.waiting.popleft() if self.waiting else self.pipe.recv()
            if request is None:
                continue  # the stream has ended already
            if isinstance(request, Open) and "optim" in request.program.text:
                self.import_optim()
            if is_stream:
                self.stream(number, request)
            else:
                self.answer(number, request)
                if isinstance(request, Run):
                    self.import_optim()

    def answer(self, number: int, request: Request[Any]) -> None:
        try:
            reply = "answer", self.answers.answer(request)
        except RunFailed as failure:
            reply = "answer", failure
        except Exception as error:  # a fault of the engine itself must not end it
            reply = "answer", RunFailed(f"{type(error).__name__}: {error}".partition("\n")[0])
        self.pipe.send((number, *reply))

    def stream(self, number: int, request: Any) -> None:
        self.streamed = number
        try:
            for part in self.answers.stream(request, self.meanwhile):
                self.pipe.send((number, "part", part))
            self.pipe.send((number, "answer", None))
        except RunFailed as failure:
            self.pipe.send((number, "answer", failure))
        self.streamed = None

    def meanwhile(self) -> bool:
        """Answer what has come; True where the stream is to end."""
        while self.pipe.poll():
            number, request, is_stream = self.pipe.recv()
            if is_stream:
                self.waiting.append((number, request, is_stream))
            elif request is not None:
                self.answer(number, request)
            elif number == self.streamed:
                return True
        return False

    def import_optim(self) -> None:
        """torch.optim takes as long to import as the rest of torch."""
        if "torch.optim" not in sys.modules:
            importlib.import_module("torch.optim")
            gc.freeze()
            self.pipe.send((READY, "sign", None))


def main(descriptor: int, parent: int) -> None:
    """Serve the requests of the parent process; end with it."""
    end_with(parent)
    gc.disable()  # what is imported stays: looking for garbage in it takes time
    pipe = Connection(descriptor)
    try:
        server = Server(pipe)
    except Exception as error:  # whatever a broken installation of torch raises
        pipe.send((READY, "no torch", f"{type(error).__name__}: {error}"))
        return
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    with suppress(EOFError, OSError):
        server.serve()
    os._exit(0)  # threads of the program may run still


def end_with(parent: int) -> None:
    """End this process as soon as its parent has ended, even while a program loops for ever."""
    if sys.platform == "linux":
        death_signal = 1
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write("500")  # where memory runs out, this process ends and the screen stays

    def watch() -> None:
        while os.getppid() == parent:
            sleep(0.5)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
