"""PGExplainer: the first of the amortised edge masks."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hpme import checks
from hpme.explainers.base import ExplainerSpec
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.choice import TRIAL, grid
from hpme.explainers.edge_masks.objective import Objective, Sampled, output_loss, size_and_entropy
from hpme.forward.question import ask
from hpme.forward.weighted import EdgeWeighted

GRID = grid(  # the published setting for BA-2Motifs, the same from the whole graph, and dearer edges
    "start temperature_high size entropy",
    (0.0, 5.0, 3e-4, 0.3),
    (5.0, 1.0, 3e-4, 0.3),
    (0.0, 5.0, 0.005, 0.0),
    (0.0, 5.0, 0.05, 0.0),
    (5.0, 1.0, 0.01, 0.0),
    (5.0, 1.0, 0.05, 0.0),
)
GRID_OF_NODES = grid(  # the published setting for BA-Shapes, and those above
    "start temperature_high temperature_low size entropy steps",
    (0.0, 5.0, 2.0, 0.05, 1.0, 30),
    (5.0, 1.0, 1.0, 3e-4, 0.3, 200),
    (0.0, 5.0, 1.0, 0.005, 0.0, 200),
    (0.0, 5.0, 1.0, 0.05, 0.0, 200),
    (5.0, 1.0, 1.0, 0.01, 0.0, 200),
    (5.0, 1.0, 1.0, 0.05, 0.0, 200),
)


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
        Luo et al. (2020), arXiv:2011.04573. Its settings for BA-2Motifs come first in `GRID`: an edge costs
        3e-4 there, and where the model reads half weights as it reads whole ones the mask ends as the whole
        graph, or, where it does not, empty. Hence the dearer edges without a price on entropy, from either
        start. See `pg_config` for models of nodes.
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


def pg_config(model: nn.Module, seed: int) -> EdgeMaskConfig:
    """Returns the settings for a model, the grid's first ones: those of its paper.

    Source:
        Of nodes: the authors' settings for BA-Shapes, as the replication by Holdijk et al. (2021) has them
        for 30 steps; an edge costs 0.05, and only that the steps are so few keeps the mask from losing all of
        them. There a step is taken on about 60 nodes, as here.
    """
    if not ask(model).task.of_nodes:
        return EdgeMaskConfig(PGObjective(), seed=seed, trial_steps=TRIAL, grid=GRID).at(GRID[0])
    of_nodes = EdgeMaskConfig(PGObjective(), seed=seed, learning_rate=3e-3, grid=GRID_OF_NODES)
    return of_nodes.at(GRID_OF_NODES[0])


PGEXPLAINER = ExplainerSpec(
    name="pgexplainer",
    title="PGExplainer",
    hard=False,
    fits_masks=True,
    validation=(
        "0.779 at its published setting (pooled edge AUC, BA-2Motifs, the authors' 200 graphs and "
        "ProxyExplainer's classifier, 26 November 2026), where the released algorithm gives 0.767 ± "
        "0.072 and papers report 0.734 (arXiv:2402.02036) and 0.679 (arXiv:2307.07832)."
    ),
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskExplainer(model, pg_config(model, seed)),
    source="https://arxiv.org/abs/2011.04573",
)
