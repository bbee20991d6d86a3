"""What runs by itself: play, epoch after epoch, and running far."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.message import Message

from core.language import Sentence, _, marked
from core.state import RunFailed
from tui.engine.conductor import Conductor
from tui.engine.far import FarRun, Stretch
from tui.engine.moves import MOVES
from tui.engine.player import Player
from tui.engine.stage import Stage
from tui.keys import key_of
from tui.safe_text import safe_text


@dataclass
class RanFar(Message):
    """A run in its thread has got on."""

    stretch: Stretch


class Running:
    """What runs by itself on the stage; one of both at a time."""

    def __init__(self, stage: Stage, conductor: Conductor, speed: int = 3) -> None:
        self._stage, self._conductor = stage, conductor
        self._player = Player(stage.set_interval, self._play_on, speed)
        self._far: FarRun | None = None
        self._after_loading: Callable[[], None] | None = None

    @property
    def text(self) -> str | Sentence:
        """What to say of the play that goes on; nothing where none does."""
        return self._player.text

    @property
    def plays(self) -> bool:
        return self._player.playing

    @property
    def is_far(self) -> bool:
        """Whether a run goes on in its thread."""
        return self._far is not None

    def play(self) -> None:
        self._player.play()

    def pause(self) -> None:
        if self._player.playing:
            self._player.pause()
            self._stage.say()

    def change_speed(self, steps: int) -> None:
        self._player.change_speed(steps)
        told = _("{key} will play {speed} epochs a second").format(key=key_of("play"), speed=self._player.speed)
        self._stage.say(self._player.text or told)

    def _play_on(self) -> None:
        if self._conductor.engine is None:
            return
        before = self._stage.descent
        self._stage.goto(MOVES["next_epoch"])
        if self._stage.descent is before:  # the program can't be run from here, and that has been said
            self._player.pause()
        elif ending := self._stage.descent.ending:
            self.pause()
            epoch = self._stage.descent.epoch
            told = marked("paused at epoch {epoch}: {ending}")
            self._stage.say(Sentence(lambda: _(told).format(epoch=epoch, ending=_(ending))))

    def run_far(self, last: int | None) -> None:
        """Run to an epoch, or, without one, until the run ends by itself; as soon as torch is there."""
        self.stop_far()
        descent = self._stage.descent
        if failure := self._conductor.failure_of(descent.knobs):
            self._stage.say(failure)
        elif (engine := self._conductor.engine) is None:
            self._after_loading = partial(self.run_far, last)
        else:
            self._far = FarRun(descent, last, lambda stretch: self._stage.post_message(RanFar(stretch)))
            self._far.start(engine)

    def carry_on(self) -> None:
        """Begin what was to come after all that had waited for torch."""
        if self._after_loading and self._conductor.engine:
            self._after_loading()

    def has_run(self, stretch: Stretch) -> None:
        """Put the epochs of a run in its thread onto the tape."""
        stage, engine = self._stage, self._conductor.waiting.engine
        if stretch.run is not self._far or engine is None:
            return
        if isinstance(stretch.failure, RunFailed):
            self._far = None
            stage.say(safe_text(str(stretch.failure)))
            return
        if stretch.failure:
            raise stretch.failure
        stage.descent = stage.descent.ran(stretch.epochs, engine)
        stage.say(stretch.run.progress(len(stage.descent.tape)))
        stage.call_after_refresh(stretch.run.go_on)
        if stretch.over:
            self._far = None
            epoch, ending = stage.descent.epoch, stretch.ending or stage.descent.ending or marked("W still changes")
            stage.say(Sentence(lambda: _("ran to epoch {epoch:,}: {ending}").format(epoch=epoch, ending=_(ending))))

    def stop_far(self) -> None:
        self._after_loading = None
        if self._far:
            self._far.stop()
            self._far = None
            epoch = self._stage.descent.epoch
            self._stage.say(Sentence(lambda: _("stopped at epoch {epoch:,}").format(epoch=epoch)))

    def stop(self) -> None:
        """Stop both."""
        self.pause()
        self.stop_far()
