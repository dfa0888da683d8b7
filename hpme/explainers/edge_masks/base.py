"""Amortised soft masks: one network, fitted once, scores the edges of every graph."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import Progress, checked, explain_edges, noted
from hpme.explainers.edge_masks.choice import Tried
from hpme.explainers.edge_masks.fitted import FittedMask
from hpme.explainers.edge_masks.objective import EPSILON, Objective, Sampled
from hpme.explainers.edge_masks.whole import seen_embedding
from hpme.forward.ask import answer
from hpme.forward.batches import batches
from hpme.forward.hops import CENTRE, centre_rows
from hpme.forward.packed import Packed
from hpme.forward.pairs import pair_mean, undirected_pairs
from hpme.forward.weighted import EdgeWeighted
from hpme.seeding import generator

CLIP = 2.0  # norm of a gradient


@dataclass(frozen=True)
class EdgeMaskConfig(Tried):
    """Settings of a fit, saved with its result.

    Raises:
        ValueError: If a setting is out of range.
    """

    objective: Objective
    batch_size: int = 64  # graphs in a step
    learning_rate: float = 5e-3  # of Adam
    temperature_high: float = 1.0  # of the samples, at the first step
    temperature_low: float = 1.0  # and at the last; it falls geometrically
    start: float = 5.0  # logit of every edge before the fit, about
    hidden: int = 64  # width of the edge scorer

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("batch_size", self.batch_size, 2, 100_000)
        checks.in_range("learning_rate", self.learning_rate, 1e-6, 1)
        checks.in_range("temperature_low", self.temperature_low, 1e-3, self.temperature_high)
        checks.in_range("start", self.start, -100, 100)
        checks.in_range("hidden", self.hidden, 1, 10_000)
        super().__post_init__()


class EdgeMaskExplainer(FittedMask[EdgeMaskConfig, nn.Module]):
    r"""Explains by a soft mask over the edges, from a network fitted once.

    The logit of an edge is :math:`\omega_{ij} = MLP([z_i; z_j])` on the model's frozen embeddings, around a
    node :math:`MLP([z_i; z_j; z_{centre}])`. In fitting its weight is a binary-concrete sample,
    :math:`\sigma((\omega + \log u - \log(1 - u)) / T)`, with :math:`T` falling; afterwards
    :math:`\sigma(\omega)`, and edges rank by :math:`\omega`. The objective says what the weights are to
    achieve. All graphs of a batch pass the model together, on a copy of it. `config` and `choice`: see
    `FittedMask`.

    Where a fit ends depends on where it starts and on what an edge costs, and no one setting serves all
    models. From weights near 1/2 with :math:`T = 5`, as published, models that sum messages misread nearly
    every graph: there PGExplainer's mask ends empty on ba-2motifs, and right on alkane-carbonyl. From the
    whole graph, with coefficients under which entropy pushes harder than size pulls, the mask stays the whole
    graph: that is the objective's optimum, so its loss is the lowest there, and says nothing about the
    explanation. Hence the grids, and the choice by predictions.

    Differences from PGExplainer, from which the family descends: logits of both directions are averaged
    before the draw, where its code averages two draws; a step is taken on a batch, where its code takes one
    step an epoch on all graphs.

    Source:
        Luo et al. (2020), arXiv:2011.04573.
    """

    def learn(
        self, graphs: Packed, z: Tensor, config: EdgeMaskConfig, progress: Progress | None
    ) -> nn.Module:
        """Returns the scorer that minimises the objective."""
        return fit_scorer(self.question, graphs, z, config, progress)

    def explain_batch(self, graphs: Sequence[Data]) -> list[Explanation]:
        """Explains the predicted class of each graph in one pass, in order."""
        graphs, scorer = checked(graphs), self.fitted()
        if not graphs:
            return []
        packed = self.question.pack(graphs)
        z, output = seen_embedding(self.question, self.whole, graphs, packed), answer(self.question, packed)
        pair = undirected_pairs(packed.edge_index, len(packed.x))
        with torch.no_grad():
            logits = edge_logits(scorer, edge_inputs(z, packed), pair)
        parts, targets = packed.split_edges(logits), output.argmax(-1, keepdim=True)
        rows = zip(graphs, parts, targets, strict=True)
        return noted(self.question, graphs, (explain_logits(*row) for row in rows))

    def mix_embeddings(self, graphs: Sequence[Data], donors: Sequence[Data], seed: int = 0) -> Tensor | None:
        """Returns embeddings ``[G, 2H]`` of the mixed graphs of the objective; None if it mixes nothing."""
        both, size = [*graphs, *donors], len(graphs)
        packed = self.question.pack(both)
        weight = torch.cat([explanation.edge_mask for explanation in self.explain_batch(both)])
        donor = torch.arange(2 * size, device=packed.device).roll(size)
        mixed = self.config.objective.mix(packed, weight.to(packed.device), donor, generator(seed))
        if mixed is None:
            return None
        with torch.no_grad():
            return EdgeWeighted(self.question).embed(mixed.graphs, mixed.weight)[:size]


def explain_logits(graph: Data, logit: Tensor, target: Tensor) -> Explanation:
    """Returns a soft explanation by edge logits ``[E]``: the masks are their sigmoid, the scores rank alike.

    The score is :math:`(1 + w / (1 + |w|)) / 2`: many fits end with all weights at 1 or 0, where the sigmoid
    in single precision makes everything equal and no ranking is left.
    """
    return explain_edges(graph, (1 + nn.functional.softsign(logit)) / 2, target, logit.sigmoid())


def edge_inputs(z: Tensor, graphs: Packed) -> Tensor:
    """Returns what a scorer reads of each edge: ``[z_i; z_j]`` of both ends ``[E, 2H]``.

    Around a node it is ``[z_i; z_j; z_centre]`` ``[E, 3H]``, as in PGExplainer: an edge matters to one node
    and not to another.

    Args:
        z: Embeddings of the nodes ``[N, H]``.
        graphs: Their graphs.
    """
    parts = [z[graphs.edge_index[0]], z[graphs.edge_index[1]]]
    if CENTRE in graphs.node_attrs:
        parts.append(centre_rows(z, graphs)[graphs.edge_batch])
    return torch.cat(parts, dim=1)


def edge_logits(scorer: nn.Module, inputs: Tensor, pair: Tensor) -> Tensor:
    """Returns the mean over both directions of the scorer's logits on its inputs ``[E, W]``, ``[E]``."""
    return pair_mean(scorer(inputs).squeeze(1), pair)


