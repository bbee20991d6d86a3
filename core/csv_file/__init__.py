"""Tables from CSV files: what people have is read, and all else is refused with a sentence that says what is right."""

import os
import re
import stat
from errno import EACCES, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, ENXIO, EPERM

from core.csv_file.faults import Fault, Undecodable
from core.csv_file.reader import Reader
from core.data import Dataset
from core.language import _


class Unreadable(ValueError):
    """A file that can't be learned from; the message is one sentence for the person who gave it."""


def read_dataset(path: str, features: tuple[str, ...] = (), target: str = "") -> Dataset:
    """The table in a CSV file: its last column is the target and the others are the inputs, unless they are chosen.

    Raises Unreadable.
    """
    if not path:
        raise Unreadable(_("the name of the file is empty: give the name of a CSV file"))
    try:
        fd = _open(path)
        try:
            return _read(fd, os.path.basename(path), features, target)
        finally:
            os.close(fd)
    except Fault as fault:
        raise Unreadable(fault.of(path)) from None
    except OSError as error:
        raise Unreadable(_("{path} can't be read: {reason}").format(path=path, reason=_reason(error))) from None
    except MemoryError:
        raise Unreadable(_("{path} is too large for the memory").format(path=path)) from None


def _open(path: str) -> int:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except ValueError:
        raise Fault(_("is no name that a file can have")) from None
    if stat.S_ISREG(mode := os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    if stat.S_ISDIR(mode):
        raise Fault(_("is a folder: give the name of a CSV file"))
    raise Fault(_("is a pipe or a device: give the name of a CSV file"))


def _reason(error: OSError) -> str:
    known = {
        ENOENT: _("there is no such file"),
        ENXIO: _("it is a socket or a device, give the name of a CSV file"),
        ELOOP: _("its links go round in a loop"),
        ENAMETOOLONG: _("its name is too long"),
        EPERM: _("permission denied"),
        EACCES: _("permission denied"),
        ENOTDIR: _("not a directory"),
        EIO: _("input/output error"),
    }
    return known.get(error.errno or 0) or (error.strerror or str(error)).lower()


def _read(fd: int, name: str, features: tuple[str, ...], target: str) -> Dataset:
    head = os.pread(fd, 4096, 0)
    _refuse_other_formats(head)
    encodings = {"UTF-8": "utf-8", "cp949": "cp949"}
    if head.startswith(b"\xef\xbb\xbf"):
        encodings = {_("UTF-8 with BOM"): "utf-8-sig"}
    for encoding_name, encoding in encodings.items():
        os.lseek(fd, 0, os.SEEK_SET)
        try:
            with open(fd, encoding=encoding, errors="surrogateescape", closefd=False) as handle:
                return Reader(handle, features, target).dataset(name, encoding_name)
        except Undecodable as fault:
            undecodable = fault
    raise undecodable


def _refuse_other_formats(head: bytes) -> None:
    formats = {
        b"PK\3\4": _("a spreadsheet or a zip archive"),
        b"\xd0\xcf\x11\xe0": _("a spreadsheet"),
        b"\x1f\x8b": _("a gzip archive"),
        b"\xfd7zXZ": _("an xz archive"),
        b"7z\xbc\xaf": _("a 7z archive"),
        b"%PDF-": _("a PDF"),
        b"\x89PNG": _("a picture"),
        b"\xff\xd8\xff": _("a picture"),
    }
    for magic, name in formats.items():
        if head.startswith(magic):
            raise Fault(_("is {format}, not a CSV file: export it as CSV").format(format=name))
    if re.match(rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff|[\t-~]\0{1,3}[\t-~]\0|\0{1,3}[\t-~]\0{1,3}[\t-~]", head):
        raise Fault(_("is UTF-16 or UTF-32: save it as CSV UTF-8"))
    if b"\0" in head:
        line = head.count(b"\n", 0, head.index(b"\0")) + 1
        raise Fault(_("there is a NUL byte, so this is no text: export it as CSV"), line)
