"""Sessions: the run on the screen is saved automatically, an earlier one is resumed, a file is opened."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from core.descent import Descent
from core.language import LazyString, _
from core.program import Program
from core.state import EngineDied, RunFailed
from tui.keys import key_of
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from core.session.autosave_store import AutosaveFile
    from core.session.replay import Replayed
    from core.session.session import LoadedSession, Session
    from tui.sessions.autosave import Autosave
    from tui.sessions.recoverable import RecoverableRuns
    from tui.stepper import Flow, Stepper

PATIENCE = 0.5  # seconds without a report after which esc ends what the engine runs, too


class Sessions:
    """What the stepper does about sessions. Without a folder for them nothing is saved automatically."""

    def __init__(self, stepper: "Stepper", folder: Path | None, opened: "LoadedSession | None" = None) -> None:
        self._stepper, self._folder, self._opened = stepper, folder, opened
        self._first_flow: Flow | None = None
        self._autosave: Autosave | None = None
        self._recoverable: RecoverableRuns | None = None
        self._offer: LazyString | None = None
        """What there is to resume, as long as nothing has been done here."""
        self._replay: asyncio.Task[Replayed] | None = None
        self._reported = 0.0
        self._is_stopped = False
        self.name = ""
        """The file that was opened or saved last."""

    def begin(self) -> None:
        """Behind the first frame: resume the session that was asked for, and look for earlier runs in a thread."""
        if self._folder:
            from core.session.autosave_store import AutosaveStore  # these are not for the first frame
            from tui.sessions.autosave import Autosave
            from tui.sessions.recoverable import RecoverableRuns

            store = AutosaveStore(self._folder)
            self._autosave, self._recoverable = Autosave(store, self._say_later), RecoverableRuns(store)
            Thread(target=self._look, args=(self._recoverable,), name="look", daemon=True).start()
        if self._first_flow:
            self._stepper.run_worker(self._first_flow)

    def hold_keys(self, holding: "Callable[[Flow], Flow]") -> None:
        """Have keys wait for the session that was asked for, from the first one on."""
        if self._opened:
            self._first_flow = holding(self.open(self._opened))

    @property
    def notice(self) -> LazyString | str:
        """What there is to say where nothing else is."""
        return "" if self._stepper.lesson_session else self._offer or ""

    def record(self, descent: Descent) -> None:
        """Have the run saved, where there is more than a start; the offer is over then."""
        if not self._autosave:
            return
        if is_more_than_a_start(descent):
            self._autosave.record(descent)
            offer, self._offer = self._offer, None
            if offer and self._stepper.activity is offer:
                self._stepper.say()
        elif self._autosave.latest:  # another run is on the screen
            self._leave(self._autosave.exchange(None))

    def resume_previous(self) -> None:
        """Resume the earlier run that was offered; asked again, another one."""
        self._stepper.start(self._resume())

    def stop(self) -> None:
        """Stop the replay: what is on the screen stays there, and the session can be resumed later."""
        if self._replay and not self._replay.done():
            self._is_stopped = True
            self._replay.cancel()
            if monotonic() - self._reported > PATIENCE:
                self._interrupting = asyncio.create_task(self._stepper.engine.interrupt())

    def close(self) -> None:
        """Save the rest before the program ends."""
        if self._autosave:
            self._autosave.close()

    # a session on its way to the screen

    async def _resume(self) -> None:
        from core.session.file import Unopenable
        from core.session.opening import open_session

        file = await asyncio.to_thread(self._recoverable.take) if self._recoverable else None
        if file is None:
            self._stepper.say(LazyString(lambda: _("there is no other run to resume")))
            return
        try:
            loaded = await asyncio.to_thread(open_session, str(file.path))
        except Unopenable as refusal:
            file.release()
            self._stepper.say(self._without_folder(str(refusal)))
        else:
            await self.open(loaded, file)

    async def open(self, loaded: "LoadedSession", file: "AutosaveFile | None" = None) -> None:
        """Put a session on the screen: first its edited lines are shown, if any, and it comes only if accepted."""
        from core.session.edited_lines import edited_lines

        session: Session | None = loaded.session
        if await asyncio.to_thread(edited_lines, loaded.session, file is not None):
            from tui.screens.review import Review

            session = await self._stepper.app.push_screen_wait(Review(loaded.session, own=file is not None))
        if session is not loaded.session:
            self._leave(file)
            file = None
        if session is None:
            return
        try:
            replayed = await self._replayed(session)
        except (RunFailed, EngineDied) as failure:
            self._leave(file)
            why = _("this run can't be replayed: {why}").format(why=failure)
            stopped = LazyString(lambda: _("stopped: the run on the screen is the one from before"))
            self._stepper.say(stopped if self._is_stopped else safe_text(why))
            return
        self._stepper.lesson_session = None  # the run of a session belongs to no lesson
        if self._autosave:
            self._leave(await asyncio.to_thread(self._autosave.exchange, file, replayed.descent if file else None))
        self.name, self._offer = self.name if file else loaded.path, None
        self._stepper.descent = replayed.descent
        there = LazyString(lambda: _("this is where you stopped; what you do is saved automatically"))
        self._stepper.say(replayed.note or there)

    async def _replayed(self, session: "Session") -> "Replayed":
        """The run of a session. Raises RunFailed, and EngineDied also where esc has stopped it."""
        from core.session.replay import replay

        def report(done: int) -> None:
            self._reported = monotonic()
            share = done / max(1, session.epochs)
            sentence = _("{key} stops · replaying your run: {share:.0%} of {epochs:,} epochs")
            self._stepper.say(sentence.format(key=key_of("stop"), share=share, epochs=session.epochs))

        self._is_stopped, self._reported = False, monotonic()
        self._replay = asyncio.create_task(replay(session, self._stepper.engine, report))
        try:
            return await self._replay
        except asyncio.CancelledError:
            self._replay.cancel()
            if self._is_stopped:
                raise EngineDied from None
            raise

    def _leave(self, file: "AutosaveFile | None") -> None:
        if self._recoverable:
            self._recoverable.leave(file)

    # these are called by threads

    def _look(self, recoverable: "RecoverableRuns") -> None:
        if offer := recoverable.look():
            self._stepper.app.call_later(self._offered, offer)

    def _offered(self, offer: LazyString) -> None:
        if not is_more_than_a_start(self._stepper.descent) and self._replay is None:
            self._offer = offer
            if not self._stepper.activity:
                self._stepper.say()

    def _say_later(self, sentence: str) -> None:
        self._stepper.app.call_later(self._stepper.say, self._without_folder(sentence))

    def _without_folder(self, sentence: str) -> str:
        """A sentence on an autosaved file, without the folder, which would take all of the line."""
        return safe_text(sentence.replace(f"{self._folder}{os.sep}", ""))


def is_more_than_a_start(descent: Descent) -> bool:
    """Whether there is anything in a run that is worth saving: an epoch, or a line of the learner's own."""
    if descent.epoch or descent.tick.line or len(descent.log) > 1 or descent.ghost or descent.kept:
        return True
    from core.edits import GradientForm, with_gradient_form  # not for the first frame

    def lines(program: Program) -> list[str]:
        return [line.text for line in with_gradient_form(program, GradientForm.SUM).lines]

    programs = (descent.knobs.program, descent.knobs.other)
    return any(program and lines(program) != lines(program.unedited) for program in programs)
