"""The sentences of a transcript."""

from collections.abc import Iterator, Sequence
from math import isfinite

from core.descent import Descent
from core.export.printable import code, name_of
from core.export.spelled import TINY, arithmetic, is_lr_times_gradient, spelled, spelled_lr, told_apart
from core.export.stretches import Stretch
from core.language import _, counted
from core.listing import GradientForm, Line, Method
from core.tape import Tape

SPELLED = 4
"""Of so many weights each gets its arithmetic; of more only what they become."""

NAMED = 8
"""So many weights, columns or rows are named one by one."""


def beginning_told(descent: Descent, stretch: Stretch) -> Iterator[str]:
    """What is learned from what, and how the run begins; each a paragraph."""
    data = descent.data
    told = _("The hypothesis is {formula}. It is learned from {table}, {rows}: from {inputs} it tells {target}.")
    yield told.format(
        formula=stretch.listing.formula,
        table=name_of(str(data.name)),
        rows=counted("{count} row", "{count} rows", len(data)).format(count=len(data)),
        inputs=_listed([name_of(name) for name in data.inputs]),
        target=name_of(data.target),
    )
    if len(data) <= NAMED and len(data.inputs) == 1:
        x, y = (_listed([f"{value:g}" for value in column]) for column in (data.x, data.y))
        yield _("In the rows {input} is {x}, and {target} is {y}.").format(
            input=name_of(data.inputs[0]), x=x, target=name_of(data.target), y=y
        )
    begins = [_is(name, w) for name, w in zip(descent.names, descent.tape.start.w, strict=True)]
    yield " ".join([_("At the start {weights}.").format(weights=_listed(begins)), *_how(stretch), _lr(stretch)])
    yield from (
        _("This line is not the lecture's: {line}").format(line=code(line.text)) for line in _not_the_lectures(stretch)
    )


def turn_told(before: Stretch, stretch: Stretch) -> str:
    """What was turned before a stretch."""
    told = [_("From epoch {epoch} on something is different.").format(epoch=stretch.start)]
    if before.method is not stretch.method or before.listing.gradient_form is not stretch.listing.gradient_form:
        told += _how(stretch)
    if before.method is not stretch.method or before.lr != stretch.lr:
        told.append(_lr(stretch))
    earlier = {line.number: line.text for line in (*before.body, *before.listing.model_lines(stretch.method))}
    now = [*(line for line in stretch.listing.model_lines(stretch.method) if stretch.optimizer), *stretch.body]
    for line in now:
        if earlier.get(line.number, line.text) != line.text:
            text = _("The line {before} becomes {after}.")
            told.append(text.format(before=code(earlier[line.number]), after=code(line.text)))
    return " ".join(told)


def epoch_told(names: Sequence[str], tape: Tape, epoch: int, number: int) -> str:
    """An epoch of a tape under the number that it has in its run: the weights, the cost, and what the update does."""
    w, w_next, gradient, lr = tape.w(epoch), tape.w(epoch + 1), tape.gradient(epoch), tape.knobs(epoch).lr.value
    weights = _listed([_is(name, value) for name, value in zip(names, w, strict=True)])
    told = [_("Epoch {number}.").format(number=number)]
    told.append(_("{weights}, and the cost is {cost}.").format(weights=weights, cost=spelled(tape.cost(epoch), 6)))
    if len(names) > SPELLED:
        become = _listed([_is(name, value) for name, value in zip(names, w_next, strict=True)])
        return " ".join([*told, _("After the update {weights}.").format(weights=become)])
    for index, name in enumerate(names):
        slope = spelled(gradient[index])
        told.append(
            _("The gradient is {gradient}.").format(gradient=slope)
            if len(names) == 1
            else _("The gradient of {name} is {gradient}.").format(name=name, gradient=slope)
        )
        again = any(_is_something_else(w[i], lr, gradient[i], w_next[i]) for i in range(index))
        told.append(_update_told(name, w[index], lr, gradient[index], w_next[index], again))
    return " ".join(told)


