"""From a file to a table: the separator, the header, and every cell checked."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TextIO

from core.float32 import float32
from core.language import N_, _, ngettext
from core.table_cells import cell_trouble, is_number, shortened
from core.table_columns import TableError, choose, column_names, has_header
from core.tables import BUILT_IN

SEPARATORS = {"\t": N_("tabs"), ";": N_("semicolons"), ",": N_("commas"), " ": N_("spaces")}


MOST_CHECKED = 200_000
"""So many rows are checked cell by cell; what is wrong beyond them loadtxt says."""


MOST_COLUMNS = 1000
LONGEST_LINE = 1_000_000

MOST_IN_TEXT = 12
"""A file of at most so many rows stands in the program's text, as the lecture's data do."""

_CONTROL = re.compile("[\\0-\\x08\\x0b-\\x1f\\x7f]")

MOST_ROWS = 100
"""So many rows are kept, to show them or to write them into the program."""


csv.field_size_limit(LONGEST_LINE)  # a quoted cell that is longer has lost its closing quote

Row = tuple[int, list[str]]
"""The number of the line in which a row begins, and its cells."""


@dataclass(frozen=True)
class Source:
    """How a file is read as a table: what loadtxt needs to know, and which columns are learned from."""

    name: str
    """The name of a built-in table, or the path of a file as it was given."""
    path: str
    encoding: str
    separator: str
    skip: int
    """How many lines stand before the first row of data."""
    header: bool
    quotes: bool
    names: tuple[str, ...]
    """What the columns are called."""
    chosen: tuple[int, ...]
    """The columns of the inputs, and last that of the target."""
    rows: tuple[tuple[float, ...], ...]
    """The chosen cells of the first rows."""
    count: int
    """How many rows were seen; of a file larger than MOST_CHECKED rows no more."""
    notes: tuple[str, ...] = ()

    @property
    def inputs(self) -> int:
        return len(self.chosen) - 1

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(self.names[column] for column in self.chosen[:-1])

    @property
    def target_name(self) -> str:
        return self.names[self.chosen[-1]]

    @property
    def about(self) -> str:
        """Where a built-in table comes from, or how the file was read."""
        if self.name in BUILT_IN:
            return _(BUILT_IN[self.name])
        read = _("{encoding}, separated by {separators}, with a header")
        if not self.header:
            read = _("{encoding}, separated by {separators}, no header")
        return read.format(encoding=self.encoding, separators=_(SEPARATORS[self.separator]))

    @property
    def stands_in_text(self) -> bool:
        """Whether the rows stand in the program as tensors, and not a line that reads the file."""
        return self.name in BUILT_IN or self.count <= MOST_IN_TEXT

    @property
    def reading_lines(self) -> tuple[str, ...]:
        """The lines of a program that read the file, as the course's lab-04 does."""
        options = [repr(self.path)]
        if self.separator != " ":
            options.append(f"delimiter={self.separator!r}")
        options.append("dtype=np.float32")
        if self.skip:
            options.append(f"skiprows={self.skip}")
        if list(self.chosen) != list(range(len(self.names))):
            options.append(f"usecols={self.chosen}")
        if self.encoding != "utf-8":
            options.append(f"encoding={self.encoding!r}")
        if self.quotes:
            options.append("quotechar='\"'")
        options.append("comments=None, ndmin=2")
        return (
            f"xy = np.loadtxt({', '.join(options)})",
            "x_train = torch.FloatTensor(xy[:, :-1])",
            "y_train = torch.FloatTensor(xy[:, [-1]])",
        )


