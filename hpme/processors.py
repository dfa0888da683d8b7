"""Processors for the processes that a server starts, which is itself held to one."""

import os
from contextlib import suppress

VARIABLE = "HPME_PROCESSORS"  # environment: what they may have, by number, with commas; empty: all


def free(process: int) -> None:
    """Lets a process that has just been started run on all processors that its parent was given."""
    given = os.environ.get(VARIABLE, "")
    if given and hasattr(os, "sched_setaffinity"):
        with suppress(OSError, ValueError):  # it has ended already, or the variable is somebody else's
            os.sched_setaffinity(process, map(int, given.split(",")))
