"""Do explainers agree with each other? Kept nodes are compared as sets, scores as rankings."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


def iou(one: Tensor, other: Tensor) -> float:
    """Returns the nodes that both keep over those that either keeps; 1 if neither keeps any.

    Example:
        >>> iou(torch.tensor([True, True, False]), torch.tensor([False, True, True]))  # one node of three
        0.3333333333333333
    """
    either = int((one | other).sum())
    return float((one & other).sum()) / either if either else 1.0


def rank_correlation(one: Tensor, other: Tensor) -> float | None:
    """Returns Spearman's correlation of two scores of the same nodes; None where one ranks nothing."""
    from scipy.stats import spearmanr  # here, as it takes half a second to import

    if len(one) < 2 or bool((one == one[0]).all()) or bool((other == other[0]).all()):
        return None
    return float(spearmanr(one.numpy(force=True), other.numpy(force=True)).statistic)


def matrix(values: Sequence[T], agree: Callable[[T, T], float | None]) -> list[list[float | None]]:
    """Returns the agreement of every two values, a symmetric table with 1 on the diagonal."""
    table: list[list[float | None]] = [[1.0] * len(values) for _ in values]
    for i, j in combinations(range(len(values)), 2):
        table[i][j] = table[j][i] = agree(values[i], values[j])
    return table


def votes(keeps: Sequence[Tensor]) -> Tensor:
    """Returns how many of the masks keep each node, int64 ``[N]``."""
    return torch.stack(list(keeps)).sum(0)
