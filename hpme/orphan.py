"""The first lines of a worker process: a script of the standard library alone, which ends it with its parent.

``runpy.run_path`` runs it as the initialiser of a pool, before anything is imported that takes long.
"""

import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait


def end_with(parent: int) -> None:
    """Waits for the end of a process, given by its sentinel, and ends this one."""
    wait([parent])
    os._exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interruptions are left to the parent
    os.environ["OMP_NUM_THREADS"] = "1"
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
