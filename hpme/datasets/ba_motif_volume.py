"""BA-Motif-Volume: what do the values of the house add up to?"""

import torch
from torch_geometric.data import Data

from hpme.datasets.motifs import HOUSE, tree_with
from hpme.datasets.spec import DatasetSpec
from hpme.seeding import generator


def _graph(index: int) -> Data:
    """Returns a tree with a house; the label is ten times the sum of the house's values."""
    graph = tree_with([HOUSE], 0.0, (2025, index))
    value = torch.rand(graph.num_nodes, 1, generator=generator(2025, index))
    graph.x = torch.cat([value, torch.ones_like(value)], dim=1)
    graph.y = 10 * value[graph.node_gt].sum(0)
    return graph


def _load() -> list[Data]:
    return [_graph(i) for i in range(BA_MOTIF_VOLUME.num_graphs)]


BA_MOTIF_VOLUME = DatasetSpec(
    name="ba-motif-volume",
    title="BA-Motif-Volume",
    task="graph-regression",
    description="A random tree of 20 nodes with a house attached to it; each node has a value from 0 to 1. "
    "The number to predict is ten times the sum of the house's five values; the house is the ground truth. "
    "Each node has a second feature that is always 1.",
    load=_load,
    num_graphs=1000,
    num_features=2,
    classes=(),
    ground_truth=True,
    source="https://arxiv.org/abs/2307.07840",
    licence="generated",
    quantity="volume of the house",
)
