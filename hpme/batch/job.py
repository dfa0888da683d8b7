"""A whole batch job."""

import json
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from hpme.batch.config import BatchConfig
from hpme.batch.on_ray import explain_on_ray
from hpme.batch.sources import opened
from hpme.batch.summary import SUMMARY, BatchSummary, summarise_parts
from hpme.batch.workers import explain_here
from hpme.files import only_writer

JOB = "job.json"  # beside the parts: the settings of the job


@dataclass(frozen=True)
class BatchProgress:
    """How far a job is."""

    rows: int  # explained or found
    skipped: int  # of these found
    seconds: float  # since its workers were started
    parts: int


def run_batch(
    config: BatchConfig, progress: Callable[[BatchProgress], None] = lambda so_far: None
) -> BatchSummary:
    """Explains all rows of all inputs, each into one row of the output.

    Rows are dealt out in parts; a part becomes a Parquet file in one move. One whose file is there, of the
    same rows, model, explainer and settings, is not done again: so a job that was stopped goes on. A row that
    cannot be explained has its `error`, also one that ends the process of a worker.

    Args:
        config: Settings.
        progress: Called after each part.

    Returns:
        Counts over the output, which are also written beside it.

    Raises:
        KeyError: If a file lacks a column that is named.
        ModuleNotFoundError: If Ray is asked for and not installed.
        ValueError: If an input cannot be read, there is no such model or explainer, there are too few GPUs,
            or workers cannot go on.
    """
    system, path = opened(config.output)
    if "://" not in config.output:
        system.create_dir(path)
    with nullcontext() if "://" in config.output else only_writer(Path(path) / SUMMARY):
        _write(config, JOB, config.absolute())
        parts, classes = _explain(config, progress)
        if not parts:
            raise ValueError("Expected at least one row to explain (got none); check the files")
        summary = summarise_parts(config.output, parts, classes)
        _write(config, SUMMARY, summary)
    return summary


def _write(config: BatchConfig, name: str, found: Any) -> None:
    """Writes a dataclass beside the parts, as JSON."""
    system, path = opened(config.output)
    text = json.dumps(asdict(found), indent=1, ensure_ascii=False, default=str)
    with system.open_output_stream(f"{path}/{name}.tmp") as stream:
        stream.write(f"{text}\n".encode())
    system.move(f"{path}/{name}.tmp", f"{path}/{name}")


def _explain(config: BatchConfig, progress: Callable[[BatchProgress], None]) -> tuple[list[str], bool]:
    """Does all parts; returns the names of their files, and whether predictions are classes."""
    start, rows, skipped, names, classes = perf_counter(), 0, 0, list[str](), True
    with closing(explain_on_ray(config) if config.on_ray else explain_here(config)) as parts:
        for part in parts:
            rows, skipped, classes = rows + part.rows, skipped + part.rows * part.skipped, part.classes
            names.append(part.name)
            progress(BatchProgress(rows, skipped, perf_counter() - start, len(names)))
    return sorted(names), classes
