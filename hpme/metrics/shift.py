"""How far from the original does the classifier see another graph? Measured on its graph embeddings."""

from collections.abc import Sequence

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.metrics.forward import embeddings, random_mixes, subgraphs


def cosine(model: nn.Module, graphs: Sequence[Data], others: Sequence[Data]) -> Tensor:
    """Returns the cosine of the embeddings of each graph and its other, ``[G]``; 0 for an empty graph."""
    return F.cosine_similarity(embeddings(model, graphs), embeddings(model, others))


def l2(model: nn.Module, graphs: Sequence[Data], others: Sequence[Data]) -> Tensor:
    """Returns the Euclidean distance between the embeddings of each graph and its other, ``[G]``."""
    return (embeddings(model, graphs) - embeddings(model, others)).norm(dim=-1)


def cos_subgraph(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor]) -> Tensor:
    """Returns the cosine of each original to its kept nodes alone, ``[G]``."""
    return cosine(model, graphs, subgraphs(graphs, keeps))


def cos_mix(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int) -> Tensor:
    """Returns the cosine of each original to its mix with a random donor, ``[G]``."""
    return cosine(model, graphs, random_mixes(graphs, keeps, seed))


def l2_subgraph(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor]) -> Tensor:
    """Returns the distance of each original to its kept nodes alone, ``[G]``."""
    return l2(model, graphs, subgraphs(graphs, keeps))


def l2_mix(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int) -> Tensor:
    """Returns the distance of each original to its mix with a random donor, ``[G]``."""
    return l2(model, graphs, random_mixes(graphs, keeps, seed))
