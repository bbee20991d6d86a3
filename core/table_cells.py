"""Cells of a table: which are numbers, and what is wrong with one that is not."""

import re
import unicodedata

from core.language import N_, _

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")

FLOAT32_END = 2.0**128 - 2.0**103
"""The first value that rounds to no finite float32."""

_THOUSANDS = re.compile(r"([+-]?[1-9][0-9]{0,2}(?:([,. \xa0\u202f'’])[0-9]{3})(?:\2[0-9]{3})*)(?:[.,]([0-9]+))?")
_DATE = r"[0-9]{1,4}([-/.])\s*[0-9]{1,2}\1\s*[0-9]{1,4}\b.*|[0-9]{2,4}년.*|[0-9]{1,2}월.*|[0-9]{1,2}:[0-9]{2}\b.*"
_MISSING = r"[+-]?(nan|inf|infinity|∞)|-+|\?|\.|n/?a|null|none|nil|missing|#[a-z0-9/]+[!?]?|결측"
_CURRENCY = r"[+-]?\s*[$€£¥₩￦₹][\s0-9.,+-]+|[0-9.,+-]+\s*([$€£¥₩￦₹]|원|won|krw|usd|eur)"
_TROUBLES = {
    _DATE: N_("is a date or a time: write a number, such as the days since the first one"),
    _MISSING: N_("stands for a number that is missing or not finite: write a number or leave the row out"),
    r"true|false|yes|no": N_("is not a number: write 1 or 0"),
    r"[+-]?[0-9.,]+\s*[%％]": N_("has a percent sign: write the number alone"),
    _CURRENCY: N_("has a currency sign: write the number alone"),
}


def is_number(cell: str) -> bool:
    """Whether a cell is a number that float32 can hold."""
    return NUMBER.fullmatch(cell) is not None and abs(float(cell)) < FLOAT32_END


def cell_trouble(cell: str, column: str) -> str:
    """What is wrong with a cell that is not a number, and what would be right."""
    if not cell:
        return _("column {column} is empty: write a number or leave the row out").format(column=quoted(column))
    sentence = _("{cell} in column {column} {trouble}")
    return sentence.format(cell=quoted(cell), column=quoted(column), trouble=_advice(cell))


def quoted(text: str) -> str:
    return f"'{shortened(text)}'"


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:40] + "..."


def _advice(cell: str) -> str:
    if NUMBER.fullmatch(cell):
        return _("is beyond float32: it must be from -3.4e38 to 3.4e38")
    if found := _THOUSANDS.fullmatch(cell):
        fraction = f".{found[3]}" if found[3] else ""
        number = shortened(re.sub("[^0-9+-]", "", found[1]) + fraction)
        if cell.count(",") == 1 and not fraction:
            sentence = _("has a thousands mark: write {number}, or {decimal} if it is a decimal comma")
            return sentence.format(number=number, decimal=cell.replace(",", "."))
        return _("has a thousands mark: write {number}").format(number=number)
    if "," in cell and NUMBER.fullmatch(number := cell.replace(",", ".", 1)):
        return _("has a decimal comma: write {number}").format(number=shortened(number))
    if "_" in cell and NUMBER.fullmatch(number := cell.replace("_", "")):
        return _("has an underscore: write {number}").format(number=shortened(number))
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]{1,30}", cell):
        return _("is hexadecimal: write {number}").format(number=shortened(str(int(cell, 16))))
    if not cell.isascii() and NUMBER.fullmatch(number := _in_ascii(cell)):
        return _("is not written in plain digits: write {number}").format(number=shortened(number))
    for pattern, advice in _TROUBLES.items():
        if re.fullmatch(pattern, cell, re.IGNORECASE):
            return _(advice)
    return _("is not a number: write one like 3 or -2.5, or choose other columns with --features")


def _in_ascii(cell: str) -> str:
    """Text with its digits, signs and points of any script as ASCII."""
    digits = (str(unicodedata.decimal(character, character)) for character in cell)
    return "".join(digits).translate(str.maketrans("−－＋．", "--+.")).strip()
