"""Holds the server to one processor, which its threads then need not take from each other.

One thread of Python runs at a time. On several idle processors the threads of many sessions hand the
interpreter's lock from one processor to the next, which doubled the time that an action took
(`python -m benchmarks.load` with 20 and 40 people). Jobs and readers have processes of their own, which have
all processors: see `hpme.processors`.
"""

import os
import random
from contextlib import suppress
from pathlib import Path

VARIABLE = "HPME_PROCESSORS"  # environment: what the server's processes may have, for `hpme.processors`


def hold() -> None:
    """Holds all threads of this process to one processor, on Linux; others and those of a child are free.

    It is drawn at random, so that several servers on one machine seldom share one.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    processors = sorted(os.sched_getaffinity(0))
    os.environ[VARIABLE] = ",".join(map(str, processors))
    one = {random.SystemRandom().choice(processors)}
    with suppress(OSError):  # a thread has just ended, or the system forbids it
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), one)
