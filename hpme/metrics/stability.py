"""One explanation tried in several donors: does the prediction depend on the graph that it is put into?"""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.method.mixup import mix_graphs
from hpme.metrics.forward import logits, same


@dataclass(frozen=True)
class Trials:
    """A kept subgraph inside each donor, and the model's answers there."""

    keep: Tensor  # bool [N]
    donors: list[Data]
    mixes: list[Data]
    answers: Tensor  # [D, C]: logits of the mixed graphs
    holds: Tensor  # bool [D]: predicted like the original


def trials(
    model: nn.Module,
    graph: Data,
    keep: Tensor,
    donors: Sequence[Data],
    cuts: Sequence[Tensor],
    seed: int = 0,
    near: float = 0.0,
) -> Trials:
    """Puts the kept nodes of a graph into donors and asks the model, in one forward pass.

    Args:
        model: Model in evaluation mode.
        graph: The explained graph.
        keep: Its kept nodes, bool ``[N]``.
        donors: Graphs to mix with, ``D`` of them.
        cuts: What leaves each donor, bool ``[N_d]``.
        seed: Seed of the links.
        near: Largest difference of two numbers that count as the same, for a regression.
    """
    count = len(donors)
    mixes = mix_graphs([graph] * count, donors, [keep] * count, cuts, seed)
    answers = logits(model, [graph, *mixes])
    holds = same(answers[1:], answers[0], near)
    return Trials(keep, list(donors), mixes, answers[1:], holds)
