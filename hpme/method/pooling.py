"""Hard pooling: nodes are in or out, and what is out is removed."""

import torch
from torch import Tensor

FLOOR = 0.02  # a sampled node keeps at least this chance of either fate, so that no state absorbs


def keep_probability(logits: Tensor) -> Tensor:
    """Chance of each node to be kept while fitting, inside ``[FLOOR, 1 - FLOOR]``; same shape as `logits`."""
    return (1 - 2 * FLOOR) * logits.sigmoid() + FLOOR


def sample(probability: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    """Draws hard masks.

    Args:
        probability: Chance of each node to be kept ``[N]``.
        samples: Number of masks, ``T``.
        generator: Source of the draws.

    Returns:
        Masks, bool ``[T, N]``.
    """
    return torch.rand(samples, len(probability), generator=generator) < probability


def select(logits: Tensor) -> Tensor:
    """The nodes that are in: those more likely kept than not. Bool, same shape as `logits`.

    Example:
        >>> select(torch.tensor([2.0, -1.0, 0.5]))
        tensor([ True, False,  True])
    """
    return logits > 0


def edge_score(node_score: Tensor, edge_index: Tensor) -> Tensor:
    """Score of each edge ``[E]``: the lower of its ends', because an edge is kept when both are.

    Example:
        >>> edge_score(torch.tensor([0.9, 0.2, 0.6]), torch.tensor([[0, 1], [1, 2]]))
        tensor([0.2000, 0.2000])
    """
    return torch.minimum(node_score[edge_index[0]], node_score[edge_index[1]])


def induced_subgraph(
    x: Tensor, edge_index: Tensor, batch: Tensor, keep: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The subgraph on the kept nodes: the others leave messages and readout alike.

    Zeroing them instead would keep their degrees, their biases and their place in the mean.

    Args:
        x: Node features ``[N, F]``.
        edge_index: Edges ``[2, E]``.
        batch: Graph of each node ``[N]``.
        keep: Nodes that are in, bool ``[N]``.

    Returns:
        `x` ``[K, F]``, `edge_index` renumbered, `batch` ``[K]`` (graph ids stay, so tell the classifier the
        number of graphs), and the old ids of the kept nodes ``[K]``.
    """
    inside = keep[edge_index[0]] & keep[edge_index[1]]
    new_id = keep.cumsum(0) - 1
    return x[keep], new_id[edge_index[:, inside]], batch[keep], keep.nonzero().squeeze(1)
