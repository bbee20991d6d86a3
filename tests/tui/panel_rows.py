"""Descents at a place, answered by the fake engine, and what a panel draws of them."""

from core.descent import Descent, Tick
from core.knobs import Knobs
from core.requests import Measure
from tests.fake_engine import FakeEngine
from tui.panels.panel import Panel


def complete(descent: Descent) -> Descent:
    """A descent with all that its place lacks."""
    engine = FakeEngine()
    while (request := descent.request) is not None:
        descent = descent.answered(engine._answer(request))
    return descent.answered(engine._answer(Measure(descent.program, descent.log.start)))


def descent_at(epoch: int, line: int = 0, knobs: Knobs | None = None) -> Descent:
    """A run of the lecture's program up to a place."""
    return complete(complete(Descent(knobs or Knobs.of())).goto(Tick(epoch, line)))


def rows(panel: type[Panel], descent: Descent, width: int, height: int) -> list[str]:
    """What a panel draws, without its styles."""
    drawn = panel()
    drawn.set_reactive(panel.descent, descent)
    return ["".join(text for text, _style in row) for row in drawn.draw(width, height)]
