"""The formats in which a run can be written down, each known by the ending of its file's name."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.descent import Descent
from core.export.epoch_table import epoch_table
from core.export.notebook import notebook
from core.export.segments import script
from core.export.transcript import transcript
from core.language import N_
from core.state import Weights


class Format(NamedTuple):
    """What it is, and the pieces of its text from a run and the answer to `curve_request`; raises CannotExport."""

    about: str
    write: Callable[[Descent, Weights | None], Iterator[str]]


FORMATS = {
    ".py": Format(
        N_("a plain script in the lecture's style, which prints these epochs"), lambda run, _: script(run.log)
    ),
    ".ipynb": Format(N_("the same as a Jupyter notebook, with pictures"), notebook),
    ".csv": Format(N_("a row an epoch, in full precision"), lambda run, _: epoch_table(run.log, run.names)),
    ".md": Format(N_("the run in sentences, an epoch a paragraph"), lambda run, _: transcript(run)),
}
"""By the ending of a name."""
