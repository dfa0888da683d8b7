"""Replacements for pieces of HPME in the ablations: other mixtures, and other gradients."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from hpme.explainers.edge_masks.mixupexplainer import MixupObjective, append
from hpme.explainers.hpme.asking import mixed_graphs, mixed_logits
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.fitting import Mix, Step, mix_at_random
from hpme.forward.ask import graph_logits
from hpme.forward.packed import Packed, grouped
from hpme.forward.weighted import EdgeWeighted, WeightedGraphs
from hpme.method import mixup, objective, pooling
from hpme.method.ends import Exchange
from hpme.method.reattach import reattach

MIXUP = MixupObjective()  # for its number of links and its dropout


def donors_by_class(same: bool) -> Mix:
    """Returns a mixture with donors only of the graph's own predicted class, or only of the other classes."""

    def mix(
        model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator
    ) -> Tensor:
        size = batch.graphs.size
        ids = torch.cat([torch.arange(size), donor_order(batch.target, same, draws)])
        both, nodes = batch.graphs.take(ids)
        swap = torch.arange(2 * size).roll(size).expand(len(keep), -1)  # graph i and donor i, both ways
        traits = batch.traits.take(nodes, batch.graphs.edges_of(ids))
        return mixed_logits(model, both, traits, keep[:, nodes], swap, config.dilation, draws)[:, :size]

    return mix


def donor_order(target: Tensor, same: bool, draws: torch.Generator) -> Tensor:
    """Returns a donor ``[B]`` for each graph, never itself; of any class if the batch has no wanted one."""
    others = ~torch.eye(len(target), dtype=torch.bool)
    wanted = others & ((target[:, None] == target) == same)
    allowed = torch.where(wanted.any(1, keepdim=True), wanted, others)
    return torch.multinomial(allowed.float(), 1, generator=draws).squeeze(1)


def untyped(
    model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator
) -> Tensor:
    """New ends are found without regard to the type of the neighbour that was lost."""
    blind = replace(batch.traits, node=torch.zeros_like(batch.traits.node), edge=None)
    return mix_at_random(model, replace(batch, traits=blind), keep, config, draws)


def unlinked(
    model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator
) -> Tensor:
    """Explanation and rest lie side by side in one graph, without a link."""
    donor = torch.randperm(batch.graphs.size, generator=draws).expand(len(keep), -1)
    mixed = mixed_graphs(batch.graphs, batch.traits, keep, donor, config.dilation, draws)
    apart = mixed.graphs.with_edges(mixed.edge_origin != mixup.LINK)
    return graph_logits(model, apart).view(*donor.shape, -1)


def appended(
    model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator
) -> Tensor:
    """MixupExplainer's mixture of hard masks: all nodes of both graphs stay, only edges go."""
    many, donor = _many(batch.graphs, len(keep), draws)
    inside = keep.reshape(-1)[many.edge_index].all(0).float()
    mixed = append(many, inside, donor, MIXUP.eta, MIXUP.dropout, draws)
    hard = mixed.graphs.with_edges(mixed.weight > 0)
    return graph_logits(model, hard).view(len(keep), batch.graphs.size, -1)


def soft_append(
    model: nn.Module, batch: Step, logits: Tensor, price: float, config: HPMEConfig, draws: torch.Generator
) -> tuple[Tensor, Tensor]:
    """MixupExplainer's mixture of soft masks; an edge weighs the product of its ends' probabilities."""
    many, donor = _many(batch.graphs, config.samples, draws)
    start, end = logits.sigmoid().repeat(config.samples)[many.edge_index]
    mixed = append(many, start * end, donor, MIXUP.eta, MIXUP.dropout, draws)
    return _backprop(batch, _weighted_logits(model, mixed), logits, price, config)


