"""Columns of a table: whether there is a header, what they are called, and which are the inputs and the target."""

import re
import unicodedata

from core.language import _
from core.table_cells import NUMBER, quoted


class TableError(ValueError):
    """A file that can't be learned from; the message is one sentence that names it, and the line where there is one."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line

    def of(self, path: str) -> "TableError":
        """The whole sentence."""
        sentence = _("{path}, line {line}: {what}") if self.line else _("{path} {what}")
        return TableError(sentence.format(path=path, line=self.line, what=self))


def has_header(line: int, row: list[str], features: tuple[str, ...], target: str) -> bool:
    """Whether the first row is a header; where it mixes names and numbers, the chosen columns decide."""
    numbers = [NUMBER.fullmatch(cell) is not None for cell in row]
    texts = [cell for cell, number in zip(row, numbers, strict=True) if cell and not number]
    if not texts or not any(numbers):
        return bool(texts)
    for header in (True, False):
        try:
            chosen = choose(column_names(row, header), header, features, target)
        except TableError:
            continue
        if all(numbers[column] != header for column in chosen):
            return header
    odd = texts[0] if len(texts) <= sum(numbers) else row[numbers.index(True)]
    sentence = _("{cell} is among names: a header has a name in words for every column, and data has numbers only")
    if odd in texts:
        sentence = _(
            "{cell} is among numbers: a header has a name in words for every column, and data has numbers only"
        )
    raise TableError(sentence.format(cell=quoted(odd)), line)


def column_names(row: list[str], has_header: bool) -> tuple[str, ...]:
    """The names of a header, or x, x1, x2, ..., y."""
    if has_header:
        return tuple(" ".join(cell.split()) or _unnamed(column) for column, cell in enumerate(row))
    inputs = ("x",) if len(row) == 2 else tuple(f"x{number}" for number in range(1, len(row)))
    return (*inputs, "y")


def choose(names: tuple[str, ...], has_header: bool, features: tuple[str, ...], target: str) -> list[int]:
    """The columns of the inputs and then of the target. Raises TableError."""
    # a column without a name, such as a spreadsheet's empty last one or a row number, has to be asked for
    named = [column for column, name in enumerate(names) if name != _unnamed(column)] or [*range(len(names))]
    y = _find(target, names, has_header) if target else named[-1]
    inputs = [_find(name, names, has_header) for name in features] or [column for column in named if column != y]
    if not inputs:
        sentence = _("has one named column only: it needs an input and a target ({columns})")
        raise TableError(sentence.format(columns=_columns(names)))
    for place, column in enumerate(inputs):
        if column == y:
            sentence = _("has one column {name}: it can't be an input and the target, choose another one")
            raise TableError(sentence.format(name=quoted(names[y])))
        if column in inputs[:place]:
            raise TableError(_("has one column {name}: name it once").format(name=quoted(names[column])))
    return [*inputs, y]


def _unnamed(column: int) -> str:
    return f"column {column + 1}"  # the same in every language, for it is typed as well


def _find(name: str, names: tuple[str, ...], has_header: bool) -> int:
    """The column of this name, which may be its number where there is no header."""
    found = [column for column, known in enumerate(names) if known == name]
    found = found or [column for column, known in enumerate(names) if _loosely(known) == _loosely(name)]
    if len(found) == 1:
        return found[0]
    if found:
        sentence = _("has {count} columns {name}: rename them ({columns})")
        raise TableError(sentence.format(count=len(found), name=quoted(name), columns=_columns(names)))
    if has_header:
        raise TableError(_("has no column {name}: {columns}").format(name=quoted(name), columns=_columns(names)))
    if re.fullmatch("[0-9]{1,4}", name) and 1 <= int(name) <= len(names):
        return int(name) - 1
    sentence = _("has no header and no column {name}: {columns}, or 1 to {count}")
    raise TableError(sentence.format(name=quoted(name), columns=_columns(names), count=len(names)))


def _loosely(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _columns(names: tuple[str, ...]) -> str:
    sentence = _("its columns are {names} and {more} more") if len(names) > 10 else _("its columns are {names}")
    return sentence.format(names=", ".join(map(quoted, names[:10])), more=len(names) - 10)
