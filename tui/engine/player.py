"""Playing: epoch after epoch by itself, at a speed that one can see and change."""

from collections.abc import Callable

from textual.timer import Timer

from core.language import _

SPEEDS = (1, 2, 3, 5, 10, 20, 30)
"""Epochs a second."""


class Player:
    """A timer that steps while it plays."""

    def __init__(
        self, set_interval: Callable[[float, Callable[[], None]], Timer], step: Callable[[], None], speed: int = 3
    ) -> None:
        self._set_interval = set_interval
        self._step = step
        self._timer: Timer | None = None
        self.speed = speed

    @property
    def playing(self) -> bool:
        return self._timer is not None

    @property
    def text(self) -> str:
        """What to say of the play that goes on; nothing where none does."""
        told = _("playing {speed} epochs a second; + faster, - slower, p pauses").format(speed=self.speed)
        return told if self.playing else ""

    def play(self) -> None:
        self.pause()
        self._timer = self._set_interval(1 / self.speed, self._step)

    def pause(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

    def change_speed(self, steps: int) -> None:
        """Take a faster or slower one of SPEEDS, in the middle of playing too."""
        self.speed = SPEEDS[min(len(SPEEDS) - 1, max(0, SPEEDS.index(self.speed) + steps))]
        if self.playing:
            self.play()
