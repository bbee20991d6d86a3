"""Changes that wait until torch can run them."""

from collections import deque
from collections.abc import Callable

from core.descent import Descent
from core.language import Sentence, counted
from core.listing import Method
from core.state import Engine, Knobs, RunFailed
from tui.safe_text import safe_text

Change = Callable[[Descent, Engine], Descent]
"""A move: the Descent after it. It runs epochs, so it may have to wait for torch."""


def keys_wait(count: int) -> str:
    """That so many keys wait for torch."""
    return counted(
        "loading torch; {count} of your keys is carried out as soon as it is there",
        "loading torch; {count} of your keys are carried out as soon as it is there",
        count,
    ).format(count=count)


class Waiting:
    """A queue of changes, each with the knobs that it runs with, and the engine that carries them out."""

    def __init__(self, failure_of: Callable[[Knobs], str | Sentence]) -> None:
        self.engine: Engine | None = None
        self.warm: set[Method] = set()
        """The methods that the engine has run once, so that no key waits for an import."""
        self.failure_of = failure_of
        self.held = False
        """Whether a session is being replayed, which goes before what waits."""
        self._changes: deque[tuple[Change, Callable[[Knobs], Knobs]]] = deque()

    def __len__(self) -> int:
        return len(self._changes)

    def __bool__(self) -> bool:
        return self.held or bool(self._changes)

    def add(self, change: Change, needs: Callable[[Knobs], Knobs]) -> None:
        """A change, and the knobs that it runs with where they stand as they do."""
        self._changes.append((change, needs))

    def carry_out(self, descent: Descent) -> tuple[Descent, str | Sentence]:
        """The Descent after all changes that can be carried out now, and why others never can; the rest waits on."""
        failure: str | Sentence = ""
        while self._changes:
            change, needs = self._changes[0]
            knobs = needs(descent.knobs)
            if self.failure_of(knobs):
                failure = self.failure_of(knobs)
            elif self.engine is None or self.held or knobs.method not in self.warm:
                break
            else:
                try:
                    descent = change(descent, self.engine)
                except RunFailed as failed:
                    failure = safe_text(str(failed))
            self._changes.popleft()
        return descent, failure
