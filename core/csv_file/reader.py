"""From lines to a table: quickly where there are plain numbers, and carefully where there is anything else."""

import csv
import re
from array import array
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain, islice, starmap
from math import inf
from operator import itemgetter
from typing import TextIO, TypedDict

import numpy as np
from numpy.typing import NDArray

from core.csv_file.cells import FLOAT32_END, NUMBER, cell_trouble, rounding
from core.csv_file.columns import choose, column_names, has_header
from core.csv_file.faults import Fault, shortened
from core.csv_file.lines import LONGEST_LINE, SEPARATORS, Lines, find_separator, without
from core.data import Dataset
from core.language import Sentence, _, counted

MOST_COLUMNS = 1000

_ROWS = 1 << 14
"""Rows rounded at once: few enough for the processor's cache."""

_NUMBER_CHARACTERS = b"0123456789+-.eE \n"
_SPACES = " \t\n"

# A cell as long as the longest line is fine; a quoted one that is longer has lost its closing quote.
csv.field_size_limit(LONGEST_LINE)

Numbers = NDArray[np.float64]
Rows = Iterator[tuple[int, list[str]]]
"""The number of the line where a row begins, and its cells."""


class _Dialect(TypedDict):
    delimiter: str
    skipinitialspace: bool
    strict: bool


