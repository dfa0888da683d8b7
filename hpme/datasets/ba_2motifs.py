"""BA-2Motifs: a random tree with a house or a five-cycle hung on it."""

import networkx as nx
import numpy as np
import torch
from torch_geometric.data import Data
from torch_geometric.utils import coalesce, to_undirected

from hpme.datasets.spec import DatasetSpec

BASE_NODES, MOTIF_NODES = 20, 5
CYCLE = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]
HOUSE = [*CYCLE, (1, 4)]  # the roof is node 0


def _graph(index: int) -> Data:
    """The graph of a given id; even ids carry a cycle, odd ones a house."""
    label = index % 2
    rng = np.random.default_rng([2020, index])
    tree = nx.barabasi_albert_graph(BASE_NODES, 1, seed=int(rng.integers(2**31)))
    motif = [(u + BASE_NODES, v + BASE_NODES) for u, v in (HOUSE if label else CYCLE)]
    joint = (int(rng.integers(BASE_NODES)), BASE_NODES + int(rng.integers(MOTIF_NODES)))
    edges = torch.tensor([*tree.edges(), *motif, joint]).t()
    edge_index = coalesce(to_undirected(edges))
    node_gt = torch.arange(BASE_NODES + MOTIF_NODES) >= BASE_NODES
    return Data(
        x=torch.full((len(node_gt), 10), 0.1),
        edge_index=edge_index,
        y=torch.tensor([label]),
        node_gt=node_gt,
        edge_gt=node_gt[edge_index].all(dim=0),
    )


def _load() -> list[Data]:
    return [_graph(i) for i in range(BA_2MOTIFS.num_graphs)]


BA_2MOTIFS = DatasetSpec(
    name="ba-2motifs",
    title="BA-2Motifs",
    task="graph-classification",
    description="A random tree of 20 nodes with one motif hung on it: a five-cycle or a house. "
    "Every node has the same features, so only the structure tells the classes apart.",
    load=_load,
    num_graphs=1000,
    num_features=10,
    classes=("cycle", "house"),
    ground_truth=True,
    source="https://arxiv.org/abs/2011.04573",
    licence="generated",
)
