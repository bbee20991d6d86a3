"""What the features may ask of the stepper: the run on the screen, and to have something done with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

from core.descent import Descent
from core.language import Sentence
from core.state import Engine, Knobs
from core.study.prediction import Prediction
from tui.engine.waiting import Change

if TYPE_CHECKING:
    from core.study.comparison import Comparison
    from tui.lessons.sitting import Sitting


class Stage(Protocol):
    """The stepper as its features see it: none of them knows the app itself, so there is no circle of imports."""

    @property
    def descent(self) -> Descent:
        """The run on the screen."""
        ...

    @descent.setter
    def descent(self, descent: Descent) -> None: ...

    @property
    def prediction(self) -> Prediction: ...

    @prediction.setter
    def prediction(self, prediction: Prediction) -> None: ...

    @property
    def sitting(self) -> "Sitting | None":
        """The lesson that the learner is in, if any."""
        ...

    @sitting.setter
    def sitting(self, sitting: "Sitting | None") -> None: ...

    @property
    def comparison(self) -> "Comparison | Sentence | str":
        """Both methods at the place on the screen, while their panel is shown."""
        ...

    @comparison.setter
    def comparison(self, comparison: "Comparison | Sentence | str") -> None: ...

    @property
    def activity(self) -> str | Sentence:
        """What the status line says."""
        ...

    @property
    def picture(self) -> str:
        """What has the place that the pictures and the table share."""
        ...

    @property
    def is_web(self) -> bool:
        """Whether it is in somebody's browser, who has nothing to do with the files here."""
        ...

    @property
    def screen(self) -> Screen[object]: ...

    @property
    def screen_stack(self) -> list[Screen[Any]]: ...

    def say(self, text: str | Sentence = "") -> None:
        """Put a sentence into the status line."""
        ...

    def carry_out(self, change: Change, needs: Callable[[Knobs], Knobs] = ...) -> None:
        """Carry out a change: now, or as soon as torch can run the knobs that it needs."""
        ...

    def goto(self, tick: Callable[[Descent], int]) -> None:
        """Move to another tick of the run."""
        ...

    async def begin(self, descent: Descent, picture: str) -> None:
        """Leave the run on the screen for another one."""
        ...

    def hold(self) -> Engine | None:
        """Have keys wait for a run that is being replayed; the engine for it, if it is there."""
        ...

    def resume(self, descent: Descent | None) -> None:
        """Carry out what has waited, with the run that was replayed if there is one."""
        ...

    def compare(self) -> None:
        """Have both methods compared, where their panel is shown."""
        ...

    def fail(self, failure: Exception) -> None:
        """End with a failure of a thread, which would pass unseen."""
        ...

    def action_stop(self) -> None:
        """Stop what runs by itself."""
        ...

    def action_plot(self, name: str) -> None:
        """Give their place to a picture, or to the table."""
        ...

    def push_screen(self, screen: Screen[Any]) -> Any: ...

    def post_message(self, message: Any) -> bool: ...

    def set_interval(self, interval: float, callback: Callable[[], None]) -> Any: ...

    def call_later(self, callback: Callable[..., Any], *args: Any) -> bool: ...

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any) -> bool: ...
