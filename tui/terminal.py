"""The terminal driver: what Textual's own lacks. It leaves the terminal as it found it, whatever happens."""

import os
import select
import signal
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

STDOUT = 1

LARGEST = Size(500, 300)
"""No terminal is larger; a size beyond it is a mistake or a joke, and would hang the layout."""

RESET = "".join(
    (
        "\x18",  # end a sequence that was cut in the middle
        *(f"\x1b[?{mode}l" for mode in (2026, 2004, 1000, 1003, 1015, 1006, 1004)),
        "\x1b[<u",  # the keyboard protocol
        "\x1b[?7h",  # line wrap
        "\x1b[?1049l",  # the alternate screen
        "\x1b[?25h",  # the cursor
    )
).encode()


class Terminal(LinuxDriver):
    """Textual's driver, with signals, bad bytes, absurd sizes, suspension and a closed terminal taken care of."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        # a descriptor of our own: UTF-8 whatever the locale says, and closable without closing stdout
        self._output = os.dup(STDOUT)
        self._file = open(  # noqa: SIM115 - it lives as long as the driver
            self._output, "w", encoding="utf-8", errors="replace", closefd=False
        )
        self._attributes = self._terminal_attributes()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, self._on_deadly_signal)
        signal.signal(signal.SIGTSTP, self._on_suspend_signal)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)  # a stray one is nothing

    def leave(self, code: int) -> None:
        """Give the terminal back and end the process at once, from any thread and whatever the event loop is doing."""
        with suppress(OSError, termios.error):
            terminal = os.dup(self._output)
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._output)  # what is still being painted goes nowhere
            if self._attributes is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._attributes)
            if select.select([], [terminal], [], 0.5)[1]:
                os.write(terminal, RESET)
        os._exit(code)

    def _on_deadly_signal(self, number: int, _frame: FrameType | None) -> None:
        self.leave(128 + number)

    def _on_suspend_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._suspend)

    def _suspend(self) -> None:
        """Give the terminal back, stop, and take it again when the shell continues us in the foreground."""
        if not self._app.is_running:
            return
        self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        while not self._in_foreground():
            os.kill(os.getpid(), signal.SIGSTOP)
        self._must_signal_resume = True
        self.resume_application_mode()
        self._app.refresh(layout=True)

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def _terminal_attributes(self) -> list[Any] | None:
        try:
            return termios.tcgetattr(self.fileno)
        except termios.error:
            return None

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size of the terminal itself; COLUMNS and LINES have no say."""
        try:
            width, height = os.get_terminal_size(self._output)
        except OSError:
            width, height = 0, 0
        return _sane(Size(width or 80, height or 24))

    def _query_in_band_window_resize(self) -> None:
        """Sizes come with SIGWINCH; to have them in the input as well would bring mouse positions in pixels."""

    def run_input_thread(self) -> None:
        """Read keys until the end: bytes that are not UTF-8 are replaced, the end of input ends the program."""
        parser = KeyParser(self.process_message, self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        while not self.exit_event.is_set():
            text = ""
            if select.select([self.fileno], [], [], 0.1)[0]:
                data = self._read()
                if not data:
                    self.leave(128 + signal.SIGHUP)
                text = decode(data)
            parser.feed(text)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""


class KeyParser:
    """Textual's parser, which a sequence that no terminal sends would end: after it another one takes over."""

    def __init__(self, process: Callable[[Message], object], debug: bool) -> None:
        self._process, self._debug = process, debug
        self._parser = XTermParser(debug)

    def feed(self, text: str) -> None:
        """Process the keys and clicks in a text; without one, those that only time completes, as a lone escape.

        Sizes in it are left out: they come from elsewhere.
        """
        for character in text or [""]:
            try:
                for message in self._parser.feed(character) if character else self._parser.tick():
                    if not isinstance(message, Resize):
                        self._process(message)
            except (ValueError, ArithmeticError, LookupError, RuntimeError, StopIteration, ParseError):
                self._parser = XTermParser(self._debug)


def _sane(size: Size) -> Size:
    return Size(min(max(1, size.width), LARGEST.width), min(max(1, size.height), LARGEST.height))
