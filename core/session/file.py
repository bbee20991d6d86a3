"""A session's file: read with care, and written whole and durably or not at all."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from errno import EACCES, EINVAL, ELOOP, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, ENXIO, EOPNOTSUPP, EPERM, EROFS
from threading import get_native_id

from core.language import _
from core.session.faults import AlreadyThere, Fault, Unopenable, Unwritable

MOST_BYTES = 5_000_000
"""No session is longer: it is a recipe."""

BLOCK = 1 << 18
"""So many bytes are written at once."""


def read_text(path: str) -> str:
    """The text of a file that may hold a session. Raises Unopenable or Fault."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise Unopenable(_("{path} can't be read: {why}").format(path=path, why=reason(error))) from None
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise Unopenable(_("{path} is no file: give the name of a session").format(path=path))
        content = b""
        while len(content) <= MOST_BYTES and (more := os.read(fd, MOST_BYTES + 1 - len(content))):
            content += more
    except OSError as error:
        raise Unopenable(_("{path} can't be read: {why}").format(path=path, why=reason(error))) from None
    finally:
        os.close(fd)
    if len(content) > MOST_BYTES:
        raise Fault(_("it is larger than any session: at most {most:,} bytes").format(most=MOST_BYTES))
    if not content.strip():
        raise Fault(_("it is empty"))
    if content.startswith((b"\x80", b"PK", b"\x1f\x8b", b"%PDF")) or b"\0" in content:
        raise Fault(_("this is no session of gradstep: it is no text"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Fault(_("line {line}: this is no UTF-8").format(line=line)) from None


def write_durably(path: str, text: str | Iterable[str], replace: bool = True, mode: int = 0o666) -> None:
    """Write a file, piece by piece if need be, that is there whole, even after a power cut, or leave what was there.

    Raises AlreadyThere where it may not replace a file, and Unwritable for all that the system refuses.
    """
    try:
        path = os.path.realpath(path)
        folder = os.path.dirname(path)
        beside = os.path.join(folder, f".gradstep-{os.getpid()}-{get_native_id()}.tmp")
        _refuse_others(path, replace)
        try:
            _write(beside, [text] if isinstance(text, str) else text, mode)
            if replace:
                os.replace(beside, path)
            else:
                _give_name(beside, path)
        finally:
            with suppress(OSError):
                os.unlink(beside)
        _sync_folder(folder)
    except FileExistsError:
        raise AlreadyThere(_("{path} is there already").format(path=path)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, Unwritable):
            raise
        raise Unwritable(_("{path} can't be written: {why}").format(path=path, why=reason(error))) from None


def sweep(folder: str) -> None:
    """Take away what processes that were killed while they wrote have left in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in list(entries):
            left = re.fullmatch(r"\.gradstep-(\d+)-\d+\.tmp", entry.name)
            if left and not _is_running(int(left[1])):
                with suppress(OSError):
                    os.unlink(entry.path)


def _refuse_others(path: str, replace: bool) -> None:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise Unwritable(_("{path} is no file that could be replaced: give another name").format(path=path))
    if not replace:
        raise FileExistsError


def _write(path: str, pieces: Iterable[str], mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(path, flags, mode)
    try:
        for content in _blocks(pieces):
            while content:
                content = content[os.write(fd, content) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def _blocks(pieces: Iterable[str]) -> Iterator[bytes]:
    """The pieces as bytes, in blocks that are worth writing."""
    block = bytearray()
    for piece in pieces:
        block += piece.encode("utf-8", "backslashreplace")
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _give_name(beside: str, path: str) -> None:
    """Give a file its name if no other has it, in one step where the file system can."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in (EPERM, EOPNOTSUPP, EINVAL):
            raise
        if os.path.lexists(path):
            raise FileExistsError from None
        os.replace(beside, path)


def _sync_folder(folder: str) -> None:
    """Have the name on the disk, too, where the file system knows how."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (EINVAL, EOPNOTSUPP):
            raise
    finally:
        os.close(fd)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid != os.getpid()


def reason(error: Exception) -> str:
    """Why the system refuses, in a few words."""
    known = {
        ENOENT: _("there is no such file or folder"),
        ENOTDIR: _("there is no such file or folder"),
        ENXIO: _("it is a socket or a device"),
        ELOOP: _("its links go round in a loop"),
        ENAMETOOLONG: _("its name is too long"),
        ENOSPC: _("the disk is full"),
        EACCES: _("permission denied"),
        EPERM: _("permission denied"),
        EROFS: _("the disk can only be read"),
    }
    if isinstance(error, OSError):
        return known.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return _("it is no name that a file can have")
