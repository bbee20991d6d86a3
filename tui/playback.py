"""What runs by itself: play, epoch after epoch at a speed that one can see, and a long run in the engine."""

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.worker import Worker

from core.behaviour import Behaviour, ending_at, first_ending
from core.descent import Descent
from core.language import N_, LazyString, _
from core.requests import Run
from tui.keys import key_of
from tui.moves import MOVES
from tui.run_queue import FAILURES
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.stepper import Stepper

SPEEDS = (1, 2, 3, 5, 10, 20, 30)
"""Epochs a second."""

MOST_EPOCHS = 1_000_000
"""Where a run without a last epoch gives up waiting for an end."""


class Playback:
    """Plays, or runs to an epoch; one of both at a time."""

    def __init__(self, stepper: "Stepper", speed: int) -> None:
        self._stepper = stepper
        self._timer: Timer | None = None
        self._run: Worker[None] | None = None
        self._last: int | None = None
        self._first, self._began = 0, 0.0
        self.speed = speed

    @property
    def is_playing(self) -> bool:
        return self._timer is not None

    @property
    def is_running(self) -> bool:
        """Whether a long run is under way."""
        return self._run is not None

    @property
    def text(self) -> str | LazyString:
        """The sentence for what runs by itself; empty where nothing does."""
        if self._run:
            return LazyString(self._progress)
        sentence = LazyString(
            lambda: _("playing {speed} epochs a second; + faster, - slower, p pauses").format(speed=self.speed)
        )
        return sentence if self._timer else ""

    def play(self) -> None:
        """Begin to play, with the speed of now."""
        self.stop()
        self._timer = self._stepper.set_interval(1 / self.speed, self._play_on)
        self._stepper.say()

    def pause(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None
            self._stepper.say()

    def change_speed(self, steps: int) -> None:
        """Take a faster or slower one of SPEEDS, while it plays too."""
        self.speed = SPEEDS[min(len(SPEEDS) - 1, max(0, SPEEDS.index(self.speed) + steps))]
        if self._timer:
            self.play()
        else:
            sentence = _("{key} will play {speed} epochs a second").format(key=key_of("play"), speed=self.speed)
            self._stepper.say(sentence)

    def after(self, descent: Descent) -> None:
        """Pause where the run has come to its end."""
        if self._timer and (ending := ending_at(descent.log, descent.epoch - 1)):
            self.pause()
            sentence = LazyString(
                lambda: _("paused at epoch {epoch}: {ending}").format(epoch=descent.epoch, ending=_(ending))
            )
            self._stepper.call_later(self._stepper.say, sentence)

    def run_to(self, last: int | None) -> None:
        """Run to an epoch, or, without one, until the run ends by itself."""
        self.stop()
        self._last = last
        self._run = self._stepper.run_worker(self._run_on())

    def stop_run(self) -> None:
        """Stop a long run where it is."""
        if self._run:
            self._run.cancel()
            self._run = None
            epoch = self._stepper.descent.epoch
            self._stepper.say(LazyString(lambda: _("stopped at epoch {epoch:,}").format(epoch=epoch)))

    def stop(self) -> None:
        """Stop both."""
        self.pause()
        self.stop_run()

    def _play_on(self) -> None:
        if not self._stepper.queue.waiting:
            self._stepper.queue.goto(MOVES["next_epoch"])

    async def _run_on(self) -> None:
        stepper = self._stepper
        try:
            await stepper.queue.settled()
            ending = await self._stream()
        except FAILURES as failure:
            self._run = None
            stepper.say(safe_text(str(failure)))
            return
        self._run = None
        epoch, why = stepper.descent.epoch, ending or _STILL
        stepper.say(LazyString(lambda: _("ran to epoch {epoch:,}: {ending}").format(epoch=epoch, ending=_(why))))

    async def _stream(self) -> Behaviour | None:
        """Run on from the end of the log until the last epoch, or until the run ends by itself, and why it has."""
        stepper, descent = self._stepper, self._stepper.descent
        at, state = descent.log.state(len(descent.log))
        self._first, self._began = len(descent.log), monotonic()
        count = (MOST_EPOCHS if self._last is None else self._last + 1) - self._first
        ended = None
        async for part in stepper.engine.stream(Run(descent.last_knobs.program, state, at, self._first, count)):
            descent, judged = stepper.descent.answered(part), max(0, len(stepper.descent.log) - 1)
            ended = first_ending(descent.log, judged)
            if ended and self._last is not None and ended[1] is not Behaviour.DIVERGED:
                ended = None
            if ended:  # the epoch after the last one is under way, at the weights that the run has come to
                descent = replace(descent, log=descent.log.cut(ended[0] + 2))
            stepper.descent = await stepper.queue.completed(descent.at_end())
            stepper.say()
            if part.failure:
                raise part.failure
            if ended:
                break
            await stepper.queue.painted()
        return ended[1] if ended else ending_at(stepper.descent.log, stepper.descent.epoch - 1)

    def _progress(self) -> str:
        """How far it is, how fast, how long still."""
        done = len(self._stepper.descent.log)
        speed = (done - self._first) / max(1e-3, monotonic() - self._began)
        if self._last is None:
            sentence = _("{key} stops · epoch {done:,} · {speed:,.0f} epochs a second · until W no longer changes")
            return sentence.format(key=key_of("stop"), done=done, speed=speed)
        share = (done - self._first) / max(1, self._last + 1 - self._first)
        seconds = int((self._last + 1 - done) / max(1.0, speed))
        left = f"{seconds // 60}:{seconds % 60:02}"
        sentence = _(
            "{key} stops · {share:.0%} of the way to epoch {last:,} · {speed:,.0f} epochs a second · {left} left"
        )
        return sentence.format(key=key_of("stop"), share=share, last=self._last, speed=speed, left=left)


_STILL = N_("W still changes")
