"""Predict, then step: what is asked before an epoch runs, what was answered, and what the epoch itself says to it."""

from dataclasses import dataclass, replace
from enum import IntEnum
from math import floor, inf, isfinite, isnan, log10, nan

from core.descent import PHASES, Descent
from core.listing import Phase
from core.state import Knobs, Weights
from core.study.comparison import is_lr_times_gradient
from core.tape import Tape

RISE = 3
"""After so many right answers in a row at one level the next one is asked."""

TOLERANCE = 0.01
"""How much of the step a typed W may be off, and how much of itself a typed cost."""


class Level(IntEnum):
    """What is asked for."""

    SIGN = 1
    W = 2
    COST = 3


class Sign(IntEnum):
    """What becomes of a weight."""

    SMALLER = -1
    STAYS = 0
    LARGER = 1


Key = tuple[Knobs, Weights]
"""What tells an epoch: two with the same knobs and the same W have the same answer."""


@dataclass(frozen=True)
class Question:
    """What becomes of one weight, or of the cost, in the epoch with this number."""

    level: Level
    number: int
    key: Key
    weight: int
    name: str

    @property
    def w(self) -> float:
        """The weight before the epoch."""
        return self.key[1][self.weight]


@dataclass(frozen=True)
class Verdict:
    """A question with the learner's answer, and the numbers that the core has computed."""

    question: Question
    answer: float
    """A Sign, or the W or the cost that was typed."""
    lr: float
    gradient: float
    w_next: float
    cost: float
    cost_next: float

    @property
    def sign(self) -> Sign:
        """What has become of the weight."""
        return sign_of(self.w_next - self.question.w)

    @property
    def truth(self) -> float:
        """The right answer; nan where there is none."""
        if self.question.level is Level.SIGN:
            return nan if isnan(self.w_next) else float(self.sign)
        return self.w_next if self.question.level is Level.W else self.cost_next

    @property
    def counts(self) -> bool:
        """Whether an answer could be right: no number is inf or nan."""
        return isfinite(self.truth)

    @property
    def off(self) -> float:
        """How far off the answer is."""
        return abs(self.answer - self.truth)

    @property
    def allowed(self) -> float:
        """How far off it may be: a hundredth of the step, or of the cost; or half of the last digit on the screen."""
        w, w_next = self.question.w, self.w_next
        match self.question.level:
            case Level.W:
                return max(TOLERANCE * abs(w_next - w), 0.5001 * last_digit(max(abs(w), abs(w_next)), 3))
            case Level.COST:
                return max(TOLERANCE * abs(self.cost_next), 0.5001 * last_digit(abs(self.cost_next), 6))
        return 0.0

    @property
    def right(self) -> bool:
        return self.counts and self.off <= self.allowed

    @property
    def is_lr_times_gradient(self) -> bool:
        """Whether W - lr x gradient leads to the new W, as it does in the lecture's program."""
        return is_lr_times_gradient(self.question.w, self.lr, self.gradient, self.w_next)


