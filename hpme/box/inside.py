"""What happens in a box: one call within its limits, and its answer."""

import contextlib
import faulthandler
import io
import os
import pickle
import re
import select
import signal
import socket
import struct
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hpme.limits import BoxLimits

LATE = (24, 14)  # signals of a process whose time is over: SIGXCPU of a processor, SIGALRM on the clock
NICE = 5  # so that those who wait for a page are served first
here = False  # whether this process is a box


class Guard:
    """Opens boxes, and attends to them: says how one ended, and ends one that nobody waits for."""

    def __init__(self) -> None:
        self.watch = select.poll()
        self._boxes: dict[int, tuple[int, int, socket.socket]] = {}  # by either descriptor that is watched

    def open(self, link: socket.socket, limits: BoxLimits) -> None:
        """Splits off a box that is linked to a socket."""
        ended, held = os.pipe()
        worker = os.fork()
        if not worker:
            _work(link.detach(), limits)  # holds the pipe until it ends
        os.close(held)
        for number in (ended, link.fileno()):
            self._boxes[number] = worker, ended, link
            self.watch.register(number, 0)  # tells of hang-ups alone

    def attend(self) -> set[int]:
        """Waits until something happens, and sees to the boxes; returns the other descriptors concerned."""
        concerned = {number for number, _ in self.watch.poll()}
        for worker, ended, link in {self._boxes[number] for number in concerned & self._boxes.keys()}:
            own = {ended, link.fileno()}
            if ended not in concerned:
                os.kill(worker, signal.SIGKILL)
            status = os.waitpid(worker, 0)[1]
            how = pickle.dumps(("ended", os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))
            for number in own:
                self.watch.unregister(number)
                del self._boxes[number]
            os.close(ended)
            with link, contextlib.suppress(OSError):  # it has its answer, or has gone
                link.send(struct.pack("!i", len(how)) + how, socket.MSG_DONTWAIT)  # as a Connection sends
            concerned -= own
        return concerned

    def attend_all(self) -> None:
        """Attends until every box has ended."""
        while self._boxes:
            self.attend()


def guard(descriptor: int, limits: BoxLimits) -> None:
    """Is the process that guards one box; does not return."""
    try:
        one = Guard()
        one.open(socket.socket(fileno=descriptor), limits)
        one.attend_all()
    finally:
        os._exit(0)  # nothing may run on in what is a copy of another process


def _work(descriptor: int, limits: BoxLimits) -> None:
    """Reads a function and what it is given, calls it, sends what came of it; does not return."""
    global here
    try:
        here = True
        link = Connection(descriptor)
        _limit(limits)
        link.send_bytes(_call(link.recv_bytes()))
    finally:
        os._exit(0)


def _call(request: bytes) -> bytes:
    """Returns the answer to a request."""
    try:
        function, arguments, named = pickle.loads(request)
        return _dumps(("done", function(*arguments, **named)))
    except MemoryError:
        return pickle.dumps(("memory", None))
    except ValueError as error:
        return pickle.dumps(("refused", str(error)))
    except Exception as error:  # a reader of files can fail in any way
        if "allocate memory" in str(error):  # torch's words for it
            return pickle.dumps(("memory", None))
        return pickle.dumps(("failed", traceback.format_exc()))


def _limit(limits: BoxLimits) -> None:
    """Limits this process; it ends by a signal when its time is over."""
    import resource

    faulthandler.disable()
    for number in (*LATE, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.nice(NICE)
    signal.alarm(limits.wall)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # where nothing tells what it has
        found = re.search(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text())
        most = limits.memory + 1024 * int(found[1] if found else 0)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    if "torch" in sys.modules:  # its threads did not come along when this process was split off
        sys.modules["torch"].set_num_threads(1)


class _Pickler(pickle.Pickler):
    """Pickles tensors as numpy arrays, which takes a tenth of the time that their storages take."""

    def reducer_override(self, value: Any) -> Any:
        if type(value).__name__ != "Tensor" or not type(value).__module__.startswith("torch"):
            return NotImplemented
        return _tensor, (value.contiguous().numpy(),)


def _tensor(array: Any) -> Any:
    """Returns an array as a tensor that may be written to."""
    import torch

    return torch.from_numpy(array)


def _dumps(answer: Any) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(answer)
    return buffer.getvalue()
