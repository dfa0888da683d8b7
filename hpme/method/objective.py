"""The bottleneck's objective and its gradient from hard samples."""

import torch
from torch import Tensor

from hpme.forward.packed import Graphs


def class_weights(labels: Tensor, num_classes: int) -> Tensor:
    """Returns weights of graphs ``[B]``, of mean one, by which every class that occurs counts the same."""
    count = torch.bincount(labels, minlength=num_classes).clamp(min=1)
    present = int((torch.bincount(labels, minlength=num_classes) > 0).sum())
    return (len(labels) / (present * count.float()))[labels]


def log_odds(logits: Tensor, target: Tensor) -> Tensor:
    """Returns the log-odds of one class against all others.

    This output's change counts, because it never saturates. A regression's one output is used as it is.

    Args:
        logits: Logits ``[..., B, C]``, or numbers ``[..., B, 1]``.
        target: Class of each graph ``[B]``.

    Returns:
        Log-odds ``[..., B]``.
    """
    if logits.size(-1) == 1:
        return logits.squeeze(-1)
    hot = torch.nn.functional.one_hot(target, logits.size(-1)).bool().expand(logits.shape)
    own = logits.masked_select(hot).view(logits.shape[:-1])
    return own - logits.masked_fill(hot, -torch.inf).logsumexp(-1)


def output_scale(outputs: Tensor, target: Tensor, num_classes: int) -> Tensor:
    """Returns, for each class, how far the output is from that of another class predicted as surely.

    Args:
        outputs: Log-odds of the predicted class of each graph, or its number ``[B]``.
        target: Predicted class of each graph ``[B]``.
        num_classes: Number of classes, or one for a regression.

    Returns:
        Twice the mean log-odds of each class ``[num_classes]``, one for a class that is never predicted; of a
        regression, the standard deviation ``[1]``: like the other, twice what leaves the prediction the same.
    """
    if num_classes == 1:
        return outputs.std()[None].clamp(min=1e-3)
    count = torch.bincount(target, minlength=num_classes)
    total = outputs.new_zeros(num_classes).index_add(0, target, outputs)
    return torch.where(count > 0, 2 * total / count.clamp(min=1), 1).clamp(min=1e-3)


def prediction_loss(mixed: Tensor, original: Tensor, scale: Tensor) -> Tensor:
    """Returns the squared error of the standardised output, clipped at one.

    Zero where the mixed graph is predicted like the original and as surely; one where it is predicted to be
    another class as surely, or another number by a standard deviation. A bound, so that a few lost graphs do
    not drown the rest; and the output itself, not its probability, because a probability near one says
    nothing of what else would have carried it.

    Args:
        mixed: Output on the mixed graphs ``[T, B]``.
        original: Output on the originals ``[B]``.
        scale: Distance that counts as one ``[B]``.

    Returns:
        Loss ``[T, B]`` in ``[0, 1]``.
    """
    return ((mixed - original) / scale).square().clamp(max=1)


def leave_one_out(loss: Tensor) -> Tensor:
    """Returns the loss of each sample less the mean of the other samples' ``[T, B]``.

    Source:
        The multi-sample baseline of Kool, van Hoof & Welling (2019), "Buy 4 REINFORCE samples, get a baseline
        for free", and of Salimans & Knowles (2014), arXiv:1401.1022.
    """
    return (loss - loss.mean(0)) * len(loss) / (len(loss) - 1)


def log_likelihood(graphs: Graphs, keep: Tensor, probability: Tensor) -> Tensor:
    """Returns the log-probability of each hard mask, graph by graph.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        keep: Masks, bool ``[T, N]``.
        probability: Chance of each node to be kept ``[N]``.

    Returns:
        ``[T, B]``.
    """
    each = torch.where(keep, probability.log(), (1 - probability).log())
    return each.new_zeros(len(keep), graphs.size).index_add(1, graphs.batch, each)


def mean_share(graphs: Graphs, logits: Tensor) -> Tensor:
    """Returns the mean over graphs of their expected kept share, by logits of nodes ``[N]``, in [0, 1]."""
    count = torch.bincount(graphs.batch, minlength=graphs.size).clamp(min=1)
    expected = logits.new_zeros(graphs.size).index_add(0, graphs.batch, logits.sigmoid())
    return (expected / count).mean()


def surrogate(advantage: Tensor, likelihood: Tensor, share: Tensor, price: float, tether: Tensor) -> Tensor:
    r"""Returns a scalar whose gradient is the leave-one-out score-function estimate of the objective's.

    The objective is :math:`E[\ell] + \lambda \cdot share + \epsilon \cdot mean(s^2)`.

    Args:
        advantage: Leave-one-out losses, weighted by class, without gradient ``[T, B]``.
        likelihood: Log-probability of the masks ``[T, B]``.
        share: Expected kept share.
        price: :math:`\lambda`, what the whole graph costs.
        tether: :math:`\epsilon \cdot mean(s^2)`, which keeps logits out of states that absorb.

    Returns:
        A scalar, of which only the gradient has a meaning.
    """
    return (advantage * likelihood).mean() + price * share + tether
