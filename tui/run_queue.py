"""The queue of moves that wait for the engine: the only thing in the screen's process that waits."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.worker import Worker

from core.descent import Descent, Tick
from core.language import LazyString, _, ngettext
from core.measured import Measured
from core.program import Program, ProgramError
from core.requests import Measure, Request, Run
from core.state import EngineDied, EpochsRun, RunFailed
from tui.moves import Ladder, Turn, rungs, unwritten_sentence
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.stepper import Stepper

Move = Callable[[Descent], Tick]
Job = Callable[[], Awaitable[None]]

PATIENCE = 0.3
"""After so many seconds esc ends what the engine runs, and not only what waits for it."""

QUICK = 0.02
"""What is answered within so many seconds may be asked ahead of its key."""

FAILURES = (RunFailed, EngineDied, ProgramError)


@dataclass(frozen=True)
class Change:
    """A change of the run, and the sentence where it changes nothing."""

    change: Callable[[Descent], Descent]
    unchanged: str | LazyString = ""
    needs_rungs: bool = False
    """Whether the rungs that the program's own ruler has must be measured before."""


def stay(descent: Descent) -> Tick:
    """The move to where one is: what this place lacks is asked for."""
    return descent.tick


class RunQueue:
    """Applies moves and changes in turn. Moves that wait are merged, and the screen is painted once for all of them."""

    def __init__(self, stepper: "Stepper", held_back: Callable[[Descent, Tick], Tick]) -> None:
        """`held_back` says how far a move may go."""
        self._stepper, self._held_back = stepper, held_back
        self._pending: deque[Move | Change] = deque()
        self._batch: deque[Move | Change] = deque()
        """What is being applied now."""
        self._jobs: dict[str, Job] = {}
        """What is asked once no move waits, by name."""
        self._job: asyncio.Task[None] | None = None
        self._work: Worker[None] | None = None
        self._wake, self._settled = asyncio.Event(), asyncio.Event()
        self._rungs: dict[Program, tuple[float, ...]] = {}
        self._asked_at, self._is_quick = 0.0, False
        self._ahead: tuple[Request[Any], Any] | None = None
        """The next epoch, run while nothing else is to be done: its key need not wait for another process."""
        self._remark: str | LazyString = ""
        self.is_loading = True
        """Whether the engine has not answered yet."""

    def start(self) -> None:
        """Complete the run that is on the screen, and begin to work."""
        self._say_loading()
        self._add(stay)
        self._work = self._stepper.run_worker(self._run())

    def close(self) -> None:
        for task in (self._job, self._work):
            if task:
                task.cancel()

    @property
    def waiting(self) -> int:
        """How many moves and changes wait, or are being applied."""
        return sum(1 for each in (*self._batch, *self._pending) if each is not stay)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is asked."""
        return not (self._pending or self._batch or self._jobs or self._job)

    async def settled(self) -> None:
        """Wait until nothing waits any more and the screen shows it."""
        await self._settled.wait()

    def goto(self, move: Move) -> None:
        self._add(move)

    def change(self, change: Change) -> None:
        """Apply a change in its turn; before anything has run at once, for it needs no engine."""
        descent = self._stepper.descent
        if descent.opened is None and not self.waiting:
            self._remark = ""
            self._stepper.descent = self._changed(descent, change)
            self._stepper.say(self._remark)
            self._say_loading()
        else:
            self._add(change)

    def turn(self, turn: Turn, unchanged: str | LazyString) -> None:
        """Turn a knob, with the rungs that the program's own ruler adds to the ladder."""

        def change(descent: Descent) -> Descent:
            rungs = self._rungs.get(without_lr(descent.knobs.program), ())
            return descent.with_knobs(turn(descent.knobs, Ladder(rungs, self._stepper.first_knobs)))

        self.change(Change(change, unchanged, needs_rungs=True))

    def when_idle(self, name: str, job: Job) -> None:
        """Do something with the engine once no move waits; a move ends it."""
        self._jobs[name] = job
        self._wake.set()

    def drop(self) -> None:
        """Forget what waits; end what the engine runs if that takes long."""
        self._pending.clear()
        if self._batch and not self.is_loading and monotonic() - self._asked_at > PATIENCE:
            self._interrupting = asyncio.create_task(self._stepper.engine.interrupt())

    async def completed(self, descent: Descent) -> Descent:
        """The descent with all that its place lacks; as far as it comes where an epoch fails.

        Raises RunFailed, EngineDied, ProgramError.
        """
        from core.start import fit_lr, is_fitted  # not for the first frame

        if descent.opened is None and not (is_fitted(descent.knobs) or descent.ghost):
            descent = replace(descent, knobs=await fit_lr(self._stepper.engine, descent.knobs))
        while (request := descent.request) is not None:
            if unwritten := unwritten_sentence(descent):
                raise RunFailed(unwritten)
            if self._ahead and self._ahead[0] == request:
                reply = self._ahead[1]
            else:
                self._asked_at = monotonic()
                reply = await self._stepper.engine.ask(request)
                self._is_quick = monotonic() - self._asked_at < QUICK
            descent = descent.answered(reply)
            if isinstance(reply, EpochsRun) and reply.failure:
                if not len(reply):
                    raise reply.failure
                self._remark = safe_text(str(reply.failure))
                descent = descent.at_end()
        if self.is_loading:
            self.is_loading = False
            self._stepper.say()
        return descent

    async def painted(self) -> None:
        """Wait until the screen shows what has been assigned."""
        shown = asyncio.Event()
        if self._stepper.call_after_refresh(shown.set):
            await shown.wait()

    def _add(self, each: Move | Change) -> None:
        self._pending.append(each)
        self._settled.clear()
        self._wake.set()
        if self._job:
            self._job.cancel()
        if each is not stay:
            self._say_loading()

    def _say_loading(self) -> None:
        if self.is_loading:
            self._stepper.activity = LazyString(lambda: _loading(self.waiting))

    async def _run(self) -> None:
        while True:
            if self._pending:
                await self._apply_pending()
            elif self._jobs:
                await self._run_job()
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _apply_pending(self) -> None:
        stepper, base = self._stepper, self._stepper.descent
        self._batch, self._pending = self._pending, deque()
        if stepper.prediction.on:  # a move may have to wait for a prediction: one at a time
            self._pending.extend(list(self._batch)[1:])
            self._batch = deque([self._batch[0]])
        self._remark = ""
        said = any(each is not stay for each in self._batch)
        descent = await self._applied(base)
        if stepper.descent is not base:  # changed at once, or exchanged for another run: on from there
            self._pending.extendleft(reversed(self._batch))
            self._batch.clear()
            return
        self._batch.clear()
        if descent is not base:
            stepper.descent = descent
        if said or self._remark:
            stepper.say(self._remark)
        await self.painted()
        if not self._pending:
            self._settled.set()
        if descent.opened and (descent.measured is None or not descent.measured.is_quadratic):
            self.when_idle("measure", self._measure)
        if self._is_quick and not self._stepper.prediction.on:
            self.when_idle("ahead", self._run_ahead)

    async def _applied(self, base: Descent) -> Descent:
        """The descent after the whole batch; where something fails, without that."""
        complete = descent = base
        for each in self._batch:
            if isinstance(each, Change):
                complete = await self._completed_or(descent, complete, each.needs_rungs)
                descent = self._changed(complete, each)
                if unwritten_sentence(descent):  # nothing of it can run yet
                    complete = descent
            else:
                descent = descent.goto(self._held_back(descent, each(descent)))
        return await self._completed_or(descent, complete)

    async def _completed_or(self, descent: Descent, otherwise: Descent, needs_rungs: bool = False) -> Descent:
        try:
            complete = await self.completed(descent)
            if needs_rungs and without_lr(complete.knobs.program) not in self._rungs:
                await self._measured(complete)
            return complete
        except FAILURES as failure:
            self.is_loading = False
            self._remark = safe_text(str(failure))
            self._stepper.playback.pause()
            return otherwise

    def _changed(self, descent: Descent, each: Change) -> Descent:
        try:
            changed = each.change(descent)
        except FAILURES as failure:
            self._remark = safe_text(str(failure))
            return descent
        self._remark = each.unchanged if changed is descent else ""
        return changed

    async def _run_job(self) -> None:
        job = self._jobs.pop(next(iter(self._jobs)))
        self._job = asyncio.ensure_future(job())
        await asyncio.wait({self._job})
        job_done, self._job = self._job, None
        failure = None if job_done.cancelled() else job_done.exception()
        if isinstance(failure, EngineDied):
            self._stepper.say(safe_text(str(failure)))
        elif failure and not isinstance(failure, FAILURES):
            raise failure

    async def _run_ahead(self) -> None:
        descent = self._stepper.descent
        request = descent.goto(descent.next_epoch).request
        if isinstance(request, Run) and not unwritten_sentence(descent):
            self._ahead = request, await self._stepper.engine.ask(request)

    async def _measure(self) -> None:
        measured = await self._measured(descent := self._stepper.descent)
        if self._stepper.descent.knobs.program == descent.knobs.program:
            self._stepper.descent = self._stepper.descent.answered(measured)

    async def _measured(self, descent: Descent) -> Measured:
        """What the program does from where it is."""
        _at, state = descent.log.state(min(descent.epoch, len(descent.log)))
        measured = await self._stepper.engine.ask(Measure(descent.knobs.program, state))
        self._rungs[without_lr(descent.knobs.program)] = rungs(measured)
        return measured


@lru_cache(256)
def without_lr(program: Program) -> Program:
    """The program but for its knobs: what its costs and the marks of its ruler depend on."""
    return program.with_lr(0.0).with_nb_epochs(0)


def _loading(count: int) -> str:
    if not count:
        return _("loading torch; keys are carried out as soon as it is there")
    return ngettext(
        "loading torch; {count} of your keys is carried out as soon as it is there",
        "loading torch; {count} of your keys are carried out as soon as it is there",
        count,
    ).format(count=count)
