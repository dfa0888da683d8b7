"""Explainers side by side on held-out graphs: one row per dataset, classifier, explainer and seed."""

import os
import platform
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from time import perf_counter
from typing import Any

import torch
from torch import nn
from torch_geometric.data import Data

from hpme import checks
from hpme.classifiers import CLASSIFIERS, accuracy, load_classifier, train_classifier
from hpme.datasets import Dataset, load_dataset
from hpme.explainers import EXPLAINERS
from hpme.explainers.base import hard_mask
from hpme.explainers.store import fingerprint
from hpme.metrics import evaluate, has_ground_truth
from hpme.seeding import generator

KEYS = (
    *("dataset", "model", "explainer", "seed", "split", "graphs", "accuracy"),
    *("edge_auc", "edge_auc_pooled", "edge_ap", "node_iou", "exact_rate", "kept_share"),
    *("kept_on_mix", "kept_on_subgraph", "fid_plus", "fid_minus", "robust_fid_plus", "robust_fid_minus"),
    *("cos_subgraph", "cos_mix", "l2_subgraph", "l2_mix", "mmd_subgraph", "mmd_mix"),
    *("capacity_bits", "fit_seconds", "explain_ms", "config"),
)


@dataclass(frozen=True)
class BenchConfig:
    """What is compared; saved with the results."""

    datasets: tuple[str, ...] = ("ba-2motifs", "benzene")  # names, or paths of packed files
    models: tuple[str, ...] = ("gin",)
    explainers: tuple[str, ...] = ("hpme", "random")
    seeds: int = 1  # of the explainers: 0, 1, ... on one classifier
    graphs: int = 200  # at most so many held-out graphs

    def __post_init__(self) -> None:
        """Refuses unknown names and counts below one."""
        for name in self.models:
            checks.known(name, CLASSIFIERS, "model")
        for name in self.explainers:
            checks.known(name, EXPLAINERS, "explainer")
        checks.in_range("seeds", self.seeds, 1, 1000)
        checks.in_range("graphs", self.graphs, 1, 1_000_000)

    @property
    def num_rows(self) -> int:
        """Number of rows that the comparison gives."""
        return len(self.datasets) * len(self.models) * len(self.explainers) * self.seeds


def run(
    config: BenchConfig, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Any]:
    """Fits and measures every combination.

    A packed dataset gets its classifiers trained first; built-in ones use those shipped. Explainers are
    fitted anew on the training graphs, and their times are wall clock on this machine.

    Args:
        config: What is compared.
        progress: Called after each row with the number of rows so far and in all.

    Returns:
        ``{"meta": {...}, "rows": [...]}``; each row has all of `KEYS`, null where a metric does not apply.
    """
    rows: list[dict[str, Any]] = []
    hashes = {}
    for source in config.datasets:
        dataset = load_dataset(source)
        graphs, donors = held_out(dataset, config.graphs), draw(dataset.test, config.graphs)
        for arch in config.models:
            model = _classifier(source, dataset, arch)
            hashes[f"{dataset.spec.name}-{arch}"] = fingerprint(model)
            facts = {"dataset": dataset.spec.name, "model": arch, "accuracy": accuracy(model, dataset.test)}
            for seed in range(config.seeds):
                for row in compare(model, dataset.train, graphs, donors, config.explainers, seed):
                    rows.append(dict.fromkeys(KEYS) | facts | row)
                    progress(len(rows), config.num_rows)
    return {"meta": _meta(config, hashes), "rows": rows}


def compare(
    model: nn.Module,
    train: Sequence[Data],
    graphs: Sequence[Data],
    donors: Sequence[Data],
    names: Sequence[str],
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Fits each explainer on `train` and measures it on `graphs`.

    Soft explainers have no size of their own: they keep as many of their best nodes as HPME keeps in that
    graph, so HPME is fitted even when its row is not asked for.

    Args:
        model: Classifier to be explained.
        train: Graphs to fit on.
        graphs: Held-out graphs to explain.
        donors: Held-out graphs of all classes, whose explanations make room in the mixed graphs.
        names: Keys of `EXPLAINERS`.
        seed: Seed of the explainers.

    Yields:
        One row of metrics, times and settings an explainer; HPME's first.
    """
    sizes: list[int | None] = [None] * (len(graphs) + len(donors))
    for name in ("hpme", *(name for name in names if name != "hpme")):
        explainer = EXPLAINERS[name].build(model, seed)
        start = perf_counter()
        explainer.fit(train)
        fit_seconds = perf_counter() - start
        explainer.explain(graphs[0])  # the first call pays for what later ones find ready
        start = perf_counter()
        explanations = explainer.explain_batch(graphs)
        explain_seconds = perf_counter() - start
        everyone = [*explanations, *explainer.explain_batch(donors)]
        hard = EXPLAINERS[name].hard
        keeps = [hard_mask(out, None if hard else k) for out, k in zip(everyone, sizes, strict=True)]
        if name == "hpme":
            sizes = [int(keep.sum()) for keep in keeps]
        if name in names:
            kept, cuts = keeps[: len(graphs)], keeps[len(graphs) :]
            yield {
                "explainer": name,
                "seed": seed,
                "split": "held-out",
                "graphs": len(graphs),
                **evaluate(model, graphs, explanations, kept, seed, (donors, cuts)),
                "fit_seconds": fit_seconds,
                "explain_ms": 1000 * explain_seconds / len(graphs),
                "config": settings(explainer),
            }


def held_out(dataset: Dataset, limit: int) -> list[Data]:
    """Test graphs with a ground truth (all where the dataset has none), drawn once if too many."""
    graphs = [graph for graph in dataset.test if not dataset.spec.ground_truth or has_ground_truth(graph)]
    if not graphs:
        raise ValueError(
            f"Expected test graphs with a ground truth in {dataset.spec.name!r} (got none); "
            "mark its nodes in 'node_gt', or leave the ground truth out"
        )
    return draw(graphs, limit)


def draw(graphs: Sequence[Data], limit: int) -> list[Data]:
    """At most `limit` of the graphs, always the same ones, in their order."""
    drawn = torch.randperm(len(graphs), generator=generator(0))[:limit]
    return [graphs[i] for i in drawn.sort().values.tolist()]


def settings(explainer: object) -> dict[str, Any]:
    """The explainer's own settings as plain values; empty where it has none."""
    config = getattr(explainer, "config", None)
    return asdict(config) if is_dataclass(config) and not isinstance(config, type) else {}


def _classifier(source: str, dataset: Dataset, arch: str) -> nn.Module:
    """The shipped classifier of a built-in dataset; of a packed one, a classifier trained on it now."""
    if source.endswith(".npz"):
        return train_classifier(dataset, arch)[0]
    return load_classifier(dataset.spec.name, arch)


def _meta(config: BenchConfig, hashes: dict[str, str]) -> dict[str, Any]:
    """What somebody needs to repeat the comparison, or to doubt it."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "hpme", *sys.argv[1:]]),
        "config": asdict(config),
        "classifiers": hashes,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "torch-geometric", "rdkit", "networkx")},
        },
        "machine": {
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "threads": torch.get_num_threads(),
        },
    }
