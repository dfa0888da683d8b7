"""Graphs whose nodes are predicted: a base with many copies of a motif, and random edges as noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import torch
from torch_geometric.data import Data
from torch_geometric.utils import to_undirected

from hpme.datasets.motifs import Motif
from hpme.forward.around import EDGE_MOTIF, MOTIF

COPIES = 80  # of the motif
NOISE = 0.1  # random edges, as a share of the nodes
BRIDGES = 0.01  # edges between two communities, as a share of their nodes
BA_NODES, BA_EDGES = 300, 5  # of the Barabási-Albert base, and edges that each of its nodes brings
TREE_LEVELS = 8  # of the balanced binary tree, below its root
HOUSE: Motif = ((0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4))  # it hangs on the base by a middle node
HOUSE_CLASSES = (1, 1, 2, 2, 3)  # middle, bottom, roof; the nodes of the base are of class 0
WIDTH = 10  # of the features
SOURCE = "https://arxiv.org/abs/1903.03894"


@dataclass(frozen=True)
class _Drawn:
    """Edges and classes of a graph; of each edge and each node also the number of its motif, or -1."""

    edges: list[tuple[int, int]]
    edge_motif: list[int]
    classes: list[int]
    motif: list[int]

    def join(self, u: int, v: int, motif: int = -1) -> None:
        """Adds an edge."""
        self.edges.append((u, v))
        self.edge_motif.append(motif)


def ba_with_houses() -> Data:
    """Returns a Barabási-Albert graph with houses; all nodes are alike."""
    return _alike(_attach(_ba(0), HOUSE, HOUSE_CLASSES, np.random.default_rng(0)))


def binary_tree_with(motif: Motif, seed: int) -> Data:
    """Returns a balanced binary tree with copies of a motif, which are of class 1; all nodes are alike."""
    tree, classes = nx.balanced_tree(2, TREE_LEVELS), [1] * (1 + max(map(max, motif)))
    return _alike(_attach(tree, motif, classes, np.random.default_rng([0, seed])))


def two_communities() -> Data:
    """Returns two Barabási-Albert graphs with houses, each with classes of its own, and edges between them.

    Features are normal, around -1 in the first and 1 in the second, with a standard deviation of one half.
    """
    rng = np.random.default_rng([0, 1])
    first, second = (_attach(_ba(seed), HOUSE, HOUSE_CLASSES, rng) for seed in (0, 1))
    size, kinds = len(first.classes), 1 + max(first.classes)
    both = _Drawn(
        first.edges + [(u + size, v + size) for u, v in second.edges],
        first.edge_motif + _after(second.edge_motif),
        first.classes + [label + kinds for label in second.classes],
        first.motif + _after(second.motif),
    )
    for _ in range(int(BRIDGES * 2 * size)):
        both.join(int(rng.integers(size)), size + int(rng.integers(size)))
    means = np.where(np.arange(2 * size) < size, -1.0, 1.0)[:, None]
    return _graph(both, torch.from_numpy(means + 0.5 * rng.standard_normal((2 * size, WIDTH))).float())


def _ba(seed: int) -> nx.Graph:
    return nx.barabasi_albert_graph(BA_NODES, BA_EDGES, seed=seed)


def _after(numbers: list[int]) -> list[int]:
    """The numbers of motifs that come after the first graph's."""
    return [number + COPIES if number >= 0 else -1 for number in numbers]


def _attach(base: nx.Graph, motif: Motif, classes: Sequence[int], rng: np.random.Generator) -> _Drawn:
    """Hangs each copy by its first node on a random node of the base, then adds the noise."""
    size = first = len(base)
    drawn = _Drawn([*base.edges()], [-1] * base.number_of_edges(), [0] * size, [-1] * size)
    for number in range(COPIES):
        for u, v in motif:
            drawn.join(first + u, first + v, number)
        drawn.join(first, int(rng.integers(size)))
        drawn.classes.extend(classes)
        drawn.motif.extend([number] * len(classes))
        first += len(classes)
    for _ in range(int(NOISE * first)):
        u, v = rng.integers(first, size=2).tolist()
        if u != v:
            drawn.join(u, v)
    return drawn


def _alike(drawn: _Drawn) -> Data:
    return _graph(drawn, torch.ones(len(drawn.classes), WIDTH))


def _graph(drawn: _Drawn, x: torch.Tensor) -> Data:
    """Returns the graph; an edge that is of a motif and noise, too, is of the motif."""
    edges, motif = to_undirected(torch.tensor(drawn.edges).t(), torch.tensor(drawn.edge_motif), reduce="max")
    graph = Data(x=x, edge_index=edges, y=torch.tensor(drawn.classes))
    graph[MOTIF], graph[EDGE_MOTIF] = torch.tensor(drawn.motif), motif
    return graph
