"""Measures how much faster a fitted HPME explains a batch than GNNExplainer explains graph by graph.

python -m benchmarks.explain_speed [DATASET ...] [--graphs 200] [--peer-graphs 20]

And what packed graphs take, all test graphs, in passes of the model over them: again, and when none of them
was explained before.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Annotated, Any

import typer

from hpme.benchmark import held_out
from hpme.classifiers import load_classifier
from hpme.datasets import EMBEDDED, Dataset, load_built_in
from hpme.explainers import EXPLAINERS
from hpme.explainers.hpme import HPME
from hpme.forward.ask import answer
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
    data = load_built_in(dataset)
    sample, arch = held_out(data, graphs), data.spec.default_model
    model = load_classifier(dataset, arch)
    ours, peer = HPME.load(dataset, arch, seed=0), EXPLAINERS["gnnexplainer"].build(model, 0)
    ours.explain_batch(sample)  # the first call fills caches that later ones use
    batch = median(seconds(ours.explain_batch, sample) for _ in range(REPEATS))
    alone = median(seconds(ours.explain, graph) for graph in sample[:peer_graphs])
    peer.explain(sample[0])
    theirs = median(seconds(peer.explain, graph) for graph in sample[:peer_graphs])
    return {
        "dataset": dataset,
        "model": arch,
        "graphs": len(sample),
        "HPME, batch, ms/graph": 1000 * batch / len(sample),
        "HPME, one graph, ms": 1000 * alone,
        "GNNExplainer, ms/graph": 1000 * theirs,
        "ratio": theirs / (batch / len(sample)),
        "target": TARGET,
        **passes(data, arch),
    }


def passes(data: Dataset, arch: str) -> dict[str, float]:
    """Returns what explaining packed test graphs takes in passes of the model, of medians side by side."""
    test = [*data.test]
    place = data.spec.name, arch
    seen, packed = HPME.load(*place), HPME.load(*place).question.pack(test)
    seen.explain_packed(packed)
    one, again, anew = [], [], []
    for _ in range(REPEATS):
        fresh = HPME.load(*place)
        fresh.explain_packed(fresh.question.pack(test[:2]))  # what is tried once is no part of it
        one.append(seconds(lambda graphs: answer(seen.question, graphs), packed))
        again.append(seconds(seen.explain_packed, packed))
        anew.append(seconds(fresh.explain_packed, packed))
    return {
        "packed graphs": packed.size,
        "again, passes": median(again) / median(one),
        "never seen, passes": median(anew) / median(one),
    }


def main(
    datasets: Annotated[list[str] | None, typer.Argument()] = None, graphs: int = 200, peer_graphs: int = 20
) -> None:
    """Prints one row per dataset: of all, or of those that are named."""
    rows, names = [], datasets or EMBEDDED
    with bar("Timing") as step:
        for name in names:
            rows.append(compare(name, graphs, peer_graphs))
            step(len(rows), len(names))
    print_table(rows, as_json=False)


if __name__ == "__main__":
    typer.run(main)
