"""Graphs with a frozen model's outputs, and what the hard subgraphs of a scorer cost and keep of them."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from hpme.explainers.hpme.asking import logits_alone, mixed_logits
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.scorer import NodeScorer, scorer_input
from hpme.forward.ask import answer, same, tolerance
from hpme.forward.hops import CENTRE
from hpme.forward.packed import Packed
from hpme.forward.question import ask
from hpme.method import objective, pooling
from hpme.method.capacity import Checkpoint, content_bits
from hpme.method.types import Traits, count_edge_types, count_types, traits_of
from hpme.seeding import generator


@dataclass(frozen=True)
class Prepared:
    """Graphs with the frozen model's outputs, computed once."""

    graphs: Packed
    z: Tensor  # node embeddings [N, H]
    traits: Traits  # of nodes and edges
    logits: Tensor  # [G, C]
    target: Tensor  # predicted class [G]; 0 in a regression
    output: Tensor  # its log-odds, or the number [G]

    @cached_property
    def types(self) -> tuple[int, int]:
        """Number of types of nodes and of edges."""
        return count_types(self.graphs), count_edge_types(self.graphs)

    def take(self, ids: Tensor) -> "Prepared":
        """The graphs `ids` ``[B]`` in that order."""
        graphs, nodes = self.graphs.take(ids)
        facts = (values[ids] for values in (self.logits, self.target, self.output))
        traits = self.traits.take(nodes, self.graphs.edges_of(ids))
        return Prepared(graphs, self.z[nodes], traits, *facts)


def ask_model(model: nn.Module, graphs: Packed) -> Prepared:
    """Runs the model on every graph."""
    logits = answer(model, graphs)
    z = scorer_input(ask(model), graphs)
    target = logits.argmax(-1)
    return Prepared(graphs, z, traits_of(graphs), logits, target, objective.log_odds(logits, target))


def measure_checkpoint(
    model: nn.Module, validation: Prepared, scorer: NodeScorer, price: float, config: HPMEConfig
) -> Checkpoint:
    """Returns `measure_subgraphs` of a scorer's hard subgraphs of validation graphs."""
    with torch.no_grad():
        keep = pooling.select(scorer(validation.z))
    return measure_subgraphs(model, validation, keep, price, config.draws, config.seed)


def measure_subgraphs(
    model: nn.Module, validation: Prepared, keep: Tensor, price: float, draws: int, seed: int
) -> Checkpoint:
    """Measures what hard subgraphs cost and keep on validation graphs; no ground truth is asked.

    Args:
        model: Frozen model.
        validation: Graphs with its outputs.
        keep: Kept nodes, bool ``[N]``; those that are always kept are added.
        price: At which they were found.
        draws: Mixtures of each graph.
        seed: Of the donors and links.
    """
    graphs, source = validation.graphs, generator(seed, 1)
    keep = pooling.always_kept(keep, graphs)
    donor = torch.stack([torch.randperm(graphs.size, generator=source) for _ in range(draws)])
    mixed = mixed_logits(model, graphs, validation.traits, keep.expand(draws, -1), donor, 0, source)
    unchanged = same(mixed, validation.logits, tolerance(validation.logits)).float().mean(0)
    classes = validation.target.unique()
    kept = torch.stack([unchanged[validation.target == label].mean() for label in classes]).mean()
    count = torch.zeros(graphs.size, device=keep.device).index_add(0, graphs.batch, keep.float())
    return Checkpoint(
        price=price,
        share=float((count / graphs.node_ptr.diff()).mean()),
        bits=sum(content_bits(int(k), *validation.types) for k in count) / graphs.size,
        kept=float(kept),
        swing=_swing(model, validation, keep, mixed),
    )


def _swing(model: nn.Module, validation: Prepared, keep: Tensor, mixed: Tensor) -> float:
    """How far what is left out still moves the output, as a part of the distance to another class.

    It is the mean distance of the outputs on mixed graphs from their mean over the donors, or, of a model
    that reads positions and so is asked about bare subgraphs, from the output on the original. Around nodes
    it is the mean of the two.

    Args:
        model: Frozen model.
        validation: Graphs with its outputs.
        keep: Kept nodes, bool ``[N]``.
        mixed: Logits ``[T, B, C]`` of the mixed graphs.
    """
    target, original = validation.target, validation.output
    outputs = objective.log_odds(mixed, target)
    if ask(model).removal_only(validation.graphs):
        far = (outputs - original).abs().mean(0)
    else:
        far = (outputs - outputs.mean(0)).abs().mean(0)
    if CENTRE in validation.graphs.node_attrs:
        alone = objective.log_odds(logits_alone(model, validation.graphs, keep[None]), target)[0]
        far = (far + (alone - original).abs()) / 2
    num_outputs = mixed.size(-1)
    scale = objective.output_scale(original, target, num_outputs)[target]
    return float((objective.class_weights(target, num_outputs) * far / scale).mean())
