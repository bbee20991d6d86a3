"""What the program has printed up to the place on the screen: the lecture's 결과."""

from bisect import bisect_left
from collections.abc import Iterator

from core.language import _
from core.lecture import printed_line
from tui.drawing.text import Row, truncate
from tui.panels.panel import Panel
from tui.safe_text import safe_text

SIGN_WIDTH = 2


class Output(Panel):
    """The last rows that fit; a row that the slide shows, too, is ticked."""

    ALLOW_MAXIMIZE = True

    def draw(self, width: int, height: int) -> list[Row]:
        self.set_title(_("output"))
        newest_first, rows = [], 0
        for text in self._texts():
            if rows > height:
                break
            newest_first.append(text)
            rows += text.count("\n")
        text = "".join(reversed(newest_first))
        lines = [line.rpartition("\r")[2] for line in text.removesuffix("\n").split("\n")] if text else []
        return [self._row(line, width) for line in lines[-height:]]

    def _texts(self) -> Iterator[str]:
        """What was printed, the newest first: an epoch's as soon as the line that printed it has run."""
        descent = self.descent
        trace = descent.trace_of(descent.highlighted_epoch)
        before = descent.epoch
        if trace is not None:
            before = trace.epoch
            yield "".join(step.output for step in trace.steps[: descent.lines_run])
        printed = descent.log.output
        for index in range(bisect_left(printed, before, key=lambda output: output[0]) - 1, -1, -1):
            yield printed[index][1]
        if descent.opened:
            yield descent.opened.output

    def _row(self, line: str, width: int) -> Row:
        sign, look = self._sign(line)
        text = truncate(safe_text(line.expandtabs()), width - SIGN_WIDTH)
        return (text, "text"), (f" {sign}", look)

    def _sign(self, line: str) -> tuple[str, str]:
        """How a line compares with the slide's: ✓ the same, ≈ the same but for the last digit."""
        slide = printed_line(self.descent, line)
        if not slide:
            return " ", "dim"
        is_same = slide.replace(",", "") == line.replace(",", "")  # the other method prints a comma more, or less
        return ("✓", "good") if is_same else ("≈", "warn")
