"""Size curves: the model's output on the best nodes of a ranking, for every number of nodes."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.forward.hops import CENTRE, has_centre
from hpme.forward.question import ask
from hpme.method.capacity import content_bits
from hpme.method.mixup import mix_graphs
from hpme.method.types import count_edge_types, count_types
from hpme.metrics.forward import logits, subgraphs

LIMIT = 60  # sizes looked at; a larger graph's are spread evenly


@dataclass(frozen=True)
class SizeCurve:
    """The model's output on the best ``k`` nodes of a ranking, for rising ``k``."""

    sizes: list[int]  # k, from none to all nodes
    bits: list[float]  # bound on what k nodes can carry
    subgraph: Tensor  # [K]: output on the k best nodes alone
    rest: Tensor  # [K]: on all others alone
    mix: Tensor | None  # [K]: on the k best nodes within donors, mean; None without donors


def size_curve(
    model: nn.Module,
    graph: Data,
    node_score: Tensor,
    target: int,
    donors: Sequence[Data] = (),
    donor_keeps: Sequence[Tensor] = (),
    seed: int = 0,
) -> SizeCurve:
    """Asks the model about every nested subgraph of a ranking: alone, left out, and inside donors.

    The output is the probability of `target`, or of a model with one output that output itself. Cost: one
    forward pass over ``(2 + D) K`` graphs.

    Args:
        model: Model in evaluation mode.
        graph: The explained graph.
        node_score: Ranking of its nodes ``[N]``, larger is more important; ties go to the lower id.
        target: The explained class.
        donors: ``D`` graphs to mix with.
        donor_keeps: What leaves each donor, bool ``[N_d]``.
        seed: Seed of the links.

    Returns:
        The curve at all sizes from 0 to ``N``, or at `LIMIT` of them.
    """
    count = len(node_score)
    sizes = torch.linspace(0, count, min(count + 1, LIMIT)).round().long().unique().tolist()
    if has_centre(graph):  # it is part of every subgraph, and of every rest
        node_score = node_score.masked_fill(graph[CENTRE].bool().view(-1).to(node_score.device), torch.inf)
    rank = node_score.sort(descending=True, stable=True).indices.argsort()
    keeps = [rank < size for size in sizes]
    rests = [~keep for keep in keeps]
    alone = subgraphs([graph] * 2 * len(keeps), keeps + rests)
    pairs = [(keep, donor, cut) for keep in keeps for donor, cut in zip(donors, donor_keeps, strict=True)]
    mixes = mix_graphs(
        [graph] * len(pairs),
        [donor for _, donor, _ in pairs],
        [keep for keep, _, _ in pairs],
        [cut for _, _, cut in pairs],
        seed,
    )
    outputs = _output(logits(model, [*alone, *mixes]), target)
    subgraph, rest, mixed = outputs.split([len(keeps), len(keeps), len(mixes)])
    packed = ask(model).pack([graph])
    types = count_types(packed), count_edge_types(packed)
    return SizeCurve(
        sizes,
        [content_bits(size, *types) for size in sizes],
        subgraph,
        rest,
        mixed.view(len(keeps), len(donors)).mean(1) if donors else None,
    )


def _output(answers: Tensor, target: int) -> Tensor:
    """Probability of the class ``[G]``, or the only output."""
    return answers[:, 0] if answers.size(1) == 1 else answers.softmax(-1)[:, target]
