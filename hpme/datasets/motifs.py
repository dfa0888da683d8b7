"""Synthetic graphs: a random tree with motifs attached to it."""

from collections.abc import Sequence

import networkx as nx
import numpy as np
import torch
from torch_geometric.data import Data
from torch_geometric.utils import coalesce, to_undirected

Motif = tuple[tuple[int, int], ...]  # edges between nodes 0, 1, ...

TREE_NODES = 20
CYCLE: Motif = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 0))
HOUSE: Motif = (*CYCLE, (1, 4))  # the roof is node 0
GRID: Motif = (  # 3 × 3, row by row
    (0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8),
    (0, 3), (3, 6), (1, 4), (4, 7), (2, 5), (5, 8),
)  # fmt: skip


def tree_with(
    motifs: Sequence[Motif], label: float, seed: Sequence[int], truth: bool = True, nodes: int = TREE_NODES
) -> Data:
    """Returns a Barabási-Albert tree with motifs, each joined by a random edge; all nodes are alike.

    Args:
        motifs: The motifs, whose nodes follow the tree's in this order.
        label: Class, or the number of a regression.
        seed: Seeds of all draws.
        truth: Whether the motifs are the ground truth.
        nodes: Number of nodes of the tree.

    Returns:
        Graph with `x` ``[N, 10]``, `edge_index` ``[2, E]``, `y`, `node_gt` and `edge_gt`.
    """
    rng = np.random.default_rng(list(seed))
    edges = [*nx.barabasi_albert_graph(nodes, 1, seed=int(rng.integers(2**31))).edges()]
    first = nodes
    for motif in motifs:
        size = 1 + max(map(max, motif))
        edges += [(u + first, v + first) for u, v in motif]
        edges.append((int(rng.integers(nodes)), first + int(rng.integers(size))))
        first += size
    edge_index = coalesce(to_undirected(torch.tensor(edges).t()))
    node_gt = torch.arange(first) >= (nodes if truth else first)
    return Data(
        x=torch.full((first, 10), 0.1),
        edge_index=edge_index,
        y=torch.tensor([label]),
        node_gt=node_gt,
        edge_gt=node_gt[edge_index].all(dim=0),
    )
