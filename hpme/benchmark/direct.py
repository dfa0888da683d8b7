"""Rows of one model, measured in memory, one after the other; nothing is written."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import nn

from hpme.benchmark.config import KEYS, BenchConfig
from hpme.benchmark.measure import RowPlan, measured, place
from hpme.datasets import Dataset
from hpme.explainers import REFERENCE

Row = dict[str, Any]
Progress = Callable[[int, int, None, list[Row]], None]


def compare(
    dataset: Dataset,
    model: nn.Module,
    arch: str,
    explainers: Sequence[str],
    graphs: int = 200,
    progress: Progress = lambda *_: None,
) -> list[Row]:
    """Fits HPME and other explainers to a model, and measures them on held-out graphs.

    Args:
        dataset: Its dataset.
        model: The model, frozen.
        arch: Name of the model in the rows.
        explainers: Keys of `hpme.explainers.EXPLAINERS`; HPME is added, whose sizes the others take.
        graphs: At most this many are scored.
        progress: Called after each row as ``progress(done, total, None, rows)``.

    Returns:
        Rows with all of `hpme.benchmark.KEYS`, None where a metric does not apply, HPME's first.
    """
    config = BenchConfig((), (), tuple(dict.fromkeys([REFERENCE, *explainers])), graphs=graphs)
    where = place("", None, dataset, model, arch, config)
    rows: list[Row] = []
    sizes: dict[int, int] | None = None
    for done, (name, seed) in enumerate(config.tries, start=1):
        job = RowPlan(where, name, seed, config.limit(name), config.split, sizes=sizes)
        outcome = measured(job, dataset, model)
        sizes = sizes or outcome.sizes
        rows.append(dict.fromkeys(KEYS) | outcome.row)
        progress(done, len(config.tries), None, [*rows])
    return rows
