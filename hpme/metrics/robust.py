"""Fidelity that leaves the graph nearly as it is: only some of the edges go, in many draws.

Explanation and rest are told apart by their undirected edges; no node goes.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.forward.ask import same, tolerance
from hpme.forward.question import ask
from hpme.metrics.edge_draws import DRAWS, answers
from hpme.metrics.forward import logits
from hpme.seeding import generator

REMOVED = 0.1  # alpha 1: chance of an explanation's edge to go, for Fid+
KEPT = 0.9  # alpha 2: chance of any other edge to stay, for Fid-


def robust_fid_plus(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int = 0, draws: int = DRAWS
) -> Tensor:
    """Returns what the prediction loses, ``[G]``, when each edge of the explanation goes by chance 0.1.

    The loss is that of the predicted class's probability, in ``[-1, 1]``, as a mean over the draws; with one
    output it is the share of draws in which the number is no longer the same.

    Args:
        model: Model in evaluation mode.
        graphs: Graphs.
        keeps: Kept nodes of each, ``bool [N]``; the edges between them are the explanation.
        seed: Seed of the draws.
        draws: Number of draws.

    Source:
        Zheng et al. (2024), arXiv:2310.01820, alpha 1 = 0.1; both directions of an edge go together.
    """
    return _lost(model, graphs, keeps, lambda inside: torch.where(inside, 1 - REMOVED, 1.0), (seed, 1), draws)


def robust_fid_minus(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int = 0, draws: int = DRAWS
) -> Tensor:
    """Returns what the prediction loses, ``[G]``, when each edge outside the explanation stays by chance 0.9.

    See `robust_fid_plus`; alpha 2 = 0.9.
    """
    return _lost(model, graphs, keeps, lambda inside: torch.where(inside, 1.0, KEPT), (seed, 2), draws)


def _lost(
    model: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    chance: Callable[[Tensor], Tensor],
    seed: tuple[int, int],
    draws: int,
) -> Tensor:
    """Mean loss over draws in which each edge stays by the chance that its place gives it."""
    question = ask(model)
    packed = question.pack(graphs)
    original = logits(model, graphs)
    stay = chance(torch.cat(list(keeps)).to(packed.device)[packed.edge_index].all(0))
    total = torch.zeros_like(original[:, 0])
    for outputs in answers(question, packed, stay, generator(*seed), draws):
        total += _loss(outputs, original).sum(0)
    return total / draws


def _loss(outputs: Tensor, original: Tensor) -> Tensor:
    """Loss of the predicted class's probability, or with one output 1 where the number is another."""
    if original.size(-1) == 1:
        return 1 - same(outputs, original, tolerance(original)).float()
    predicted = original.argmax(-1, keepdim=True)
    before = original.softmax(-1).gather(-1, predicted)
    return (before - outputs.softmax(-1).gather(-1, predicted.expand(len(outputs), -1, -1))).squeeze(-1)
