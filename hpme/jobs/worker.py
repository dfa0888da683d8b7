"""The process of a job: a script that starts with the standard library alone, does one job and ends."""

import contextlib
import os
import pickle
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any

NICENESS = 10  # pages go before jobs


class Report:
    """Sends the progress of a job; every job's function gets one as its first argument.

    Call it as ``report(done, total, info, partial)``: `info` are figures to be drawn as curves, `partial` is
    the result so far, kept in case the job is cancelled.
    """

    def __init__(self, link: Connection) -> None:
        self._link = link

    def __call__(
        self, done: int, total: int, info: dict[str, float] | None = None, partial: Any = None
    ) -> None:
        """Sends one report."""
        self._send("progress", (done, total, info or {}, partial))

    def _send(self, kind: str, value: Any) -> None:
        self._link.send_bytes(pickle.dumps((kind, value)))


def main(descriptor: int) -> None:
    """Reads a function and its arguments, calls it, and sends back its result or what went wrong."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    link = Connection(descriptor)
    sys.path[:], memory = pickle.loads(link.recv_bytes())
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such a limit
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    report = Report(link)
    try:
        parcel = link.recv_bytes()
        threading.Thread(target=_end_with_parent, args=(link,), daemon=True).start()
        work, arguments = pickle.loads(parcel)  # imports what they need, which may take long
        report._send("done", work(report, *arguments))
    except MemoryError:
        report._send("memory", None)
    except Exception as error:
        traceback.print_exc()
        report._send(*_failure(error))


def _end_with_parent(link: Connection) -> None:
    """Waits for the other end to close, as it does when the parent goes, however that happens."""
    with contextlib.suppress(OSError, EOFError):
        link.recv_bytes()
    os._exit(1)


def _failure(error: Exception) -> tuple[str, str]:
    if "can't allocate memory" in str(error):  # torch's words for it
        return "memory", ""
    plain = isinstance(error, ValueError | KeyError) and error.args
    return "failed", str(error.args[0]) if plain else f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
