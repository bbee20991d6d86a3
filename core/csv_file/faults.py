"""What can be wrong with a file."""


class Fault(Exception):
    """What is wrong with the file, without its name."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(f", line {line}: {what}" if line else f" {what}")


class Undecodable(Fault):
    """Bytes that are no text in the encoding that was tried."""


def quoted(text: str) -> str:
    return f"'{shortened(text)}'"


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:40] + "..."
