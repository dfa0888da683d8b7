"""Time and memory of the mix of two large graphs.

Run as ``python -m benchmarks.large_mix``; a Linux system says what the peak of memory was.
"""

import argparse
import resource
import sys
from time import process_time

import torch

from hpme.forward.packed import Packed, pointers
from hpme.method.ends import Exchange
from hpme.method.mixup import replace
from hpme.method.types import traits_of
from hpme.seeding import generator

TYPES = 14
DEGREE = 4  # mean
SHARE = 0.3  # of nodes that are kept, drawn at random


def two_graphs(nodes: int, seed: int = 0) -> Packed:
    """Returns two random graphs of so many nodes each, of mean degree `DEGREE` and `TYPES` types."""
    draws, pairs = generator(seed), nodes * DEGREE // 2
    ends = torch.randint(nodes, (2, 2 * pairs), generator=draws)
    ends += nodes * (torch.arange(2 * pairs) >= pairs)
    edge_index = torch.stack([ends, ends.flip(0)], dim=-1).view(2, -1)
    x = torch.nn.functional.one_hot(torch.randint(TYPES, (2 * nodes,), generator=draws), TYPES).float()
    node_ptr, edge_ptr = (pointers(torch.tensor([count, count])) for count in (nodes, 2 * pairs))
    return Packed(x, edge_index, node_ptr, edge_ptr, edge_attrs={"edge_type": _types(pairs, draws)})


def _types(pairs: int, draws: torch.Generator) -> torch.Tensor:
    return torch.randint(4, (2 * pairs,), generator=draws).repeat_interleave(2)


def peak() -> float:
    """Returns the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def mix_seconds(graphs: Packed) -> float:
    """Returns the seconds of processor time that reading the types and mixing take."""
    keep = torch.rand(len(graphs.x), generator=generator(1)) < SHARE
    start = process_time()
    replace(graphs, Exchange(keep, keep, torch.tensor([1, 0]), traits_of(graphs)), generator(2))
    return process_time() - start


def main() -> None:
    """Prints seconds and memory for rising sizes; each size adds to the peak of the ones before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    sizes = parser.parse_args().nodes
    mix_seconds(two_graphs(10))  # the first call sets things up
    for nodes in sizes:
        graphs, before = two_graphs(nodes), peak()
        seconds = mix_seconds(graphs)
        more = peak() - before
        sys.stdout.write(f"{nodes:>9,} nodes each: {seconds:.3f} s of processor time, {more:+.0f} MB\n")


if __name__ == "__main__":
    main()
