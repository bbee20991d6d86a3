"""Predict, then step: holds a move back until its epoch has been predicted, and lets it go on then."""

from core.descent import Descent
from core.language import Sentence, _
from core.study.prediction import Level, Prediction
from tui.engine.stage import Stage


class Predictor:
    """What the stepper does about its prediction."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def toggle(self) -> None:
        """Begin to predict, or leave off."""
        self._stage.prediction = self._stage.prediction.toggled(self._stage.descent)

    def ask_harder(self) -> None:
        """Another level, while the mode is on."""
        if self._stage.prediction.on:
            self._stage.prediction = self._stage.prediction.at_next_level(self._stage.descent)

    def answer(self, answer: float) -> None:
        """Commit an answer, and go on with the move that has waited for it."""
        self._go_on(self._stage.prediction.answered(answer), self._stage.prediction.wanted)

    def take_sign(self, sign: int) -> bool:
        """Commit what becomes of W, if that is asked; whether it was."""
        question = self._stage.prediction.question
        if question is None or question.level is not Level.SIGN:
            return False
        self.answer(sign)
        return True

    def skip(self) -> None:
        """Run the epoch that is to be predicted without a prediction."""
        if self._stage.prediction.question:
            self._go_on(self._stage.prediction.skipped(self._stage.descent), self._stage.descent.next_epoch)

    def held_back(self, descent: Descent, tick: int) -> int:
        """As far as a move may go before an epoch has been predicted."""
        self._stage.prediction, reach = self._stage.prediction.held_back(descent, tick)
        return reach

    def stop(self) -> str | Sentence:
        """Leave off, and the sentence that says so; empty where nothing was predicted."""
        if not self._stage.prediction.on:
            return ""
        self.toggle()
        return Sentence(lambda: _("nothing is predicted while it runs by itself; y takes it up again, with the score"))

    def show(self) -> None:
        """Show the mode while it is on."""
        screen = self._stage.screen_stack[0]
        if self._stage.prediction.on or screen.has_class("-predicting"):
            from tui.panels.predict import show_prediction  # only when asked for: the first frame doesn't wait for it

            show_prediction(screen, self._stage.prediction)

    def _go_on(self, prediction: Prediction, wanted: int | None) -> None:
        self._stage.prediction = prediction
        if wanted is not None:
            self._stage.goto(lambda descent: wanted)
