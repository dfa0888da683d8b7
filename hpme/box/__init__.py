"""Work on what nobody can trust, in a process of its own with limits: a crash there is one sentence here.

A process that has imported what the work needs waits for it, and splits in two for each call, so that a call
costs a few milliseconds and leaves nothing behind. A program of a single thread does without the waiting one
and splits itself. Systems without `os.fork` have no box: there the work is done here.
"""

import os
import pickle
import socket
import threading
from collections.abc import Callable
from functools import cache, wraps
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from hpme.box import inside
from hpme.box.waiting_line import LINE
from hpme.limits import BoxLimits

Given = ParamSpec("Given")
Result = TypeVar("Result")
AVAILABLE = hasattr(os, "fork") and hasattr(socket, "send_fds")


def boxed(limits: BoxLimits) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Makes calls of a function run in a box, except those that come from within one.

    Args:
        limits: What a call may take.

    Returns:
        The decorator of a public function of a module. What it is given and returns must be picklable. It
        raises a ValueError as the function does, and also where the function crashes, takes too much or
        fails in any other way; a note tells what failed.
    """

    def wrap(work: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(work)
        def call(*arguments: Given.args, **named: Given.kwargs) -> Result:
            if inside.here or not AVAILABLE:
                return work(*arguments, **named)
            result: Result = _call(limits, call, arguments, named)
            return result

        return call

    return wrap


def prepare(*modules: str) -> None:
    """Starts the process that waits for work, if there is none, with these modules imported."""
    if AVAILABLE:
        LINE.start(modules)


def _call(limits: BoxLimits, work: Callable, arguments: tuple, named: dict[str, Any]) -> Any:
    request = pickle.dumps((work, arguments, named))
    with _places(limits):
        link, child = _open(work.__module__, limits)
        try:
            link.send_bytes(request)
            kind, value = _answer(link, limits)
        except (BrokenPipeError, ConnectionResetError):
            kind, value = "ended", 0
        finally:
            link.close()
            if child:
                os.waitpid(child, 0)
    if kind == "done":
        return value
    if kind == "refused":
        raise ValueError(value)
    error = ValueError(_sentence(kind, value, limits))
    if kind == "failed":
        error.add_note(value)
    raise error


@cache
def _places(limits: BoxLimits) -> threading.BoundedSemaphore:
    """The boxes that are open at one time: slow work does not stand in the way of quick work."""
    return threading.BoundedSemaphore(limits.at_once)


def _open(module: str, limits: BoxLimits) -> tuple[Connection, int]:
    """Returns the link to a new box, and the process to wait for if it is a child of this one."""
    ours, theirs = socket.socketpair()
    with theirs:
        link = Connection(ours.detach())
        if LINE.running or threading.active_count() > 1:
            LINE.split(theirs.fileno(), module, limits)
            return link, 0
        child = os.fork()
        if not child:
            link.close()
            inside.guard(theirs.detach(), limits)
        return link, child


def _answer(link: Connection, limits: BoxLimits) -> tuple[str, Any]:
    """Waits for the answer: what kind it is of, and the result, a sentence, a traceback or a signal."""
    end = monotonic() + limits.wall + 1
    try:
        if not link.poll(max(end - monotonic(), 0)):
            return "late", None
        answer: tuple[str, Any] = pickle.loads(link.recv_bytes(limits.output))
    except EOFError:
        return "ended", 0
    except OSError as error:
        if isinstance(error, ConnectionError):
            raise
        return "large", None
    return answer


def _sentence(kind: str, value: Any, limits: BoxLimits) -> str:
    """Returns what is to be said of a call that gave no result."""
    if kind == "late" or (kind == "ended" and value in inside.LATE):
        most = f"{limits.seconds} s of a processor" if value == inside.LATE[0] else f"{limits.wall} s"
        return f"Expected a file that can be read within {most} (got one that takes longer); make it smaller"
    if kind == "memory":
        most = f"{limits.memory / 2**30:.2g} GiB of memory"
        return f"Expected a file that can be read within {most} (got one that takes more); make it smaller"
    if kind == "large":
        most = f"{limits.output / 2**30:.2g} GiB"
        return f"Expected a file that holds at most {most} (got one that holds more); make it smaller"
    return "Expected a file that can be read (got one on which its reader failed); save it in another format"


__all__ = ["AVAILABLE", "boxed", "prepare"]
