"""Predict, then step: what is asked before an epoch runs, what was answered, and what the epoch shows."""

from dataclasses import dataclass, replace
from enum import IntEnum
from math import isfinite, isnan, nan

from core.descent import Descent, Tick
from core.log import EpochLog
from core.program import Phase, Program
from core.state import Weights

RISE = 3  # after so many right answers in a row the next level is asked
TOLERANCE = 0.01  # how much of the step a typed W may be off, and how much of itself a typed cost


class Level(IntEnum):
    """What is asked for."""

    SIGN = 1
    W = 2
    COST = 3


class Sign(IntEnum):
    """How a weight changes."""

    SMALLER = -1
    STAYS = 0
    LARGER = 1


Key = tuple[Program, Weights]
"""What an epoch depends on: two with the same program and the same W have the same answer."""


@dataclass(frozen=True)
class Question:
    """How one weight, or the cost, changes in the epoch with this number."""

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
    """A question with the learner's answer, and the numbers that the epoch computed."""

    question: Question
    answer: float  # a Sign, or the W or the cost that was typed
    lr: float
    gradient: float
    w_next: float
    cost: float
    cost_next: float

    @property
    def sign(self) -> Sign:
        """How the weight has changed."""
        return Sign((self.w_next > self.question.w) - (self.w_next < self.question.w))

    @property
    def truth(self) -> float:
        """The right answer; nan where there is none."""
        if self.question.level is Level.SIGN:
            return nan if isnan(self.w_next) else float(self.sign)
        return self.w_next if self.question.level is Level.W else self.cost_next

    @property
    def counts(self) -> bool:
        """Whether an answer could be right: the truth is a finite number."""
        return isfinite(self.truth)

    @property
    def off(self) -> float:
        """How far off the answer is."""
        return abs(self.answer - self.truth)

    @property
    def right(self) -> bool:
        """Whether the answer is right: within a hundredth of the step or of the cost, or in the digits shown."""
        from core.update_arithmetic import number  # not for the first frame

        if self.question.level is Level.SIGN or not self.counts:
            return self.off == 0
        is_w = self.question.level is Level.W
        allowed = TOLERANCE * abs(self.w_next - self.question.w if is_w else self.cost_next)
        decimals = 3 if is_w else 6
        return self.off <= allowed or number(self.answer, decimals) == number(self.truth, decimals)

    @property
    def is_lr_times_gradient(self) -> bool:
        """Whether W - lr x gradient leads to the new W, as it does in the lecture's program."""
        from core.study.comparison import is_lr_times_gradient  # not for the first frame

        return is_lr_times_gradient(self.question.w, self.lr, self.gradient, self.w_next)


