"""The processes of this machine, where Linux lists them."""

from contextlib import suppress
from pathlib import Path


def children(process: int) -> list[int]:
    """Ids of the processes that a process has started and that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            state, parent = entry.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found.append(int(entry.parent.name))
    return found


def command(process: int) -> str:
    """The command that a process was started by; nothing of one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text()
    return ""
