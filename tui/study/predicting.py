"""What prediction mode has to say: the question, what the step showed, the score."""

from core.language import _, counted
from core.study.prediction import Level, Prediction, Question, Sign, Verdict
from tui.drawing.figures import cost_text, fine, signed, spelled_update

LEVELS = {
    Level.SIGN: lambda: _("level 1: larger or smaller"),
    Level.W: lambda: _("level 2: the new W"),
    Level.COST: lambda: _("level 3: the cost"),
}


def becomes(sign: float) -> str:
    """What becomes of a weight, in a word that can be clicked."""
    return {Sign.LARGER: _("larger"), Sign.SMALLER: _("smaller"), Sign.STAYS: _("stays")}[Sign(int(sign))]


def changes(name: str, sign: float) -> str:
    """What becomes of a weight, in a sentence of its own."""
    told = {Sign.LARGER: _("{name} gets larger"), Sign.SMALLER: _("{name} gets smaller"), Sign.STAYS: _("{name} stays")}
    return told[Sign(int(sign))].format(name=name)


def asked(question: Question) -> tuple[str, ...]:
    """The question; shorter ways to put it come later."""
    number, name, w = question.number, question.name, fine(question.w)
    told: tuple[str, ...]
    match question.level:
        case Level.SIGN:
            told = (_("epoch {number}: what becomes of {name} {w}?"), _("{name} {w}?"))
        case Level.W:
            told = (
                _("epoch {number}: which {name} comes after {w}? within 1% of the step, or in the digits shown"),
                _("epoch {number}: which {name} comes after {w}?"),
                _("{name} after {w}?"),
            )
        case Level.COST:
            told = (
                _("epoch {number}: what will the cost be after it? within 1%, or in the digits shown"),
                _("epoch {number}: what will the cost be after it?"),
                _("cost after it?"),
            )
    return tuple(text.format(number=number, name=name, w=w) for text in told)


def said(question: Question, answer: float) -> tuple[str, ...]:
    """What the learner has committed."""
    answers = {
        Level.SIGN: lambda: changes(question.name, answer),
        Level.W: lambda: f"{question.name} {fine(answer)}",
        Level.COST: lambda: f"cost {cost_text(answer)}",
    }
    text = answers[question.level]()
    return (
        _("epoch {number}: you say {answer}; the step shows it").format(number=question.number, answer=text),
        _("you say {answer}").format(answer=text),
    )


def nothing_asked() -> tuple[str, ...]:
    return (
        _("nothing to predict here: what has been on the screen is not asked; go on"),
        _("nothing to predict here"),
    )


def shown(verdict: Verdict) -> tuple[str, ...]:
    """Right or how far off, with the arithmetic that leads there; shorter ways to say it come later."""
    head, why, sum_ = _head(verdict), _reason(verdict), _arithmetic(verdict)
    if not why:
        return f"{head} · {sum_}", head
    start = head
    if verdict.question.level is Level.SIGN:  # what becomes of the weight stands in the reason
        start = _("✓ right") if verdict.right else _("you said {answer}").format(answer=becomes(verdict.answer))
    return f"{start} · {why}: {sum_}", f"{head} · {sum_}", head


def _head(verdict: Verdict) -> str:
    name, truth = verdict.question.name, verdict.truth
    match verdict.question.level:
        case Level.SIGN:
            is_, was, off = (changes(name, truth) if verdict.counts else f"{name} nan"), becomes(verdict.answer), ""
        case Level.W:
            is_, was, off = f"{name} {fine(truth)}", fine(verdict.answer), fine(verdict.off)
        case Level.COST:
            is_, was, off = f"cost {cost_text(truth)}", cost_text(verdict.answer), cost_text(verdict.off)
    if not verdict.counts:
        return _("{truth}: beyond float32, not counted").format(truth=is_)
    if verdict.right:
        return _("✓ right: {truth}").format(truth=is_)
    told = _("{truth}: you said {answer}, off by {off}") if off else _("{truth}: you said {answer}")
    return told.format(truth=is_, answer=was, off=off)


def _reason(verdict: Verdict) -> str:
    """The rule of the sign, where the update follows it."""
    if not verdict.is_lr_times_gradient:
        return ""
    name, gradient = verdict.question.name, signed(verdict.gradient)
    if verdict.sign is not Sign.STAYS:
        rule = (
            _("gradient {gradient} is positive, so {change}")
            if verdict.gradient > 0
            else _("gradient {gradient} is negative, so {change}")
        )
        return rule.format(gradient=gradient, change=changes(name, verdict.sign))
    if verdict.gradient == 0 or verdict.lr == 0:
        return _("lr x gradient is 0, so {name} stays").format(name=name)
    return _("lr x gradient is too small to change {name} in float32").format(name=name)


def _arithmetic(verdict: Verdict) -> str:
    name, w, w_next = verdict.question.name, verdict.question.w, verdict.w_next
    if verdict.is_lr_times_gradient:
        told = f"{name} = {spelled_update(w, verdict.lr, verdict.gradient, w_next)}"
    else:
        told = _("{name} {w} becomes {w_next}, by an update that is not lr x gradient alone").format(
            name=name, w=fine(w), w_next=fine(w_next)
        )
    if verdict.question.level is not Level.COST:
        return told
    factor = f", {verdict.cost_next / verdict.cost:.4g} x {cost_text(verdict.cost)}" if verdict.cost else ""
    return f"{told}, cost {cost_text(verdict.cost_next)}{factor}"


def score(prediction: Prediction) -> str:
    """How it has gone so far, without a scold."""
    if not prediction.count:
        return ""
    told = _("{right} of {count} so far").format(right=prediction.right, count=prediction.count)
    if prediction.in_a_row < 2:
        return told
    row = counted("the last {count} in a row", "the last {count} in a row", prediction.in_a_row)
    return f"{told}, {row.format(count=prediction.in_a_row)}"
