"""`gradstep check`: what a table holds and what a run on it meets, on stdout."""

from collections.abc import Iterator
from math import isfinite

from rich.cells import cell_len

from core.data import Dataset
from core.findings import condition_in_words, ranges, unlearnable
from core.landscape import Effect, landscape
from core.language import _, counted
from core.listing import Listing
from core.lr import Lr
from tui.drawing.figures import mark_text
from tui.safe_text import safe_text


def print_check(data: Dataset, listing: Listing) -> None:
    """Print a table's rows, columns and ranges, the lr at which a run on it breaks, and what can't be learned."""
    for line in (*_table(data), *_run(data, listing)):
        print(line)


def _table(data: Dataset) -> Iterator[str]:
    sentence = counted("{name}: {count:,} row; {about}", "{name}: {count:,} rows; {about}", len(data))
    yield sentence.format(name=safe_text(data.name), count=len(data), about=safe_text(_(data.about)))
    span, average = _("{low:.6g} to {high:.6g}"), _("mean {mean:.6g}")
    rows = [
        (safe_text(name), span.format(low=low, high=high), average.format(mean=mean))
        for name, low, high, mean in ranges(data)
    ]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(2)]
    for index, row in enumerate(rows):
        name, reach = (text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=False))
        yield f"  {'y' if index == len(rows) - 1 else 'x'}  {name}  {reach}  {row[2]}"


def _run(data: Dataset, listing: Listing) -> Iterator[str]:
    land = landscape(data, listing.bias)
    edge, of_sum = (Effect(0, land.steepest * factor, 0).edge_lr for factor in (1, len(data) / 2))
    yield _("{formula}, cost at best {cost:.6g}").format(formula=listing.formula, cost=land.floor)
    if isfinite(edge):
        sentence = _("it breaks at lr {edge} (2 * mean, optim) or {of_sum} (sum); begin with {safe} or {safe_sum}")
        safe, safe_sum = (f"{Lr.largest_rung(lr / 2).value:g}" for lr in (edge, of_sum))
        yield sentence.format(edge=mark_text(edge), of_sum=mark_text(of_sum), safe=safe, safe_sum=safe_sum)
    yield condition_in_words(land)
    for finding in (*unlearnable(data, listing.bias), *data.notes):
        yield _("note: {note}").format(note=safe_text(finding))