class Reader:
    """Reads one table: all at once if it is plain numbers, else batch by batch, else row by row."""

    def __init__(self, handle: TextIO, features: tuple[str, ...], target: str) -> None:
        self._handle = handle
        self._lines = Lines(handle)
        self._separator, start = find_separator(self._lines)
        self._lines.rewind(start)
        delimiter = "\t" if self._separator == " " else self._separator
        self._dialect: _Dialect = {"delimiter": delimiter, "skipinitialspace": True, "strict": True}
        line, row = next(self._rows(map(self._tidied, self._lines), start), (0, []))
        if len(row) < 2:
            raise Fault(_("has one column only: it needs two or more, separated by commas, semicolons, tabs or spaces"))
        if len(row) > MOST_COLUMNS:
            sentence = _("has {count} columns: it can have at most {most}")
            raise Fault(sentence.format(count=len(row), most=MOST_COLUMNS))
        self._has_header = has_header(line, row, features, target)
        self._names = column_names(row, self._has_header)
        self._chosen = choose(self._names, self._has_header, features, target)
        self._start = self._lines.count if self._has_header else line - 1
        self._lines.may_be_names = False
        self._x, self._y = array("f"), array("f")
        self._rounded = 0
        self._first_rounded = (0, 0)

    def dataset(self, name: str, encoding: str) -> Dataset:
        """The table; raises Fault."""
        for values in self._values():
            self._keep(values)
        if not self._y:
            raise Fault(_("has a header but no rows: it must have a row of numbers for every example"))
        read = _("{encoding}, separated by {separators}, with a header")
        if not self._has_header:
            read = _("{encoding}, separated by {separators}, no header")
        return Dataset(
            name,
            tuple(self._names[column] for column in self._chosen[:-1]),
            self._names[self._chosen[-1]],
            self._x,
            self._y,
            about=read.format(encoding=encoding, separators=_(SEPARATORS[self._separator])),
            notes=self._notes(),
        )

    def _values(self) -> Iterator[Numbers]:
        """The chosen columns, many rows at once."""
        if (table := self._load_all()) is not None:
            yield from (table[start : start + _ROWS, self._chosen] for start in range(0, len(table), _ROWS))
            return
        self._lines.rewind(self._start)
        for before, text in self._lines.batches():
            if self._is_plain(text) and (table := self._load(text.split("\n"))) is not None:
                yield table[:, self._chosen]
            elif (table := self._cells(text)) is not None:
                yield table
            else:
                yield self._convert(before, text)

    def _load_all(self) -> Numbers | None:
        self._lines.rewind(self._start)
        texts = self._lines.texts()
        if not all(map(self._is_plain, chain([next(texts, "")], texts))):
            return None
        # loadtxt reads a path much faster than lines; where there is no /proc, it reads batches of lines.
        return self._load(f"/proc/self/fd/{self._handle.fileno()}", self._start)

    def _is_plain(self, text: str) -> bool:
        """Whether there are numbers and nothing else, by their characters: loadtxt takes nan and 0x10 as well."""
        plain = _NUMBER_CHARACTERS + self._separator.encode()
        return text.strip() != "" and len(text) <= LONGEST_LINE and not without(text, plain)

    def _load(self, source: str | list[str], skip: int = 0) -> Numbers | None:
        separator = None if self._separator == " " else self._separator
        encoding = self._handle.encoding
        try:
            table = np.loadtxt(source, np.float64, None, separator, skiprows=skip, ndmin=2, encoding=encoding)
        except (ValueError, OSError):
            return None
        return table if table.shape[1] == len(self._names) and _fits_float32(table) else None

    def _cells(self, text: str) -> Numbers | None:
        """The chosen cells of a batch, if all of them are numbers and no quoted cell runs on beyond it."""
        try:
            rows = list(filter(any, csv.reader(StringIO(self._tidied(text)), **self._dialect)))
        except csv.Error:
            return None
        if set(map(len, rows)) != {len(self._names)}:
            return None
        values = _numbers(list(chain.from_iterable(map(itemgetter(*self._chosen), rows))))
        return None if values is None else values.reshape(-1, len(self._chosen))

    def _convert(self, before: int, text: str) -> Numbers:
        """The chosen cells of a batch, row by row; raises Fault for the first that is no number."""
        values = [self._convert_row(line, row) for line, row in self._batch_rows(before, text)]
        return np.array(values, np.float64).reshape(-1, len(self._chosen))

    def _convert_row(self, line: int, row: list[str]) -> list[float]:
        if len(row) != len(self._names):
            sentence = counted(
                "the row has {count} column, but the first row has {first}",
                "the row has {count} columns, but the first row has {first}",
                len(row),
            )
            raise Fault(sentence.format(count=len(row), first=len(self._names)), line)
        for column in self._chosen:
            if not (NUMBER.fullmatch(row[column]) and abs(float(row[column])) < FLOAT32_END):
                raise Fault(cell_trouble(row[column], self._names[column]), line)
        return [float(row[column]) for column in self._chosen]

    def _batch_rows(self, before: int, text: str) -> Rows:
        """The rows of a batch; a quoted cell at its end may run on in the lines that follow."""
        count = text.count("\n") + (text[-1] != "\n")
        return self._rows(chain(StringIO(self._tidied(text)), map(self._tidied, self._lines)), before, count)

    def _rows(self, lines: Iterable[str], before: int, count: float = inf) -> Rows:
        """The rows that begin in the first `count` lines and aren't blank, without the spaces around their cells."""
        reader = csv.reader(lines, **self._dialect)
        line = before + 1
        try:
            for row in reader:
                if any(cells := [cell.strip(_SPACES) for cell in row]):
                    yield line, cells
                if reader.line_num >= count:
                    return
                line = before + 1 + reader.line_num
        except csv.Error as error:
            raise Fault(_quote_trouble(error), line) from None

    def _tidied(self, text: str) -> str:
        """Lines as the csv module wants them: one separator between cells, and nothing behind a closing quote."""
        if self._separator == " ":
            text = re.sub("^ +| +$", "", text, flags=re.MULTILINE)
            return re.sub(r'((?<![^ \n])"[^"\n]*(?:""[^"\n]*)*"?)| +', lambda found: found[1] or "\t", text)
        if '" ' in text:
            return re.sub(rf'" +(?={self._separator}|$)', '"', text, flags=re.MULTILINE)
        return text

    def _keep(self, values: Numbers) -> None:
        rounded = values.astype(np.float32)
        off = np.abs(rounded - values) > 1e-6 * np.minimum(1, np.abs(values))
        if off.any():
            if not self._rounded:
                row, place = np.argwhere(off)[0]
                self._first_rounded = (len(self._y) + int(row), int(place))
            self._rounded += int(np.count_nonzero(off))
        self._x.frombytes(rounded[:, :-1].tobytes())
        self._y.frombytes(rounded[:, -1].tobytes())

    def _notes(self) -> tuple[Sentence, ...]:
        if not self._rounded:
            return ()
        index, place = self._first_rounded
        inputs = len(self._chosen) - 1
        becomes = self._x[index * inputs + place] if place < inputs else self._y[index]
        self._lines.rewind(self._start)
        rows = chain.from_iterable(starmap(self._batch_rows, self._lines.batches()))
        if not (found := next(islice(rows, index, None), None)):
            raise Fault(_("changed while it was read: try again"))
        line, row = found
        value = shortened(row[self._chosen[place]])
        others = self._rounded - 1
        return (Sentence(lambda: rounding(line, value, f"{becomes:.16g}", others)),)


def _numbers(cells: list[str]) -> Numbers | None:
    """The cells as numbers, if all of them are: by their characters, too, for float takes nan and 1_000 as well."""
    if without("".join(cells), _NUMBER_CHARACTERS):
        return None
    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return values if _fits_float32(values) else None


def _fits_float32(values: Numbers) -> bool:
    return bool(values.size and values.min() > -FLOAT32_END and values.max() < FLOAT32_END)


def _quote_trouble(error: csv.Error) -> str:
    if "expected after" in str(error):
        return _("there is text behind a closing double quote: write a double quote within quotes twice")
    return _("a double quote is opened in this row and never closed: close it or leave it out")
