"""The strip of prediction mode: what the last step showed, what is asked of the next, and the score."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Click, Key
from textual.reactive import reactive
from textual.widgets import Input

from core.language import N_, _, ngettext
from core.parsing import parse_weights
from core.study.prediction import Level, Prediction, Question, Sign, Verdict
from tui.drawing.formatting import format_cost, format_signed, format_weight, spelled_update
from tui.drawing.text import Row, Span, truncate, wrap
from tui.panels.panel import Panel
from tui.safe_text import safe_text

SIGNS = {"+": Sign.LARGER, "-": Sign.SMALLER, "0": Sign.STAYS}
"""The keys that answer, and what they say."""

FIRST = set("0123456789.,+-")
NUMBER = FIRST | set("eE/")
"""What a number begins with, and what it is made of."""

LEVELS = {
    Level.SIGN: N_("level 1: larger or smaller"),
    Level.W: N_("level 2: the new W"),
    Level.COST: N_("level 3: the cost"),
}

SIGN_WORDS = {Sign.LARGER: N_("larger"), Sign.SMALLER: N_("smaller"), Sign.STAYS: N_("stays")}
"""How a weight changes, in a word that can be clicked."""

CHANGES = {
    Sign.LARGER: N_("{name} gets larger"),
    Sign.SMALLER: N_("{name} gets smaller"),
    Sign.STAYS: N_("{name} stays"),
}
"""How a weight changes, in a sentence."""

QUESTIONS = {
    Level.SIGN: (N_("epoch {number}: what becomes of {name} {w}?"), N_("{name} {w}?")),
    Level.W: (
        N_("epoch {number}: what is the next {name} after {w}? (within 1% of the step)"),
        N_("{name} after {w}?"),
    ),
    Level.COST: (N_("epoch {number}: what will the cost be after it? (within 1%)"), N_("cost after it?")),
}
"""Each question, and a shorter way to put it."""

Texts = tuple[str, ...]
"""A sentence, and shorter ways to say it."""


class PredictionText(Panel):
    """The rows of the strip: the verdict, the question, and the score where there is room for it."""

    prediction: reactive[Prediction] = reactive(Prediction, repaint=False)
    mistake: reactive[str] = reactive("", repaint=False)
    """What is wrong with what has been typed."""

    def watch_prediction(self) -> None:
        self.redraw()

    def watch_mistake(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        lasts = [self._score(width), self._question(width)][-max(1, height - 1) :]
        room = height - len(lasts)
        above = self._verdict(width, room)
        return [*above, *[()] * (room - len(above)), *lasts]

    def _verdict(self, width: int, room: int) -> list[Row]:
        verdict = self.prediction.verdict
        if verdict is None:
            hint = _("gradient positive: W gets smaller; negative: larger; by lr x gradient")
            return _rows(wrap(hint, width - 1)[:room], "dim")
        ways = [wrap(text, width - 1) for text in verdict_texts(verdict)]
        lines = next((lines for lines in ways if len(lines) <= room), ways[-1][:room])
        return _rows(lines, "good" if verdict.right else "warn" if verdict.counts else "text")

    def _question(self, width: int) -> Row:
        return _first_that_fits(self._questions(), width)

    def _questions(self) -> list[Row]:
        """The row of the question; the shorter ones come later."""
        prediction = self.prediction
        question, answer = prediction.question, prediction.answer
        if self.mistake:
            return [((f" {self.mistake}", "bad"),)]
        if question is None:
            return _rows((_("this epoch has already run - press space"), _("nothing to predict here")), "dim")
        mark, style = (" ", "strong") if prediction.wanted is None else ("▶", "lit")
        if question.level is Level.SIGN:
            return [((f"{mark}{text}", style), *self._signs()) for text in question_texts(question)] + [self._signs()]
        texts = question_texts(question) if answer is None else answer_texts(question, answer)
        return _rows(texts, style, mark)

    def _signs(self) -> Row:
        """The answers that can be clicked; the one that is committed is marked."""
        spans: list[Span] = []
        for key, sign in SIGNS.items():
            chosen = self.prediction.answer == sign
            spans.append((f"{'▶' if chosen else ' '} {key} {sign_word(sign)} ", "lit" if chosen else "key"))
        return tuple(spans)

    def _score(self, width: int) -> Row:
        prediction = self.prediction
        asked = prediction.question.level if prediction.question else prediction.level
        level, keys = _(LEVELS[asked]), _("esc skips one, Y another level, y leaves")
        texts = [text for text in (level, score(prediction), keys) if text]
        ways = (texts, texts[1:], texts[1:-1] or texts[-1:])
        return _first_that_fits(_rows((" · ".join(way) for way in ways), "dim"), width)

    async def on_click(self, event: Click) -> None:
        """A click on an answer commits it."""
        offset, question = event.get_content_offset(self), self.prediction.question
        row = self._question(self.content_size.width)
        if offset is None or question is None or question.level is not Level.SIGN or row not in self._rows:
            return
        end = 0
        for text, _style in row:
            end += cell_len(text)
            if offset.x < end:
                key = text.replace("▶", " ").split()[0]
                if offset.y == self._rows.index(row) and key in SIGNS:
                    await self.run_action(f"screen.answer({int(SIGNS[key])})")
                return


class AnswerInput(Input):
    """Takes a number; any other key goes on to the stepper, and before anything is typed enter and the arrows, too."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character in (NUMBER if self.value else FIRST)

    async def _on_key(self, event: Key) -> None:
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.stop().prevent_default()
            if active := self.screen.active_bindings.get(event.key):
                await self.app.run_action(active.binding.action, active.node)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.value)


