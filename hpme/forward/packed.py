"""Many graphs as flat tensors, from which a batch is cut without a loop over graphs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Data

T = TypeVar("T")


@dataclass(frozen=True)
class Packed:
    """Graphs one after the other; ids in `edge_index` count through all of them."""

    x: Tensor  # [N, F]
    edge_index: Tensor  # [2, E]
    node_ptr: Tensor  # [G + 1]
    edge_ptr: Tensor  # [G + 1]

    @property
    def size(self) -> int:
        """Number of graphs."""
        return len(self.node_ptr) - 1

    @property
    def batch(self) -> Tensor:
        """Graph of each node ``[N]``."""
        return torch.arange(self.size).repeat_interleave(self.node_ptr.diff())

    def take(self, ids: Tensor) -> tuple["Packed", Tensor]:
        """The graphs `ids` ``[B]`` in that order, and the places of their nodes in this pack ``[M]``."""
        nodes, node_ptr = _ranges(self.node_ptr, ids)
        edges, edge_ptr = _ranges(self.edge_ptr, ids)
        shift = (node_ptr[:-1] - self.node_ptr[ids]).repeat_interleave(edge_ptr.diff())
        return Packed(self.x[nodes], self.edge_index[:, edges] + shift, node_ptr, edge_ptr), nodes

    def edges_of(self, ids: Tensor) -> Tensor:
        """Places of the edges of the graphs `ids` ``[B]`` in this pack ``[L]``, as `take` orders them."""
        return _ranges(self.edge_ptr, ids)[0]

    @property
    def edge_batch(self) -> Tensor:
        """Graph of each edge ``[E]``."""
        return torch.arange(self.size).repeat_interleave(self.edge_ptr.diff())

    def repeat(self, copies: int) -> "Packed":
        """The same graphs `copies` times over."""
        return self.take(torch.arange(self.size).repeat(copies))[0]


def pack(graphs: list[Data]) -> Packed:
    """Packs graphs with `x` and `edge_index`."""
    nodes = torch.tensor([len(graph.x) for graph in graphs])
    edges = torch.tensor([graph.edge_index.size(1) for graph in graphs])
    node_ptr, edge_ptr = (F.pad(counts.cumsum(0), (1, 0)) for counts in (nodes, edges))
    shift = node_ptr[:-1].repeat_interleave(edges)
    edge_index = torch.cat([graph.edge_index for graph in graphs], dim=1) + shift
    return Packed(torch.cat([graph.x for graph in graphs]), edge_index, node_ptr, edge_ptr)


def chunks(graphs: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yields the graphs in lists of at most `size`, in order; takes no graph before it is asked for."""
    rest = iter(graphs)
    while chunk := list(islice(rest, size)):
        yield chunk


def _ranges(ptr: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """Concatenated ranges ``ptr[i] .. ptr[i + 1]`` of `ids`, and where each begins in the result."""
    count = ptr.diff()[ids]
    new = F.pad(count.cumsum(0), (1, 0))
    return torch.arange(int(new[-1])) + (ptr[ids] - new[:-1]).repeat_interleave(count), new
