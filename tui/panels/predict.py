"""The strip of prediction mode: what the last step showed, what is asked of the next, and the score."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Click, Key
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input

from core.language import _
from core.numbers import parse_weights
from core.study.prediction import Level, Prediction, Sign
from tui.drawing.rows import Row, Span, cut, wrapped
from tui.panels.panel import Panel
from tui.panels.ruler import Ruler
from tui.safe_text import safe_text
from tui.study.predicting import LEVELS, asked, becomes, nothing_asked, said, score, shown

SIGNS = {"+": Sign.LARGER, "-": Sign.SMALLER, "0": Sign.STAYS}
"""The keys that answer, and what they say."""

FIRST = set("0123456789.+-")
NUMBER = FIRST | set("eE/")
"""What a number begins with, and what it is made of."""


def show_prediction(screen: Screen[object], prediction: Prediction) -> None:
    """Show the strip while the mode is on; it is made when the mode is first entered."""
    screen.set_class(prediction.on, "-predicting")
    for strip in screen.query(Predict):
        strip.prediction = prediction
        return
    screen.mount(Predict(prediction), before=screen.query_one(Ruler))


class Asked(Panel):
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
        told = self._verdict(width, room)
        return [*told, *[()] * (room - len(told)), *lasts]

    def _verdict(self, width: int, room: int) -> list[Row]:
        verdict = self.prediction.verdict
        if verdict is None:
            hint = _("gradient positive: W gets smaller; negative: larger; by lr x gradient")
            return _told(wrapped(hint, width - 1)[:room], "dim")
        ways = [wrapped(told, width - 1) for told in shown(verdict)]
        lines = next((lines for lines in ways if len(lines) <= room), ways[-1][:room])
        style = "good" if verdict.right else "warn" if verdict.counts else "text"
        return _told(lines, style)

    def _question(self, width: int) -> Row:
        return self._fitting(self._questions(), width)

    def _questions(self) -> list[Row]:
        """The row of the question; the shorter ones come later."""
        prediction = self.prediction
        question, answer = prediction.question, prediction.answer
        if self.mistake:
            return [((f" {self.mistake}", "bad"),)]
        if question is None:
            return _told(nothing_asked(), "dim")
        mark, style = (" ", "strong") if prediction.wanted is None else ("▶", "lit")
        if question.level is Level.SIGN:
            return [((f"{mark}{told}", style), *self._signs()) for told in asked(question)] + [self._signs()]
        return _told(asked(question) if answer is None else said(question, answer), style, mark)

    def _signs(self) -> Row:
        """The answers that can be clicked; the one that is committed is marked."""
        spans: list[Span] = []
        for key, sign in SIGNS.items():
            chosen = self.prediction.answer == sign
            spans.append((f"{'▶' if chosen else ' '} {key} {becomes(sign)} ", "lit" if chosen else "key"))
        return tuple(spans)

    def _score(self, width: int) -> Row:
        prediction = self.prediction
        level, keys = LEVELS[prediction.level](), _("esc skips one, Y another level, y leaves")
        texts = [text for text in (level, score(prediction), keys) if text]
        ways = (texts, texts[1:], texts[1:-1] or texts[-1:])
        return self._fitting(_told((" · ".join(way) for way in ways), "dim"), width)

    def _fitting(self, rows: list[Row], width: int) -> Row:
        """The first of the rows that fits; the last one is cut."""
        for row in rows:
            if sum(cell_len(text) for text, _style in row) <= width:
                return row
        text, style = rows[-1][0]
        return ((cut(text, width), style),)

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
                    await self.run_action(f"app.answer({int(SIGNS[key])})")
                return


def _told(lines: Iterable[str], style: str, mark: str = " ") -> list[Row]:
    return [((f"{mark}{line}", style),) for line in lines]


class Typed(Input):
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


class Predict(Container):
    """The strip; where a number is asked for, it is typed in its last row."""

    prediction: reactive[Prediction] = reactive(Prediction, repaint=False)

    def __init__(self, prediction: Prediction) -> None:
        super().__init__()
        self.set_reactive(Predict.prediction, prediction)

    def compose(self) -> ComposeResult:
        yield Asked()
        yield Typed(compact=True, max_length=40, select_on_focus=False)

    def on_mount(self) -> None:
        self.watch_prediction(Prediction(), self.prediction)

    def watch_prediction(self, before: Prediction, now: Prediction) -> None:
        if not self.query(Typed):
            return
        asked, typed = self.query_one(Asked), self.query_one(Typed)
        asked.mistake = ""
        asked.prediction = now
        types = now.on and now.question is not None and now.question.level is not Level.SIGN and now.answer is None
        typed.display = types
        if types:
            typed.focus()
        elif not types and typed.has_focus:
            self.screen.set_focus(None)
        if before.question != now.question or not types:
            typed.value = ""
        typed.placeholder = _("type it: a number, then enter")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """A number commits the answer; anything else is told."""
        event.stop()
        question = self.prediction.question
        if question is None:
            return
        try:
            (answer,) = parse_weights(event.value, (question.name if question.level is Level.W else "cost",))
        except ValueError as error:
            self.query_one(Asked).mistake = safe_text(str(error))
            return
        await self.run_action(f"app.answer({answer!r})")
