"""Measures how long it takes to find what would change a model's mind.

python -m benchmarks.change_latency [DATASET ...] [--graphs 20] [--nodes 40]

A row for each dataset that needs no download: the test graphs whose size is nearest to `--nodes` nodes,
each asked once after one that warms up; milliseconds on the clock and of a processor, which others on the
machine change less, and how many changes were tried.
"""

from statistics import median
from time import perf_counter, process_time
from typing import Annotated, Any

import typer
from torch import set_num_threads
from torch_geometric.data import Data

from hpme.classifiers import available_classifiers, load_classifier
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.editing.counterfactuals import Counterfactuals, counterfactuals
from hpme.editing.kinds import kinds_of
from hpme.forward.around import GraphsAround
from hpme.forward.ask import tolerance
from hpme.metrics.forward import logits
from hpme.shell.terminal import bar, print_table

POOL = 400  # test graphs that are looked at for their size


def nearest(data: Dataset, count: int, nodes: int) -> list[Data]:
    """Returns so many test graphs whose number of nodes is nearest to `nodes`."""
    pool = [data.test[place] for place in range(min(len(data.test), POOL))]
    return sorted(pool, key=lambda graph: abs(graph.num_nodes - nodes))[:count]


def measured(data: Dataset, count: int, nodes: int) -> dict[str, Any]:
    """Returns a row of the table."""
    name, kinds = data.spec.name, kinds_of(data)
    model = load_classifier(name, available_classifiers(name)[0])
    around = data.train if isinstance(data.train, GraphsAround) else None
    near = tolerance(logits(model, data.test)) if data.spec.regression else 0.0
    clock, processor, found = list[float](), list[float](), list[Counterfactuals]()
    graphs = nearest(data, count, nodes)
    for graph in [graphs[0], *graphs]:
        start = perf_counter(), process_time()
        found.append(counterfactuals(model, graph, kinds, around=around, near=near))
        clock.append(1000 * (perf_counter() - start[0]))
        processor.append(1000 * (process_time() - start[1]))
    return {
        "dataset": name,
        "nodes, median": median(graph.num_nodes for graph in graphs),
        "ms, median": round(median(clock[1:])),
        "ms, worst": round(max(clock[1:])),
        "processor ms, median": round(median(processor[1:])),
        "processor ms, worst": round(max(processor[1:])),
        "changes, median": median(len(one.singles) + one.pairs for one in found[1:]),
        "flipped": f"{sum(bool(one.flips) for one in found[1:])} of {len(graphs)}",
    }


def main(
    datasets: Annotated[
        list[str] | None, typer.Argument(help="Names; default: all without download.")
    ] = None,
    graphs: int = 20,
    nodes: int = 40,
) -> None:
    """Prints the table."""
    set_num_threads(1)
    names = datasets or [name for name, spec in DATASETS.items() if not spec.download]
    rows = []
    with bar("Trying changes") as step:
        for name in names:
            rows.append(measured(load_built_in(name), graphs, nodes))
            step(len(rows), len(names))
    print_table(rows, as_json=False)


if __name__ == "__main__":
    typer.run(main)
