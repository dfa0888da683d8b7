"""Distances of other graphs from the original, between the model's graph embeddings."""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.metrics.forward import draw_donor_ids, embeddings, random_mixes, subgraphs
from hpme.seeding import generator


def cosine(model: nn.Module, graphs: Sequence[Data], others: Sequence[Data]) -> Tensor:
    """Returns the cosine of the embeddings of each graph and its other, ``[G]``; 0 for an empty graph."""
    return _cosines(embeddings(model, graphs), embeddings(model, others))


def _cosines(some: Tensor, others: Tensor) -> Tensor:
    return F.cosine_similarity(some, others).clamp(-1, 1)  # rounding alone can leave the range


def l2(model: nn.Module, graphs: Sequence[Data], others: Sequence[Data]) -> Tensor:
    """Returns the Euclidean distance between the embeddings of each graph and its other, ``[G]``."""
    return (embeddings(model, graphs) - embeddings(model, others)).norm(dim=-1)


def cos_own_mix(
    model: nn.Module,
    graphs: Sequence[Data],
    donors: Sequence[Data],
    embed: Callable[[Sequence[Data], Sequence[Data], int], Tensor | None],
    seed: int,
    draws: int = 1,
) -> Tensor | None:
    """Returns the mean cosine of each original to an explainer's own mix with random donors, ``[G]``.

    The donors are those of `random_mixes`.

    Args:
        model: Model in evaluation mode.
        graphs: Graphs whose explanations are mixed.
        donors: Graphs to draw from.
        embed: Gives the embeddings of the mixes ``[G, 2H]`` of graphs, as many donors and a seed; None if the
            explainer mixes nothing, and then there is no cosine either.
        seed: Seed of donors and mixes.
        draws: Number of mixes of each graph.
    """
    originals, values = embeddings(model, graphs), []
    for draw in range(draws):
        picks = draw_donor_ids(graphs, donors, generator(seed, draw))
        mixed = embed(graphs, [donors[i] for i in picks], draw)
        if mixed is None:
            return None
        values.append(_cosines(originals, mixed))
    return torch.stack(values).mean(0)


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
