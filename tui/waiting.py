"""Changes that wait until torch can run them."""

from collections import deque
from collections.abc import Callable

from core.descent import Descent
from core.listing import Method
from core.state import Engine, Knobs

Change = Callable[[Descent, Engine], Descent]
"""A move: the Descent after it. It runs epochs, so it may have to wait for torch."""


class Waiting:
    """A queue of changes, each with the method that it needs, and the engine that carries them out."""

    def __init__(self, failure_of: Callable[[Method], str]) -> None:
        self.engine: Engine | None = None
        self.warm: set[Method] = set()
        """The methods that the engine has run once, so that no key waits for an import."""
        self._failure_of = failure_of
        self._changes: deque[tuple[Change, Callable[[Knobs], Method]]] = deque()

    def __len__(self) -> int:
        return len(self._changes)

    def add(self, change: Change, needs: Callable[[Knobs], Method]) -> None:
        """A change, and the method that it needs where the knobs stand as they do."""
        self._changes.append((change, needs))

    def carry_out(self, descent: Descent) -> tuple[Descent, str]:
        """The Descent after all changes that can be carried out now, and why others never can; the rest waits on."""
        failure = ""
        while self._changes:
            change, needs = self._changes[0]
            method = needs(descent.knobs)
            if self._failure_of(method):
                failure = self._failure_of(method)
            elif self.engine is None or method not in self.warm:
                break
            else:
                descent = change(descent, self.engine)
            self._changes.popleft()
        return descent, failure
