"""How seconds and memory grow with graphs and with nodes: fitting, explaining, mixing, and batch jobs.

python -m benchmarks.growth ["fit, nodes" ...] [--full] [--json]

Each size is measured in a process of its own, after a first call that sets things up. Graphs are random, so
that hardly an embedding is seen twice, but those of batch jobs are the bundled molecules, again and again. A
fit takes one step for each 96 graphs; with rising nodes it takes 2 steps on 16 graphs. *Slope* is how steep
the seconds rise from the size before, on scales of logarithms: 1 is in proportion. *In the system*
are those of them that the system takes, most of them to hand out memory.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from math import log
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import torch
import typer
from torch.nn.functional import one_hot
from torch_geometric.data import Data

from benchmarks.against import HERE, run_in
from benchmarks.large_mix import mix_seconds, random_graphs
from hpme import HPME, HPMEConfig, load_classifier
from hpme.batch import BatchConfig, run_batch
from hpme.datasets.molecules import bundled_smiles
from hpme.forward.packed import Packed
from hpme.shell.terminal import bar, print_table

SMALL, AT_ONCE = 25, 1_000  # nodes of a graph where graphs rise, and graphs that are held together
DATASET, MODEL = "benzene", "gine"
RUN = "import sys; from benchmarks.growth import one; one(sys.argv[1], int(sys.argv[2]))"


def graphs_for_model(nodes: int, count: int, seed: int = 0) -> Packed:
    """Returns random graphs with the features that the model of molecules reads."""
    graphs = random_graphs(nodes, count, seed)
    return replace(graphs, edge_attrs={"edge_attr": one_hot(graphs.edge_attrs["edge_type"], 4).float()})


def as_data(graphs: Packed) -> list[Data]:
    """Returns packed graphs one by one."""
    shift = graphs.node_ptr[:-1].repeat_interleave(graphs.edge_ptr.diff())
    sizes = graphs.edge_ptr.diff().tolist()
    columns = (
        graphs.split_nodes(graphs.x),
        (graphs.edge_index - shift).split(sizes, dim=1),
        graphs.split_edges(graphs.edge_attrs["edge_attr"]),
    )
    return [Data(x=x, edge_index=ends, edge_attr=kind) for x, ends, kind in zip(*columns, strict=True)]


def in_parts(count: int) -> Iterator[tuple[int, int]]:
    """Yields a number and a size for each part of so many graphs that is held at a time."""
    for start in range(0, count, AT_ONCE):
        yield start // AT_ONCE, min(AT_ONCE, count - start)


def explain_graphs(count: int) -> None:
    """Explains so many small graphs."""
    explainer = HPME.load(DATASET, MODEL)
    for seed, size in in_parts(count):
        explainer.explain_packed(graphs_for_model(SMALL, size, seed))


def mix_graphs(count: int) -> None:
    """Mixes so many small graphs."""
    for seed, size in in_parts(count):
        mix_seconds(random_graphs(SMALL, size, seed))


def fit_graphs(count: int, nodes: int = SMALL, steps: int = 1) -> None:
    """Fits on so many graphs; all of them are held."""
    config = HPMEConfig(rounds=1, min_steps=steps, checkpoints=1, draws=1)
    HPME(load_classifier(DATASET, MODEL), config).fit(as_data(graphs_for_model(nodes, count)))


def explain_rows(count: int) -> None:
    """Explains so many molecules from a file to a folder."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "molecules.smi"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{smiles}\n" for smiles in islice(cycle(bundled_smiles()), count))
        run_batch(BatchConfig((str(path),), f"{folder}/out", DATASET, MODEL, workers=2, part_rows=10_000))


WORK: dict[str, tuple[Callable[[int], object], list[int], list[int]]] = {  # and usual sizes, and large ones
    "explain, graphs": (explain_graphs, [10**3, 10**4], [10**5, 10**6]),
    "explain, nodes": (
        lambda nodes: HPME.load(DATASET, MODEL).explain_packed(graphs_for_model(nodes, 1)),
        [10**3, 10**4, 10**5],
        [],
    ),
    "mix, graphs": (mix_graphs, [10**3, 10**4], [10**5, 10**6]),
    "mix, nodes": (lambda nodes: mix_seconds(random_graphs(nodes)), [10**3, 10**4, 10**5], []),
    "fit, graphs": (fit_graphs, [10**3, 10**4], [10**5]),
    "fit, nodes": (lambda nodes: fit_graphs(16, nodes, 2), [10**2, 10**3, 10**4], [10**5]),
    "batch, rows": (explain_rows, [10**4, 10**5], [10**6]),
}


def spent() -> tuple[float, float]:
    """Returns the seconds of a processor that this process and its children took, and those in the system."""
    uses = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    inside = sum(use.ru_stime for use in uses)
    return sum(use.ru_utime for use in uses) + inside, inside


def one(name: str, size: int) -> None:
    """Prints seconds and the peak of memory of one piece of work, as JSON."""
    torch.set_num_threads(1)
    work, usual, _ = WORK[name]
    work(min(10, usual[0]))
    before = spent()
    work(size)
    seconds, inside = (after - start for after, start in zip(spent(), before, strict=True))
    peak = max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "in the system": inside, "MB": peak}) + "\n")


def rows_of(name: str, sizes: list[int]) -> Iterator[dict[str, Any]]:
    """Yields a row for each size."""
    before: tuple[int, float] | None = None
    for size in sizes:
        found = run_in(HERE, RUN, name, str(size))
        slope = before and log(found["seconds"] / before[1]) / log(size / before[0])
        yield {"work": name, "size": size, **found, "slope": slope}
        before = size, found["seconds"]


def main(
    works: Annotated[list[str] | None, typer.Argument()] = None, full: bool = False, json: bool = False
) -> None:
    """Prints a row for each size of each piece of work, or of those that are named."""
    rows, names = list[dict[str, Any]](), works or [*WORK]
    with bar("Measuring") as step:
        for number, name in enumerate(names, 1):
            _, usual, large = WORK[name]
            rows += rows_of(name, usual + large * full)
            step(number, len(names))
    print_table(rows, as_json=json)


if __name__ == "__main__":
    typer.run(main)
