"""The process of a worker: explains one part after the other, and says where it is."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import torch

from hpme.batch import columns
from hpme.batch.config import BatchConfig
from hpme.batch.explaining import Explaining
from hpme.batch.sources import Part, Row, opened
from hpme.batch.summary import SUMMARY

CHUNK = 2_000  # rows that are explained in one pass
DIGEST = b"hpme.batch"  # key of a part's digest in the metadata of its file
CRASH = "Expected an explanation (got the end of its process); leave the row out, and report it"


@dataclass(frozen=True)
class Order:
    """A part to do, and what is known of the rows that end a process."""

    part: Part
    digest: str
    careful: frozenset[int] = field(default_factory=frozenset)  # chunks whose rows are done one by one
    deadly: frozenset[int] = field(default_factory=frozenset)  # rows that are not tried again


def work(link: Connection, config: BatchConfig, device: str | None) -> None:
    """Does the orders that come, and sends what it is at.

    That is ``("ready", settings, classes)``, ``("at", row, single)``, ``("done",)`` or ``("failed", why)``.

    Args:
        link: The other end has the orders, and closes to end the process.
        config: Settings of the job.
        device: Where the model is; None: the CPU.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interruptions are left to the parent
    torch.set_num_threads(1)
    try:
        explaining = Explaining(config, None if device is None else torch.device(device))
        link.send(("ready", explaining.settings, bool(explaining.dataset.spec.classes)))
        while True:
            order: Order = link.recv()
            rows = [row for chunk in told(explaining, order, link) for row in chunk]
            write_part(config.output, order, columns.table(rows, explaining.made_by))
            link.send(("done",))
    except EOFError:
        return
    except Exception as error:  # whatever it is, the parent says it and stops
        plain = isinstance(error, ValueError | KeyError) and error.args
        link.send(("failed", str(error.args[0]) if plain else f"{type(error).__name__}: {error}"))


def told(explaining: Explaining, order: Order, link: Connection) -> Iterator[list[dict[str, Any]]]:
    """Yields what the output has of the rows, chunk by chunk, having sent where it is."""
    rows, kind = order.part.rows, order.part.format
    for number, start in enumerate(range(0, len(rows), CHUNK)):
        chunk = rows[start : start + CHUNK]
        if number not in order.careful:
            link.send(("at", start, False))
            yield explaining.explain(chunk, kind)
            continue
        for place, row in enumerate(chunk, start):
            link.send(("at", place, True))
            yield explaining.explain([_crashed(row) if place in order.deadly else row], kind)


def _crashed(row: Row) -> Row:
    return row._replace(error=CRASH)


def write_part(folder: str, order: Order, table: pa.Table) -> None:
    """Writes the file of a part, whole or not at all; what an earlier run has counted is no longer so."""
    system, path = opened(folder)
    target = f"{path}/{order.part.name}"
    marked = table.replace_schema_metadata(table.schema.metadata | {DIGEST: order.digest.encode()})
    with system.open_output_stream(f"{target}.tmp") as stream:
        parquet.write_table(marked, stream, compression="zstd")
    with suppress(FileNotFoundError):
        system.delete_file(f"{path}/{SUMMARY}")
    system.move(f"{target}.tmp", target)


def is_done(folder: str, part: Part, digest: str) -> bool:
    """Tells whether the file of a part is there, and of the same rows and settings."""
    system, path = opened(folder)
    try:
        with system.open_input_file(f"{path}/{part.name}") as file:
            found = parquet.read_schema(file).metadata or {}
    except (OSError, pa.ArrowException):
        return False
    return found.get(DIGEST) == digest.encode()
