"""Files, written completely or not at all, and by one process at a time."""

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import IO
from uuid import uuid4

from safetensors import SafetensorError

FULL = (errno.ENOSPC, errno.EDQUOT)  # errors of a full disk
FAR = 1 << 20  # a place in a lock file that nothing is written to
STALE = 3600  # seconds after which what a killed process left half written is removed


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yields a path beside `path` to write to, which replaces it if all goes well and else is deleted.

    Others may write to `path` meanwhile: each has a file of its own, and the last one to end stays.

    Raises:
        OSError: If it cannot be written; it names `path`.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with _named(path):
            _tidy(path)
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
    finally:
        with suppress(OSError):  # the error that came first says more
            part.unlink(missing_ok=True)


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Within it, this process alone writes to a file, as far as others ask.

    Raises:
        ValueError: If another process does; it says which.
        OSError: If nothing can be written beside the file.
    """
    lock = path.with_name(f".{path.name}.lock")
    with _named(path):
        file = _locked(lock, path)
    with file:
        file.write(f"process {os.getpid()}")
        file.flush()
        try:
            yield
        finally:
            if sys.platform != "win32":  # where an open file cannot be removed: it stays
                lock.unlink(missing_ok=True)


def writable_folder(path: Path) -> Path:
    """Makes a folder, and those that it lies in, where there is none yet; returns it.

    Raises:
        OSError: If it cannot be made, or nothing can be written to it.
    """
    path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return path


def _locked(lock: Path, path: Path) -> IO[str]:
    """Returns the open file of a lock that is ours; the system frees it however the process ends."""
    while True:
        file = lock.open("a+", encoding="utf-8")
        try:
            _take(file.fileno())
        except (BlockingIOError, PermissionError):
            file.seek(0)
            owner = file.read(60) or "another process"
            file.close()
            raise ValueError(
                f"Expected a file that nobody else writes (got {path.name}, which {owner} is writing); "
                "wait until that ends, or name another file"
            ) from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), lock.stat()):  # else its owner has just removed it
                file.truncate(0)
                return file
        file.close()


def _take(file: int) -> None:
    """Locks an open file.

    Raises:
        BlockingIOError: If another process has; on Windows, PermissionError.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, FAR, os.SEEK_SET)  # a byte behind what is written: a locked one cannot be read
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_END)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Has errors of the system name the file that was to be written, whatever library they come from."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
    except SafetensorError as error:
        if not (found := re.search(r"os error (\d+)", str(error))):
            raise
        raise OSError(int(found[1]), os.strerror(int(found[1])), str(path)) from error


def _tidy(path: Path) -> None:
    """Removes what processes that were killed have left of a file."""
    for part in path.parent.glob(f".{_literal(path.name)}.*.part"):
        with suppress(OSError):
            if time() - part.stat().st_mtime > STALE:
                part.unlink()


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)
