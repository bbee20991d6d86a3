"""Cells: which are numbers, and what is wrong with one that is not."""

import re
import unicodedata

from core.csv_file.faults import quoted, shortened

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")

FLOAT32_END = 2.0**128 - 2.0**103
"""The first value that rounds to no finite float32."""

_THOUSANDS = re.compile(r"([+-]?[1-9][0-9]{0,2}(?:([,. \xa0\u202f'’])[0-9]{3})(?:\2[0-9]{3})*)(?:[.,]([0-9]+))?")
_DATE = r"[0-9]{1,4}([-/.])\s*[0-9]{1,2}\1\s*[0-9]{1,4}\b.*|[0-9]{2,4}년.*|[0-9]{1,2}월.*|[0-9]{1,2}:[0-9]{2}\b.*"
_MISSING = r"[+-]?(nan|inf|infinity|∞)|-+|\?|\.|n/?a|null|none|nil|missing|#[a-z0-9/]+[!?]?|결측"
_CURRENCY = r"[+-]?\s*[$€£¥₩￦₹][\s0-9.,+-]+|[0-9.,+-]+\s*([$€£¥₩￦₹]|원|won|krw|usd|eur)"
_TROUBLES = {
    _DATE: "is a date or a time: write a number, such as the days since the first one",
    _MISSING: "stands for a number that is missing or not finite: write a number or leave the row out",
    r"true|false|yes|no": "is no number: write 1 or 0",
    r"[+-]?[0-9.,]+\s*[%％]": "has a percent sign: write the number alone",
    _CURRENCY: "has a currency sign: write the number alone",
}


def cell_trouble(cell: str, column: str) -> str:
    """What is wrong with a cell that is no number, and what would be right."""
    if not cell:
        return f"column {quoted(column)} is empty: write a number or leave the row out"
    return f"{quoted(cell)} in column {quoted(column)} {_advice(cell)}"


def _advice(cell: str) -> str:
    if NUMBER.fullmatch(cell):
        return "is beyond float32: it must be from -3.4e38 to 3.4e38"
    if found := _THOUSANDS.fullmatch(cell):
        fraction = f".{found[3]}" if found[3] else ""
        number = shortened(re.sub("[^0-9+-]", "", found[1]) + fraction)
        decimal = (
            f", or {cell.replace(',', '.')} if it is a decimal comma" if cell.count(",") == 1 and not fraction else ""
        )
        return f"has a thousands mark: write {number}{decimal}"
    if "," in cell and NUMBER.fullmatch(number := cell.replace(",", ".", 1)):
        return f"has a decimal comma: write {shortened(number)}"
    if "_" in cell and NUMBER.fullmatch(number := cell.replace("_", "")):
        return f"has an underscore: write {shortened(number)}"
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]{1,30}", cell):
        return f"is hexadecimal: write {shortened(str(int(cell, 16)))}"
    if not cell.isascii() and NUMBER.fullmatch(number := _in_ascii(cell)):
        return f"is not written in plain digits: write {shortened(number)}"
    for pattern, advice in _TROUBLES.items():
        if re.fullmatch(pattern, cell, re.IGNORECASE):
            return advice
    return "is not a number: write one like 3 or -2.5, or choose other columns with --features"


def _in_ascii(cell: str) -> str:
    """Text with its digits, signs and points of any script as ASCII."""
    digits = (str(unicodedata.decimal(character, character)) for character in cell)
    return "".join(digits).translate(str.maketrans("−－＋．", "--+.")).strip()
