"""Own data: how a file is read as a table, and the lines of the program that read it."""

import os
import re
import stat

from core.language import N_, _
from core.table_columns import TableError
from core.table_reader import Reader, Source
from core.tables import BUILT_IN, TABLES

_FORMATS = {
    b"PK\3\4": N_("a spreadsheet or a zip archive"),
    b"\xd0\xcf\x11\xe0": N_("a spreadsheet"),
    b"\x1f\x8b": N_("a gzip archive"),
    b"\xfd7zXZ": N_("an xz archive"),
    b"7z\xbc\xaf": N_("a 7z archive"),
    b"%PDF-": N_("a PDF"),
    b"\x89PNG": N_("a picture"),
    b"\xff\xd8\xff": N_("a picture"),
}
_UTF_16 = rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff|[\t-~]\0{1,3}[\t-~]\0|\0{1,3}[\t-~]\0{1,3}[\t-~]"


def open_table(name: str, features: tuple[str, ...] = (), target: str = "") -> Source:
    """The built-in table of this name, or else the file. Raises TableError."""
    path = str(TABLES / f"{name}.csv") if name in BUILT_IN else name
    if not path:
        raise TableError(_("the name of the file is empty: give the name of a CSV file"))
    try:
        _refuse_other_formats(path)
        with open(path, encoding=(encoding := _encoding(path)), newline="") as file:
            return Reader(file, features, target).source(name, _shown_path(path), encoding)
    except TableError as error:
        raise error.of(path) from None
    except OSError as error:
        reason = _(error.strerror or str(error)).lower()
        raise TableError(_("{path} can't be read: {reason}").format(path=path, reason=reason)) from None


def _shown_path(path: str) -> str:
    """How the program names the file: by its place in this folder, or by its whole path."""
    whole = os.path.abspath(path)
    return os.path.relpath(whole) if whole.startswith(os.getcwd() + os.sep) else whole


def _refuse_other_formats(path: str) -> None:
    if "\0" in path:
        raise TableError(_("is not a name that a file can have"))
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise TableError(_("is a folder: give the name of a CSV file"))
    if not stat.S_ISREG(mode):
        raise TableError(_("is a pipe or a device: give the name of a CSV file"))
    with open(path, "rb") as file:
        head = file.read(4096)
    for magic, name in _FORMATS.items():
        if head.startswith(magic):
            raise TableError(_("is {format}, not a CSV file: export it as CSV").format(format=_(name)))
    if re.match(_UTF_16, head):
        raise TableError(_("is UTF-16 or UTF-32: save it as CSV UTF-8"))
    if b"\0" in head:
        line = head.count(b"\n", 0, head.index(b"\0")) + 1
        raise TableError(_("there is a NUL byte, so this is not a text: export it as CSV"), line)


def _encoding(path: str) -> str:
    """UTF-8, also with a byte order mark, or cp949."""
    with open(path, "rb") as file:
        content = file.read(1 << 24)
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    for encoding in ("utf-8", "cp949"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            if len(content) - error.start < 4 and len(content) == 1 << 24:
                return encoding  # the end of what was read stands in the middle of a character
        else:
            return encoding
    raise TableError(_("there are bytes that are neither UTF-8 nor cp949: save it as CSV UTF-8"), line)