@dataclass(frozen=True)
class Prediction:
    """The mode and what has been asked in it so far. What the screen has shown once is never asked."""

    on: bool = False
    level: Level = Level.SIGN
    question: Question | None = None
    answer: float | None = None
    sealed: bool = False
    """Whether the gradient has been shown since: the answer stays as it is."""
    wanted: int | None = None
    """The tick of the move that waits for the answer."""
    verdict: Verdict | None = None
    """The last one."""
    right: int = 0
    count: int = 0
    in_a_row: int = 0
    at_level: int = 0
    """How many right answers in a row there have been since the level was reached."""
    seen: frozenset[Key] = frozenset()
    """The epochs whose gradient has been shown before they were finished, or was given up."""

    def at(self, descent: Descent) -> "Prediction":
        """The same after the Descent has moved: an answer is judged, and what comes next is asked."""
        told = self._judged(descent)._saw(descent)
        if told.sealed and told._stands(descent):
            return told
        question = told._question(descent, descent.epoch) if told.on else None
        if question == told.question:
            return told
        if question and told.question and question.key == told.question.key and told.answer is not None:
            return told  # another level counts from the next question on
        return replace(told, question=question, answer=None, sealed=False, wanted=None)

    def toggled(self, descent: Descent) -> "Prediction":
        """The mode begun, or left; the score is kept."""
        anew = replace(self, on=not self.on, question=None, answer=None, sealed=False, wanted=None, verdict=None)
        return anew.at(descent)

    def at_next_level(self, descent: Descent) -> "Prediction":
        """The harder level, or after the hardest the first."""
        return replace(self, level=Level(self.level % len(Level) + 1), at_level=0).at(descent)

    def answered(self, answer: float) -> "Prediction":
        """The answer committed; it may be changed until the gradient is shown, and then no more."""
        return self if self.question is None or self.sealed else replace(self, answer=answer, wanted=None)

    def skipped(self, descent: Descent) -> "Prediction":
        """The question given up: neither right nor wrong. What has been committed is not given up any more."""
        if self.question is None or self.sealed:
            return self
        return replace(self, seen=self.seen | {self.question.key}, answer=None, wanted=None).at(descent)

    def held_back(self, descent: Descent, tick: int) -> tuple["Prediction", int]:
        """How far a move may go: to an epoch that is still to be predicted and not past it; and what then waits."""
        told, last = self.at(descent), len(descent.tape) - 1
        if not told.on or last < 0:
            return told, tick
        if told.answer is not None or told._question(descent, last) is None:
            return told, min(tick, max(descent.tick, (last + 1) * PHASES))
        if tick <= last * PHASES + Phase.GRADIENT:
            return told, tick
        return (replace(told, wanted=tick) if told.question else told), max(descent.tick, last * PHASES)

    def _question(self, descent: Descent, number: int) -> Question | None:
        """What is asked of an epoch: nothing of one that has been on the screen, or where a W is no number."""
        if number >= len(descent.tape) or self._is_known(descent, number):
            return None
        w, gradient = descent.tape.w(number), descent.tape.gradient(number)
        weight = max(range(len(w)), key=lambda index: abs(gradient[index]))
        if not all(map(isfinite, w)):
            return None
        return Question(self.level, number, _key(descent.tape, number), weight, descent.names[weight])

    def _is_known(self, descent: Descent, number: int) -> bool:
        """Whether an epoch of the tape has been on the screen: finished, in this run or in another one still shown."""
        key = _key(descent.tape, number)
        others = (descent.ghost, *(kept.tape for kept in descent.kept))
        return (
            number + 1 < len(descent.tape)
            or key in self.seen
            or any(tape and number + 1 < len(tape) and _key(tape, number) == key for tape in others)
        )

    def _saw(self, descent: Descent) -> "Prediction":
        """Nothing on the screen is asked; what is finished is on the tape, so that it need not be remembered."""
        if descent.shown is None or descent.phase is None or descent.phase < Phase.GRADIENT:
            return self
        if not self.on and descent.phase is not Phase.GRADIENT:
            return self
        key = _key(descent.tape, descent.shown.number)
        if self.question and self.question.key == key and self.answer is not None:
            return replace(self, sealed=True)
        return self if key in self.seen else replace(self, seen=self.seen | {key})

    def _stands(self, descent: Descent) -> bool:
        """Whether the epoch that was predicted is still the one on the tape."""
        question, tape = self.question, descent.tape
        return question is not None and question.number < len(tape) and _key(tape, question.number) == question.key

    def _judged(self, descent: Descent) -> "Prediction":
        """The score after the epoch that was predicted has run; unchanged while it has not, or where it never will."""
        question, tape = self.question, descent.tape
        if question is None or self.answer is None or not self._stands(descent):
            return self
        number = question.number
        if descent.tick < (number + 1) * PHASES or number + 1 >= len(tape):
            return self
        verdict = Verdict(
            question,
            self.answer,
            tape.knobs(number).lr.value,
            tape.gradient(number)[question.weight],
            tape.w(number + 1)[question.weight],
            tape.cost(number),
            tape.cost(number + 1),
        )
        told = replace(self, verdict=verdict, question=None, answer=None, sealed=False, seen=self.seen | {question.key})
        return told._counted(verdict) if verdict.counts else told

    def _counted(self, verdict: Verdict) -> "Prediction":
        right = int(verdict.right)
        at_level = right * (self.at_level + 1)
        rises = at_level >= RISE and self.level is verdict.question.level and self.level < Level.COST
        return replace(
            self,
            right=self.right + right,
            count=self.count + 1,
            in_a_row=right * (self.in_a_row + 1),
            level=Level(self.level + 1) if rises else self.level,
            at_level=0 if rises else at_level,
        )


def sign_of(change: float) -> Sign:
    return Sign((change > 0) - (change < 0))


def last_digit(size: float, decimals: int) -> float:
    """What the last digit stands for where the screen shows a number of this size: 3 decimals of a weight, 6 of a cost;
    3 digits of a large one or a small one.
    """
    if not isfinite(size):
        return inf
    if size >= 1e4 or 0 < size < 1e-4:
        return 10.0 ** (floor(log10(size)) - 2)
    return 10.0**-decimals if size >= 0.01 or size == 0 else 1e-6


def _key(tape: Tape, number: int) -> Key:
    return tape.knobs(number), tape.w(number)
