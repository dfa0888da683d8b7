"""How far a graph is from those that a model was trained on, as the model sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from rdkit import Chem
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.chemistry.names import molecule_of
from hpme.datasets import Dataset
from hpme.metrics.forward import embeddings
from hpme.metrics.landscape import nearest

SHOWN = 3  # of the nearest graphs
SAME = 1e-3  # of a point's distance from 0: what is further off is another graph
FAR = 0.99  # beyond that share of the held-out graphs, a graph is unlike those of the training


@dataclass(frozen=True)
class Surroundings:
    """The training graphs of a dataset on a model's map."""

    model: nn.Module
    graphs: Sequence[Data]  # those of the training
    points: Tensor  # their embeddings [G, H]
    gaps: Tensor  # from each held-out graph to its nearest training graph, rising [T]


@dataclass(frozen=True)
class NearestGraphs:
    """The training graphs nearest to a graph."""

    graphs: Sequence[Data]  # the nearest first
    distances: tuple[float, ...]  # Euclidean, between embeddings
    percentile: float  # share of the held-out graphs that are nearer to the training than this one, in [0, 1]
    itself: bool  # whether the molecule, whatever its stereo, is one of them

    @property
    def far(self) -> bool:
        """Returns whether the graph is unlike anything that the model was trained on."""
        return self.percentile > FAR

    @property
    def words(self) -> str:
        """The result in one sentence."""
        if self.itself:
            return "It was trained on this very molecule."
        if self.far:
            return (
                "Unlike anything that it was trained on: further from its training molecules than "
                f"{_share(self.percentile)} of the held-out ones."
            )
        return f"Further from its training molecules than {_share(self.percentile)} of the held-out ones."


def surroundings(model: nn.Module, dataset: Dataset) -> Surroundings:
    """Returns the map of the training graphs; takes a forward pass through the whole dataset.

    Args:
        model: Trained on the dataset, in evaluation mode.
        dataset: In its three splits; validation and test graphs are the held-out ones.
    """
    points = embeddings(model, dataset.train)
    gaps, _ = nearest(embeddings(model, [*dataset.val, *dataset.test]), points, 1)
    return Surroundings(model, dataset.train, points, gaps.view(-1).sort().values)


def nearest_graphs(around: Surroundings, graphs: Sequence[Data]) -> list[NearestGraphs]:
    """Returns the training graphs nearest to each of several graphs, and how unusual that distance is."""
    points = embeddings(around.model, graphs)
    gaps, rows = nearest(points, around.points, SHOWN)
    nearer = torch.searchsorted(around.gaps, gaps[:, 0].contiguous()) / max(len(around.gaps), 1)
    same = (gaps <= SAME * (1 + points.norm(dim=1, keepdim=True))).tolist()
    found = []
    for place, graph in enumerate(graphs):
        near = [around.graphs[row] for row in rows[place].tolist()]
        alike = [other for other, there in zip(near, same[place], strict=True) if there]
        own = _flat(graph) if alike else ""
        itself = bool(own) and any(own == _flat(other) for other in alike)
        found.append(NearestGraphs(near, tuple(gaps[place].tolist()), float(nearer[place]), itself))
    return found


def _flat(graph: Data) -> str:
    """Canonical SMILES of a molecule, without stereo; nothing for other graphs."""
    mol = molecule_of(graph)
    return Chem.MolToSmiles(mol, isomericSmiles=False) if mol else ""


def _share(share: float) -> str:
    """A share in words, rounded down: what is not all never reads as all."""
    return "all" if share == 1 else f"{int(1000 * share) / 10:g}%"
