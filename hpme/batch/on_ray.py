"""Parts on Ray Data: files are read by tasks, and each actor does parts by a worker process of its own."""

import logging
import os
import pickle
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any

from hpme import checks
from hpme.batch.config import BatchConfig
from hpme.batch.sources import Part, input_files, parts_in
from hpme.batch.workers import PartDone, Workers, check_gpus

QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # Ray's name for: no other machine can reach it
SERVED = 32  # CPUs for which one of them reads: that takes about a thirtieth of the work
ITEM = "item"  # the column of the datasets; what it holds is pickled


def explain_on_ray(config: BatchConfig) -> Generator[PartDone, None, None]:
    """Does all parts by actors of Ray; yields what becomes of each, as soon as it is done.

    Ray is started on this machine unless the settings have the address of a cluster, and left at the end. An
    actor holds a CPU, and its share of the GPUs; at least one CPU more reads the files.

    Raises:
        KeyError: If a file lacks a column that is named.
        ModuleNotFoundError: If Ray is not installed.
        ValueError: If an input cannot be read, Ray does not start, is too small or fails, or a worker cannot
            go on.
    """
    checks.installed("batch jobs on Ray", "ray", extra="ray")
    os.environ.update(QUIET if config.address else QUIET | ALONE)
    import ray.data  # reads these when it is imported

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    config = config.absolute()
    try:
        workers = _connect(config)
        files = [{ITEM: pickle.dumps(file)} for file in input_files(config)]
        parts = (
            ray.data.from_items(files, override_num_blocks=len(files))
            .map_batches(partial(read_file, config), batch_size=1)
            .repartition(target_num_rows_per_block=1)  # so that each part is handed on by itself
        )
        done = parts.map_batches(
            Actor,
            fn_constructor_kwargs={"config": config},
            compute=ray.data.ActorPoolStrategy(size=workers),
            batch_size=1,
            num_cpus=1,
            num_gpus=1 / ceil(workers / config.gpus) if config.gpus else 0,
        )
        for row in done.iter_rows():
            told = pickle.loads(row[ITEM])
            if isinstance(told, Exception):
                raise told
            yield told
    except ray.exceptions.RayError as error:
        raise ValueError(
            f"Expected Ray to do its part (got {checks.cause(error)}); mend that and run again: what is done "
            "stays done"
        ) from error
    finally:
        ray.shutdown()


def _connect(config: BatchConfig) -> int:
    """Starts Ray, or joins a cluster; returns how many actors there will be.

    Raises:
        ValueError: If there is no such cluster, it is too small, or Ray does not start.
    """
    import ray

    count = config.workers or os.cpu_count() or 1
    here: dict[str, Any] = {} if config.address else {"num_cpus": count + 1, "include_dashboard": False}
    try:
        ray.init(config.address or "local", log_to_driver=False, logging_level=logging.CRITICAL, **here)
    except Exception as error:  # a plain one where it takes too long
        raise ValueError(
            f"Expected Ray at {config.address or 'this machine'} (got {checks.cause(error)}); try again, or "
            "leave --engine and --address out"
        ) from error
    there = ray.cluster_resources()
    check_gpus(config.gpus, int(there.get("GPU", 0)))
    cpus = int(there.get("CPU", 0))
    workers = config.workers or max(1, cpus - ceil(cpus / SERVED)) if config.address else count
    if workers >= cpus:
        raise ValueError(
            f"Expected a CPU more than workers, to read files (got {cpus} for {workers} workers); use fewer"
        )
    return workers


def read_file(config: BatchConfig, batch: dict[str, Any]) -> Iterator[dict[str, list[bytes]]]:
    """Yields the parts of a file, or the error that ends the job."""
    (file,) = batch[ITEM]
    try:
        for part in parts_in(pickle.loads(file), config):
            yield {ITEM: [pickle.dumps(part)]}
    except (KeyError, ValueError) as error:
        yield {ITEM: [pickle.dumps(error)]}


class Actor:
    """Does a part at a time, in a process of its own: a row that ends it does not end the actor."""

    def __init__(self, config: BatchConfig) -> None:
        self.workers = Workers(replace(config, workers=1, gpus=min(1, config.gpus)))

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        """Does the part of a batch of one, and returns what has become of it."""
        part = pickle.loads(batch[ITEM][0])
        told: PartDone | Exception = part  # or an error of what read it
        if isinstance(part, Part):
            try:
                (told,) = self.workers.run(iter([part]))
            except ValueError as error:
                told = error
        return {ITEM: [pickle.dumps(told)]}
