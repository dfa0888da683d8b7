"""The line to the process that waits for work."""

import os
import pickle
import socket
import subprocess
import sys
import threading

from hpme import processors
from hpme.box import waiting
from hpme.limits import BoxLimits

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class _Line:
    """Starts the process, anew if it has ended, and asks it to split."""

    def __init__(self) -> None:
        self._lock, self._modules = threading.Lock(), tuple[str, ...]()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, modules: tuple[str, ...]) -> socket.socket:
        """Starts it unless it is running; returns the socket to it."""
        with self._lock:
            self._modules = self._modules or modules
            if self._socket is None or not self.running:
                ours, theirs = socket.socketpair()
                command = [sys.executable, "-P", waiting.__file__, str(theirs.fileno())]
                with theirs:
                    self._process = subprocess.Popen(
                        command,
                        pass_fds=[theirs.fileno()],
                        start_new_session=True,  # Ctrl-C is not for it: it ends with its parent
                        env=os.environ | ONE_THREAD,
                    )
                processors.free(self._process.pid)
                ours.sendall(waiting.pack_beginning(pickle.dumps((sys.path, self._modules))))
                self._socket = ours
            return self._socket

    def split(self, descriptor: int, module: str, limits: BoxLimits) -> None:
        """Lets it split off a box that is linked to a descriptor; started for this, it imports the module."""
        line = self.start((module,))
        with self._lock:
            socket.send_fds(line, [waiting.pack_limits(limits)], [descriptor])


LINE = _Line()
