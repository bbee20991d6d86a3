"""What a terminal sends, as keys and clicks."""

from collections.abc import Callable

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.events import Resize
from textual.message import Message


class Typed:
    """Textual's parser, which a sequence that no terminal sends would end: it begins anew after it."""

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
