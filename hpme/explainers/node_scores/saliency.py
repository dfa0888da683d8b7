"""Saliency: the gradient at the features."""

from dataclasses import dataclass

from torch import Tensor, nn

from hpme.explainers.base import ExplainerSpec
from hpme.explainers.node_scores.base import NodeWise, class_gradient, over_features
from hpme.forward.packed import Packed


@dataclass(frozen=True)
class Saliency:
    r"""Scores each node with the length of the gradient at its features.

    The score of node :math:`v` is :math:`\|\partial f_c(G) / \partial x_v\|_1`, :math:`f_c` the logit of the
    explained class. One backward pass for a batch of graphs.

    Source:
        Simonyan et al. (2014), arXiv:1312.6034, section 3; there the largest channel of a pixel counts, here
        the sum over the features of a node, as in Captum and PyG.
    """

    def __call__(self, model: nn.Module, graphs: Packed, target: Tensor) -> Tensor:
        """Sums the absolute gradient over the features of each node ``[N]``."""
        return over_features(class_gradient(model, graphs, target, graphs.x).abs())


SALIENCY = ExplainerSpec(
    name="saliency",
    title="Saliency",
    hard=False,
    learns=False,
    one_pass=True,
    build=lambda model, seed: NodeWise(model, Saliency()),
    source="https://arxiv.org/abs/1312.6034",
)
