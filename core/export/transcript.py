"""A run in plain sentences, an epoch a paragraph with its arithmetic: to be read aloud, or pasted into a question."""

from collections.abc import Iterator
from itertools import pairwise

from core.descent import Descent
from core.ending import ending
from core.export.program import optimizer_lines
from core.export.sentences import beginning_told, epoch_told, gap_told, turn_told
from core.export.stretches import Stretch, stretches_of
from core.language import _
from core.tape import Tape

WHOLE = 50
"""So long a run is told epoch by epoch."""

FIRST, LAST, TURNS = 10, 5, 100
"""Of a longer one the first and the last epochs are told, and those at which something was turned: so many of them."""


def transcript(descent: Descent) -> Iterator[str]:
    """The run as Markdown, paragraph by paragraph; raises CannotExport."""
    parts = stretches_of(descent)
    yield f"# {_('A run of gradient descent')}\n"
    for paragraph in _told(descent, parts):
        yield f"\n{paragraph}\n"
    yield from _program(parts[-1])


def _told(descent: Descent, parts: tuple[Stretch, ...]) -> Iterator[str]:
    tape = descent.tape
    yield from beginning_told(descent, parts[0])
    epochs = _chosen(len(tape), parts)
    if len(epochs) < len(tape):
        yield _("The run is long: told are its first and its last epochs, and those at which something was turned.")
    turns = {part.start: (before, part) for before, part in pairwise(parts)}
    for before, epoch in pairwise([-1, *epochs]):
        if epoch > before + 1:
            yield gap_told(tape, before + 1, epoch)
        if epoch in turns:
            yield turn_told(*turns[epoch])
        yield epoch_told(descent.names, tape, epoch, epoch)
    yield from _end(tape)


def _chosen(length: int, parts: tuple[Stretch, ...]) -> list[int]:
    """The epochs that are told."""
    if length <= WHOLE:
        return list(range(length))
    turned = (part.start for part in parts[: TURNS + 1])
    return sorted({*range(FIRST), *turned, *range(length - LAST, length)})


def _end(tape: Tape) -> Iterator[str]:
    """Why the run has come to an end with its last epoch but one, if it has: the cost after that is known."""
    if (last := len(tape) - 2) < 0:
        return
    before = tape.w(last - 1) if last else None
    if why := ending(before, tape.w(last), tape.w(last + 1), tape.cost(last), tape.cost(last + 1)):
        yield _("At the end: {ending}.").format(ending=_(why))


def _program(stretch: Stretch) -> Iterator[str]:
    """The lines that ran last, with their lr, for whoever is asked about them."""
    fence = "```"
    while any(fence in line.text for line in stretch.body):
        fence += "`"
    yield f"\n## {_('The program')}\n\n{fence}python\n"
    model = optimizer_lines(stretch)[1:] if stretch.optimizer else [f"lr = {stretch.lr!r}"]
    yield from (f"{text}\n" for text in (*model, *(line.text for line in stretch.body)))
    yield f"{fence}\n"
