"""Many rows over several processes: in order, resumed, and each saved as soon as it is measured."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from hpme.benchmark.config import BenchConfig
from hpme.benchmark.measure import Outcome, Place, RowPlan, measure, prepare_place, sizes
from hpme.benchmark.results import Results
from hpme.explainers import REFERENCE

Progress = Callable[[int, int], None]


def run(
    config: BenchConfig,
    progress: Progress = lambda done, total: None,
    out: Path | None = None,
    jobs: int = 1,
) -> dict[str, Any]:
    """Fits and measures every combination that `out` does not hold yet.

    A packed dataset gets its classifiers trained first; built-in ones use those shipped. Explainers are
    fitted anew on the training graphs, and their times are wall clock on this machine. A row in `out` is kept
    if its dataset, model, explainer, seed, split, limit of graphs, classifier and settings are the same.

    Args:
        config: What is compared.
        progress: Called after each row with the number of rows so far and in all.
        out: JSON file that is whole after every row; the kept nodes lie in a folder beside it.
        jobs: Number of processes.

    Returns:
        ``{"meta": {...}, "rows": [...]}``; each row has all of `KEYS`, null where a metric does not apply.

    Raises:
        ValueError: If rows could not be measured; all others are there, and in `out`.
    """
    with TemporaryDirectory() as scratch:
        folder = out.with_suffix(".kept") if out else Path(scratch)
        results = Results(config, out, folder, jobs)
        bench = _Bench(config, results, progress, Path(scratch))
        with _workers(jobs) as pool:
            bench.work_off(pool, jobs)
        results.write()
    if bench.failures:
        raise ValueError(
            f"Expected every row to be measured (got {len(bench.failures)} failures: "
            f"{'; '.join(bench.failures)}); the others are kept, run again when it is mended"
        )
    return results.content


@dataclass(frozen=True)
class _Task:
    work: Callable[..., Any]
    arguments: tuple
    then: Callable[[Future], list["_Task"]]  # what its result makes possible


class _Bench:
    """What is done, and what comes next."""

    def __init__(self, config: BenchConfig, results: Results, progress: Progress, scratch: Path) -> None:
        self.config, self.results, self.progress, self.scratch = config, results, progress, scratch
        self.done = 0
        self.failures: list[str] = []

    def work_off(self, pool: Executor, slots: int) -> None:
        """Does all there is to do; what a result makes possible comes first, so datasets end one by one."""
        combinations = [(source, arch) for source in self.config.datasets for arch in self.config.models]
        todo = deque(
            _Task(prepare_place, (source, arch, self.config, self.scratch), self._prepared)
            for source, arch in combinations
        )
        running: dict[Future, _Task] = {}
        while todo or running:
            while todo and len(running) < slots:
                task = todo.popleft()
                running[pool.submit(task.work, *task.arguments)] = task
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                todo.extendleft(reversed(running.pop(future).then(future)))

    def _prepared(self, future: Future) -> list[_Task]:
        """A classifier is ready: next HPME of each seed, unless its sizes are known or not needed."""
        place: Place = future.result()
        facts = place.facts
        self.results.drop_others(facts["dataset"], facts["model"], facts["classifier"])
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
        """A row is there: next those that waited for its sizes."""
        try:
            outcome: Outcome = future.result()
        except Exception as error:  # one explainer's failure leaves the others their rows
            lost = [job, *others] if job.wanted else others
            names = " ".join(map(str, (job.row["dataset"], job.row["model"], job.explainer, job.seed)))
            self.failures.append(f"{names}: {error}")
            self._step(len(lost))
            return []
        if job.wanted:
            self.results.put(outcome.row, outcome.kept)
            self._step(1)
        return self._tasks(others, outcome.sizes)

    def _job(self, place: Place, name: str, seed: int) -> RowPlan:
        return RowPlan(place, name, seed, self.config.limit(name), self.config.split)

    def _step(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.config.num_rows)


class _Here(Executor):
    """Does the work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def _workers(jobs: int) -> Iterator[Executor]:
    """Fresh processes with one thread each, which end with the block; one job is done in this process."""
    if jobs == 1:
        yield _Here()
        return
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)
    try:
        yield pool
    except BaseException:  # an interruption, too: nobody waits for rows that are not going to be saved
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """A worker's first act: one thread, and interruptions are for its parent."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