def soft_replace(
    model: nn.Module, batch: Step, logits: Tensor, price: float, config: HPMEConfig, draws: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Replacement by weights: the explanation's are the probabilities, the rest's one less its own.

    The links are those of hard masks drawn from the probabilities. A soft mask takes no node out, so all
    nodes of both graphs are read out.
    """
    probability = logits.sigmoid()
    keep = pooling.sample(probability.detach(), config.samples, draws).reshape(-1)
    weight = probability.repeat(config.samples)
    outputs = replaced(model, batch, weight, keep, config, draws, all_nodes=True)
    return _backprop(batch, outputs, logits, price, config)


def straight_through(
    model: nn.Module, batch: Step, logits: Tensor, price: float, config: HPMEConfig, draws: torch.Generator
) -> tuple[Tensor, Tensor]:
    """HPME's own mixtures of drawn hard masks; the gradient goes through the edges as if they were soft.

    Edges that are not there weigh zero, so they have a gradient, too; removed nodes are not read out, and
    the readout has no gradient.
    """
    probability = pooling.keep_probability(logits)
    keep = pooling.sample(probability.detach(), config.samples, draws).reshape(-1)
    weight = keep + (probability - probability.detach()).repeat(config.samples)
    outputs = replaced(model, batch, weight, keep, config, draws, all_nodes=False)
    return _backprop(batch, outputs, logits, price, config)


def replaced(
    model: nn.Module,
    batch: Step,
    weight: Tensor,
    keep: Tensor,
    config: HPMEConfig,
    draws: torch.Generator,
    all_nodes: bool,
) -> Tensor:
    """Logits ``[T * B, C]`` of `weighted_replacement`, read out over all nodes or only those that are in."""
    many, donor = _many(batch.graphs, config.samples, draws)
    grown = torch.rand(many.size, generator=draws) < config.dilation
    cut = mixup.dilate(many, keep, grown)
    exchange = Exchange(keep, cut, donor, batch.traits.repeat(config.samples))
    present = None if all_nodes else torch.cat([keep, ~cut])
    mixed = weighted_replacement(many, exchange, weight, draws, present)
    return _weighted_logits(model, mixed)[: many.size]


def weighted_replacement(
    graphs: Packed,
    exchange: Exchange,
    weight: Tensor,
    draws: torch.Generator,
    present: Tensor | None = None,
) -> WeightedGraphs:
    """The mixed graphs of `hpme.method.mixup.replace` as weights on the edges of all nodes of both graphs.

    An edge weighs the product of its ends. A node of an explanation weighs what is given, one of a rest one
    less that, and nothing where only dilation cuts it.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        exchange: Which part of each graph moves, and where to: edges that the kept nodes lose get new ends,
            and nodes that are cut are no ends.
        weight: Weight of each node in its explanation ``[N]``.
        draws: Source of all draws.
        present: Nodes that are read out, bool ``[2N]``: graphs' own, then donors'; default: all.

    Returns:
        ``B`` graphs with ``2N`` nodes, and behind them, if there are any, one of those not read out.
    """
    total, batch = len(weight), graphs.batch
    rest = torch.where(exchange.cut & ~exchange.keep, 0.0, 1 - weight)
    found = reattach(graphs, exchange, draws)
    links = torch.stack([found.u, found.w + total])
    edges = torch.cat([graphs.edge_index, graphs.edge_index + total, links, links.flip(0)], dim=1)
    start, end = torch.cat([weight, rest])[edges]
    owner = torch.cat([batch, exchange.donor.argsort()[batch]])
    if present is not None:
        owner = torch.where(present, owner, graphs.size)
    mixed, _, order = grouped(graphs.x.repeat(2, 1), edges, owner, int(owner.max()) + 1)
    return WeightedGraphs(mixed, (start * end)[order])


def _many(graphs: Packed, copies: int, draws: torch.Generator) -> tuple[Packed, Tensor]:
    """The graphs `copies` times over, with one permutation as every copy's donors."""
    donor = torch.randperm(graphs.size, generator=draws)
    return graphs.repeat(copies), (donor + graphs.size * torch.arange(copies)[:, None]).reshape(-1)


def _weighted_logits(model: nn.Module, graphs: WeightedGraphs) -> Tensor:
    """Logits ``[B, C]`` with a gradient for the weights."""
    return EdgeWeighted(model)(graphs.graphs, graphs.weight)


def _backprop(
    batch: Step, mixed: Tensor, logits: Tensor, price: float, config: HPMEConfig
) -> tuple[Tensor, Tensor]:
    """HPME's objective for logits ``[T * B, C]`` that have a gradient of their own."""
    graphs = batch.graphs
    outputs = objective.log_odds(mixed.view(config.samples, graphs.size, -1), batch.target)
    loss = batch.weight * smooth_loss(outputs, batch.output, batch.scale)
    cost = price * objective.mean_share(graphs, logits)
    return loss.mean() + cost + config.logit_penalty * logits.square().mean(), loss.detach()


def smooth_loss(mixed: Tensor, original: Tensor, scale: Tensor) -> Tensor:
    """HPME's loss with a smooth bound: the clipped one has no gradient where the prediction is lost.

    Args:
        mixed: Output on the mixed graphs ``[T, B]``.
        original: Output on the originals ``[B]``.
        scale: Distance that counts as one ``[B]``.

    Returns:
        Loss ``[T, B]`` in ``[0, 1)``: the squared error where it is small.
    """
    return 1 - torch.exp(-((mixed - original) / scale).square())
