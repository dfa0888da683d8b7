"""Triangles: how many triangles does a random graph have?"""

import networkx as nx
import torch
from torch_geometric.data import Data

from hpme.datasets.spec import DatasetSpec

NODES, CHANCE = 30, 0.2


def _graph(index: int) -> Data:
    """Returns an Erdős-Rényi graph, whose ground truth is all edges that lie in triangles, and their ends."""
    network = nx.gnp_random_graph(NODES, CHANCE, seed=index)
    around = torch.from_numpy(nx.to_numpy_array(network)).float()
    shared = around @ around * around  # common neighbours of the ends of each edge
    edge_index = around.nonzero().t().contiguous()
    return Data(
        x=torch.full((NODES, 10), 0.1),
        edge_index=edge_index,
        y=shared.sum()[None] / 6,
        node_gt=shared.any(dim=1),
        edge_gt=shared[edge_index[0], edge_index[1]] > 0,
    )


def _load() -> list[Data]:
    return [_graph(i) for i in range(TRIANGLES.num_graphs)]


TRIANGLES = DatasetSpec(
    name="triangles",
    title="Triangles",
    task="graph-regression",
    description="A random graph of 30 nodes, where each pair is linked with probability 1/5. "
    "The number to predict is that of its triangles; the ground truth is every edge in a triangle.",
    load=_load,
    num_graphs=1000,
    num_features=10,
    classes=(),
    ground_truth=True,
    source="https://arxiv.org/abs/2307.07840",
    licence="generated",
    quantity="number of triangles",
)
