"""Sizes of explanations: their own number of nodes, a given one, or that of another explanation."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import ExplainBatch
from hpme.forward.hops import CENTRE
from hpme.forward.packed import pack
from hpme.method.capacity import content_bits
from hpme.method.types import count_types


def top_nodes(node_score: Tensor, k: int) -> Tensor:
    """Marks the `k` nodes of largest score, ``bool [N]``; of equal scores the lower node id goes first.

    Example:
        >>> top_nodes(torch.tensor([0.1, 0.9, 0.5, 0.5]), 2)
        tensor([False,  True,  True, False])
    """
    keep = torch.zeros_like(node_score, dtype=torch.bool)
    keep[node_score.sort(descending=True, stable=True).indices[: max(k, 0)]] = True
    return keep


def hard_mask(explanation: Explanation, k: int | None = None) -> Tensor:
    """Returns the kept nodes, ``bool [N]``: the `k` best ranked, or without `k` all with a mask above 1/2.

    In a graph around a node, that node is the first, whatever its score.
    """
    if k is not None:
        score = explanation.node_score
        if CENTRE not in explanation:
            return top_nodes(score, k)
        centre = explanation[CENTRE].bool().view(-1)
        return top_nodes(score.masked_fill(centre, torch.inf), max(k, 1))
    return explanation.node_mask.view(-1) > 0.5


def at_size(explanation: Explanation, k: int) -> Explanation:
    """Returns the explanation with hard masks of its `k` best ranked nodes, and the capacity of that size."""
    keep, hard = hard_mask(explanation, k), copy.copy(explanation)
    hard.node_mask = keep.float()[:, None]
    hard.edge_mask = keep[hard.edge_index].all(0).float()
    if "capacity_bits" in hard:
        types = hard.get("num_types") or count_types(pack([hard], keys=()))
        hard.capacity_bits = content_bits(int(keep.sum()), types, hard.get("num_edge_types") or 1)
    return hard


def matched(reference: ExplainBatch, explain_batch: ExplainBatch) -> ExplainBatch:
    """Returns an `explain_batch` that keeps as many of its best nodes of a graph as `reference` keeps."""

    def explain(graphs: Sequence[Data]) -> list[Explanation]:
        pairs = zip(explain_batch(graphs), reference(graphs), strict=True)
        return [at_size(own, int(hard_mask(other).sum())) for own, other in pairs]

    return explain
