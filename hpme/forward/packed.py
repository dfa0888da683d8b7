"""Many graphs as flat tensors, from which a batch is cut without a loop over graphs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Protocol, TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Data

T = TypeVar("T")


class Graphs(Protocol):
    """Many graphs as one disjoint union, in any order of nodes and edges: what a model is asked about.

    A `Packed` is one, and so are mixed graphs, whose nodes do not lie graph by graph.
    """

    @property
    def x(self) -> Tensor:
        """Node features ``[N, F]``."""
        ...

    @property
    def edge_index(self) -> Tensor:
        """Edges ``[2, E]``."""
        ...

    @property
    def batch(self) -> Tensor:
        """Graph of each node ``[N]``."""
        ...

    @property
    def size(self) -> int:
        """Number of graphs; the last ones may have no nodes."""
        ...


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

    @cached_property
    def batch(self) -> Tensor:
        """Graph of each node ``[N]``."""
        return torch.arange(self.size).repeat_interleave(self.node_ptr.diff())

    @cached_property
    def edge_batch(self) -> Tensor:
        """Graph of each edge ``[E]``."""
        return torch.arange(self.size).repeat_interleave(self.edge_ptr.diff())

    def take(self, ids: Tensor) -> tuple["Packed", Tensor]:
        """The graphs `ids` ``[B]`` in that order, and the places of their nodes in this pack ``[M]``."""
        nodes, node_ptr = _ranges(self.node_ptr, ids)
        edges, edge_ptr = _ranges(self.edge_ptr, ids)
        shift = (node_ptr[:-1] - self.node_ptr[ids]).repeat_interleave(edge_ptr.diff())
        return Packed(self.x[nodes], self.edge_index[:, edges] + shift, node_ptr, edge_ptr), nodes

    def edges_of(self, ids: Tensor) -> Tensor:
        """Places of the edges of the graphs `ids` ``[B]`` in this pack ``[L]``, as `take` orders them."""
        return _ranges(self.edge_ptr, ids)[0]

    def repeat(self, copies: int) -> "Packed":
        """The same graphs `copies` times over."""
        return self.take(torch.arange(self.size).repeat(copies))[0]

    def with_edges(self, stay: Tensor) -> "Packed":
        """The same graphs with all of their nodes, but only the marked edges, bool ``[E]``."""
        return replace(
            self,
            edge_index=self.edge_index[:, stay],
            edge_ptr=pointers(torch.bincount(self.edge_batch[stay], minlength=self.size)),
        )

    def split_nodes(self, values: Tensor) -> tuple[Tensor, ...]:
        """The values of nodes ``[N, ...]``, graph by graph."""
        return values.split(self.node_ptr.diff().tolist())

    def split_edges(self, values: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
        """The values of edges, of which `dim` has ``E``, graph by graph."""
        return values.split(self.edge_ptr.diff().tolist(), dim)

    def to_data_list(self) -> list[Data]:
        """The graphs one by one, each with `x` and `edge_index`."""
        local = self.edge_index - self.node_ptr[self.edge_batch]
        parts = zip(self.split_nodes(self.x), self.split_edges(local, dim=1), strict=True)
        return [Data(x=x, edge_index=edge_index) for x, edge_index in parts]


def pack(graphs: Sequence[Data]) -> Packed:
    """Packs graphs with `x` and `edge_index`."""
    node_ptr = pointers(torch.tensor([len(graph.x) for graph in graphs]))
    edges = torch.tensor([graph.edge_index.size(1) for graph in graphs])
    shift = node_ptr[:-1].repeat_interleave(edges)
    edge_index = torch.cat([graph.edge_index for graph in graphs], dim=1) + shift
    return Packed(torch.cat([graph.x for graph in graphs]), edge_index, node_ptr, pointers(edges))


def chunks(graphs: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yields the graphs in lists of at most `size`, in order; takes no graph before it is asked for."""
    rest = iter(graphs)
    while chunk := list(islice(rest, size)):
        yield chunk


def pointers(counts: Tensor) -> Tensor:
    """Returns where consecutive ranges of these lengths ``[G]`` begin, and their end, ``[G + 1]``."""
    return F.pad(counts.cumsum(0), (1, 0))


def _ranges(ptr: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """Concatenated ranges ``ptr[i] .. ptr[i + 1]`` of `ids`, and where each begins in the result."""
    count = ptr.diff()[ids]
    new = pointers(count)
    return torch.arange(int(new[-1])) + (ptr[ids] - new[:-1]).repeat_interleave(count), new
