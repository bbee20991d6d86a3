"""A large table as lines that read its file with Python's own csv module, where that gives the same numbers."""

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from core.csv_file.columns import choose, column_names, has_header
from core.csv_file.faults import Fault
from core.data import Dataset, Source

ENCODINGS, DELIMITERS = ("utf-8-sig", "cp949"), (",", ";", "\t")


@dataclass(frozen=True)
class Reading:
    """A way to read the file of a table."""

    path: str
    encoding: str
    delimiter: str
    has_header: bool
    columns: tuple[int, ...]
    """The inputs and last the target."""

    def code(self) -> list[str]:
        """The lines that make x_train and y_train."""
        path = repr(self.path) if self.path.isprintable() else ascii(self.path)
        delimiter = "" if self.delimiter == "," else f", delimiter={self.delimiter!r}"
        inputs, target = [f"float(row[{column}])" for column in self.columns[:-1]], self.columns[-1]
        return [
            "x, y = [], []",
            f'with open({path}, encoding="{self.encoding}", newline="") as file:',
            f"    rows = csv.reader(file{delimiter})",
            *(["    next(rows)"] if self.has_header else []),
            "    for row in filter(any, rows):",
            f"        x.append([{', '.join(inputs)}])",
            f"        y.append([float(row[{target}])])",
            "x_train = torch.FloatTensor(x)",
            "y_train = torch.FloatTensor(y)",
        ]

    def reads(self, data: Dataset) -> bool:
        """Whether the lines give the numbers of a table, bit for bit: they are read to see."""
        inputs, target = self.columns[:-1], self.columns[-1]
        with open(self.path, encoding=self.encoding, newline="") as file:
            rows = csv.reader(file, delimiter=self.delimiter)
            if self.has_header:
                next(rows)
            count = 0
            for index, row in enumerate(filter(any, rows)):
                if index == len(data):
                    return False
                read = array("f", [*(float(row[column]) for column in inputs), float(row[target])])
                if read.tobytes() != array("f", chain(data.row(index), data.y[index : index + 1])).tobytes():
                    return False
                count += 1
        return count == len(data)


def reading_of(data: Dataset) -> Reading | None:
    """The way to read a table's file again, if Python's csv module has one."""
    for reading in _readings(data.source) if data.source else ():
        try:
            if reading.reads(data):
                return reading
        except (OSError, ValueError, IndexError, csv.Error):  # not this way
            continue
    return None


def _readings(source: Source) -> Iterator[Reading]:
    for encoding in ENCODINGS:
        for delimiter in DELIMITERS:
            try:
                with open(source.name, encoding=encoding, newline="") as file:
                    first = next(csv.reader(file, delimiter=delimiter), [])
                header = has_header(1, first, source.features, source.target)
                columns = choose(column_names(first, header), header, source.features, source.target)
            except (OSError, ValueError, csv.Error, Fault):
                continue
            yield Reading(source.name, encoding, delimiter, header, tuple(columns))