class Reader:
    """Reads the head of a table for the options, and its rows to check them."""

    def __init__(self, file: TextIO, features: tuple[str, ...], target: str) -> None:
        lines = self._checked_lines(file)
        self._quotes = False
        self._read = 0
        """How many lines have been read."""
        first = self._find_separator(lines)
        self._rows = self._parsed(chain([first], lines), self._read - 1)
        line, row = next(self._rows, (0, []))
        if len(row) < 2:
            raise TableError(_("has one column only: it needs two or more, separated by commas, tabs or spaces"))
        if len(row) > MOST_COLUMNS:
            sentence = _("has {count} columns: it can have at most {most}")
            raise TableError(sentence.format(count=len(row), most=MOST_COLUMNS))
        self._header = has_header(line, row, features, target)
        self._names = column_names(row, self._header)
        self._chosen = tuple(choose(self._names, self._header, features, target))
        self._skip = self._read if self._header else line - 1
        self._first: list[Row] = [] if self._header else [(line, row)]
        self._rounded: list[tuple[int, str]] = []

    def source(self, name: str, path: str, encoding: str) -> Source:
        """The table as it is read. Raises TableError for the first cell that is not a number."""
        rows, count = [], 0
        for line, row in islice(chain(self._first, self._rows), MOST_CHECKED):
            values = self._checked(line, row)
            count += 1
            if count <= MOST_ROWS:
                rows.append(values)
        if not count:
            raise TableError(_("has a header but no rows: it must have a row of numbers for every example"))
        return Source(
            name,
            path,
            encoding,
            self._separator,
            self._skip,
            self._header,
            self._quotes,
            self._names,
            self._chosen,
            tuple(rows),
            count,
            self._notes(),
        )

    def _checked_lines(self, file: TextIO) -> Iterator[str]:
        while line := file.readline(LONGEST_LINE + 1):
            self._read += 1
            if len(line) > LONGEST_LINE:
                sentence = _("there are more than {most} characters: write every row on its own line")
                raise TableError(sentence.format(most=LONGEST_LINE), self._read)
            if _CONTROL.search(line.rstrip("\r\n")):
                raise TableError(_("there is a control character, so this is not a text: export it as CSV"), self._read)
            self._quotes = self._quotes or '"' in line
            yield line

    def _find_separator(self, lines: Iterator[str]) -> str:
        """The first line that is not blank; what separates its columns separates all."""
        for line in lines:
            if declared := re.fullmatch(r'"?sep=([,;\t])"?\s*', line, re.IGNORECASE):
                self._separator = declared[1]
                return next(lines, "")
            if line.strip(' \t\r\n,;"'):
                bare = re.sub('"[^"]*"', '""', line).strip(" \r\n")
                self._separator = next((separator for separator in SEPARATORS if separator in bare), ",")
                return line
        raise TableError(_("is empty: it must have a row of numbers for every example"))

    def _parsed(self, lines: Iterable[str], before: int) -> Iterator[Row]:
        """The rows that are not blank, without the spaces around their cells."""
        delimiter = "\t" if self._separator == " " else self._separator
        reader = csv.reader(map(self._tidied, lines), delimiter=delimiter, skipinitialspace=True, strict=True)
        line = before + 1
        try:
            for row in reader:
                if any(cells := [cell.strip() for cell in row]):
                    yield line, cells
                line = before + 1 + reader.line_num
        except csv.Error as error:
            trouble = _("a double quote is opened in this row and never closed: close it or leave it out")
            if "expected after" in str(error):
                trouble = _("there is text behind a closing double quote: write a double quote within quotes twice")
            raise TableError(trouble, line) from None

    def _tidied(self, line: str) -> str:
        """A line as the csv module wants it: one separator between cells, and nothing behind a closing quote."""
        if self._separator == " ":
            return re.sub(r'((?<![^ ])"[^"]*(?:""[^"]*)*"?)| +', lambda found: found[1] or "\t", line.strip(" \r\n"))
        return re.sub(rf'" +(?={self._separator}|\r?$)', '"', line) if '" ' in line else line

    def _checked(self, line: int, row: list[str]) -> tuple[float, ...]:
        """The chosen numbers of a row. Raises TableError for the first cell that is none."""
        if len(row) != len(self._names):
            sentence = ngettext(
                "the row has {count} column, but the first row has {first}",
                "the row has {count} columns, but the first row has {first}",
                len(row),
            )
            raise TableError(sentence.format(count=len(row), first=len(self._names)), line)
        for column in self._chosen:
            if not is_number(row[column]):
                raise TableError(cell_trouble(row[column], self._names[column]), line)
        values = tuple(float(row[column]) for column in self._chosen)
        for column, value in zip(self._chosen, values, strict=True):
            if abs(float32(value) - value) > 1e-6 * min(1, abs(value)):
                self._rounded.append((line, shortened(row[column])))
        return values

    def _notes(self) -> tuple[str, ...]:
        """What float32 makes of the first value that it can't hold, and how many others there are."""
        if not self._rounded:
            return ()
        line, value = self._rounded[0]
        becomes, others = f"{float32(float(value)):.16g}", len(self._rounded) - 1
        sentence = _("line {line}: {value} becomes {becomes} in float32")
        if others:
            sentence = ngettext(
                "line {line}: {value} becomes {becomes} in float32, as does {count} more value",
                "line {line}: {value} becomes {becomes} in float32, and {count} more values are rounded, too",
                others,
            )
        return (sentence.format(line=line, value=value, becomes=becomes, count=others),)
