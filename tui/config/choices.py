"""What was chosen in the program, remembered for the next start.

Beside each choice stands what the config file said then: the choice holds until the file says something else.
"""

import os

NAMES = ("theme", "language")

LONGEST = 1000
"""In bytes: a file of choices is shorter."""


class Choices:
    """The file of choices; one that can't be read holds none, and is written anew with the next choice."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._choices: dict[str, tuple[str, str]] = _read(path)

    def get(self, name: str, configured: str) -> str:
        """The choice that holds where the config file says this; empty where none does."""
        choice, then = self._choices.get(name, ("", ""))
        return choice if then == configured else ""

    def choose(self, name: str, choice: str, configured: str) -> None:
        """Remember a choice, made where the config file said this."""
        self._choices[name] = choice, configured

    def write(self) -> None:
        """Write them down, if the disk lets us: nothing depends on it."""
        from core.session.faults import Unwritable  # only when there is a choice: the first frame doesn't wait for it
        from core.session.file import write_durably

        text = "".join(f"{name}\t{choice}\t{then}\n" for name, (choice, then) in self._choices.items())
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            write_durably(self._path, text, mode=0o600)
        except (OSError, Unwritable):
            pass


def _read(path: str) -> dict[str, tuple[str, str]]:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            lines = os.read(fd, LONGEST).decode("utf-8", "replace").split("\n")
        finally:
            os.close(fd)
    except OSError:
        return {}
    rows = [line.split("\t") for line in lines[:-1]]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3 and row[0] in NAMES}
