"""The real program in a real pseudo-terminal, and what its screen shows."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyte

GRADSTEP = (sys.executable, "-m", "tui")

MODES_OFF = (1000, 1002, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048)
"""The private modes that must be off when a program has left."""


class Terminal:
    """A pty with a program on it; the slave stays open here, so that its settings can be read after the program."""

    def __init__(self, command: tuple[str, ...], size: tuple[int, int], env: Mapping[str, str | None]) -> None:
        self.master, self.slave = pty.openpty()
        self.size = size
        self.resize(*size)
        self.settings_before = termios.tcgetattr(self.slave)
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.output = b""
        self.began = self.read_at = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=_environment(env),
            preexec_fn=_own_the_terminal,
        )

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def read(self, seconds: float) -> bytes:
        """What the program writes, within so many seconds; empty where it writes nothing."""
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return b""
        self.read_at = time.perf_counter()
        self.output += data
        self._stream.feed(data)
        return data

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def wait_for(self, text: str, seconds: float = 30) -> float:
        """Read until the text is on the screen; the seconds from the start to the bytes that brought it."""
        return self.wait_until(lambda: text in self.text, text, seconds)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = 30) -> float:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.read(0.05)
            if condition():
                return self.read_at - self.began
        raise AssertionError(f"{what!r} did not come about; the screen shows:\n{self.text}")

    def leave(self, seconds: float = 10) -> int:
        """Read until the program has ended; its exit code."""
        end = time.perf_counter() + seconds
        while self.process.poll() is None and time.perf_counter() < end:
            self.read(0.02)
        assert self.process.returncode is not None, f"the program has not ended; the screen shows:\n{self.text}"
        while self.read(0.05):
            pass
        return self.process.returncode

    def send_signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    @property
    def is_as_it_was(self) -> bool:
        """The settings are those before the program, and every mode that it switched on is off again."""
        switched_on = [mode for mode in MODES_OFF if self._last_switch(mode) == "h"]
        cursor_hidden = self._last_switch(25) == "l"
        assert (switched_on, cursor_hidden) == ([], False)
        return termios.tcgetattr(self.slave) == self.settings_before

    def _last_switch(self, mode: int) -> str | None:
        on, off = (self.output.rfind(f"\x1b[?{mode}{letter}".encode()) for letter in "hl")
        return None if on == off == -1 else "h" if on > off else "l"

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            os.close(descriptor)


@contextmanager
def opened(
    command: tuple[str, ...] = GRADSTEP, size: tuple[int, int] = (120, 36), env: Mapping[str, str | None] | None = None
) -> Iterator[Terminal]:
    """A program on a terminal of this size; environment variables given as None are left out."""
    terminal = Terminal(command, size, env or {})
    try:
        yield terminal
    finally:
        terminal.close()


def _own_the_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _environment(changes: Mapping[str, Any]) -> dict[str, str]:
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **changes}
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        if name not in changes:
            env.pop(name, None)
    return {name: value for name, value in env.items() if value is not None}
