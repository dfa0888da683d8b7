"""Does a soft mask say anything? Its mean, and whether it weighs the edges of a graph differently at all."""

from collections.abc import Sequence

import torch
from torch import Tensor

SPAN = 0.05  # from the least to the most weight of a graph: what spans less tells no edges apart


def mean_mask(masks: Sequence[Tensor]) -> float | None:
    """Returns the mean weight over the edges of all graphs' soft masks ``[E]``; None if there is no edge."""
    weights = torch.cat([*masks])
    return float(weights.mean()) if len(weights) else None


def saturated(masks: Sequence[Tensor]) -> float | None:
    """Returns the share of graphs whose soft mask ``[E]`` spans less than .05; None if none has an edge.

    The ranking of such a mask is that of its last digits: it keeps everything, or nothing.

    Example:
        >>> saturated([torch.tensor([0.99, 1.0]), torch.tensor([0.1, 0.9])])
        0.5
    """
    spans = [float(mask.max() - mask.min()) for mask in masks if len(mask)]
    return sum(span < SPAN for span in spans) / len(spans) if spans else None
