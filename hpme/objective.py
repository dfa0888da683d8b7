"""The bottleneck's objective and its gradient from hard samples."""

import torch
from torch import Tensor


def class_weights(labels: Tensor, num_classes: int) -> Tensor:
    """Weight of each graph ``[B]`` such that every class that occurs counts the same and the mean is one."""
    count = torch.bincount(labels, minlength=num_classes).clamp(min=1)
    present = int((torch.bincount(labels, minlength=num_classes) > 0).sum())
    return (len(labels) / (present * count.float()))[labels]


def prediction_loss(probability: Tensor, target: Tensor) -> Tensor:
    """One minus the probability that the classifier still gives to its own prediction.

    Bounded by one, so a few lost graphs do not drown the rest, as they would in a cross-entropy.

    Args:
        probability: Class probabilities on the mixed graphs ``[T, B, C]``.
        target: Predicted class of each original graph ``[B]``.

    Returns:
        Loss ``[T, B]`` in ``[0, 1]``.
    """
    index = target.expand(len(probability), -1).unsqueeze(-1)
    return 1 - probability.gather(-1, index).squeeze(-1)


def leave_one_out(loss: Tensor) -> Tensor:
    """Loss of each sample less the mean of the other samples' ``[T, B]``.

    Source:
        The multi-sample baseline of Kool, van Hoof & Welling (2019), "Buy 4 REINFORCE samples, get a baseline
        for free", and of Salimans & Knowles (2014), arXiv:1401.1022.
    """
    return (loss - loss.mean(0)) * len(loss) / (len(loss) - 1)


def log_likelihood(keep: Tensor, probability: Tensor, batch: Tensor, size: int) -> Tensor:
    """Log-probability of each hard mask per graph.

    Args:
        keep: Masks, bool ``[T, N]``.
        probability: Chance of each node to be kept ``[N]``.
        batch: Graph of each node ``[N]``.
        size: Number of graphs, ``B``.

    Returns:
        ``[T, B]``.
    """
    each = torch.where(keep, probability.log(), (1 - probability).log())
    return torch.zeros(len(keep), size).index_add(1, batch, each)


def mean_share(logits: Tensor, batch: Tensor, size: int) -> Tensor:
    """Expected kept share of the nodes, averaged over graphs, in ``[0, 1]``."""
    count = torch.bincount(batch, minlength=size).clamp(min=1)
    return (torch.zeros(size).index_add(0, batch, logits.sigmoid()) / count).mean()


def surrogate(advantage: Tensor, likelihood: Tensor, share: Tensor, price: float, tether: Tensor) -> Tensor:
    r"""Scalar whose gradient is the leave-one-out score-function estimate of the objective's.

    The objective is :math:`E[\ell] + \lambda \cdot share + \epsilon \cdot mean(s^2)`.

    Args:
        advantage: Leave-one-out losses, weighted by class, without gradient ``[T, B]``.
        likelihood: Log-probability of the masks ``[T, B]``.
        share: Expected kept share.
        price: :math:`\lambda`, what the whole graph costs.
        tether: :math:`\epsilon \cdot mean(s^2)`, which keeps logits out of states that absorb.

    Returns:
        A scalar; only its gradient means something.
    """
    return (advantage * likelihood).mean() + price * share + tether
