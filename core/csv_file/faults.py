"""What can be wrong with a file."""

from core.language import _


class Fault(Exception):
    """What is wrong with the file, or with a line of it; without the file's name."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line

    def of(self, path: str) -> str:
        """The whole sentence."""
        told = _("{path}, line {line}: {what}") if self.line else _("{path} {what}")
        return told.format(path=path, line=self.line, what=self)


class Undecodable(Fault):
    """Bytes that are no text in the encoding that was tried."""


def quoted(text: str) -> str:
    return f"'{shortened(text)}'"


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:40] + "..."
