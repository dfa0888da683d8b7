"""The process that waits for work: a script that imports what it is told to, and splits for each call."""

import gc
import pickle
import select
import socket
import struct
import sys
from dataclasses import astuple
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hpme.limits import BoxLimits

LENGTH = struct.Struct("q")
LIMITS = struct.Struct("5q")


def pack_beginning(content: bytes) -> bytes:
    """Returns the first message: where to import from, and what."""
    return LENGTH.pack(len(content)) + content


def pack_limits(limits: "BoxLimits") -> bytes:
    """Returns the limits of a box as one message, which its descriptor goes with."""
    return LIMITS.pack(*astuple(limits))


def serve(descriptor: int) -> None:
    """Imports, then splits for each descriptor that comes, until the other end closes."""
    line = socket.socket(fileno=descriptor)
    (length,) = LENGTH.unpack(line.recv(LENGTH.size, socket.MSG_WAITALL))
    sys.path[:], modules = pickle.loads(line.recv(length, socket.MSG_WAITALL))
    for module in modules:
        import_module(module)
    from hpme.box import inside
    from hpme.limits import BoxLimits

    gc.freeze()  # what is imported stays, and is not copied into each box by being looked at
    guard = inside.Guard()
    guard.watch.register(line, select.POLLIN)
    while True:
        if line.fileno() not in guard.attend():
            continue
        message, descriptors, *_ = socket.recv_fds(line, LIMITS.size, 1)
        if not descriptors:
            break
        guard.open(socket.socket(fileno=descriptors[0]), BoxLimits(*LIMITS.unpack(message)))
    guard.watch.unregister(line)
    guard.attend_all()  # with the program at the other end, whoever waited for them has gone


if __name__ == "__main__":
    serve(int(sys.argv[1]))
