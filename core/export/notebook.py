"""A run as a Jupyter notebook: the program in cells, with what they print, and pictures of the run."""

import re
from collections.abc import Iterator
from dataclasses import replace
from textwrap import indent
from typing import Any

from core.descent import Descent
from core.export.pictures import pictures
from core.export.segments import CannotExport, Segment, script_of, segments_of
from core.export.transcript import change_text, start_text
from core.language import _
from core.program import Phase, Program
from core.state import Weights

MOST_ROWS = 1000  # of the rows that a cell has printed, the last ones


def notebook(descent: Descent, costs: Weights | None = None) -> Iterator[str]:
    """The notebook, as JSON; `costs` is the answer to `curve_request`. Raises CannotExport."""
    try:
        from nbformat import v4, writes
    except ImportError:
        raise CannotExport(_("a notebook needs nbformat: pip install 'gradstep[notebook]'")) from None
    made = v4.new_notebook(cells=list(_cells(v4, descent, costs)))
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"  # nbformat's own are random, and the same run is to be the same file
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    yield f"{writes(made)}\n"


def _cells(v4: Any, descent: Descent, costs: Weights | None) -> Iterator[Any]:
    def code(*lines: str, printed: str = "", picture: str = "") -> Any:
        outputs = [v4.new_output("stream", name="stdout", text=printed)] if printed else []
        outputs += [v4.new_output("display_data", data={"image/png": picture})] if picture else []
        return v4.new_code_cell("\n".join(lines).strip("\n"), outputs=outputs)

    segments = segments_of(descent.log)
    script = script_of([replace(segment, program=_noting(segment.program)) for segment in segments])
    start = start_text(segments[0].program, descent.opened) if descent.opened else ""
    yield v4.new_markdown_cell(f"# {_('A run of gradient descent')}\n\n{start}")
    yield code(*script.setup, "history = []")
    before: Program | None = None
    for segment, written in zip(segments, script.segments, strict=True):
        if before:
            yield v4.new_markdown_cell(change_text(segment.start, before, segment.program))
        yield code(*written.change, *written.loop, printed=_printed(descent, segment))
        before = segment.program
    if any(line.strip() for line in script.rest):
        yield code(*script.rest)
    yield v4.new_markdown_cell(f"## {_('Pictures')}\n\n" + _("matplotlib draws them: pip install matplotlib"))
    for picture in pictures(descent, costs):
        yield code(picture.code, picture=picture.png)


def _noting(program: Program) -> Program:
    """The program with a line behind its cost's that notes cost and weights of every epoch."""
    line = next((line for line in reversed(program.lines) if line.phase is Phase.COST), None)
    if line is None:
        return program
    above = program.text_lines[line.number - 1]
    weights = (name for name in program.parameters if name.isidentifier())
    values = "".join(f", *{name}.detach().flatten().tolist()" for name in weights)
    note = f"history.append(({program.cost}.item(){values}))"
    return program.with_lines(line.end + 1, line.end, indent(note, above[: len(above) - len(above.lstrip())]))


def _printed(descent: Descent, segment: Segment) -> str:
    """What the loop of a segment printed, with the number of epochs that its text has now."""
    now, printed = segment.program.nb_epochs, descent.log.output
    rows = [
        re.sub(rf"(?<!\d){epoch}/\d+(?= )", f"{epoch}/{now}", text) if now else text
        for epoch, text in printed
        if segment.start <= epoch < segment.end
    ]
    return "".join(rows[-MOST_ROWS:])
