"""The program: all its lines, the one that has just run marked, at the end of each what it has computed."""

from asyncio import to_thread
from collections.abc import Iterator
from math import prod

from rich.cells import cell_len
from textual.events import Click

from core.edits import PLACEHOLDER, placeholder_line
from core.language import _
from core.program import Line, Phase, Program
from core.state import Opened, Step, Value, Weights
from tui.drawing import syntax
from tui.drawing.formatting import format_cost, format_lr, format_signed, format_weight
from tui.drawing.text import Row, merge_spans, truncate, truncate_spans
from tui.panels.panel import PHASE_LOOKS, ScrollingPanel, turn_pages
from tui.safe_text import safe_text

GUTTER = 7
"""Cells for the mark, the line's number, * where it is edited, and its phase's colour."""

MOST_SHOWN = 3
"""How many numbers of a tensor are shown."""

Texts = tuple[str, ...]
"""Ways to write the same, the longest first."""


class Code(ScrollingPanel):
    """The text of the program that runs."""

    ALLOW_MAXIMIZE = True

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(lambda: self.run_worker(self._load_colours()))  # pygments: not for the first frame

    async def _load_colours(self) -> None:
        await to_thread(syntax.load)
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        program, text = self.descent.knobs.program, self.descent.program.text_lines
        self.set_title(safe_text(program.path))
        first = self.first_row(height)
        colours = syntax.colour_lines(text)
        texts, statements = self._texts(), _statements(program)
        return [
            self._row(number, colours[number - 1], statements.get(number), texts.get(number, ("",)), width)
            for number in range(first + 1, min(first + height, len(text)) + 1)
        ]

    def first_row(self, room: int) -> int:
        """The topmost line: the loop is in view, or where it is too long the line that has just run."""
        program = self.descent.knobs.program
        line = self.descent.line or placeholder_line(program)
        start, end = program.header.number - 1, program.lines[-1].end
        if end - start <= room:
            first = max(0, end - room)
        else:
            first = min(start + turn_pages((line.number if line else 0) - 1 - start, room), end - room)
        return max(0, min(first + self._scrolled, len(program.text_lines) - room))

    def _row(self, number: int, code: Row, line: Line | None, texts: Texts, width: int) -> Row:
        program = self.descent.knobs.program
        is_lit = line is not None and line is self.descent.line and number == line.number
        is_loop = program.header.number <= number <= program.lines[-1].end
        is_edited = number in program.edited
        look = "lit" if is_lit else "warn" if is_edited else "dim"
        gutter = f"{'▶' if is_lit else ' '}{number:3}{'*' if is_edited else ' '}"
        bar = ("▎", PHASE_LOOKS[line.phase]) if line in program.lines else (" ", "dim")
        if line is not None and line.text == PLACEHOLDER:
            indent = len(code[0][0]) - len(code[0][0].lstrip())
            code = ((" " * indent + _("· · · write this line: e"), "warn"),)
        room = width - GUTTER
        length = sum(cell_len(text) for text, _look in code)
        value = next((text for text in texts if not text or length + 1 + cell_len(text) <= room), texts[-1])
        value = truncate(value, max(0, room - 2))
        shown = ((safe_text(text), "lit" if is_lit else look if is_loop else f"faint {look}") for text, look in code)
        code = truncate_spans(shown, max(1, room - cell_len(value) - bool(value)))
        gap = room - sum(cell_len(text) for text, _look in code) - cell_len(value)
        spans = (
            (gutter, look),
            bar,
            (" ", "dim"),
            *code,
            (" " * gap, "text"),
            (value, "lit" if is_lit else "accent" if is_loop else "dim"),
        )
        return merge_spans(span for span in spans if span[0])

    def _texts(self) -> dict[int, Texts]:
        """What stands at the ends of lines: the values that they have computed."""
        descent = self.descent
        program, trace = descent.knobs.program, descent.trace
        texts = dict(_setup_texts(program, descent.opened)) if descent.opened else {}
        if trace is None or descent.opened is None:
            return texts
        texts[program.header.number] = (f"epoch {trace.epoch}",)
        grad = trace.grad
        for step in trace.steps[: descent.lines_run]:
            line = program.lines[step.line]
            if line.phase is Phase.UPDATE:
                name = line.name if line.name in [slot.name for slot in descent.opened.weights] else ""
                from core.update_arithmetic import update_arithmetic  # not for the first frame

                texts[line.number] = update_arithmetic(trace, descent.opened, name)
            elif step.value is not None:
                texts[line.number] = _texts_of(line, step.value, program)
            elif line.phase is Phase.GRADIENT:
                texts[line.number] = _grad_texts(descent.opened, grad, step)
            grad = step.grad
        return texts

    async def on_click(self, event: Click) -> None:
        """A click on a line goes to where it has just run; on its number, to where it is edited."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        program = self.descent.knobs.program
        line = _statements(program).get(self.first_row(self.content_size.height) + offset.y + 1)
        if line is None:
            return
        if offset.x < GUTTER - 2:
            await self.run_action(f"screen.edit({line.number})")
        elif line in program.lines:
            await self.run_action(f"screen.goto_line({program.lines.index(line)})")


def _statements(program: Program) -> dict[int, Line]:
    """The statement that stands on each line of the text."""
    statements = (*program.setup, program.header, *program.lines)
    return {number: line for line in statements for number in range(line.number, line.end + 1)}


def _setup_texts(program: Program, opened: Opened) -> Iterator[tuple[int, Texts]]:
    """The lr, and what the other lines of the set-up have made, but for those that were turned since."""
    ends = {line.number: line.end for line in program.setup}
    for number, value in opened.values:
        lines = slice(number - 1, ends.get(number, number))
        if program.text_lines[lines] == opened.program.text_lines[lines] and (text := _plain_text(value)):
            yield number, (f"{value.name} {text}",)
    if program.lr is not None and program.lr_line is not None:
        yield program.lr_line, (f"lr {format_lr(program.lr)}",)


def _plain_text(value: Value) -> str:
    """A value as PyTorch prints it: 0. for a whole number in a tensor, 10 for an int."""
    if not value.numbers:
        return truncate(safe_text(value.text), 30)
    numbers = [f"{number:g}" if number % 1 or value.kind == "int" else f"{number:.0f}." for number in value.numbers]
    return " ".join(numbers[:MOST_SHOWN]) + " …" * (prod(value.shape) > MOST_SHOWN)


def _texts_of(line: Line, value: Value, program: Program) -> Texts:
    """What a line of the loop has computed."""
    if not value.numbers:
        return (truncate(safe_text(value.text), 40),)
    if line.name == program.cost:
        return (format_cost(value.numbers[0]),)
    is_gradient = line.phase is Phase.GRADIENT or line.name in dict(program.gradients).values()
    form = format_signed if is_gradient else format_weight
    if prod(value.shape) == 1:
        return (form(value.numbers[0]),)
    texts = [form(number) for number in value.numbers]
    return " ".join(texts[:MOST_SHOWN]) + " …" * (prod(value.shape) > MOST_SHOWN), f"{texts[0]} …"


def _grad_texts(opened: Opened, before: Weights | None, step: Step) -> Texts:
    """.grad before and after a line such as cost.backward(), where it has changed."""
    names = [slot.name for slot in opened.weights]

    def text(grad: Weights | None, name: str) -> str:
        if grad is None:
            return "None"
        part = opened.part(name, grad)
        return " ".join(map(format_signed, part[:2])) + " …" * (len(part) > 2)

    after = [f"{name}.grad {text(step.grad, name)}" for name in names[:2]]
    long = "  ".join(after) + " …" * (len(names) > 2)
    if before == step.grad or len(names) > 1:
        return (long, after[0])
    return (
        f"{names[0]}.grad {text(before, names[0])} → {text(step.grad, names[0])}",
        after[0],
        text(step.grad, names[0]),
    )
