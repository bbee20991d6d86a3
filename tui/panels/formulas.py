"""The slides' formulas beside the program: cost(W), ∇W and the update, with the numbers of this epoch."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.cells import cell_len

from core.formulas import Formula, formulas
from core.language import _
from core.program import Phase
from tui.drawing.text import Row, truncate
from tui.panels.panel import PHASE_LOOKS, Panel

PHASES = {"cost": Phase.COST, "gradient": Phase.GRADIENT, "update": Phase.UPDATE}

INDENT = 4

Terms = Sequence[str]
Parts = Iterable[tuple[Terms, bool]]
"""Terms that begin on a line of their own, and whether they are numbers below their formula."""


class Formulas(Panel):
    """Each formula and its numbers on lines of their own; where there is less room, shorter."""

    def draw(self, width: int, height: int) -> list[Row]:
        self.set_title(_("the formulas of the slides"))
        descent = self.descent
        found = formulas(descent.knobs.program, descent.opened, descent.trace)
        layouts = (_apart, _joined, _numbers)
        tries = ([row for formula in found for row in self._lines_of(formula, layout, width)] for layout in layouts)
        rows = next((rows for rows in tries if len(rows) <= height), None)
        if rows is None:  # the one whose line has just run goes before the others
            found = tuple(sorted(found, key=lambda formula: PHASES[formula.name] is not descent.phase))
            rows = [row for formula in found for row in self._lines_of(formula, _numbers, width)]
        return rows[:height]

    def _lines_of(self, formula: Formula, layout: Callable[[Terms, Terms], Parts], width: int) -> Iterator[Row]:
        if formula.reason:
            yield ((truncate(formula.reason, width), "dim"),)
            return
        phase = PHASES[formula.name]
        look = "lit" if self.descent.phase is phase and self.descent.trace else PHASE_LOOKS[phase]
        has_run = self._has_run(phase)
        for terms, is_numbers in layout(formula.terms, formula.numbers if has_run else ()):
            for line in wrap_terms(terms, width, INDENT if is_numbers else 0):
                yield ((line, look if is_numbers else "lit" if look == "lit" else "text"),)

    def _has_run(self, phase: Phase) -> bool:
        """Whether the last line of this phase has run."""
        lines = self.descent.knobs.program.lines
        last = max((index for index, line in enumerate(lines) if line.phase is phase), default=0)
        return last < self.descent.lines_run


def _apart(general: Terms, numbers: Terms) -> Parts:
    yield general, False
    if numbers:
        yield numbers, True


def _joined(general: Terms, numbers: Terms) -> Parts:
    yield (*general, *numbers), False


def _numbers(general: Terms, numbers: Terms) -> Parts:
    name = general[0].removesuffix(" :=").removesuffix(" =")
    yield ((name, *numbers) if numbers else general), False


def wrap_terms(terms: Terms, width: int, indent: int = 0) -> list[str]:
    """Terms in lines of at most `width` cells, broken between them alone; further lines stand indented."""
    lines: list[str] = []
    for term in terms:
        longer = f"{lines[-1]} {term}" if lines else " " * indent + term
        if lines and cell_len(longer) > width:
            longer = " " * INDENT + term
            lines.append("")
        lines[-1:] = [truncate(longer, width)]
    return lines
