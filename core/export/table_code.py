"""The table of a run as the lines of a script that make x_train and y_train."""

from dataclasses import dataclass

from core.data import Dataset, scaling
from core.export.csv_code import reading_of
from core.export.faults import CannotExport
from core.export.numbers import literals
from core.language import _

COMMENT = "# 데이터"

MOST_NUMBERS = 5000
"""So many numbers are written into a script."""

WIDTH = 100
"""A line of numbers is not longer, where that can be."""


@dataclass(frozen=True)
class TableCode:
    """The lines that make x_train and y_train, bit for bit, and what they import."""

    lines: list[str]
    imports: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Dataset) -> "TableCode":
        """A small table is written into the script, a large one is read from its file. Raises CannotExport."""
        read = data.original or data
        lines = _standardized(data) if data.original else []
        if (numbers := len(read.x) + len(read.y)) <= MOST_NUMBERS:
            return cls([COMMENT, *_written(read), *lines])
        if reading := reading_of(read):
            return cls([COMMENT, *reading.code(), *lines], ("import csv", ""))
        told = _(
            "the table has {numbers:,} numbers: at most {most:,} are written into a script, and its file can't be read "
            "again to the same numbers by Python's csv module"
        )
        raise CannotExport(told.format(numbers=numbers, most=MOST_NUMBERS))


def _written(data: Dataset) -> list[str]:
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
    mean, deviation = scaling(data.original or data)
    double = "dtype=torch.float64"
    return [
        f"mean = torch.tensor([{', '.join(map(repr, mean))}], {double})",
        f"deviation = torch.tensor([{', '.join(map(repr, deviation))}], {double})",
        "x_train = ((x_train.double() - mean) / deviation).float()",
    ]
