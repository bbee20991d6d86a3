"""A run as a plain script in the lecture's style: it needs only torch, and prints the rows that are on the screen."""

from collections.abc import Iterator
from itertools import chain

from core.descent import Descent
from core.export.program import Program
from core.export.stretches import stretches_of
from core.export.table_code import TableCode


def script(descent: Descent) -> Iterator[str]:
    """The lines of the script; raises CannotExport."""
    program = Program(descent.tape.start.w, stretches_of(descent))
    table = TableCode.of(descent.data)
    blocks = [
        [*table.imports, *program.imports()],
        [*table.lines, *program.setup(0)],
        [f"nb_epochs = {len(descent.tape) - 1}", *program.loop(0)],
        *([*program.setup(index), *program.loop(index)] for index in range(1, len(program.stretches))),
    ]
    yield from (f"{line}\n" for line in list(chain.from_iterable([*block, ""] for block in blocks))[:-1])
