"""GNNExplainer: a soft mask over the edges of each graph, optimised for many graphs at once."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import ExplainerSpec, InChunks, explain_edges, noted, own_draws
from hpme.explainers.edge_masks.objective import size_and_entropy
from hpme.forward.ask import answer
from hpme.forward.batches import one_thread
from hpme.forward.packed import Packed
from hpme.forward.pairs import average_directions
from hpme.forward.question import ask
from hpme.forward.weighted import EdgeWeighted

ROUNDING = 1e-5  # of a graph's largest gradient: what is less counts as none


@dataclass(frozen=True)
class GNNExplainerConfig:
    """Settings, saved with every result.

    Raises:
        ValueError: If a setting is out of range.
    """

    seed: int = 0  # of the initial masks
    epochs: int = 100  # gradient steps
    learning_rate: float = 0.01  # of Adam
    size: float = 0.005  # coefficient of the sum of a graph's weights
    entropy: float = 1.0  # coefficient of the mean entropy of its weights

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("seed", self.seed, 0, 2**31)
        checks.in_range("epochs", self.epochs, 1, 1_000_000)
        checks.in_range("learning_rate", self.learning_rate, 1e-6, 10)
        checks.in_range("size", self.size, 0, 1000)
        checks.in_range("entropy", self.entropy, 0, 1000)


class BatchedGNNExplainer(InChunks):
    r"""Optimises a weight for each edge so that the weighted graph keeps the prediction.

    The weight of an edge is :math:`\sigma(m_e)`; :math:`m` starts near zero and minimises, graph by graph,
    cross-entropy with the explained class (of a number the squared error), size and entropy. Graphs of a
    batch pass the model together, as one disjoint graph, and each has its own term of the loss: as no term
    knows another graph's mask, and Adam treats every number by itself, this gives each graph what it would
    get alone. An edge whose mask has no gradient in the first step scores 0; both directions of an edge get
    their mean.

    Args:
        model: Model, or `hpme.forward.question.Question`; not changed.
        config: Settings.

    Source:
        Ying et al. (2019), arXiv:1903.03894, as in PyTorch Geometric 2.8, with its settings, to which a test
        holds this; features are not masked. The penalties leave out what PyG adds to avoid log 0 (1e-15).
    """

    def __init__(self, model: nn.Module, config: GNNExplainerConfig | None = None) -> None:
        self.question = ask(model)
        self.config = config or GNNExplainerConfig()

    def _explain(self, graphs: list[Data], target: int | None = None) -> list[Explanation]:
        packed = self.question.pack(graphs)
        output = answer(self.question, packed)
        targets = output.argmax(-1, keepdim=True)
        if target is not None:
            checks.in_range("target", target, 0, output.size(1) - 1)
            targets = torch.full_like(targets, target)
            output = nn.functional.one_hot(targets[:, 0], output.size(1)).to(output)
        start = torch.cat([_initial(graph, self.config.seed) for graph in graphs]).to(packed.device)
        with one_thread(), torch.enable_grad():
            weight = _optimise(EdgeWeighted(self.question), packed, start, output, self.config)
        weight = average_directions(packed.edge_index, weight, len(packed.x))
        parts = packed.split_edges(weight)
        rows = zip(graphs, parts, targets, strict=True)
        return noted(self.question, graphs, (explain_edges(*row) for row in rows))


def _initial(graph: Data, seed: int) -> Tensor:
    """Draws PyG's first mask ``[E]``: normal, narrower for larger graphs; as `FromPyG` draws it."""
    draws = torch.Generator().manual_seed(own_draws(seed, graph).initial_seed())
    return torch.randn(graph.edge_index.size(1), generator=draws) * (2 / graph.num_nodes) ** 0.5


def _optimise(
    model: EdgeWeighted, graphs: Packed, start: Tensor, output: Tensor, config: GNNExplainerConfig
) -> Tensor:
    """Returns the weights ``[E]`` after all steps; 0 where the first gradient is, but for rounding."""
    if not len(start):
        return start
    mask, used = start.requires_grad_(), torch.ones_like(start, dtype=torch.bool)
    optimizer = torch.optim.Adam([mask], config.learning_rate)
    for epoch in range(config.epochs):
        optimizer.zero_grad()
        weight = mask.sigmoid()
        loss = _loss(model(graphs, weight), output)
        if epoch:  # as in PyG, whose first step is to find out which edges matter at all
            own = graphs.edge_batch[used]
            loss = loss + size_and_entropy(weight[used], own, graphs.size, config.size, config.entropy)
        (loss * graphs.size).backward()
        if not epoch and mask.grad is not None:
            size = mask.grad.abs()
            most = size.new_zeros(graphs.size).scatter_reduce(0, graphs.edge_batch, size, "amax")
            used = size > ROUNDING * most[graphs.edge_batch]
        optimizer.step()
    return mask.detach().sigmoid() * used


def _loss(logits: Tensor, output: Tensor) -> Tensor:
    """The cross-entropy with the explained class, or with one number the squared error, as in PyG.

    Unlike `hpme.explainers.edge_masks.objective.output_loss` it knows of no graph but its own.
    """
    if output.size(1) == 1:
        return nn.functional.mse_loss(logits, output)
    return nn.functional.cross_entropy(logits, output.argmax(-1))


GNNEXPLAINER = ExplainerSpec(
    name="gnnexplainer",
    title="GNNExplainer",
    hard=False,
    fits_masks=True,
    validation=(
        "0.615 (pooled edge AUC, BA-2Motifs, the authors' 200 graphs and ProxyExplainer's classifier, "
        "26 November 2026), where papers report 0.644 (arXiv:2402.02036) and 0.660 "
        "(arXiv:2307.07832); it is PyG's, to which a test holds it."
    ),
    learns=False,
    one_pass=False,
    build=lambda model, seed: BatchedGNNExplainer(model, GNNExplainerConfig(seed=seed)),
    source="https://arxiv.org/abs/1903.03894",
)
