"""A run in plain sentences, an epoch a paragraph: to be read aloud, or pasted into a question."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from core.behaviour import ending_at
from core.descent import Descent
from core.export.segments import segments_of
from core.language import _, ngettext
from core.log import EpochLog
from core.program import Method, Phase, Program
from core.state import Opened, Weights

WHOLE, FIRST, LAST = 50, 10, 5  # a run of more epochs than WHOLE has its FIRST and LAST ones, and the turned ones
MOST = 8  # of more weights than these the first ones are named


def transcript(descent: Descent) -> Iterator[str]:
    """The run as Markdown, paragraph by paragraph; raises CannotExport."""
    log, segments = descent.log, segments_of(descent.log)
    yield f"# {_('A run of gradient descent')}\n"
    if descent.opened:
        yield f"\n{start_text(segments[0].program, descent.opened)}\n"
    changes = {
        after.start: change_text(after.start, before.program, after.program) for before, after in pairwise(segments)
    }
    epochs = range(len(log))
    shown = [n for n in epochs if len(log) <= WHOLE or n < FIRST or n >= len(log) - LAST or n in changes]
    for before, epoch in pairwise([-1, *shown]):
        if count := epoch - before - 1:
            left_out = ngettext("{count} epoch is left out here.", "{count} epochs are left out here.", count)
            yield f"\n{left_out.format(count=count)}\n"
        if epoch in changes:
            yield f"\n{changes[epoch]}\n"
        yield f"\n{epoch_text(descent.names, log, epoch, epoch)}\n"
    if why := ending_at(log, len(log) - 2):
        yield "\n" + _("At the end: {ending}.").format(ending=_(why)) + "\n"
    yield f"\n## {_('The program')}\n\n~~~~python\n{segments[-1].program.text}~~~~\n"


def start_text(program: Program, opened: Opened) -> str:
    """How a run begins."""
    rows = _("It learns from {rows} rows.").format(rows=opened.table.rows)
    return " ".join([rows, _method(program), *_lr(program), *_edited(program.unedited, program)])


def change_text(start: int, before: Program, after: Program) -> str:
    """What was turned before the epoch `start`."""
    parts = [_("From epoch {epoch} on something is different.").format(epoch=start)]
    parts += _edited(before, after) if before.method is after.method else [_method(after)]
    return " ".join([*parts, *(_lr(after) if before.lr != after.lr else [])])


def epoch_text(names: Sequence[str], log: EpochLog, epoch: int, number: int) -> str:
    """An epoch of a log under the number that it has in its run, phase by phase."""
    w, gradient, cost = log.w(epoch), log.gradient(epoch), _number(log.cost(epoch), 6)
    parts = [_("Epoch {number}.").format(number=number), *_are(names, w), _("The cost is {cost}.").format(cost=cost)]
    if gradient:
        parts.append(_("The gradient is {gradient}.").format(gradient=_listed(map(_number, gradient))))
    if w:
        parts.append(_("The update adds {update}.").format(update=_listed(map(_number, log.update(epoch)))))
    return " ".join([*parts, *_are(names, log.w(epoch + 1))])


def _method(program: Program) -> str:
    """Who computes the gradient."""
    if program.method is Method.OPTIM:
        return _("torch computes the gradient, with backward(), and its optimizer makes the update (optim).")
    line = next((line.text for line in reversed(program.lines) if line.phase is Phase.GRADIENT), "-")
    return _("The gradient is written by hand (manual): {line}.").format(line=f"`{line}`")


def _lr(program: Program) -> list[str]:
    return [] if program.lr is None else [_("lr is {lr}.").format(lr=f"{program.lr:.6g}")]


def _edited(before: Program, after: Program) -> list[str]:
    """The lines of one program that the other hasn't, but for lr and nb_epochs."""
    usual = before.with_lr(after.lr or 0).with_nb_epochs(after.nb_epochs or 0)
    known = {line.text for line in (*usual.setup, *usual.lines)}
    lines = [line.text for line in (*after.setup, *after.lines) if line.text not in known]
    return [_("This line is edited: {line}").format(line=f"`{line}`") for line in lines]


def _are(names: Sequence[str], values: Weights) -> list[str]:
    each = [_("{name} is {value}").format(name=name, value=_number(w)) for name, w in zip(names, values, strict=False)]
    return [f"{_listed(each)}."] if each else []


def _number(value: float, decimals: int = 3) -> str:
    """As the lecture prints it; what is too long for that with an exponent."""
    return f"{value:.{decimals}f}" if abs(value) < 1e9 else f"{value:.3e}"


def _listed(parts: Iterable[str]) -> str:
    """One, two and three; of many the first ones."""
    *first, last = [*parts][: MOST + 1]
    last = "..." if len(first) == MOST else last
    return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last
