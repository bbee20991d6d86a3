"""Earlier runs: those that were saved by themselves, by programs that have ended, and those that were left here."""

import os
from collections import deque
from contextlib import suppress
from time import localtime, strftime, time

from core.descent import PHASES
from core.language import Sentence, _, marked
from core.session.shelf import MOST_KEPT, Place, Shelf
from tui.keys import key_of
from tui.safe_text import safe_text

DAY = 24 * 60 * 60


class Earlier:
    """The runs that one can go back to, the one that was saved last first."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._offered: Place | None = None
        self._left: deque[Place] = deque()
        """Those that the learner has left for another one in this program."""

    def look(self) -> Sentence | None:
        """Tidy the shelf, take the newest run from it for us alone, and say what it is; it reads files."""
        self._shelf.tidy()
        self._offered = self._shelf.newest()
        return described(self._offered) if self._offered else None

    def take(self) -> Place | None:
        """The run to go on with: the one that was offered, an older one, or one that was left here."""
        taken, self._offered = self._offered or self._shelf.newest(), None
        if taken is None and self._left:
            taken = self._left.popleft()
        return taken

    def leave(self, place: Place) -> None:
        """A run that is no longer on the screen, or has not come onto it."""
        self._left.append(place)
        if len(self._left) > MOST_KEPT:
            self._left.popleft().release()


def described(place: Place) -> Sentence | None:
    """What is said of an earlier run; one that can't be read is not worth a word before somebody asks for it."""
    from core.session.faults import Unopenable  # json: only where there is a run to read
    from core.session.reading import read_session

    with suppress(Unopenable, OSError):
        session, saved = read_session(str(place.path)), place.saved
        when = strftime("%H:%M" if time() - saved < DAY else "%Y-%m-%d %H:%M", localtime(saved))
        epoch, table = session.tick // PHASES, safe_text(os.path.basename(session.table.source.name))
        told = marked("{key} goes on where you stopped: {when}, {table}, epoch {epoch:,}")
        return Sentence(lambda: _(told).format(key=key_of("go_on"), when=when, table=table, epoch=epoch))
    return None