class PredictionStrip(Container):
    """The strip; where a number is asked for, it is typed in its last row."""

    prediction: reactive[Prediction] = reactive(Prediction, repaint=False)

    def compose(self) -> ComposeResult:
        yield PredictionText()
        yield AnswerInput(compact=True, max_length=40, select_on_focus=False)

    def on_mount(self) -> None:
        self.watch_prediction(Prediction(), self.prediction)

    def watch_prediction(self, before: Prediction, now: Prediction) -> None:
        if not self.query(AnswerInput):
            return
        text, answer = self.query_one(PredictionText), self.query_one(AnswerInput)
        text.mistake = ""
        text.prediction = now
        types = now.on and now.question is not None and now.question.level is not Level.SIGN and now.answer is None
        answer.display = types
        if types:
            answer.focus()
        elif answer.has_focus:
            self.screen.set_focus(None)
        if before.question != now.question or not types:
            answer.value = ""
        answer.placeholder = _("type it: a number, then enter")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """A number commits the answer; anything else gets a sentence."""
        event.stop()
        question = self.prediction.question
        if question is None:
            return
        typed = event.value.replace(",", ".")  # one number: a comma is a decimal one
        try:
            (answer,) = parse_weights(typed, (question.name if question.level is Level.W else "cost",))
        except ValueError as error:
            self.query_one(PredictionText).mistake = safe_text(str(error))
            return
        await self.run_action(f"screen.answer({answer!r})")


def sign_word(sign: float) -> str:
    return _(SIGN_WORDS[Sign(int(sign))])


def change_text(name: str, sign: float) -> str:
    return _(CHANGES[Sign(int(sign))]).format(name=name)


def question_texts(question: Question) -> Texts:
    """The question, and shorter ways to put it."""
    number, name, w = question.number, question.name, format_weight(question.w)
    return tuple(_(text).format(number=number, name=name, w=w) for text in QUESTIONS[question.level])


def answer_texts(question: Question, answer: float) -> Texts:
    """What the learner has committed at one of the levels of numbers."""
    is_w = question.level is Level.W
    text = f"{question.name} {format_weight(answer)}" if is_w else f"cost {format_cost(answer)}"
    return (
        _("epoch {number}: your answer: {answer} - space checks it").format(number=question.number, answer=text),
        _("your answer: {answer}").format(answer=text),
    )


