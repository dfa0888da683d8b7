"""Objectives of the amortised soft masks: their base class, and the terms of their losses."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import log

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from hpme.explainers.base import NotDefinedError
from hpme.forward.hops import CENTRE
from hpme.forward.packed import Packed
from hpme.forward.weighted import EdgeWeighted, WeightedGraphs

EPSILON = 1e-6  # keeps logarithms finite


@dataclass(frozen=True)
class Sampled:
    """A batch of graphs with a drawn weight for each edge, and the model's logits of the originals."""

    graphs: Packed
    pair: Tensor  # number of each edge's undirected edge [E]
    logit: Tensor  # [E], equal in both directions
    weight: Tensor  # drawn, in (0, 1) [E], equal in both directions
    output: Tensor  # logits of the originals [B, C]
    progress: float  # share of the fit that is over, in [0, 1]


class Objective(ABC):
    """Objective of an amortised soft mask: a frozen dataclass of settings, called for its loss."""

    def network(self, num_features: int) -> nn.Module:
        """Returns what is to be trained beside the edge scorer; by default nothing, an empty network."""
        return nn.Sequential()

    def mix(
        self, graphs: Packed, weight: Tensor, donor: Tensor, draws: torch.Generator
    ) -> WeightedGraphs | None:
        """Returns the mixed graphs that the objective asks about; None if it mixes nothing.

        Args:
            graphs: ``B`` graphs.
            weight: Weight of each edge in its graph's explanation ``[E]``.
            donor: Donor of each graph ``[B]``.
            draws: Source of all draws.
        """
        return None

    @abstractmethod
    def __call__(
        self, model: EdgeWeighted, batch: Sampled, network: nn.Module, draws: torch.Generator
    ) -> Tensor:
        """Returns the loss of a batch, a scalar.

        Args:
            model: The classifier.
            batch: Graphs with drawn weights.
            network: What `network` returned.
            draws: Source of all draws.
        """


def only_graphs(graphs: Packed, name: str) -> None:
    """Checks that a model predicts graphs, for an explainer of this name whose source knows nothing else.

    Raises:
        NotDefinedError: If the graphs are those around nodes.
    """
    if CENTRE in graphs.node_attrs:
        raise NotDefinedError(
            f"Expected a model that predicts graphs (got one that predicts nodes); {name} is defined for "
            "whole graphs alone, so choose another explainer"
        )


def output_loss(logits: Tensor, output: Tensor) -> Tensor:
    """Returns the cross-entropy with the class predicted for the original; with one output the squared error.

    The error is relative to the variance of the outputs in the batch.

    Args:
        logits: Logits on changed graphs ``[B, C]``.
        output: Logits on the originals ``[B, C]``.

    Returns:
        Mean over the batch, a scalar.
    """
    if output.size(1) == 1:
        return F.mse_loss(logits, output) / output.var().clamp(min=EPSILON)
    return F.cross_entropy(logits, output.argmax(-1))


def size_and_entropy(weight: Tensor, graph: Tensor, count: int, size: float, entropy: float) -> Tensor:
    """Returns PGExplainer's penalties: the sum of a graph's weights, and their mean entropy in nats.

    Args:
        weight: Weights ``[E]``.
        graph: Graph of each edge ``[E]``.
        count: Number of graphs.
        size: Coefficient of the sum.
        entropy: Coefficient of the entropy.

    Returns:
        Mean over the graphs, a scalar.
    """
    w = weight.clamp(EPSILON, 1 - EPSILON)
    uncertain = -w * w.log() - (1 - w) * (1 - w).log()
    edges = torch.bincount(graph, minlength=count)
    return (size * weight.sum() + entropy * (uncertain / edges[graph]).sum()) / count


def kl_to_rate(logit: Tensor, rate: float) -> Tensor:
    """Returns the KL divergence, in nats, of Bernoullis with these logits from one with this rate."""
    p = logit.sigmoid()
    kept, gone = F.logsigmoid(logit) - log(rate), F.logsigmoid(-logit) - log(1 - rate)
    return p * kept + (1 - p) * gone
