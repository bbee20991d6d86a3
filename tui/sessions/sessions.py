"""Sessions: the run on the screen is saved by itself, an earlier one is gone on with, a file is opened or written."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from threading import Thread
from typing import TYPE_CHECKING

from core.descent import Descent
from core.language import Sentence, _, marked
from core.listing import GradientForm
from core.state import Engine, RunFailed
from tui.engine.stage import Stage
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from core.session.opening import Opened
    from core.session.recipe import Session
    from core.session.replay import Replayed
    from core.session.shelf import Place
    from tui.sessions.autosave import Autosave
    from tui.sessions.earlier import Earlier
    from tui.sessions.replaying import Replaying


def is_more_than_a_start(descent: Descent) -> bool:
    """Whether there is anything in a run that is worth saving."""
    if descent.tick or len(descent.tape) > 1 or descent.ghost or descent.kept:
        return True
    listing = descent.knobs.listing  # an edited line; the lecture's other gradient is none
    return listing.gradient_form is None or bool(listing.with_gradient_form(GradientForm.SUM).changed)


@dataclass(frozen=True)
class Coming:
    """A session on its way to the screen."""

    opened: "Opened"
    start: Descent
    """What is on the screen until it is replayed."""
    place: "Place | None" = None
    """Where it stands on the shelf, if it comes from there: it goes on being written there."""


class Sessions:
    """What the stepper does about sessions. Without a folder for them nothing is saved by itself."""

    def __init__(self, stage: Stage, folder: Path | None, opened: "Opened | None") -> None:
        self._stage, self._opened = stage, opened
        self._folder = folder
        self._autosave: Autosave | None = None
        self._earlier: Earlier | None = None
        self._coming: Coming | None = None
        self._replaying: Replaying | None = None
        self._offer: Sentence | None = None
        """What there is to go on with, as long as nothing has been done here."""
        self.name = ""
        """The file that was opened or saved last."""

    def begin(self) -> None:
        """Behind the first frame: go on with the session that was asked for, and look for earlier runs in a thread."""
        if self._opened:
            self.consider(self._opened, start=self._stage.descent)
        if self._folder:
            from core.session.shelf import Shelf  # these, too, are behind the first frame
            from tui.sessions.autosave import Autosave
            from tui.sessions.earlier import Earlier

            shelf = Shelf(self._folder)
            self._autosave, self._earlier = Autosave(shelf, self._tell), Earlier(shelf)
            Thread(target=self._look, args=(self._earlier,), name="look", daemon=True).start()

    @property
    def news(self) -> Sentence | str:
        """What there is to say where nothing else is."""
        return "" if self._stage.sitting else self._offer or ""

    def saw(self, descent: Descent) -> None:
        """Have the run saved, where there is more than a start; what was offered is offered no more."""
        if not is_more_than_a_start(descent):
            return
        if self._autosave:
            self._autosave.saw(descent)
        if offered := self._offer:
            self._offer = None
            if self._stage.activity is offered:
                self._stage.say()

    def close(self) -> None:
        """Save the rest before the program ends."""
        if self._autosave:
            self._autosave.close()

    def save(self) -> None:
        """Ask for a name, and save what is on the screen under it."""
        if self._replaying:
            self._stage.say(self._replaying.progress)
            return
        from core.session.recipe import Session  # only when asked for: the first frame doesn't wait for it
        from tui.screens.save import Save, proposed_name

        descent = self._stage.descent
        name = self.name or proposed_name(descent.data.source.name if descent.data.source else "")
        self._stage.push_screen(Save(Session.of(descent), name, self._saved))

    def _saved(self, path: str) -> None:
        self.name = path
        told = marked("saved: gradstep open {path} goes on here")
        self._stage.say(Sentence(lambda: safe_text(_(told).format(path=quote(path)))))

    # a session on its way to the screen

    def go_on(self) -> None:
        """Go on with the earlier run that was offered; asked again, with another one."""
        if self._earlier is None or (place := self._earlier.take()) is None:
            self._stage.say(Sentence(lambda: _("there is no other run to go on with")))
        else:
            Thread(target=self._open, args=(place,), name="open", daemon=True).start()

    def consider(self, opened: "Opened", place: "Place | None" = None, start: Descent | None = None) -> None:
        """Put a session on the screen, where its start may be already.

        Lines in it that somebody has changed are shown first: they come only if they are accepted.
        """

        def decide(accepted: "Session | None") -> None:
            if accepted is opened.session:
                self._come(Coming(opened, start or opened.start, place), start is not None)
            else:
                self._leave(place)
                if accepted is not None:
                    self._come(Coming(replace(opened, session=accepted), start or opened.start), start is not None)

        if not opened.session.changes:
            decide(opened.session)
            return
        from tui.screens.review import Review  # only when asked for: the first frame doesn't wait for it

        self._stage.push_screen(Review(opened.session, decide))

    def began(self, descent: Descent) -> None:
        """Another run is on the screen: the start of the session that is coming, or one that has to do with none."""
        kept = self._stage.sitting or (self._autosave and self._autosave.has(descent))  # for after a lesson, or since
        if self._autosave and not kept:
            self._leave(self._autosave.exchange(None))
        if self._coming and self._coming.start is descent:
            self._hold()
        else:
            self._drop()

    def run(self, engine: Engine) -> None:
        """The engine is there: have the session that is coming replayed."""
        if self._replaying:
            self._replaying.start(engine)

    def stop(self) -> None:
        """Stop the replay: its start stays on the screen, and the session can be gone on with later."""
        if self._coming:
            self._drop()
            self._stage.say(Sentence(lambda: _("stopped before the run was there: its start is on the screen")))
            self._stage.resume(None)

    @property
    def progress(self) -> str:
        """How far a replay is; empty where there is none."""
        return self._replaying.progress if self._replaying else ""

    def _come(self, coming: Coming, is_there: bool) -> None:
        self._drop()
        self._coming = coming
        if is_there:
            self._hold()
        else:
            self._stage.sitting = None  # the run of a session is no lesson's
            self._stage.call_later(self._stage.begin, coming.start, self._stage.picture)

    def _hold(self) -> None:
        """Have keys wait until the session that is coming has been replayed."""
        from tui.sessions.replaying import Replaying

        assert self._coming
        self._replaying = Replaying(self._coming.opened, self._report)
        if engine := self._stage.hold():
            self._replaying.start(engine)

    def _drop(self) -> None:
        """Leave the session that is coming."""
        if self._replaying:
            self._replaying.stop()
        if self._coming:
            self._leave(self._coming.place)
        self._coming = self._replaying = None

    def _report(self, replaying: "Replaying", result: "Replayed | Exception | None") -> None:
        """Called by the thread that replays."""
        self._stage.call_later(self._reported, replaying, result)

    def _reported(self, replaying: "Replaying", result: "Replayed | Exception | None") -> None:
        if replaying is not self._replaying or self._coming is None:
            return
        if result is None:
            self._stage.say(replaying.progress)
        elif isinstance(result, RunFailed):
            self._drop()
            self._stage.say(safe_text(_("the run can't be had again: {why}").format(why=result)))
            self._stage.resume(None)
        elif isinstance(result, Exception):
            raise result
        else:
            coming, self._coming, self._replaying = self._coming, None, None
            self.name = self.name if coming.place else coming.opened.path
            if self._autosave:
                self._autosave.exchange(coming.place, result.descent)
            notes = safe_text(" · ".join(filter(None, (coming.opened.note, result.note))))
            there = Sentence(lambda: _("this is where you stopped; what you do is saved by itself"))
            self._stage.say(notes or there)
            self._stage.resume(result.descent)

    # earlier runs; these run in threads

    def _look(self, earlier: "Earlier") -> None:
        if offer := earlier.look():
            self._stage.call_later(self._offered, offer)

    def _offered(self, offer: Sentence) -> None:
        if not self._stage.descent.tick and self._coming is None:
            self._offer = offer
            self._stage.say()

    def _open(self, place: "Place") -> None:
        from core.session.faults import Unopenable
        from core.session.opening import open_session

        try:
            self._stage.call_later(self.consider, open_session(str(place.path)), place)
        except Unopenable as refusal:
            place.release()
            self._tell(str(refusal))

    def _tell(self, sentence: str) -> None:
        """Say something of a file on the shelf, without the folder, which would take all of the line."""
        self._stage.call_later(self._stage.say, safe_text(sentence.replace(f"{self._folder}{os.sep}", "")))

    def _leave(self, place: "Place | None") -> None:
        if place and self._earlier:
            self._earlier.leave(place)
