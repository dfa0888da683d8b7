"""Dependence of the prediction on the explanation: one value per graph, for the predicted class."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.forward.hops import has_centre
from hpme.metrics.forward import Donors, logits, random_mixes, same, subgraphs, tolerance


def kept_share(keeps: Sequence[Tensor]) -> Tensor:
    """Returns the kept share of each graph's nodes, ``[G]``."""
    return torch.stack([keep.float().mean() for keep in keeps])


def centre_kept(explanation: Explanation, keep: Tensor) -> bool | None:
    """Tells whether an explanation's own ranking has the node that the graph is around among the kept ones.

    It is kept in any case, see `hpme.explainers.sizes.hard_mask`; this says whether the explainer would.

    Args:
        explanation: Explanation with ``node_score [N]``.
        keep: Kept nodes, ``bool [N]``: as many of the best ranked count.

    Returns:
        None where the graph is not one around a node.
    """
    if not has_centre(explanation):
        return None
    best = explanation.node_score.sort(descending=True, stable=True).indices[: int(keep.sum())]
    return bool(explanation.centre.bool().view(-1)[best].any())


def prediction_kept(model: nn.Module, graphs: Sequence[Data], others: Sequence[Data]) -> Tensor:
    """Returns 1 where the model predicts for `others` what it predicts for `graphs`, else 0, ``[G]``.

    Numbers are the same within half the standard deviation of those of `graphs`.
    """
    originals = logits(model, graphs)
    return same(logits(model, others), originals, tolerance(originals)).float()


def kept_on_subgraph(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor]) -> Tensor:
    """Returns 1 where the kept nodes alone, the others removed, keep the prediction, else 0, ``[G]``."""
    return prediction_kept(model, graphs, subgraphs(graphs, keeps))


def kept_on_mix(
    model: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    seed: int,
    draws: int = 1,
    donors: Donors | None = None,
) -> Tensor:
    """Returns the share of `draws` mixed graphs that keep the prediction, ``[G]``.

    In each draw the kept part of a graph takes the place of a random donor's kept part; see `random_mixes`.
    """
    mixes = (random_mixes(graphs, keeps, seed, draw, donors) for draw in range(draws))
    return torch.stack([prediction_kept(model, graphs, mixed) for mixed in mixes]).mean(0)


def necessity(
    model: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    seed: int,
    draws: int = 1,
    donors: Donors | None = None,
) -> Tensor:
    """Returns the share of `draws` mixed graphs that lose the prediction, ``[G]``, without the explanation.

    The rest of a graph takes the place of a random donor's kept part, so that no explanation is in the mixed
    graph; the donors are those of `kept_on_mix`. Around a node, both parts have that node. Where the rests of
    all classes look like one class, graphs of that class lose nothing whatever is kept: it compares
    explanations of the same graphs.
    """
    rests = [~keep for keep in keeps]
    return 1 - kept_on_mix(model, graphs, rests, seed, draws, donors or (graphs, keeps))


def fid_plus(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor]) -> Tensor:
    """Returns 1 where the prediction is lost without the kept nodes, else 0, ``[G]``: are they necessary?"""
    return 1 - kept_on_subgraph(model, graphs, [~keep for keep in keeps])


def fid_minus(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor]) -> Tensor:
    """Returns 1 where the kept nodes alone lose the prediction, else 0, ``[G]``: are they insufficient?"""
    return 1 - kept_on_subgraph(model, graphs, keeps)
