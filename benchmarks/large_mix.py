"""Time and memory of the mix of two large graphs.

Run as ``python -m benchmarks.large_mix``; a Linux system says what the peak of memory was.
"""

import argparse
import resource
import sys
from time import process_time

import torch
from torch.nn.functional import one_hot

from hpme.forward.packed import Packed, pointers
from hpme.method.ends import Exchange
from hpme.method.mixup import replace
from hpme.method.types import traits_of
from hpme.seeding import generator

TYPES = 14
DEGREE = 4  # mean
SHARE = 0.3  # of nodes that are kept, drawn at random


def random_graphs(nodes: int, count: int = 2, seed: int = 0) -> Packed:
    """Returns random graphs of so many nodes each, of mean degree `DEGREE` and `TYPES` types."""
    draws, pairs = generator(seed), nodes * DEGREE // 2
    ends = torch.randint(nodes, (2, count * pairs), generator=draws)
    ends += nodes * torch.arange(count).repeat_interleave(pairs)
    edge_index = torch.stack([ends, ends.flip(0)], dim=-1).view(2, -1)
    x = one_hot(torch.randint(TYPES, (count * nodes,), generator=draws), TYPES).float()
    node_ptr, edge_ptr = (pointers(torch.full((count,), each)) for each in (nodes, 2 * pairs))
    edge_types = torch.randint(4, (count * pairs,), generator=draws).repeat_interleave(2)
    return Packed(x, edge_index, node_ptr, edge_ptr, edge_attrs={"edge_type": edge_types})


def peak() -> float:
    """Returns the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def mix_seconds(graphs: Packed) -> float:
    """Returns the seconds of processor time that reading the types and mixing each with the next take."""
    keep = torch.rand(len(graphs.x), generator=generator(1)) < SHARE
    start = process_time()
    donors = torch.arange(graphs.size).roll(-1)
    replace(graphs, Exchange(keep, keep, donors, traits_of(graphs)), generator(2))
    return process_time() - start


def main() -> None:
    """Prints seconds and memory for rising sizes; each size adds to the peak of the ones before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    sizes = parser.parse_args().nodes
    mix_seconds(random_graphs(10))  # the first call sets things up
    for nodes in sizes:
        graphs, before = random_graphs(nodes), peak()
        seconds = mix_seconds(graphs)
        more = peak() - before
        sys.stdout.write(f"{nodes:>9,} nodes each: {seconds:.3f} s of processor time, {more:+.0f} MB\n")


if __name__ == "__main__":
    main()