def verdict_texts(verdict: Verdict) -> Texts:
    """Right or how far off, with the arithmetic that leads there; shorter ways to say it come later."""
    head, why, arithmetic = _head(verdict), _reason(verdict), _arithmetic(verdict)
    if not why:
        return f"{head} · {arithmetic}", head
    start = head
    if verdict.question.level is Level.SIGN:  # how the weight changes stands in the reason
        start = _("✓ right") if verdict.right else _("you said {answer}").format(answer=sign_word(verdict.answer))
    return f"{start} · {why}: {arithmetic}", f"{head} · {arithmetic}", head


def _head(verdict: Verdict) -> str:
    name, truth = verdict.question.name, verdict.truth
    if verdict.question.level is Level.SIGN:
        is_ = change_text(name, truth) if verdict.counts else f"{name} nan"
        was, off = sign_word(verdict.answer), ""
    else:
        is_w = verdict.question.level is Level.W
        form = format_weight if is_w else format_cost
        is_, was, off = f"{name if is_w else 'cost'} {form(truth)}", form(verdict.answer), form(verdict.off)
    if not verdict.counts:
        return _("{truth}: beyond float32, not counted").format(truth=is_)
    if verdict.right:
        return _("✓ right: {truth}").format(truth=is_)
    text = _("{truth}: you said {answer}, off by {off}") if off else _("{truth}: you said {answer}")
    return text.format(truth=is_, answer=was, off=off)


def _reason(verdict: Verdict) -> str:
    """The rule of the sign, where the update follows it."""
    if not verdict.is_lr_times_gradient:
        return ""
    name, gradient = verdict.question.name, format_signed(verdict.gradient)
    if verdict.sign is not Sign.STAYS:
        rule = (
            _("gradient {gradient} is positive, so {change}")
            if verdict.gradient > 0
            else _("gradient {gradient} is negative, so {change}")
        )
        return rule.format(gradient=gradient, change=change_text(name, verdict.sign))
    if verdict.gradient == 0 or verdict.lr == 0:
        return _("lr x gradient is 0, so {name} stays").format(name=name)
    return _("lr x gradient is too small to change {name} in float32").format(name=name)


def _arithmetic(verdict: Verdict) -> str:
    name, w, w_next = verdict.question.name, verdict.question.w, verdict.w_next
    if verdict.is_lr_times_gradient:
        text = f"{name} = {spelled_update(w, verdict.lr, verdict.gradient, w_next)}"
    else:
        text = _("{name} {w} becomes {w_next}, by an update that is not lr x gradient alone").format(
            name=name, w=format_weight(w), w_next=format_weight(w_next)
        )
    if verdict.question.level is not Level.COST:
        return text
    factor = f", {verdict.cost_next / verdict.cost:.4g} x {format_cost(verdict.cost)}" if verdict.cost else ""
    return f"{text}, cost {format_cost(verdict.cost_next)}{factor}"


def score(prediction: Prediction) -> str:
    """How many answers were right so far."""
    if not prediction.count:
        return ""
    text = _("{right} of {count} so far").format(right=prediction.right, count=prediction.count)
    if prediction.in_a_row < 2:
        return text
    row = ngettext("the last {count} in a row", "the last {count} in a row", prediction.in_a_row)
    return f"{text}, {row.format(count=prediction.in_a_row)}"


def _rows(lines: Iterable[str], style: str, mark: str = " ") -> list[Row]:
    return [((f"{mark}{line}", style),) for line in lines]


def _first_that_fits(rows: list[Row], width: int) -> Row:
    """The first of the rows that fits; the last one is truncated."""
    for row in rows:
        if sum(cell_len(text) for text, _style in row) <= width:
            return row
    text, style = rows[-1][0]
    return ((truncate(text, width), style),)
