"""Measures how much faster a fitted HPME explains a batch than GNNExplainer explains graph by graph.

python -m benchmarks.explain_speed [--graphs 200] [--peer-graphs 20]
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import typer

from hpme.benchmark import held_out
from hpme.classifiers import load_classifier
from hpme.datasets import EMBEDDED, load_built_in
from hpme.explainers import EXPLAINERS
from hpme.explainers.hpme import HPME
from hpme.shell.terminal import bar, print_table

REPEATS = 9
TARGET = 1000


def seconds(work: Callable[[Any], object], given: object) -> float:
    """Returns the wall-clock time of one call in seconds."""
    start = perf_counter()
    work(given)
    return perf_counter() - start


def compare(dataset: str, graphs: int, peer_graphs: int) -> dict[str, Any]:
    """Returns median times per graph on held-out graphs, one explainer after the other in this process."""
    sample = held_out(load_built_in(dataset), graphs)
    model = load_classifier(dataset, "gin")
    ours, peer = HPME.load(dataset, "gin", seed=0), EXPLAINERS["gnnexplainer"].build(model, 0)
    ours.explain_batch(sample)  # the first call fills caches that later ones use
    batch = median(seconds(ours.explain_batch, sample) for _ in range(REPEATS))
    alone = median(seconds(ours.explain, graph) for graph in sample[:peer_graphs])
    peer.explain(sample[0])
    theirs = median(seconds(peer.explain, graph) for graph in sample[:peer_graphs])
    return {
        "dataset": dataset,
        "graphs": len(sample),
        "HPME, batch, ms/graph": 1000 * batch / len(sample),
        "HPME, one graph, ms": 1000 * alone,
        "GNNExplainer, ms/graph": 1000 * theirs,
        "ratio": theirs / (batch / len(sample)),
        "target": TARGET,
    }


def main(graphs: int = 200, peer_graphs: int = 20) -> None:
    """Prints one row per dataset."""
    rows = []
    with bar("Timing") as step:
        for name in EMBEDDED:
            rows.append(compare(name, graphs, peer_graphs))
            step(len(rows), len(EMBEDDED))
    print_table(rows, as_json=False)


if __name__ == "__main__":
    typer.run(main)
