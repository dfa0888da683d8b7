"""Measures the time and memory of reading tables of molecules.

python -m benchmarks.read_dataset [--molecules 1000 10000 41127]

The molecules are those that are bundled, repeated. Each table is read in a process of its own; the seconds
are of one core, the memory is what the process grew by at its peak. MolHIV has 41,127 molecules.
"""

import argparse
from multiprocessing import get_context

from benchmarks.dataset_latency import measure, table
from hpme.shell.terminal import print_table


def measured(molecules: int) -> dict[str, float]:
    """Returns the seconds of a core and the MB that reading so many molecules takes in a new process."""
    with get_context("spawn").Pool(1) as pool:
        graphs, seconds, grew = pool.apply(measure, ("csv", table(molecules)))
    return {"molecules": graphs, "s of a core": seconds, "MB more": grew}


def main() -> None:
    """Prints a row for each number of molecules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--molecules", type=int, nargs="+", default=[1_000, 10_000, 41_127])
    print_table([measured(count) for count in parser.parse_args().molecules], as_json=False)


if __name__ == "__main__":
    main()