@dataclass(frozen=True)
class Prediction:
    """The mode and what has been asked in it so far. What the screen has shown once is never asked."""

    on: bool = False
    level: Level = Level.SIGN
    question: Question | None = None
    answer: float | None = None
    sealed: bool = False  # the gradient has been shown since: the answer stays as it is
    wanted: Tick | None = None  # the place that a move wants to reach once the answer is there
    verdict: Verdict | None = None  # the last one
    right: int = 0
    count: int = 0
    in_a_row: int = 0  # right answers, since the level was last chosen
    seen: frozenset[Key] = frozenset()  # whose gradient was shown before they were finished, or which were skipped

    def at(self, descent: Descent) -> "Prediction":
        """The same after the Descent has moved: an answer is judged, and what comes next is asked."""
        now = self._judged(descent)._saw(descent)
        if now.sealed and now._stands(descent):
            return now
        question = now._question(descent, descent.epoch) if now.on else None
        return now if question == now.question else now._asking(question)

    def toggled(self, descent: Descent) -> "Prediction":
        """The mode entered, or left; the score is kept."""
        return replace(self, on=not self.on, verdict=None)._asking(None).at(descent)

    def at_next_level(self, descent: Descent) -> "Prediction":
        """The harder level, or after the hardest the first; a sealed answer is judged at its own."""
        return replace(self, level=Level(self.level % len(Level) + 1), in_a_row=0).at(descent)

    def answered(self, answer: float) -> "Prediction":
        """The answer committed; it may be changed until the gradient is shown, and then no more."""
        return self if self.question is None or self.sealed else replace(self, answer=answer, wanted=None)

    def skipped(self, descent: Descent) -> "Prediction":
        """The question skipped: neither right nor wrong. A sealed answer can't be skipped."""
        if self.question is None or self.sealed:
            return self
        return replace(self, seen=self.seen | {self.question.key}, answer=None, wanted=None).at(descent)

    def held_back(self, descent: Descent, tick: Tick) -> tuple["Prediction", Tick]:
        """How far a move may go: to an epoch that is still to be predicted and not past it; and what then waits."""
        now, last = self.at(descent), len(descent.log) - 1
        if not now.on or last < 0:
            return now, tick
        if now.answer is not None or now._question(descent, last) is None:
            return now, min(tick, max(descent.tick, Tick(last + 1, 0)))
        if tick <= Tick(last, lines_before_gradient(descent.log.knobs(last).program)):
            return now, tick
        return (replace(now, wanted=tick) if now.question else now), max(descent.tick, Tick(last, 0))

    def _asking(self, question: Question | None) -> "Prediction":
        return replace(self, question=question, answer=None, sealed=False, wanted=None)

    def _question(self, descent: Descent, number: int) -> Question | None:
        """What is asked of an epoch: nothing of one that has been on the screen, or where a W is no number."""
        log = descent.log
        if number != len(log) - 1:
            return None
        key = _key(log, number)
        w = key[1]
        others = (descent.ghost, *(kept.log for kept in descent.kept))
        was_shown = any(each and number + 1 < len(each) and _key(each, number) == key for each in others)
        if was_shown or key in self.seen or not w or not all(map(isfinite, w)):
            return None
        steps = log.gradient(number) or log.update(number)
        weight = max(range(len(w)), key=lambda index: abs(steps[index]))
        return Question(self.level, number, key, weight, descent.names[weight])

    def _saw(self, descent: Descent) -> "Prediction":
        """Nothing that is on the screen is asked; what is finished is in the log and need not be remembered."""
        number, log = descent.highlighted_epoch, descent.log
        if number is None or number >= len(log) or not (self.on or descent.tick.line):
            return self
        if descent.lines_run <= lines_before_gradient(log.knobs(number).program):
            return self
        key = _key(log, number)
        if self.question and self.question.key == key and self.answer is not None:
            return replace(self, sealed=True)
        return self if key in self.seen else replace(self, seen=self.seen | {key})

    def _stands(self, descent: Descent) -> bool:
        """Whether the epoch that was predicted is still the one in the log."""
        question, log = self.question, descent.log
        return question is not None and question.number < len(log) and _key(log, question.number) == question.key

    def _judged(self, descent: Descent) -> "Prediction":
        """The score after the epoch that was predicted has run; unchanged until then."""
        question, log = self.question, descent.log
        if question is None or self.answer is None or not self._stands(descent):
            return self
        number, weight = question.number, question.weight
        if descent.tick < Tick(number + 1, 0) or number + 1 >= len(log):
            return self
        gradient = log.gradient(number)[weight] if log.gradient(number) else nan
        w_next, costs = log.w(number + 1)[weight], (log.cost(number), log.cost(number + 1))
        verdict = Verdict(question, self.answer, log.lr(number), gradient, w_next, *costs)
        now = replace(self._asking(None), verdict=verdict, seen=self.seen | {question.key})
        return now._counted(verdict) if verdict.counts else now

    def _counted(self, verdict: Verdict) -> "Prediction":
        in_a_row = self.in_a_row + 1 if verdict.right else 0
        rises = in_a_row and in_a_row % RISE == 0 and self.level is verdict.question.level is not Level.COST
        level = Level(self.level + 1) if rises else self.level
        return replace(self, right=self.right + verdict.right, count=self.count + 1, in_a_row=in_a_row, level=level)


def lines_before_gradient(program: Program) -> int:
    """How many lines of an epoch may run before its gradient is on the screen."""
    phases = (Phase.GRADIENT, Phase.UPDATE)
    runs = (line.phase in phases and "zero_grad" not in line.text for line in program.lines)
    return next((index for index, shows_it in enumerate(runs) if shows_it), len(program.lines) - 1)


def _key(log: EpochLog, number: int) -> Key:
    return log.knobs(number).program, log.w(number)
