"""The epochs of a run as a table: what `gradstep run --format csv` prints, and what a CSV file of them holds."""

from collections.abc import Iterator

from core.descent import Descent
from core.export.stretches import stretches_of
from core.tape import Tape


def columns(descent: Descent) -> tuple[str, ...]:
    """The names of the columns."""
    return ("epoch", "method", "lr", *descent.names, "cost", *descent.names_of("gradient"), *descent.names_of("update"))


def values(tape: Tape, epoch: int, number: int) -> tuple[int | float | str, ...]:
    """A row in full precision: an epoch of a tape, under the number that it has in its run."""
    w, w_next, knobs = tape.w(epoch), tape.w(epoch + 1), tape.knobs(epoch)
    update = (after - before for after, before in zip(w_next, w, strict=True))
    return (number, knobs.method.value, knobs.lr.value, *w, tape.cost(epoch), *tape.gradient(epoch), *update)


def epoch_table(descent: Descent) -> Iterator[str]:
    """The epochs of a run as CSV, line by line; raises CannotExport."""
    stretches_of(descent)
    yield f"{','.join(columns(descent))}\n"
    for epoch in range(len(descent.tape)):
        yield f"{','.join(map(str, values(descent.tape, epoch, epoch)))}\n"
