"""GSAT: stochastic attention under a bound on its information, on the frozen encoder."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hpme import checks
from hpme.explainers.base import ExplainerSpec
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.choice import grid
from hpme.explainers.edge_masks.objective import Objective, Sampled, kl_to_rate, output_loss
from hpme.forward.weighted import EdgeWeighted

FALL = 0.4  # share of the fit in which the rate falls
GRID = grid(  # the published setting, a higher rate, cheaper information; each from one half and from 1
    "start rate_low information",
    (0.0, 0.5, 1.0),
    (5.0, 0.5, 1.0),
    (0.0, 0.7, 1.0),
    (5.0, 0.7, 1.0),
    (0.0, 0.5, 0.1),
    (5.0, 0.5, 0.1),
)


@dataclass(frozen=True)
class GSATObjective(Objective):
    r"""Keeps the prediction under random edges that are pulled towards a common rate.

    Loss: cross-entropy with the prediction on the sampled weights, and the mean over a graph's edges of
    :math:`KL(Bern(p_e) \| Bern(r))` with :math:`p_e = \sigma(\omega_e)`: an edge pays for what it tells
    beyond chance. :math:`r` falls over the first 40 % of the fit and then stays.

    Args:
        rate_high: Rate at first, in (0, 1).
        rate_low: Rate at last, in (0, 1).
        information: Coefficient of the divergence.

    Raises:
        ValueError: If a setting is out of range.

    Source:
        Miao et al. (2022), arXiv:2201.12987, with the rates and coefficient of its code at first, and its
        rate of learning for 2,700 steps, about as many as there; a trial has 500. There encoder and
        attention are trained together, or a trained encoder is tuned; here the model is frozen, as it
        is to be explained: one that was never trained on weights between 0 and 1 may misread them, and then
        its explanations are no better than chance. The rate falls evenly, where the code's falls in steps
        of .1; the attention is the family's network, without the code's normalisation and dropout.
    """

    rate_high: float = 0.9
    rate_low: float = 0.5
    information: float = 1.0

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("rate_high", self.rate_high, 1e-3, 1 - 1e-3)
        checks.in_range("rate_low", self.rate_low, 1e-3, self.rate_high)
        checks.in_range("information", self.information, 0, 1000)

    def rate(self, progress: float) -> float:
        """Returns the common rate when the share `progress` of the fit is over."""
        return self.rate_high + (self.rate_low - self.rate_high) * min(progress / FALL, 1)

    def __call__(
        self, model: EdgeWeighted, batch: Sampled, network: nn.Module, draws: torch.Generator
    ) -> Tensor:
        """Returns the loss of a batch, a scalar."""
        graphs = batch.graphs
        nats = kl_to_rate(batch.logit, self.rate(batch.progress))
        mean = (nats / graphs.edge_ptr.diff()[graphs.edge_batch]).sum() / graphs.size
        logits = model(graphs, batch.weight)
        return output_loss(logits, batch.output) + self.information * mean


GSAT = ExplainerSpec(
    name="gsat",
    title="GSAT",
    hard=False,
    fits_masks=True,
    validation=(
        "Not validated: its paper trains the encoder with the attention, which makes another model "
        "than the one to be explained."
    ),
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskExplainer(
        model,
        EdgeMaskConfig(
            GSATObjective(), seed=seed, steps=2700, trial_steps=500, learning_rate=1e-3, grid=GRID
        ).at(GRID[0]),
    ),
    source="https://arxiv.org/abs/2201.12987",
)
