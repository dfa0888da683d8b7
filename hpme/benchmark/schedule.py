"""Many rows over several processes, in order and resumable; each is saved as soon as it is measured."""

import multiprocessing
import runpy
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hpme import orphan
from hpme.benchmark.config import BenchConfig
from hpme.benchmark.measure import Outcome, Place, RowPlan, measure, prepare_place, sizes
from hpme.benchmark.results import Results
from hpme.explainers import REFERENCE
from hpme.files import only_writer

Progress = Callable[[int, int], None]


def run(
    config: BenchConfig,
    progress: Progress = lambda done, total: None,
    out: Path | None = None,
    jobs: int = 1,
) -> dict[str, Any]:
    """Fits and measures every combination that `out` does not hold yet.

    On a user's file, models are trained first; built-in datasets use the shipped ones. Explainers are fitted
    anew on the training graphs, and their times are wall clock on this machine. A row in `out` is kept if its
    dataset, model, explainer, seed, split, limit of graphs, weights and settings are the same.

    Args:
        config: Settings of the comparison.
        progress: Called after each row with the number of rows so far and in all.
        out: JSON file, complete after every row; the kept nodes lie in a folder beside it.
        jobs: Number of processes.

    Returns:
        ``{"meta": {...}, "rows": [...]}``; each row has all of `KEYS`, null where a metric does not apply.

    Raises:
        ValueError: If another run writes to `out`, a process was killed, or rows could not be measured; all
            others are there, and in `out`.
    """
    with only_writer(out) if out else nullcontext(), TemporaryDirectory() as scratch:
        folder = out.with_suffix(".kept") if out else Path(scratch)
        results = Results(config, out, folder, jobs)
        bench = _Bench(config, results, progress, Path(scratch))
        try:
            with _workers(jobs) as pool:
                bench.work_off(pool, jobs)
        except BrokenExecutor as error:
            raise ValueError(
                f"Expected {jobs} processes to work to the end (got one that was killed, as when memory runs "
                "out); run again, perhaps with fewer --jobs" + (": the rows so far are saved" if out else "")
            ) from error
        results.write()
    if bench.failures:
        raise ValueError(
            f"Expected all rows to be measured (got {len(bench.failures)} that failed: "
            f"{'; '.join(bench.failures)}); fix this and run again"
            + (", the other rows are saved" if out else "")
        )
    return results.content


@dataclass(frozen=True)
class _Task:
    work: Callable[..., Any]
    arguments: tuple
    then: Callable[[Future], list["_Task"]]  # returns the tasks that need its result


class _Bench:
    """Results so far, and the tasks that follow from each."""

    def __init__(self, config: BenchConfig, results: Results, progress: Progress, scratch: Path) -> None:
        self.config, self.results, self.progress, self.scratch = config, results, progress, scratch
        self.done = 0
        self.failures: list[str] = []

    def work_off(self, pool: Executor, slots: int) -> None:
        """Does all tasks; those that follow from a result come first, so datasets are finished one by one."""
        config = self.config
        combinations = product(config.datasets, config.models or (None,), range(config.classifier_seeds))
        todo = deque(
            _Task(prepare_place, (*combination, config, self.scratch), self._prepared)
            for combination in combinations
        )
        running: dict[Future, _Task] = {}
        while todo or running:
            while todo and len(running) < slots:
                task = todo.popleft()
                running[pool.submit(task.work, *task.arguments)] = task
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                todo.extendleft(reversed(running.pop(future).then(future)))

    def _prepared(self, future: Future) -> list[_Task]:
        """Returns the tasks of a model: HPME first for each seed, if its sizes are needed and not known."""
        place: Place = future.result()
        facts = place.facts
        self.results.drop_others(facts)
        tasks: list[_Task] = []
        for seed in range(self.config.seeds):
            jobs = [self._job(place, name, seed) for name, number in self.config.tries if number == seed]
            missing = [job for job in jobs if not self.results.has(job.row)]
            self._step(len(jobs) - len(missing))
            tasks += self._seed(self._job(place, REFERENCE, seed), missing)
        return tasks

    def _seed(self, ours: RowPlan, missing: list[RowPlan]) -> list[_Task]:
        free = [self._task(job, []) for job in missing if job.entry.ceiling]
        others = [job for job in missing if not (job.entry.ceiling or job.entry.reference)]
        if not any(job.entry.reference for job in missing):
            kept = self.results.kept(ours.row) if self.results.has(ours.row) else None
            if kept is not None or not others:
                return free + self._tasks(others, sizes(kept or {}))
            ours = replace(ours, wanted=False)
        return [self._task(ours, others), *free]

    def _tasks(self, jobs: list[RowPlan], known: dict[int, int]) -> list[_Task]:
        return [self._task(replace(job, sizes=known), []) for job in jobs]

    def _task(self, job: RowPlan, others: list[RowPlan]) -> _Task:
        return _Task(measure, (job,), lambda future: self._measured(future, job, others))

    def _measured(self, future: Future, job: RowPlan, others: list[RowPlan]) -> list[_Task]:
        """Saves a row and returns the tasks that waited for its sizes."""
        try:
            outcome: Outcome = future.result()
        except BrokenExecutor:
            raise
        except Exception as error:  # one explainer's failure leaves the others their rows
            lost = [job, *others] if job.wanted else others
            keys = ("dataset", "model", "classifier_seed", "explainer", "seed")
            names = " ".join(str(job.row[key]) for key in keys)
            self.failures.append(f"{names}: {error}")
            self._step(len(lost))
            return []
        if job.wanted:
            self.results.put(outcome.row, outcome.kept)
            self._step(1)
        return self._tasks(others, outcome.sizes)

    def _job(self, place: Place, name: str, seed: int) -> RowPlan:
        limit, split, floor = self.config.limit(name), self.config.split, self.config.floor
        return RowPlan(place, name, seed, limit, split, floor=floor)

    def _step(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.config.num_rows)


class _Here(Executor):
    """An executor that does the work immediately, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def _workers(jobs: int) -> Iterator[Executor]:
    """Yields fresh processes with one thread each, which end with the block; for one job, this process."""
    if jobs == 1:
        yield _Here()
        return
    others = multiprocessing.active_children()
    first = runpy.run_path, (orphan.__file__, None, "__main__")
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), *first)
    try:
        yield pool
    except BaseException:  # also an interruption: rows that will not be saved need not be waited for
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
