"""Imports the library while the first visitor's browser still fetches the explorer's scripts.

One thread imports all of it, and pages wait for that: two threads that import the same packages can meet
half-made modules, and they would not be done sooner, as they share one interpreter.
"""

import gc
import os
from importlib import import_module
from pkgutil import walk_packages
from threading import Thread

READERS = (
    "hpme.io",
    "hpme.own_data",
    "hpme.classifiers",
    "hpme.analysis.pasted",
)  # what reads the bytes that users bring

_thread: Thread | None = None


def start() -> None:
    """Starts the thread, once in a process.

    NumPy and SciPy read, when they are imported, how many threads they may have. The explorer has one: graphs
    are small, sessions share the cores, and threads that wait for each other made a layout take 13 to 28
    times the processor time on two cores.
    """
    global _thread
    if _thread is None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        _thread = Thread(target=import_library, name="preload", daemon=True)
        _thread.start()


def wait() -> None:
    """Waits for the thread, if it was started; what it failed to import, the page imports and reports."""
    if _thread is not None:
        _thread.join()


def import_library() -> None:
    """Imports all of `hpme` but the shell, without the garbage collector: it would take a fifth of the time.

    Modules stay as long as the process, so the collector passes over them later, too. In the end the process
    that readers run in is started, which imports its part beside the first page.
    """
    gc.disable()
    try:
        library = import_module("hpme")
        for module in walk_packages(library.__path__, "hpme."):
            if not module.name.startswith(("hpme.shell", "hpme.__main__")):
                import_module(module.name)
    finally:
        gc.freeze()
        gc.enable()
    import_module("hpme.box").prepare(*READERS)
