"""Embeddings of the whole graph for the graphs around its nodes, whose rim would otherwise be cut off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.forward.around import GraphsAround
from hpme.forward.ask import node_embedding
from hpme.forward.packed import Packed

NUMBER, EDITED = "node_number", "node_name"  # of a node in the whole graph; a tensor of names where edited


@dataclass(frozen=True)
class Whole:
    """The whole graph that an explainer was fitted on, as the model sees it.

    Source:
        PGExplainer's code, arXiv:2011.04573, whose scorer reads embeddings of the whole graph.
    """

    x: Tensor  # features [N, ...]
    z: Tensor  # embeddings [N, H]
    edges: Tensor  # ``u * N + v`` of each edge [E]

    @classmethod
    def of(cls, model: nn.Module, graphs: Sequence[Data]) -> Self | None:
        """Returns the whole of graphs around nodes; None of a list, which does not know it."""
        if not isinstance(graphs, GraphsAround):
            return None
        packed = graphs.packed
        return cls(packed.x, node_embedding(model, packed), _keys(packed.edge_index, len(packed.x)))

    def replaced(self, z: Tensor, graphs: Sequence[Data], packed: Packed) -> Tensor:
        """Returns embeddings of nodes ``[M, H]``: in the whole graph where a graph is cut from it, else `z`.

        Args:
            z: Embeddings within each graph.
            graphs: ``G`` graphs.
            packed: The same, with ``M`` nodes.
        """
        numbers = torch.cat([_numbers(graph) for graph in graphs]).to(z.device)
        x, whole, edges = (part.to(z.device) for part in (self.x, self.z, self.edges))
        known = (numbers >= 0) & (numbers < len(x))
        place = numbers.where(known, 0)
        if packed.x.shape[1:] != x.shape[1:]:
            return z
        alike = known & (packed.x == x[place]).flatten(1).all(1)
        there = torch.isin(_keys(place[packed.edge_index], len(x)), edges)
        cut = alike.new_ones(packed.size).long()
        cut = cut.scatter_reduce(0, packed.batch, alike.long(), "amin")
        cut = cut.scatter_reduce(0, packed.edge_batch, there.long(), "amin").bool()
        return torch.where(cut[packed.batch][:, None], whole[place], z)


def seen_embedding(model: nn.Module, whole: Whole | None, graphs: Sequence[Data], packed: Packed) -> Tensor:
    """Returns the embeddings that a scorer reads ``[M, H]``: of the whole graph where it is known.

    Args:
        model: Model, or `hpme.forward.question.Question`.
        whole: The graph that the graphs may be cut from.
        graphs: ``G`` graphs.
        packed: The same, with ``M`` nodes.
    """
    z = node_embedding(model, packed)
    return z if whole is None else whole.replaced(z, graphs, packed)


def _numbers(graph: Data) -> Tensor:
    """The number of each node in the whole graph ``[n]``; -1 where there is none, or the graph was edited."""
    if NUMBER in graph and not isinstance(graph.get(EDITED), Tensor):
        return graph[NUMBER].view(-1)
    return torch.full((graph.num_nodes,), -1, device=graph.edge_index.device)


def _keys(edge_index: Tensor, total: int) -> Tensor:
    return edge_index[0] * total + edge_index[1]
