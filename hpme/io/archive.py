"""Zip archives, read into memory within the limits; nothing in them is ever a path on this machine."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from gzip import GzipFile
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from hpme.io.text import quote
from hpme.limits import Limits, cap, held


def unpack(content: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    """Returns the files in an archive by name, without folders and hidden files.

    Raises:
        ValueError: If it is no archive, cannot be read, or holds too much.
    """
    with _refusing():
        archive = ZipFile(BytesIO(content))
    members = [member for member in archive.infolist() if not _skipped(member.filename)]
    cap("files", len(members), limits=limits)
    cap("unpacked_bytes", sum(member.file_size for member in members), limits=limits)
    for member in members:
        if member.compress_type not in (
            ZIP_STORED,
            ZIP_DEFLATED,
        ):  # others ask for any memory
            got = f"method {member.compress_type} of {quote(member.filename, 40)}"
            raise ValueError(f"Expected a zip archive that is deflated (got {got}); pack it as usual")
    with _refusing():  # a member that is longer than it says is cut there, and its checksum fails
        return {member.filename: archive.read(member) for member in members}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Returns an archive of some files, which `unpack` takes apart again."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def ungzip(name: str, content: bytes, limits: Limits | None = None) -> tuple[str, bytes]:
    """Returns the name and the content of a file, unpacked if gzip packed it.

    Raises:
        ValueError: If it cannot be unpacked, or holds too much.
    """
    if not content.startswith(b"\x1f\x8b"):
        return name, content
    most = (limits or held()).unpacked_bytes
    try:
        with GzipFile(fileobj=BytesIO(content)) as packed:
            inner = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        got = repr(str(error)[:60])
        raise ValueError(f"Expected a gzip file that opens (got: {got}); pack it again") from None
    cap("unpacked_bytes", len(inner), limits=limits)
    return name.removesuffix(".gz"), inner


@contextmanager
def _refusing() -> Iterator[None]:
    """Turns whatever a broken archive raises into a sentence."""
    try:
        yield
    except Exception as error:
        words = repr(str(error)[:60])
        raise ValueError(f"Expected a zip archive that opens (got: {words}); pack it again") from None


def _skipped(name: str) -> bool:
    return name.endswith("/") or any(part.startswith(("__MACOSX", ".")) for part in PurePosixPath(name).parts)
