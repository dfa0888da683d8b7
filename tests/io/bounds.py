"""What reading one file may take: five seconds of a core, and one GiB beyond what the process has already.

A core that others share, too, may be half as fast, so tests give it twice that.
"""

import contextlib
import re
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

SECONDS, MEMORY = 2 * 5, 1 << 30


def bound_memory() -> tuple[int, int]:
    """Limits this process to the data it has and `MEMORY` more, on Linux; returns the limits before."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(FileNotFoundError):  # where nothing tells what it has
        taken = int(re.search(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (taken + MEMORY, before[1]))
    return before


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Raises `MemoryError` or `TimeoutError` where the block takes more than it may."""

    def late(signum: int, frame: object) -> None:
        raise TimeoutError(f"more than {SECONDS} s")

    limits, handler = bound_memory(), signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        resource.setrlimit(resource.RLIMIT_DATA, limits)
