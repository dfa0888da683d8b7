"""Measures what reading in a box costs: the same files read in a process of their own, and in this one.

python -m benchmarks.box [--repeats 20]
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import typer

from hpme import box
from hpme.box import inside
from hpme.datasets import load_built_in
from hpme.io import read_graphs
from hpme.own_data import read_dataset
from hpme.shell.terminal import print_table


def seconds(read: Callable, given: tuple[bytes, str], repeats: int) -> float:
    """Returns the median of the seconds that reading takes."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        read(*given)
        times.append(perf_counter() - start)
    return median(times)


def main(repeats: int = 20) -> None:
    """Prints the medians, and what the box adds."""
    box.prepare("hpme.io", "hpme.own_data")
    smiles = [graph.smiles for graph in load_built_in("benzene").graphs]
    table = "\n".join(["smiles,label", *(f"{smiles[i % len(smiles)]},{i % 2}" for i in range(10_000))])
    files: dict[str, tuple[Callable, tuple[bytes, str], int]] = {
        "one molecule": (read_graphs, (b"CCO ethanol", "one.smi"), repeats),
        "1,000 molecules": (read_graphs, ("\n".join(smiles[:1000]).encode(), "many.smi"), repeats),
        "a dataset of 10,000 molecules": (read_dataset, (table.encode(), "set.csv"), 3),
    }
    rows = []
    for name, (read, given, times) in files.items():
        read(*given)  # the box is ready, and what is cached is there
        boxed, here = (seconds(call, given, times) for call in (read, unboxed(read)))
        rows.append(
            {"file": name, "boxed, ms": 1e3 * boxed, "here, ms": 1e3 * here, "more, ms": 1e3 * (boxed - here)}
        )
    print_table(rows, as_json=False)


def unboxed(read: Callable) -> Callable:
    """Returns a reader that reads in this process."""

    def call(*given: object) -> None:
        inside.here = True
        try:
            read(*given)
        finally:
            inside.here = False

    return call


if __name__ == "__main__":
    typer.run(main)
