"""Runs that can be resumed: those that programs which have ended have saved automatically, and those left here."""

from contextlib import suppress
from pathlib import Path
from time import localtime, strftime, time

from core.language import N_, LazyString, _
from core.session.autosave_store import AutosaveFile, AutosaveStore
from tui.keys import key_of
from tui.safe_text import safe_text

DAY = 24 * 60 * 60


class RecoverableRuns:
    """The runs that one can go back to, the one that was saved last first."""

    def __init__(self, store: AutosaveStore) -> None:
        self._store = store
        self._offered: AutosaveFile | None = None
        self._left: list[AutosaveFile] = []
        """Those that the learner has left for another one in this program."""

    def look(self) -> LazyString | None:
        """Tidy the store, lock its newest run for this program, and say what it is; it reads files."""
        self._store.tidy()
        self._offered = self._store.newest()
        return _offer(self._offered.path) if self._offered else None

    def take(self) -> AutosaveFile | None:
        """The run to resume: the one that was offered, an older one, or one that was left here."""
        taken, self._offered = self._offered or self._store.newest(), None
        return taken or (self._left.pop(0) if self._left else None)

    def leave(self, file: AutosaveFile | None) -> None:
        """A run that is no longer on the screen, or has not come onto it."""
        self._left += [file] if file else []


def _offer(path: Path) -> LazyString | None:
    """What is said of a run; one that can't be read is not worth a word before somebody asks for it."""
    from core.session.file import Unopenable
    from core.session.opening import open_session  # msgspec: only where there is a run to read

    with suppress(Unopenable, OSError):
        session, saved = open_session(str(path)).session, path.stat().st_mtime
        when = strftime("%H:%M" if time() - saved < DAY else "%Y-%m-%d %H:%M", localtime(saved))
        epoch, program = session.tick.epoch, safe_text(Path(session.texts[session.knobs.program.text].path).name)
        sentence = N_("{key}: resume your last run ({when}, {program}, epoch {epoch:,})")
        key = key_of("resume_previous")
        return LazyString(lambda: _(sentence).format(key=key, when=when, program=program, epoch=epoch))
    return None