def gap_told(tape: Tape, start: int, end: int) -> str:
    """The epochs from `start` on and before `end`, which are left out."""
    told = counted(
        "Here {count} epoch is left out: its cost is {first}.",
        "Here {count} epochs are left out: their cost begins with {first} and ends with {last}.",
        end - start,
    )
    first, last = (spelled(tape.cost(epoch), 6) for epoch in (start, end - 1))
    return told.format(count=end - start, first=first, last=last)


def _is_something_else(w: float, lr: float, gradient: float, w_next: float) -> bool:
    """Whether an update that changes w is more than lr times the gradient, such as momentum."""
    return w_next != w and isfinite(w_next) and not is_lr_times_gradient(w, lr, gradient, w_next)


def _update_told(name: str, w: float, lr: float, gradient: float, w_next: float, again: bool) -> str:
    """What an update does; `again` where the same epoch has said already that it is not lr times the gradient alone."""
    if w_next == w:
        return _stays(name, w, lr, gradient)
    if not isfinite(w_next):
        return _("{name} becomes {after}, which is beyond float32.").format(name=name, after=spelled(w_next))
    if _is_something_else(w, lr, gradient, w_next):
        before, after = told_apart(w, w_next)
        told = (
            _("{name} goes from {before} to {after}.")
            if again
            else _("The update is not lr times the gradient alone: {name} goes from {before} to {after}.")
        )
        return told.format(name=name, before=before, after=after)
    if abs(lr * gradient) < TINY:
        return (
            _("It is negative, so {name} gets larger, by less than 0.000001.")
            if gradient < 0
            else _("It is positive, so {name} gets smaller, by less than 0.000001.")
        ).format(name=name)
    told = (
        _("It is negative, so {name} gets larger: {lr} times {slope} is {step}, {before} plus {step} is {after}.")
        if gradient < 0
        else _(
            "It is positive, so {name} gets smaller: {lr} times {slope} is {step}, {before} minus {step} is {after}."
        )
    )
    return told.format(name=name, lr=spelled_lr(lr), **vars(arithmetic(w, lr, gradient, w_next)))


def _stays(name: str, w: float, lr: float, gradient: float) -> str:
    if gradient == 0:
        told = _("It is zero, so {name} stays at {w}.")
    elif lr == 0:
        told = _("lr is 0, so {name} stays at {w}.")
    else:
        told = _("The update is too small to change {name}, which stays at {w}.")
    return told.format(name=name, w=spelled(w))


def _how(stretch: Stretch) -> list[str]:
    """Who computes the gradient, and how."""
    if stretch.method is Method.OPTIM:
        return [_("torch computes the gradient, with backward(), and its optimizer makes the update (optim).")]
    match stretch.listing.gradient_form:
        case GradientForm.SUM:
            return [_("The gradient is written by hand (manual), as the sum over the rows.")]
        case GradientForm.MEAN:
            return [_("The gradient is written by hand (manual), as 2 times the mean over the rows.")]
    return [_("The gradient is written by hand (manual), in a way of its own.")]


def _lr(stretch: Stretch) -> str:
    return _("lr is {lr}.").format(lr=spelled_lr(stretch.lr))


def _not_the_lectures(stretch: Stretch) -> list[Line]:
    """The changed lines that run; the lecture's other way to write the gradient is none."""
    listing = stretch.listing
    lecture = listing.pristine.with_gradient_form(listing.gradient_form or GradientForm.SUM).text.splitlines()
    code_lines = [*(listing.model_lines(Method.OPTIM)[-1:] if stretch.optimizer else ()), *stretch.body]
    return [line for line in code_lines if line.text != lecture[line.number - 1].removeprefix("    ")]


def _is(name: str, value: float) -> str:
    return _("{name} is {value}").format(name=name, value=spelled(value))


def _listed(parts: Sequence[str]) -> str:
    """One, two and three; of many the first ones."""
    if len(parts) > NAMED:
        rest = len(parts) - NAMED
        more = counted("{count} more", "{count} more", rest).format(count=rest)
        return _("{first} and {last}").format(first=", ".join(parts[:NAMED]), last=more)
    if len(parts) == 1:
        return parts[0]
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])
