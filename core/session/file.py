"""Files: read with care, and written whole and durably or not at all."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from errno import EACCES, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from threading import get_native_id
from time import time

from core.language import _

MOST_BYTES = 3_000_000  # no session is longer
STALE = 60  # seconds after which nobody still writes


class Fault(Exception):
    """What is wrong with a file, and where in it; without its name."""


class Unopenable(ValueError):
    """A session that can't be opened; the message is one sentence for the person who named it."""


class Unwritable(ValueError):
    """A file that can't be written; the message is one sentence for the person who named it."""


class AlreadyThere(Unwritable):
    """A file of that name exists."""


def read_text(path: str) -> str:
    """The text of a file that may hold a session. Raises Unopenable or Fault."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unopenable(_("{path} is not a file: give the name of a session").format(path=path))
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, Unopenable):
            raise
        raise Unopenable(_("{path} can't be read: {why}").format(path=path, why=os_reason(error))) from None
    if len(content) > MOST_BYTES:
        raise Fault(_("it is larger than any session: at most {most:,} bytes").format(most=MOST_BYTES))
    if not content.strip():
        raise Fault(_("it is empty"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault(_("not a gradstep session (not a text file)")) from None


def write_durably(path: str, text: str | Iterable[str], replace: bool = True, mode: int = 0o666) -> None:
    """Write a file that is there whole, even after a power cut, or leave what was there.

    Raises AlreadyThere where it may not replace a file, and Unwritable for all that the system refuses.
    """
    try:
        path = os.path.realpath(path)
        folder = os.path.dirname(path)
        if os.path.lexists(path) and not os.path.isfile(path):
            raise Unwritable(_("{path} is not a file that could be replaced: give another name").format(path=path))
        if not replace and os.path.lexists(path):
            raise FileExistsError
        beside = os.path.join(folder, f".gradstep-{os.getpid()}-{get_native_id()}.tmp")
        try:
            _write(beside, [text] if isinstance(text, str) else text, mode)
            _move(beside, path, replace)
        finally:
            with suppress(OSError):
                os.unlink(beside)
        remove_stale_files(folder)
        _sync_folder(folder)
    except FileExistsError:
        raise AlreadyThere(_("{path} is there already").format(path=path)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, Unwritable):
            raise
        raise Unwritable(_("{path} can't be written: {why}").format(path=path, why=os_reason(error))) from None


def remove_stale_files(folder: str) -> None:
    """Remove what programs that were killed while they wrote have left in a folder."""
    with suppress(OSError, ValueError):
        for path in Path(folder).glob(".gradstep-*.tmp"):
            if time() - path.stat().st_mtime > STALE:
                path.unlink()


def os_reason(error: Exception) -> str:
    """Why the system refuses, in a few words."""
    known = {
        **dict.fromkeys((ENOENT, ENOTDIR), _("there is no such file or folder")),
        **dict.fromkeys((EACCES, EPERM), _("permission denied")),
        ENOSPC: _("the disk is full"),
        EROFS: _("the disk can only be read"),
    }
    if isinstance(error, OSError):
        return known.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return _("a file can't have this name")


def _write(path: str, pieces: Iterable[str], mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(descriptor)


def _move(beside: str, path: str, replace: bool) -> None:
    """Give a file its name; without `replace` only if no other has got it meanwhile, where the disk knows links."""
    if not replace:
        try:
            return os.link(beside, path)
        except FileExistsError:
            raise
        except OSError:  # a memory stick
            pass
    return os.replace(beside, path)


def _sync_folder(folder: str) -> None:
    """Have the name on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
