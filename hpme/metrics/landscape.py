"""Distances of graphs to the real ones, between the model's graph embeddings."""

import torch
from torch import Tensor


def nearest(points: Tensor, data: Tensor, k: int, own: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Finds the rows of `data` that are nearest to each point.

    Args:
        points: ``[P, H]``.
        data: ``[D, H]``.
        k: How many; all where there are fewer.
        own: Row that is the point itself and does not count ``[P]``; -1 where there is none.

    Returns:
        Euclidean distances, rising, and row numbers, both ``[P, k]``.
    """
    gaps = torch.cdist(points.double(), data.double()).float()  # by products, which need the digits
    if own is not None:
        known = own >= 0
        gaps[known.nonzero().squeeze(1), own[known]] = torch.inf
    distance, row = gaps.topk(min(k, len(data)), largest=False)
    return distance, row


def embedding_mmd(points: Tensor, data: Tensor) -> float:
    r"""Returns the squared maximum mean discrepancy of two sets of embeddings, in ``[0, 2]``.

    .. math:: E\,k(p, p') + E\,k(d, d') - 2\,E\,k(p, d), \quad k(a, b) = e^{-|a - b|^2 / (2 m^2)}

    with :math:`m` the median distance of two different rows of `data`, so that one kernel judges all sets.
    Means run over all pairs, a row with itself included: it is 0 if the sets are equal.

    Args:
        points: ``[P, H]``.
        data: ``[D, H]``, at least two rows that differ.

    Source:
        Gretton et al. (2012), "A kernel two-sample test".
    """
    gaps = torch.pdist(data)
    scale = 2 * gaps[gaps > 0].median() ** 2

    def mean(one: Tensor, other: Tensor) -> Tensor:
        return (-(torch.cdist(one, other) ** 2) / scale).exp().mean()

    return max(float(mean(points, points) + mean(data, data) - 2 * mean(points, data)), 0.0)
