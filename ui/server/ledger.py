"""What the server holds of uploaded files, whose it is, and what is too much of it."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hpme.limits import UploadLimits

Held = Callable[[str, Collection[str]], Collection[str]]  # of a session's files, those that are still there


class TooMuchError(Exception):
    """An upload that is not taken; its text is the sentence that says why."""


@dataclass
class Total:
    """Of a session, of an address, or of all."""

    files: int = 0
    bytes: int = 0


@dataclass(eq=False)
class Upload:
    """One file, from the first byte on."""

    session: str
    address: str
    file: str
    bytes: int = 0
    whole: bool = False


class Ledger:
    """The uploads of all sessions; for one thread alone.

    Args:
        held: Says what Streamlit still holds.
        limits: How much there may be.
    """

    def __init__(self, held: Held, limits: "UploadLimits") -> None:
        self._held, self._limits = held, limits
        self._uploads: set[Upload] = set()
        self._totals: defaultdict[tuple[str, str], Total] = defaultdict(Total)

    def begin(self, session: str, address: str, file: str) -> Upload:
        """Notes that a file is about to come.

        Raises:
            TooMuchError: If it is one too many.
        """
        self.forget()
        upload = Upload(session, address, file)
        self._count(upload, 1, 0)
        self._uploads.add(upload)
        try:
            self._check(upload)
        except TooMuchError:
            self._remove(upload)
            raise
        return upload

    def grow(self, upload: Upload, size: int) -> None:
        """Notes that some bytes of a file have come.

        Raises:
            TooMuchError: If that is too much.
        """
        upload.bytes += size
        self._count(upload, 0, size)
        self._check(upload)

    def end(self, upload: Upload, taken: bool) -> None:
        """Notes that a file has come, in place of an earlier one of its name, or has not."""
        if not taken:
            self._remove(upload)
            return
        for other in [*self._uploads]:
            if other.whole and (other.session, other.file) == (upload.session, upload.file):
                self._remove(other)
        upload.whole = True

    def sessions_of(self, files: Collection[str]) -> list[tuple[str, str]]:
        """Returns those of some files that are there, each with its session in front."""
        return [(upload.session, upload.file) for upload in self._uploads if upload.file in files]

    def forget(self) -> None:
        """Forgets what Streamlit holds no more, as when a session has ended."""
        by_session: defaultdict[str, list[Upload]] = defaultdict(list)
        for upload in self._uploads:
            if upload.whole:
                by_session[upload.session].append(upload)
        for session, uploads in by_session.items():
            held = set(self._held(session, [upload.file for upload in uploads]))
            for upload in uploads:
                if upload.file not in held:
                    self._remove(upload)

    def _remove(self, upload: Upload) -> None:
        self._uploads.discard(upload)
        self._count(upload, -1, -upload.bytes)
        for key in _keys(upload):
            if not self._totals[key].files:
                del self._totals[key]

    def _count(self, upload: Upload, files: int, size: int) -> None:
        for key in _keys(upload):
            self._totals[key].files += files
            self._totals[key].bytes += size

    def _check(self, upload: Upload) -> None:
        for key in _keys(upload):
            of, total = key[0], self._totals[key]
            files, size = getattr(self._limits, f"{of}_files"), getattr(self._limits, f"{of}_bytes")
            if total.files > files or total.bytes > size:
                most = f"{files:,} files of {size / 1e6:,.0f} MB in all {WHOSE[of]}"
                raise TooMuchError(f"Expected at most {most} (got more); remove files, or try again later")


WHOSE = {"session": "in a session", "address": "from your address", "total": "on this server"}


def _keys(upload: Upload) -> list[tuple[str, str]]:
    return [("session", upload.session), ("address", upload.address), ("total", "")]
