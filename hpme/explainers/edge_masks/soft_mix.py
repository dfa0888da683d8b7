"""The mixed graph of two soft masks: both graphs entire, weighted and linked, as by MixupExplainer."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.explainers.edge_masks.mixupexplainer import MixupObjective, append
from hpme.forward.hops import CENTRE
from hpme.forward.packed import pack
from hpme.forward.question import ask
from hpme.forward.weighted import EdgeWeighted, WeightedGraphs
from hpme.method.mixup import DONOR, EXPLANATION, LINK
from hpme.seeding import generator


def soft_mix(
    graph: Data, donor: Data, mask: Tensor, donor_mask: Tensor, seed: int = 0, *, as_released: bool = False
) -> Data:
    r"""Appends a donor to a graph with the weights :math:`M_a` and :math:`1 - M_b`, and links the two.

    Nothing is removed: the mixed graph has the nodes and edges of both. That is MixupExplainer's mixture
    without its random loss of edges; see `MixupObjective` for its source.

    Args:
        graph: The explained graph.
        donor: The graph that it is appended to.
        mask: Soft mask of the graph's edges, in ``[0, 1]``, ``[E_a]``.
        donor_mask: The same for the donor, ``[E_b]``.
        seed: Seed of the links.
        as_released: Whether weights pass the released code's second sigmoid, after which none is below 1/2.

    Returns:
        A graph with `x`, `edge_index`, `edge_weight` ``[E]``, `node_origin` and `node_id` ``[N]``, and
        `edge_origin` ``[E]``, coded as `hpme.method.mixup.mix_graphs` codes them.

    Raises:
        ValueError: If the graphs have weights of their own.
    """
    if "edge_weight" in graph or "edge_weight" in donor:
        raise ValueError(
            "Expected graphs without 'edge_weight' for a soft mix, whose weights stand there (got some); "
            "look at a hard mix"
        )
    both, draws = pack([graph, donor]), generator(seed)
    donors, weights = torch.tensor([1, 0], device=both.device), torch.cat([mask, donor_mask])
    mixed = append(both, weights, donors, MixupObjective().eta, 0.0, draws)
    ours = mixed.graphs.to_data_list()[0]  # the second mixture is the donor's, appended to the graph
    size, weight = graph.num_nodes, mixed.graphs.split_edges(mixed.weight)[0]
    start, end = ours.edge_index >= size
    ours.edge_weight = weight.sigmoid() if as_released else weight
    ours.node_origin = (torch.arange(ours.num_nodes, device=both.device) >= size).long()
    ours.node_id = torch.cat([torch.arange(count, device=both.device) for count in (size, donor.num_nodes)])
    ours.edge_origin = torch.where(start != end, LINK, torch.where(start, DONOR, EXPLANATION))
    if CENTRE in ours:  # the model is asked about our node, not about the donor's
        ours[CENTRE] = ours[CENTRE].bool().view(-1) & (ours.node_origin == EXPLANATION)
    return ours


def weighted_graphs(model: nn.Module, mixes: Sequence[Data]) -> WeightedGraphs:
    """Returns soft mixes as `EdgeWeighted` is asked about them; their weights are no input of the model."""
    packed = ask(model).pack(mixes)
    given = {name: value for name, value in packed.edge_attrs.items() if name != "edge_weight"}
    weight = torch.cat([mixed.edge_weight for mixed in mixes]).to(packed.device)
    return WeightedGraphs(replace(packed, edge_attrs=given), weight)


def weighted_logits(model: nn.Module, graph: Data) -> Tensor:
    """Returns the logits ``[1, C]`` on a soft mix, whose edges are weighted by its `edge_weight`."""
    mixed = weighted_graphs(model, [graph])
    with torch.no_grad():
        return EdgeWeighted(model)(mixed.graphs, mixed.weight)