def concrete(logit: Tensor, pair: Tensor, temperature: float, draws: torch.Generator) -> Tensor:
    """Draws binary-concrete weights ``[E]`` in (0, 1); both directions of an edge share one draw."""
    drawn = torch.rand(int(pair.max()) + 1, generator=draws).clamp(EPSILON, 1 - EPSILON)
    uniform = drawn.to(logit.device)[pair]
    return ((logit + uniform.logit()) / temperature).sigmoid()


def fit_scorer(
    model: nn.Module,
    graphs: Packed,
    z: Tensor,
    config: EdgeMaskConfig,
    progress: Progress | None = None,
    watch: Callable[[int, nn.Module], None] = lambda _step, _scorer: None,
) -> nn.Module:
    """Returns the scorer of embeddings ``[N, H]`` that minimises the objective.

    Args:
        model: Frozen model.
        graphs: Training graphs.
        z: Embeddings of their nodes, as the scorer reads them.
        config: Settings.
        progress: Called after each step with its loss.
        watch: Called after each step, before `progress`, with its number and the scorer.
    """
    output, weighted = answer(model, graphs), EdgeWeighted(model)
    weighted.check_gradient(graphs)
    draws = generator(config.seed)
    width = z.size(1) * (3 if CENTRE in graphs.node_attrs else 2)
    scorer, network = (part.to(z.device) for part in _networks(config, graphs.rows.size(1), width))
    parameters = [*scorer.parameters(), *network.parameters()]
    optimizer = torch.optim.Adam(parameters, config.learning_rate)
    for step, ids in enumerate(batches(graphs.size, config.batch_size, config.steps, draws)):
        done = step / config.steps
        temperature = config.temperature_high * (config.temperature_low / config.temperature_high) ** done
        drawn, nodes = graphs.take(ids)
        pair = undirected_pairs(drawn.edge_index, len(drawn.x))
        logit = edge_logits(scorer, edge_inputs(z[nodes], drawn), pair)
        weight = concrete(logit, pair, temperature, draws)
        batch = Sampled(drawn, pair, logit, weight, output[ids], done)
        optimizer.zero_grad()
        loss = config.objective(weighted, batch, network, draws)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, CLIP)
        optimizer.step()
        watch(step + 1, scorer)
        if progress:
            progress(step + 1, config.steps, {"loss": float(loss.detach())})
    return scorer.requires_grad_(False)


def _networks(config: EdgeMaskConfig, num_features: int, width: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(generator(config.seed, 1).initial_seed())
        first, last = nn.Linear(width, config.hidden), nn.Linear(config.hidden, 1)
        scorer = nn.Sequential(first, nn.ReLU(), last)
        nn.init.constant_(last.bias, config.start)
        return scorer, config.objective.network(num_features)
