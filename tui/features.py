"""The features that follow the run: prediction, lessons, sessions and the comparison of both methods."""

from functools import partial
from typing import TYPE_CHECKING

from core.descent import Descent, Tick
from core.language import LazyString, _
from core.study.prediction import Level, Prediction

if TYPE_CHECKING:
    from tui.stepper import Stepper


def held_back(stepper: "Stepper", descent: Descent, tick: Tick) -> Tick:
    """As far as a move may go before an epoch has been predicted."""
    if stepper.prediction.on:
        stepper.prediction, tick = stepper.prediction.held_back(descent, tick)
    return tick


def answer(stepper: "Stepper", answer: float) -> None:
    """Commit an answer, and make the move that has waited for it."""
    _assign(stepper, stepper.prediction.answered(answer), stepper.prediction.wanted)


def take_sign(stepper: "Stepper", sign: int) -> bool:
    """Commit how W changes, if that is asked; whether it was."""
    question = stepper.prediction.question
    if question is None or question.level is not Level.SIGN:
        return False
    answer(stepper, sign)
    return True


def skip(stepper: "Stepper") -> None:
    """Run the epoch that is to be predicted without a prediction."""
    if stepper.prediction.question:
        _assign(stepper, stepper.prediction.skipped(stepper.descent), stepper.descent.next_epoch)


def stop(stepper: "Stepper") -> None:
    """Leave the mode where epochs run by themselves, and say so."""
    if stepper.prediction.on:
        stepper.prediction = stepper.prediction.toggled(stepper.descent)
        stepper.say(LazyString(lambda: _("nothing is predicted while it runs by itself; y resumes it, with the score")))


def _assign(stepper: "Stepper", prediction: Prediction, wanted: Tick | None) -> None:
    stepper.prediction = prediction
    if wanted is not None:
        stepper.goto(lambda descent: wanted)


def observe(stepper: "Stepper", descent: Descent) -> None:
    """Show another place of the run to the lesson, or have it saved."""
    if stepper.lesson_session:
        from tui.lessons.actions import observe

        observe(stepper, descent)
    else:
        stepper.sessions.record(descent)


def compare(stepper: "Stepper") -> None:
    """Have both methods compared at the place on the screen, where their panel is shown."""
    if stepper.active_plot != "methods":
        return
    if stepper.prediction.question:
        from tui.panels.methods import hidden

        stepper.comparison = hidden()
    else:
        stepper.queue.when_idle("compare", partial(_compare, stepper))


async def _compare(stepper: "Stepper") -> None:
    from core.study.comparison import Comparison
    from tui.panels.methods import compare

    before = stepper.comparison if isinstance(stepper.comparison, Comparison) else None
    stepper.comparison = await compare(stepper.engine, stepper.descent, before)
