"""Long work in processes of their own: progress while it runs, cancel at any time, limits on everything.

The work of a job is a function ``work(report, *arguments)`` that can be pickled, as can its arguments and its
result. It runs in a new interpreter. Should that crash, hang or take too much, the job ends in a state and a
sentence here all the same, and leaves no file. `concurrent.futures` cannot cancel what runs already.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from hpme import processors
from hpme.jobs import worker
from hpme.jobs.turns import Turns
from hpme.limits import JOB_LIMITS, JobLimits

POLL = 0.1  # seconds between two looks at a silent process


class State(StrEnum):
    """State of a job; the last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Job:
    """One job. All its fields can be read at any time; the pool alone writes them."""

    title: str  # what it does, as in "fitting GSAT"
    owner: str
    address: str
    limits: JobLimits
    state: State = State.WAITING
    done: int = 0  # of `total` steps; 0 of 0 until the first report
    total: int = 0
    curve: list[dict[str, float]] = field(default_factory=list)  # figures of each report
    partial: Any = None  # result so far, from the latest report that had one
    result: Any = None  # of a job that is done
    error: str = ""  # one sentence, of a job that failed
    started: float | None = None  # on the monotonic clock
    stopped: float | None = None

    def __post_init__(self) -> None:
        """Makes the lock and the event that the threads share."""
        self._lock, self._ended = threading.Lock(), threading.Event()

    @property
    def ended(self) -> bool:
        """Returns whether the job is done, failed or cancelled."""
        return self._ended.is_set()

    @property
    def seconds(self) -> float:
        """Returns the seconds that it has run."""
        if self.started is None:
            return 0.0
        return (self.stopped or monotonic()) - self.started

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for the end; returns whether the job has ended."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """Ends the job, and its process within a moment; no effect after the end."""
        self._end(State.CANCELLED)

    def _begin(self) -> None:
        with self._lock:
            if not self.ended:
                self.state, self.started = State.RUNNING, monotonic()

    def _end(self, state: State, error: str = "", result: Any = None) -> None:
        with self._lock:
            if not self.ended:
                self.error, self.result, self.stopped = error, result, monotonic()
                self.state = state
                self._ended.set()

    def _run(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        """Lends the work a process until the job has ended."""
        ours, theirs = Pipe()
        command = [sys.executable, "-P", worker.__file__, str(theirs.fileno())]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        try:
            process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], start_new_session=True, env=environment
            )
            processors.free(process.pid)
        except Exception as error:  # such as on Windows, where an open pipe cannot be passed on so
            ours.close()
            self._fail(f"could not start ({error}); tell whoever runs this page")
            return
        finally:
            theirs.close()
        try:
            ours.send_bytes(pickle.dumps((sys.path, self.limits.memory)))
            ours.send_bytes(pickle.dumps((work, arguments)))
            while not self.ended:
                self._follow(ours)
        except (EOFError, OSError):
            code = process.wait()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._fail(f"stopped unexpectedly ({how}); try again, or use less data")
        except Exception as error:  # such as arguments that cannot be pickled
            self._fail(f"could not start ({error}); tell whoever runs this page")
        finally:
            process.kill()
            process.wait()
            ours.close()

    def _follow(self, link: Connection) -> None:
        """Takes in the next message, or looks at the clock."""
        limit = self.limits.seconds
        if self.seconds > limit:
            self._fail(
                f"took longer than {limit:g} s and was stopped; use less data, or run it in the shell, "
                "which has no such limit"
            )
        elif link.poll(POLL):
            kind, value = pickle.loads(link.recv_bytes())
            if kind == "progress":
                self.done, self.total, info, partial = value
                self.curve.append(info)
                self.partial = self.partial if partial is None else partial
            elif kind == "done":
                self._end(State.DONE, result=value)
            elif kind == "memory":
                size = self.limits.memory / 2**30
                self._fail(f"needed more than {size:.2g} GiB of memory and was stopped; use less data")
            else:
                self._end(State.FAILED, value)

    def _fail(self, what: str) -> None:
        """Ends the job with a sentence that says what became of it."""
        self._end(State.FAILED, f"{self.title[:1].upper()}{self.title[1:]} {what}")


class Jobs:
    """The jobs of a server: addresses take turns, and of one address the owners, within the limits.

    Args:
        limits: What jobs may take.
    """

    def __init__(self, limits: JobLimits = JOB_LIMITS) -> None:
        self.limits = limits
        self._open: dict[Job, tuple[Callable[..., Any], tuple[Any, ...]]] = {}
        self._turns, self._lock = Turns(), threading.RLock()

    def submit(
        self, title: str, work: Callable[..., Any], *arguments: Any, owner: str = "", address: str = ""
    ) -> Job:
        """Starts a job, or queues it.

        Args:
            title: What it does, for sentences such as "Fitting GSAT took longer than 900 s and was stopped".
            work: Module-level function, called as ``work(report, *arguments)``; see
                `hpme.jobs.worker.Report`.
            *arguments: Whatever can be pickled.
            owner: Whom the job belongs to, such as a session.
            address: Where the owner is, such as the address of a browser.

        Raises:
            ValueError: If the owner, or the address, has too many open jobs.
        """
        job = Job(title, owner, address, self.limits)
        with self._lock:
            self._check_room(job)
            self._open[job] = work, arguments
        self._advance()
        return job

    def _check_room(self, job: Job) -> None:
        """Raises a ValueError if a job would be one too many."""
        most, of_all = self.limits.owner_open, self.limits.address_open
        if len(self.open_jobs(job.owner)) >= most:
            raise ValueError(
                f"Expected at most {most} jobs at once (got {most + 1}); wait for one, or cancel one"
            )
        if sum(other.address == job.address and not other.ended for other in self._open) >= of_all:
            raise ValueError(
                f"Expected at most {of_all} jobs at once of all who come from your address "
                f"(got {of_all + 1}); wait for one, or cancel one"
            )

    def place(self, job: Job) -> int:
        """Returns the place of a job in the queue, from 1; 0 if it does not wait."""
        with self._lock:
            queue = self._queue()
        return queue.index(job) + 1 if job in queue else 0

    def open_jobs(self, owner: str) -> list[Job]:
        """Returns the owner's jobs that have not ended, in order."""
        with self._lock:
            return [job for job in self._open if job.owner == owner and not job.ended]

    def cancel(self, owner: str) -> None:
        """Cancels all jobs of an owner."""
        for job in self.open_jobs(owner):
            job.cancel()

    def _advance(self) -> None:
        """Starts every waiting job that the limits allow to run."""
        with self._lock:
            self._open = {job: entry for job, entry in self._open.items() if not job.ended}
            running = [job.owner for job in self._open if job.state is State.RUNNING]
            for job in self._queue():
                free = running.count(job.owner) < self.limits.owner_running
                if free and len(running) < self.limits.max_running:
                    job._begin()
                    self._turns.serve(job)
                    running.append(job.owner)
                    threading.Thread(target=self._run, args=(job, *self._open[job]), daemon=True).start()

    def _queue(self) -> list[Job]:
        """What waits, in the order in which it gets its turn."""
        return self._turns.order(job for job in self._open if job.state is State.WAITING)

    def _run(self, job: Job, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        try:
            job._run(work, arguments)
        finally:
            self._advance()
