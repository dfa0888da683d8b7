"""Kills a worker of a batch job, and later the job, starts it again, and counts how often each row is there.

python -m benchmarks.batch_kill [--rows 20000] [--engine local --engine ray]

The job has ten files to write: a worker is killed once the first one is there, the job once the third is. All
of its processes must end, and a second job does the rest. One row in a hundred is bad. Linux only.
"""

import os
import signal
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Annotated, Any

import pyarrow.parquet as parquet
import typer

from benchmarks.batch import write_molecules
from benchmarks.kill import Try
from hpme.shell.terminal import print_table

FILES = 10
STARTS = 5  # of an engine that gives up to start where a machine is busy
PATIENCE = 120.0  # seconds for processes to end


def killed(engine: str, rows: int) -> dict[str, Any]:
    """Returns what a job had done when it was killed, and what its folder has after another run."""
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "molecules.parquet", Path(folder) / "out"
        write_molecules(path, rows)
        words = f"-m hpme batch {path} --dataset benzene --output {out} --workers 2"
        command = [sys.executable, *words.split(), "--rows", str(rows // FILES), "--engine", engine]
        job = Try(engine, Path(folder), Random(0))
        job.start(command)
        wait_for_files(job, command, out, 1)
        workers = [number for number, words in job.running().items() if "spawn_main" in words]
        os.kill(workers[0], signal.SIGKILL)
        wait_for_files(job, command, out, 3)
        job.process.kill()
        job.process.wait()
        end = monotonic() + PATIENCE
        while orphans := job.running():
            if monotonic() > end:
                break
            sleep(0.1)
        before = {file: file.stat().st_mtime_ns for file in out.glob("*.parquet")}
        for _ in range(STARTS):
            job.start(command)
            if job.process.wait() == 0:
                break
        found = [
            row for file in sorted(out.glob("*.parquet")) for row in parquet.read_table(file).to_pylist()
        ]
        times = Counter(row["id"] for row in found)
        return {
            "engine": engine,
            "rows": rows,
            "there when killed": sum(parquet.read_metadata(file).num_rows for file in before),
            "processes left": len(orphans),
            "files done again": sum(file.stat().st_mtime_ns != when for file, when in before.items()),
            "missing": len({str(i) for i in range(rows)} - times.keys()),
            "twice": sum(count > 1 for count in times.values()),
            "errors": sum(row["error"] is not None for row in found),
            "half written": len([*out.glob("*.tmp")]),
        }


def wait_for_files(job: Try, command: list[str], folder: Path, count: int) -> None:
    """Waits until a folder has so many files; an engine that gives up before is started again.

    Raises:
        RuntimeError: If it gives up again and again.
    """
    starts = 1
    while len([*folder.glob("*.parquet")]) < count:
        if job.process.poll() is not None:
            if starts == STARTS:
                raise RuntimeError(
                    f"Expected a job that starts (got an end {starts} times); see {command[2:]}"
                )
            job.start(command)
            starts += 1
        sleep(0.02)


def main(
    rows: Annotated[int, typer.Option(min=1_000)] = 20_000,
    engine: Annotated[list[str] | None, typer.Option()] = None,
) -> None:
    """Prints a row for each engine."""
    print_table([killed(name, rows) for name in engine or ["local", "ray"]], as_json=False)


if __name__ == "__main__":
    typer.run(main)
