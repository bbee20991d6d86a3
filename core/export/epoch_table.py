"""The epochs of a run as a table: what `gradstep run --format csv` prints, and what a CSV file of them holds."""

from collections.abc import Iterator, Sequence

from core.export.segments import segments_of
from core.log import EpochLog


def columns(names: Sequence[str], kept: bool = True) -> tuple[str, ...]:
    """The names of the columns; weights that are too many to be kept have only sizes."""
    if not kept:
        return ("epoch", "method", "lr", "cost", "gradient_size", "update_size")
    ends = [f"_{name}" for name in names] if len(names) > 1 else [""]
    return (
        "epoch",
        "method",
        "lr",
        *names,
        "cost",
        *(f"gradient{end}" for end in ends),
        *(f"update{end}" for end in ends),
    )


def keeps_weights(log: EpochLog) -> bool:
    """Whether the weights of every epoch are known: of a run of very many weights only sizes are."""
    return all(log.w(start) and log.w(start + 1) for start, _knobs in log.segments)


def values(log: EpochLog, epoch: int, number: int, kept: bool = True) -> tuple[int | float | str, ...]:
    """A row in full precision: an epoch of a log, under the number that it has in its run."""
    program = log.knobs(epoch).program
    row = (number, str(program.method), "" if program.lr is None else program.lr)
    if not kept:
        return (*row, log.cost(epoch), log.gradient_size(epoch), log.update_size(epoch))
    w = log.w(epoch)
    return (*row, *w, log.cost(epoch), *(log.gradient(epoch) or [""] * len(w)), *log.update(epoch))


def epoch_table(log: EpochLog, names: Sequence[str]) -> Iterator[str]:
    """The epochs of a run as CSV, line by line; raises CannotExport."""
    segments_of(log)
    kept = keeps_weights(log)
    yield f"{','.join(columns(names, kept))}\n"
    for epoch in range(len(log)):
        yield f"{','.join(map(str, values(log, epoch, epoch, kept)))}\n"
