"""The table of a run as the lines of a script that make x_train and y_train."""

from core.data import Dataset
from core.export.faults import CannotExport
from core.export.numbers import literals
from core.language import _

MOST_NUMBERS = 5000
"""So many numbers are written into a script."""

WIDTH = 100
"""A line of numbers is not longer, where that can be."""


def table_code(data: Dataset) -> list[str]:
    """The lines that make x_train and y_train, bit for bit; raises CannotExport."""
    return ["# 데이터", *_made(data.original or data), *(_standardized(data) if data.original else ())]


def _made(data: Dataset) -> list[str]:
    numbers = len(data.x) + len(data.y)
    if numbers > MOST_NUMBERS:
        raise CannotExport(
            _("the table has {numbers:,} numbers: only {most:,} are written into a script").format(
                numbers=numbers, most=MOST_NUMBERS
            )
        )
    x = [literals(data.row(index)) for index in range(len(data))]
    y = [literals([target]) for target in data.y]
    return [*_tensor("x_train", x), *_tensor("y_train", y)]


def _tensor(name: str, rows: list[str]) -> list[str]:
    one_line = f"{name} = torch.FloatTensor([{', '.join(rows)}])"
    if len(one_line) <= WIDTH:
        return [one_line]
    lines = [""]
    for row in rows:
        if lines[-1] and len(lines[-1]) + len(row) + 6 > WIDTH:
            lines.append("")
        lines[-1] += f" {row}," if lines[-1] else f"    {row},"
    return [f"{name} = torch.FloatTensor([", *lines, "])"]


def _standardized(data: Dataset) -> list[str]:
    """Each input as (x - mean) / standard deviation, computed in double as the table was and rounded once."""
    from core.data import scaling

    mean, deviation = scaling(data.original or data)
    double = "dtype=torch.float64"
    return [
        f"mean = torch.tensor([{', '.join(map(repr, mean))}], {double})",
        f"deviation = torch.tensor([{', '.join(map(repr, deviation))}], {double})",
        "x_train = ((x_train.double() - mean) / deviation).float()",
    ]
