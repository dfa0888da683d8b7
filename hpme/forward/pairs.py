"""Both directions of an undirected edge taken as one."""

import torch
from torch import Tensor


def undirected_pairs(edge_index: Tensor, num_nodes: int) -> Tensor:
    """Numbers the undirected edges from 0: both directions of an edge have the same number, ``[E]``."""
    low, high = edge_index.amin(0), edge_index.amax(0)
    return torch.unique(low * num_nodes + high, return_inverse=True)[1]


def pair_mean(value: Tensor, pair: Tensor) -> Tensor:
    """Returns the mean over the directions of each edge, ``[E]``.

    Args:
        value: Value of each edge ``[E]``.
        pair: Number of each edge's undirected edge, as of `undirected_pairs` ``[E]``.
    """
    mean = value.new_zeros(len(pair)).scatter_reduce(0, pair, value, "mean", include_self=False)
    return mean[pair]


def average_directions(edge_index: Tensor, edge_score: Tensor, num_nodes: int) -> Tensor:
    """Gives both directions of each edge their mean score, ``[E]``."""
    return pair_mean(edge_score, undirected_pairs(edge_index, num_nodes))
