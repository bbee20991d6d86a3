"""The formats in which a run can be written down, each known by the ending of its file's name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, count

from core.data import LECTURE
from core.descent import Descent
from core.export.epoch_table import epoch_table
from core.export.notebook import notebook
from core.export.script import script
from core.export.transcript import transcript
from core.language import marked

MOST_NAME = 40
"""Characters of a table's name in the name of a file."""


@dataclass(frozen=True)
class Format:
    """A way to write a run down."""

    about: str
    """What it is; looked up where it is shown."""
    write: Callable[[Descent], Iterator[str]]
    """The text, piece by piece; raises CannotExport, before the first piece."""


FORMATS = {
    ".py": Format(marked("a plain script in the lecture's style, which prints these epochs"), script),
    ".ipynb": Format(marked("the same as a Jupyter notebook, with pictures"), notebook),
    ".csv": Format(marked("a row an epoch, in full precision"), epoch_table),
    ".md": Format(marked("the run in sentences, an epoch a paragraph"), transcript),
}
"""By the ending of a name."""


def proposed_names(descent: Descent) -> Iterator[str]:
    """Names for a file of the run, without an ending: gradstep-manual-lr0.1, and with a 2, a 3 and so on behind it."""
    source = descent.data.original or descent.data
    table = re.sub(r"\W+", "-", re.sub(r"\.\w+$", "", str(source.name)))[:MOST_NAME].strip("-")
    parts = ["gradstep", *([table] if table and source is not LECTURE else [])]
    knobs = descent.knobs
    name = "-".join([*parts, knobs.method.value, f"lr{knobs.lr.value:.6g}"])
    return chain([name], (f"{name}-{number}" for number in count(2)))
