"""Worker processes, each with one part at a time; one that dies is replaced, and its part done again."""

import multiprocessing
import os
import runpy
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import torch

from hpme import orphan
from hpme.batch.config import BatchConfig
from hpme.batch.sources import Part, read_parts
from hpme.batch.working import CHUNK, Order, is_done, work

DEATHS = 3  # without a row that is to blame


@dataclass
class _Worker:
    process: BaseProcess
    link: Connection
    device: str | None
    order: Order | None = None
    at: tuple[int, bool] | None = None  # first row of what it is at, and whether that is one row


@dataclass(frozen=True)
class PartDone:
    """What has become of a part."""

    name: str
    rows: int
    skipped: bool  # its file was there
    classes: bool  # whether its predictions are classes


def explain_here(config: BatchConfig) -> Generator[PartDone, None, None]:
    """Does all parts in processes of this machine; yields what becomes of each, as soon as it is done.

    Raises:
        KeyError: If a file lacks a column that is named.
        ValueError: If an input cannot be read, there are too few GPUs, or `Workers` cannot go on.
    """
    check_gpus(config.gpus, torch.cuda.device_count())
    workers = Workers(config)
    try:
        yield from workers.run(read_parts(config))
    finally:
        workers.close()


def check_gpus(wanted: int, there: int) -> None:
    """Raises `ValueError` where there are fewer GPUs than wanted."""
    if wanted > there:
        raise ValueError(f"Expected {wanted} GPUs (got {there}); leave --gpus out for the CPU")


class Workers:
    """As many processes as the job has, and what they are at.

    Args:
        config: Settings of the job.
    """

    def __init__(self, config: BatchConfig) -> None:
        self.config = config
        # Known when the first worker is ready: what the output depends on, and whether it predicts classes.
        self.settings, self.classes = "", True
        self.deaths = 0  # of workers since the last part that was done
        count = config.workers or os.cpu_count() or 1
        devices = [f"cuda:{i % config.gpus}" if config.gpus else None for i in range(count)]
        self._workers = [self._start(device) for device in devices]
        self._waiting: list[_Worker] = []  # for a part

    def run(self, parts: Iterator[Part]) -> Iterator[PartDone]:
        """Yields what becomes of each part, as soon as it is done; there may be more in another call.

        Raises:
            ValueError: If a worker cannot go on, or workers die and no row is to blame.
        """
        finished = False
        while not finished or any(worker.order for worker in self._workers):
            while self._waiting and not finished:
                part = next(parts, None)
                if part is None:
                    finished = True
                elif is_done(self.config.output, part, digest := part.digest(self.settings)):
                    yield PartDone(part.name, len(part.rows), skipped=True, classes=self.classes)
                else:
                    self._give(self._waiting.pop(), Order(part, digest))
            busy = [worker for worker in self._workers if worker not in self._waiting]
            for link in wait([worker.link for worker in busy], None if busy else 0):
                yield from self._hear(next(worker for worker in busy if worker.link is link))

    def _hear(self, worker: _Worker) -> Iterator[PartDone]:
        """Takes in what a worker sends, or that it is dead."""
        try:
            kind, *said = worker.link.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        if kind == "failed":
            raise ValueError(said[0])
        if kind == "at":
            worker.at = said[0], said[1]
        elif kind == "ready":
            self.settings, self.classes = said
            if worker.order is None:
                self._waiting.append(worker)
            else:
                self._give(worker, worker.order)
        elif worker.order is not None:
            part, worker.order, self.deaths = worker.order.part, None, 0
            self._waiting.append(worker)
            yield PartDone(part.name, len(part.rows), skipped=False, classes=self.classes)

    def _give(self, worker: _Worker, order: Order) -> None:
        worker.order, worker.at = order, None
        with suppress(OSError):  # it died while it waited, which is heard next
            worker.link.send(order)

    def _replace(self, worker: _Worker) -> None:
        """Starts another process in the place of a dead one, which does its part more carefully.

        Raises:
            ValueError: If workers die and no row is to blame.
        """
        worker.process.join()
        code = worker.process.exitcode
        self.deaths += 1
        order = worker.order
        if order is not None and worker.at is not None:
            row, single = worker.at
            if single:
                order = replace(order, deadly=order.deadly | {row})
                self.deaths = 0
            else:
                order = replace(order, careful=order.careful | {row // CHUNK})
        if self.deaths > DEATHS:
            how = f"signal {-code}" if code and code < 0 else f"exit code {code}"
            raise ValueError(
                f"Expected workers that live (got {self.deaths} deaths in a row, the last by {how}); use "
                "fewer --workers if memory runs out, and run again: what is done stays done"
            )
        worker.link.close()
        fresh = self._start(worker.device)
        worker.process, worker.link, worker.order, worker.at = fresh.process, fresh.link, order, None

    def _start(self, device: str | None) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_run, args=(theirs, self.config, device), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, device)

    def close(self) -> None:
        """Ends all processes."""
        for worker in self._workers:
            worker.link.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()


def _run(link: Connection, config: BatchConfig, device: str | None) -> None:
    runpy.run_path(orphan.__file__, None, "__main__")  # it ends with its parent
    work(link, config, device)
