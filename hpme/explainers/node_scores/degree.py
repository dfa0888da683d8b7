"""Degree: the baseline that sees the graph but not the classifier."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hpme.explainers.base import ExplainerSpec
from hpme.explainers.node_scores.base import NodeWise
from hpme.forward.packed import Packed


@dataclass(frozen=True)
class Degree:
    r"""Scores each node with its number of neighbours, :math:`|\{u : (v, u) \in E\}|`.

    It is the same for every class and every classifier. A baseline without a source: what exceeds it was
    found by asking the classifier.
    """

    def __call__(self, model: nn.Module, graphs: Packed, target: Tensor) -> Tensor:
        """Counts the edges that leave each node ``[N]``."""
        return torch.bincount(graphs.edge_index[0], minlength=len(graphs.x))


DEGREE = ExplainerSpec(
    name="degree",
    title="Degree",
    hard=False,
    learns=False,
    one_pass=True,
    build=lambda model, seed: NodeWise(model, Degree()),
    source="baseline: structure only",
)
