"""PGExplainer: the first of the amortised edge masks."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hpme import checks
from hpme.explainers.base import ExplainerSpec
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.objective import Objective, Sampled, output_loss, size_and_entropy
from hpme.forward.weighted import EdgeWeighted


@dataclass(frozen=True)
class PGObjective(Objective):
    r"""Keeps the prediction on the weighted graph itself.

    Loss: cross-entropy with the prediction on the sampled weights, size and entropy.

    Args:
        size: Coefficient of the sum of the weights.
        entropy: Coefficient of the mean entropy of a weight.

    Raises:
        ValueError: If a setting is out of range.

    Source:
        Luo et al. (2020), arXiv:2011.04573, with its settings for BA-2motifs on every dataset.
    """

    size: float = 3e-4
    entropy: float = 0.3

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("size", self.size, 0, 1000)
        checks.in_range("entropy", self.entropy, 0, 1000)

    def __call__(
        self, model: EdgeWeighted, batch: Sampled, network: nn.Module, draws: torch.Generator
    ) -> Tensor:
        """Returns the loss of a batch, a scalar."""
        graphs = batch.graphs
        logits = model(graphs, batch.weight)
        penalty = size_and_entropy(batch.weight, graphs.edge_batch, graphs.size, self.size, self.entropy)
        return output_loss(logits, batch.output) + penalty


PGEXPLAINER = ExplainerSpec(
    name="pgexplainer",
    title="PGExplainer",
    hard=False,
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskExplainer(model, EdgeMaskConfig(objective=PGObjective(), seed=seed)),
    source="https://arxiv.org/abs/2011.04573",
)
