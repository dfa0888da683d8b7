"""Integrated gradients: the gradient at the features along a line from zero."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hpme import checks
from hpme.explainers.base import ExplainerSpec
from hpme.explainers.node_scores.base import NodeWise, class_gradient, over_features
from hpme.forward.packed import Packed

_ROWS = 4_000  # nodes that go through the model at once


@dataclass(frozen=True)
class IntegratedGradients:
    r"""Scores each node with what its features add to the logit on the way from zero.

    The score of node :math:`v` is
    :math:`\sum_k x_{vk} \int_0^1 \partial f_c(\alpha X, A) / \partial x_{vk} \, d\alpha`, by the midpoint
    rule; all edges stay. The scores of a graph add up to :math:`f_c(X, A) - f_c(0, A)`, up to that rule's
    error. Many steps go through the model at once, as copies of the graphs.

    Args:
        steps: Points on the line.

    Raises:
        ValueError: If `steps` is out of range.

    Source:
        Sundararajan et al. (2017), arXiv:1703.01365. A node has the sum of its features' attributions, so
        what speaks against the class is below zero, and last.
    """

    steps: int = 50

    def __post_init__(self) -> None:
        """Checks the range."""
        checks.in_range("steps", self.steps, 1, 10_000)

    def __call__(self, model: nn.Module, graphs: Packed, target: Tensor) -> Tensor:
        """Sums the attributions of each node's features ``[N]``."""
        kind = graphs.x.dtype if graphs.x.is_floating_point() else None  # others are refused below
        points = torch.arange(self.steps, dtype=torch.float64) + 0.5
        shares = (points / self.steps).to(graphs.device, kind)
        total = torch.zeros_like(graphs.x)
        for some in shares.split(max(1, _ROWS // max(1, len(graphs.x)))):
            copies = graphs.repeat(len(some))
            x = some.repeat_interleave(len(graphs.x)).view(-1, *[1] * (graphs.x.dim() - 1)) * copies.x
            gradient = class_gradient(model, copies, target.repeat(len(some)), x)
            total = total + gradient.view(len(some), *graphs.x.shape).sum(0)
        return over_features(graphs.x * total / self.steps)


INTEGRATED_GRADIENTS = ExplainerSpec(
    name="integrated-gradients",
    title="Integrated gradients",
    hard=False,
    learns=False,
    one_pass=True,
    build=lambda model, seed: NodeWise(model, IntegratedGradients()),
    source="https://arxiv.org/abs/1703.01365",
)
