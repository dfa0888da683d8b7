"""A packed dataset small enough to train on within a second."""

from pathlib import Path

import numpy as np
import torch
from torch_geometric.data import Data

TRIANGLE, TAIL = [(0, 1), (1, 2), (0, 2)], [(2, 3), (3, 4)]
PATH = [(0, 1), (1, 2), (2, 3), (3, 4)]


def pack(count: int) -> dict[str, np.ndarray]:
    """Graphs of five nodes; those with odd ids hold a triangle at nodes 0 to 2, their ground truth."""
    edges, edge_truth, node_truth, sizes = [], [], [], [0]
    for i in range(count):
        truth = [True, True, True, False, False] if i % 2 else [False] * 5
        pairs = [*TRIANGLE, *TAIL] if i % 2 else PATH
        pairs = sorted(pairs + [(v, u) for u, v in pairs])
        edges += pairs
        edge_truth += [truth[u] and truth[v] for u, v in pairs]
        node_truth += truth
        sizes.append(len(edges))
    return {
        "x": np.zeros(5 * count, np.uint8),
        "edge_index": np.array(edges, np.int32).T,
        "nptr": np.arange(count + 1) * 5,
        "eptr": np.array(sizes),
        "y": np.arange(count) % 2,
        "node_gt": np.array(node_truth),
        "edge_gt": np.array(edge_truth),
        "bond_type": np.ones(len(edges), np.uint8),
    }


def flatten(graphs: list[Data]) -> dict[str, np.ndarray]:
    """The arrays that a packed dataset has to have."""
    return {
        "x": torch.cat([graph.x for graph in graphs]).numpy(),
        "edge_index": torch.cat([graph.edge_index for graph in graphs], dim=1).numpy(),
        "nptr": np.cumsum([0, *(graph.num_nodes for graph in graphs)]),
        "eptr": np.cumsum([0, *(graph.num_edges for graph in graphs)]),
        "y": np.array([int(graph.y) for graph in graphs]),
    }


def write_pack(path: Path, count: int = 40) -> Path:
    """Writes these graphs."""
    np.savez(path, **pack(count))
    return path
