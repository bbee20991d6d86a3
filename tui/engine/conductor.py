"""The engine behind the keys: torch is loaded, changes of the run are carried out now or as soon as they can be."""

from collections.abc import Callable

from core.data import Dataset
from core.descent import Descent
from core.language import Sentence, _, marked
from core.listing import Method
from core.state import Engine, Knobs
from tui.engine.loading import Loading, TorchFailed, TorchReady
from tui.engine.stage import Stage
from tui.engine.waiting import Change, Waiting, keys_wait
from tui.keys import key_of


class Conductor:
    """Has the run on the stage follow the keys."""

    def __init__(self, stage: Stage, load_engine: Callable[[Dataset], Engine]) -> None:
        self._stage = stage
        self._load_engine = load_engine
        self._loading = Loading(load_engine, stage.post_message)
        self.waiting = Waiting(self.failure_of)
        self._remark: str | Sentence = ""
        """What the change just carried out has to say."""

    @property
    def engine(self) -> Engine | None:
        """The engine, once nothing waits for it any more."""
        return None if self.waiting else self.waiting.engine

    @property
    def is_warm(self) -> bool:
        """Whether torch is there and has run both methods once."""
        return self.waiting.warm == set(Method)

    def failure_of(self, knobs: Knobs) -> str | Sentence:
        """Why the program can't run; empty where it can."""
        if line := knobs.listing.unwritten(knobs.method):
            told = marked("line {line} is still to be written: {key} writes it")
            return Sentence(lambda: _(told).format(line=line.number, key=key_of("edit")))
        return self._loading.failed.get(knobs.method, "")

    def load(self) -> None:
        """Have an engine made for the table on the screen, behind the next frame."""
        self._stage.say(Sentence(lambda: _("loading torch; keys are carried out as soon as it is there")))
        descent = self._stage.descent
        self._stage.call_after_refresh(self._loading.start, descent.data, descent.knobs, descent.tape.start)

    def change_table(self) -> None:
        """Leave the engine, and what waits for it, for that of another table, which is to be loaded."""
        self._loading.abandon()
        self._loading = Loading(self._load_engine, self._stage.post_message)
        self.waiting = Waiting(self.failure_of)

    def is_ready(self, message: TorchReady) -> None:
        """A method can run: the epoch under way is run, if that is its."""
        self.waiting.engine = message.engine
        self.waiting.warm.add(message.method)
        descent = self._stage.descent
        if not len(descent.tape) and descent.knobs.method in self.waiting.warm:
            self._stage.say()
            if not self.failure_of(descent.knobs):
                self._stage.descent = descent.goto(0, message.engine)
        elif message.method is descent.knobs.method:
            self._stage.say()
        self._stage.call_after_refresh(self._loading.caught_up.set)

    def has_failed(self, message: TorchFailed) -> None:
        """A method can't run: what has waited for it never will."""
        self.carry_out_waiting()
        self._stage.say(message.reason)

    def carry_out(self, change: Change, needs: Callable[[Knobs], Knobs], otherwise: str = "") -> None:
        """Carry out a change: now, or as soon as torch can run the knobs that it needs, or never if it can't.

        Where it has to wait, the sentence `otherwise` goes before how many keys do.
        """
        self.waiting.add(change, needs)
        self.carry_out_waiting()
        if count := len(self.waiting):
            self._stage.say(otherwise or Sentence(lambda: keys_wait(count)))

    def carry_out_waiting(self) -> None:
        """Carry out all that can be by now."""
        self._remark = ""
        before = self._stage.descent
        descent, failure = self.waiting.carry_out(before)
        if descent is not before or failure or self._remark:
            self._stage.say(failure or self._remark)
        if descent is not before:
            self._stage.descent = descent

    def turn(self, change: Callable[[Knobs], Knobs], unturned: str | Sentence) -> None:
        """Turn the knobs, or say why they stay; before torch is there they turn at once, for nothing has to run."""

        def turned(descent: Descent, engine: Engine | None) -> Descent:
            self._remark = unturned if change(descent.knobs) == descent.knobs else ""
            return descent.turn(change(descent.knobs), engine)

        if self.waiting.engine is None and not self.waiting:
            self._stage.descent = turned(self._stage.descent, None)
            self._stage.say(self._remark)
        else:
            self._stage.carry_out(turned, change)

    def take_line(self, change: Callable[[Knobs], Knobs], told: Sentence) -> None:
        """Have the program run with a line that was tried; where another is still to be written nothing runs yet."""
        knobs = change(self._stage.descent.knobs)
        if knobs.listing.unwritten(knobs.method):
            self._stage.descent = self._stage.descent.turn(knobs, None)
        else:
            self.turn(change, "")
        if self._stage.descent.knobs == knobs:
            self._stage.say(told)
