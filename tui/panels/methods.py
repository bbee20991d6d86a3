"""Both methods from one W: an epoch of manual and one of optim side by side, and why they differ or don't."""

from collections.abc import Callable
from itertools import product

from textual.reactive import reactive

from core.language import Sentence, _, counted
from core.listing import Method
from core.study.comparison import Comparison, Side
from tui.drawing.figures import cell, cost_text, fine, lr_text, signed
from tui.drawing.rows import Row, cut, left, right, wrapped
from tui.panels.panel import Panel
from tui.study.comparing import about_gradients, about_next_w, ratio_text

VALUE = 11
"""The width of a number; where there is one weight its next W has digits enough to tell neighbours apart."""

WIDE = 60
"""From here on there is room for long labels."""

LOW = 9
"""Below this height each lr stands in the heading, and the rows are left for the sentences."""

Cells = tuple[str, str, str]
"""What a row says of manual and of optim, and how the two compare."""


class Methods(Panel):
    """It draws a comparison, which is made of the Descent only while this panel is shown."""

    comparison: reactive[Comparison | str | Sentence] = reactive("", repaint=False, always_update=True)
    """The comparison, or why there is none."""

    def watch_comparison(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        found = self.comparison
        self.entitle(_("both methods on one W"))
        if not isinstance(found, Comparison):
            return [((line, "dim"),) for line in wrapped(str(found), width)]
        rows = self._numbers(found, width, height)
        return [*rows, *_sentences(found, width, height - len(rows))]

    def _numbers(self, found: Comparison, width: int, height: int) -> list[Row]:
        label, last = (13, 16) if width >= WIDE else (9, 8)
        each = (width - label - last) // 2
        shown = _steepest(found, max(1, each // VALUE))
        names = [found.names[index] for index in shown]
        merged = height < LOW and width >= WIDE
        programs = self._headings(found, with_lr=merged)

        def values(of: Callable[[Side], tuple[float, ...]], text: Callable[[float], str]) -> tuple[str, str]:
            manual, optim = (
                "".join(
                    right(cell(of(side)[index], text(of(side)[index]), each if len(shown) == 1 else VALUE), VALUE)
                    for index in shown
                )
                for side in (found.manual, found.optim)
            )
            return manual, optim

        table: list[tuple[str, Cells, str]] = [(self._start(found, shown), (*programs, _("ratio")), "dim")]
        if len(found.names) > 1:
            heading = "".join(right(name, VALUE) for name in names)
            table.append(("", (heading, heading, ""), "dim"))
        sides = (found.manual, found.optim)
        gradient = values(lambda side: side.epoch.gradient, signed)
        table.append(("gradient", (*gradient, ratio_text(*(side.epoch.gradient for side in sides))), "text"))
        if not merged:
            lrs = [lr_text(side.epoch.lr) for side in sides]
            ratio = ratio_text(*((side.epoch.lr,) for side in sides))
            table.append(("lr", (lrs[0], lrs[1], ratio), "text"))
        update = values(lambda side: side.update, signed)
        table.append((_("update"), (*update, ratio_text(*(side.update for side in sides))), "text"))
        next_w = values(lambda side: side.epoch.w_next, _exact if len(found.names) == 1 else fine)
        table.append((_("next W"), (*next_w, _steps(found, width >= WIDE)), "strong"))
        costs = [cost_text(side.cost_next) for side in sides]
        table.append((_("next cost"), (costs[0], costs[1], ""), "text"))
        return [
            (
                (left(cut(name, label), label), "dim"),
                (right(a, each) + right(b, each), style),
                (right(c, last), "accent"),
            )
            for name, (a, b, c), style in table
        ]

    def _headings(self, found: Comparison, with_lr: bool) -> tuple[str, str]:
        """The methods, and where there is no row for it the lr of each."""
        if with_lr:
            manual, optim = (
                f"{method} lr {lr_text(side.epoch.lr)}"
                for method, side in zip(Method, (found.manual, found.optim), strict=True)
            )
            return manual, optim
        return Method.MANUAL, Method.OPTIM

    def _start(self, found: Comparison, shown: list[int]) -> str:
        """The W that both begin with; of many weights, how many there is no room for."""
        if len(found.names) == 1:
            return f"W {fine(found.manual.epoch.w[0])}"
        hidden = len(found.names) - len(shown)
        return counted("{count} more", "{count} more", hidden).format(count=hidden) if hidden else ""


def _steepest(found: Comparison, most: int) -> list[int]:
    """The weights with the largest gradients, as many as there is room for, in the model's order."""
    gradient = found.optim.epoch.gradient
    steepest = sorted(range(len(gradient)), key=lambda index: -abs(gradient[index]))
    return sorted(steepest[:most])


def _exact(w: float) -> str:
    """A W with all the digits of a float32, which tell it from its neighbours."""
    return f"{w:#.9g}" if w else fine(w)


def _steps(found: Comparison, wide: bool) -> str:
    """How far the next W are apart; of several weights the farthest."""
    if None in found.steps:
        return "nan"
    steps = max(step for step in found.steps if step is not None)
    count = f"{steps:,}" if steps < (10_000_000 if wide else 1000) else f"{steps:.0e}"
    if not wide:
        return f"{count} ulp" if len(count) < 4 else count
    if steps == 0:
        return _("same to the bit")
    return counted("{count} step", "{count} steps", steps).format(count=count)


def _sentences(found: Comparison, width: int, room: int) -> list[Row]:
    """Why they differ, in as many words as there is room for; that of the gradients goes before that of the next W."""
    for gradients, next_w in product(about_gradients(found), (*about_next_w(found), "")):
        rows: list[Row] = [
            ((line, "text"),) for paragraph in gradients.split("\n") for line in wrapped(paragraph, width)
        ]
        rows += [((line, "dim"),) for line in wrapped(next_w, width)]
        if len(rows) <= room:
            return rows
    return []
