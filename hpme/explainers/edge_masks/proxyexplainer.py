"""ProxyExplainer: an auto-encoder redraws the weighted explanation as a whole graph."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GraphConv

from hpme import checks
from hpme.explainers.base import ExplainerSpec, NotDefinedError
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.choice import grid
from hpme.explainers.edge_masks.objective import (
    EPSILON,
    Objective,
    Sampled,
    only_graphs,
    output_loss,
    size_and_entropy,
)
from hpme.forward.packed import Packed, pointers
from hpme.forward.weighted import EdgeWeighted

GRID = grid(  # the published setting, the same from the whole graph, and dearer edges
    "start temperature_high size entropy",
    (0.0, 5.0, 3e-4, 0.3),
    (5.0, 1.0, 3e-4, 0.3),
    (0.0, 5.0, 0.005, 0.0),
    (0.0, 5.0, 0.05, 0.0),
    (5.0, 1.0, 0.01, 0.0),
    (5.0, 1.0, 0.05, 0.0),
)


@dataclass(frozen=True)
class ProxyObjective(Objective):
    r"""Keeps the prediction on a proxy graph that an auto-encoder draws from the explanation.

    A graph's explanation and rest are encoded by weighted messages and decoded into weights of all pairs of
    nodes, :math:`\sigma(z_u \cdot z_v + b)`, the rest with Gaussian noise in its code. The proxy graph takes
    the larger of both. The auto-encoder minimises the cross-entropy of the proxy graph with the original
    (edges and other pairs weigh the same in each graph) and the divergence of its code from a normal. The
    scorer minimises the same, as in the released code, and cross-entropy with the prediction on the proxy
    graph, size and entropy. The model sees every pair of nodes, so a step costs :math:`\sum n^2` messages.

    Args:
        fidelity: Coefficient of the cross-entropy with the prediction. At 0 nothing of what the model says
            is asked: what is left is reconstruction.
        size: Coefficient of the sum of the weights.
        entropy: Coefficient of the mean entropy of a weight.
        divergence: Coefficient of the divergence of the code.
        hidden: Width of the auto-encoder.
        marks: Random features that tell apart the nodes.
        noise: Scale of the noise in the code of the rest; at 1 the drawing learns nothing.

    Raises:
        ValueError: If a setting is out of range.

    Source:
        Chen et al. (2024), arXiv:2402.02036, with the coefficients and noise of its code and, as there,
        the larger of both weights and size with entropy, where the paper has a sum and a divergence from
        a rate.
        Its decoder draws a graph of fixed size from one vector, so that it knows the nodes by their number;
        ours knows them by random marks, and takes graphs of any size. One step of the auto-encoder for each
        of the scorer, where the code takes ten; the code's third term, on the explanation's weights, is left
        out. Not as good as its source: the drawing stays blurred, and a sum over all these half edges is far
        from any graph that the model knows. On ba-2motifs with the GCN of the literature's recipe (150 of 300
        steps, seed 0, 100 held-out graphs, 27 November 2026) the edge AUC is .528 and .430 from one half and
        from the whole graph, and *without* the cross-entropy with the prediction .133 and .859; the second
        and the last are of masks that are alike on every edge.
    """

    fidelity: float = 1.0
    size: float = 3e-4
    entropy: float = 0.3
    divergence: float = 0.1
    hidden: int = 64
    marks: int = 16
    noise: float = 0.01

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("fidelity", self.fidelity, 0, 1000)
        checks.in_range("size", self.size, 0, 1000)
        checks.in_range("entropy", self.entropy, 0, 1000)
        checks.in_range("divergence", self.divergence, 0, 1000)
        checks.in_range("hidden", self.hidden, 1, 10_000)
        checks.in_range("marks", self.marks, 0, 1000)
        checks.in_range("noise", self.noise, 0, 1)

    def network(self, num_features: int) -> nn.Module:
        """Returns a new auto-encoder."""
        return AutoEncoder(num_features + self.marks, self.hidden)

    def __call__(
        self, model: EdgeWeighted, batch: Sampled, network: nn.Module, draws: torch.Generator
    ) -> Tensor:
        """Returns the loss of a batch, a scalar."""
        only_graphs(batch.graphs, "ProxyExplainer")
        graphs, weight = batch.graphs, batch.weight
        pairs, real = all_pairs(graphs)
        marks = torch.randn(len(graphs.x), self.marks, generator=draws).to(graphs.device)
        x = torch.cat([graphs.rows.float(), marks], dim=1)
        noise = self.noise * torch.randn(len(graphs.x), self.hidden, generator=draws).to(graphs.device)
        drawn, divergence = network(x, graphs.edge_index, weight, pairs.edge_index, noise)
        loss = redraw_loss(drawn, real, pairs.edge_batch, graphs.size) + self.divergence * divergence
        loss = loss + size_and_entropy(weight, graphs.edge_batch, graphs.size, self.size, self.entropy)
        if not self.fidelity:
            return loss
        fixed = {name: value.detach() for name, value in network.named_parameters()}
        proxy, _ = functional_call(network, fixed, (x, graphs.edge_index, weight, pairs.edge_index, noise))
        return loss + self.fidelity * output_loss(model(pairs, proxy), batch.output)


class AutoEncoder(nn.Module):
    """Encodes a weighted graph and its complement, and decodes weights of pairs of nodes.

    Args:
        width: Width of the node features.
        hidden: Width of layers and code.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.first, self.second = GraphConv(width, hidden), GraphConv(hidden, hidden)
        self.mean, self.spread = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(
        self, x: Tensor, edge_index: Tensor, weight: Tensor, pairs: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Returns weights ``[P]`` of the pairs, in (0, 1), and the divergence of the rest's code in nats."""
        explanation, _ = self.encode(x, edge_index, weight)
        mean, log_variance = self.encode(x, edge_index, 1 - weight)
        rest = mean + noise * (log_variance / 2).exp()
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean() / 2
        return torch.maximum(self.decode(explanation, pairs), self.decode(rest, pairs)), divergence

    def encode(self, x: Tensor, edge_index: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Returns mean and logarithm of the variance of each node's code ``[N, hidden]``."""
        h = F.relu(F.normalize(self.first(x, edge_index, weight), dim=1))
        h = F.relu(F.normalize(self.second(h, edge_index, weight), dim=1))
        return self.mean(h), self.spread(h)

    def decode(self, code: Tensor, pairs: Tensor) -> Tensor:
        """Returns the weights of the pairs ``[P]``."""
        return ((code @ code.t())[pairs[0], pairs[1]] + self.bias).sigmoid()


def all_pairs(graphs: Packed) -> tuple[Packed, Tensor]:
    """Returns the graphs with an edge for each ordered pair of nodes, and which are real, bool ``[P]``."""
    counts = graphs.node_ptr.diff()
    graph = torch.arange(graphs.size, device=counts.device).repeat_interleave(counts**2)
    start = pointers(counts**2)[:-1]
    place, n = torch.arange(len(graph), device=graph.device) - start[graph], counts[graph]
    pairs = torch.stack([place // n, place % n]) + graphs.node_ptr[graph]
    pairs = pairs[:, pairs[0] != pairs[1]]
    if graphs.edge_attrs:
        raise NotDefinedError(
            f"Expected a model that takes no edge attributes (got {', '.join(graphs.edge_attrs)}); "
            "ProxyExplainer asks about edges that no graph has, so choose another explainer"
        )
    complete = replace(graphs, edge_index=pairs, edge_ptr=pointers(counts * (counts - 1)))
    drawn, known = (ends[0] * len(graphs.x) + ends[1] for ends in (pairs, graphs.edge_index))
    return complete, torch.isin(drawn, known)


def redraw_loss(drawn: Tensor, real: Tensor, graph: Tensor, count: int) -> Tensor:
    """Returns the cross-entropy of drawn weights with the real edges; edges and other pairs weigh the same.

    Args:
        drawn: Weights of pairs of nodes ``[P]``, in (0, 1).
        real: Whether they are edges, bool ``[P]``.
        graph: Graph of each pair ``[P]``.
        count: Number of graphs.

    Returns:
        Mean over the graphs, in nats, a scalar.
    """
    loss = F.binary_cross_entropy(drawn.clamp(EPSILON, 1 - EPSILON), real.float(), reduction="none")
    kind = 2 * graph + real
    return (loss / torch.bincount(kind, minlength=2 * count)[kind]).sum() / (2 * count)


PROXYEXPLAINER = ExplainerSpec(
    name="proxyexplainer",
    title="ProxyExplainer",
    hard=False,
    fits_masks=True,
    validation=(
        "Not validated: its decoder knows nodes by random marks, so that graphs may have any size, and draws "
        "worse than the released one, which was measured at 0.938 on BA-2Motifs (arXiv:2402.02036: 0.935)."
    ),
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskExplainer(
        model,
        EdgeMaskConfig(
            ProxyObjective(), seed=seed, steps=300, batch_size=32, learning_rate=1e-3, grid=GRID
        ).at(GRID[0]),
    ),
    source="https://arxiv.org/abs/2402.02036",
    only_graphs=True,
)
