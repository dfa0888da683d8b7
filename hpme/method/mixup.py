"""Structure-level replacement: one graph's explanation takes the place of another's."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.packed import Packed, at, grouped, pack
from hpme.method.ends import Exchange
from hpme.method.pooling import always_kept
from hpme.method.reattach import Links, reattach
from hpme.method.types import traits_of
from hpme.seeding import generator as local_generator

EXPLANATION, DONOR, LINK = 0, 1, 2


@dataclass(frozen=True)
class Mixed:
    """A batch of mixed graphs with full provenance; explanation before rest in each of them."""

    graphs: Packed  # B graphs with M nodes and L edges
    node_origin: Tensor  # [M]: EXPLANATION or DONOR
    node_id: Tensor  # [M]: node of the batch that was mixed
    edge_origin: Tensor  # [L]: EXPLANATION, DONOR or LINK
    edge_id: Tensor  # [L]: edge of the batch that was mixed; of a link the one that was cut


def dilate(graphs: Packed, keep: Tensor, chosen: Tensor) -> Tensor:
    """Adds the neighbours of the kept nodes in the chosen graphs.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        keep: Kept nodes, bool ``[N]``.
        chosen: Graphs to dilate, bool ``[B]``.

    Returns:
        Bool ``[N]``.
    """
    start, end = graphs.edge_index
    spreading = keep[start] & chosen[graphs.batch[start]]
    grown = keep.clone()
    grown[end[spreading]] = True
    return grown


def replace(graphs: Packed, exchange: Exchange, draws: torch.Generator) -> Mixed:
    """Puts the explanation of each graph ``i`` into the rest of graph ``donor[i]``: mixed graph ``i``.

    `donor` is a permutation and `cut` covers `keep`, so each node goes to one mixed graph at most: with its
    explanation, or with the rest that its graph gives away. The batch never grows.

    Nodes and edges keep their attributes; a new link has those of the edge that was cut, in each direction,
    and only the directions that it had. Where two meet, the first edge counts. Attributes of graphs are those
    of the explained graph. Both directions of an edge that stand side by side, the first at an even place, do
    so in the mixed graph.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        exchange: Which part of each graph moves, and where to.
        draws: Source of the draws among equally good ends.

    Returns:
        The mixed graphs, numbered as `graphs`.
    """
    keep, rest, (start, end), device = exchange.keep, ~exchange.cut, graphs.edge_index, graphs.device
    inside = (keep[start] & keep[end]).nonzero().squeeze(1)
    outside = (rest[start] & rest[end]).nonzero().squeeze(1)
    links = reattach(graphs, exchange, draws)
    total = len(keep)  # node v of a rest is v + total until the ids are made dense
    new, cut = _directions(links, total)
    edges = torch.cat([graphs.edge_index[:, inside], graphs.edge_index[:, outside] + total, new], dim=1)
    edge_id = torch.cat([inside, outside, cut])
    sizes = torch.tensor([len(inside), len(outside), len(cut)], device=device)
    alive = torch.cat([keep, rest])
    ids = torch.arange(total, device=device).repeat(2)[alive]
    receiver = exchange.donor.argsort()
    batch = torch.cat([graphs.batch, receiver[graphs.batch]])[alive]
    mixed, nodes, order = grouped(
        graphs.x[ids],
        (alive.cumsum(0) - 1)[edges],
        batch,
        graphs.size,
        node_attrs=at(graphs.node_attrs, ids),
        edge_attrs=at(graphs.edge_attrs, edge_id),
        graph_attrs=graphs.graph_attrs,
    )
    return Mixed(
        graphs=mixed,
        node_origin=torch.arange(2, device=device).repeat_interleave(total)[alive][nodes],
        node_id=ids[nodes],
        edge_origin=torch.arange(3, device=device).repeat_interleave(sizes)[order],
        edge_id=edge_id[order],
    )


def _directions(links: Links, total: int) -> tuple[Tensor, Tensor]:
    """The edges of links ``[2, L]``, both directions side by side, and the cut edges behind them ``[L]``."""
    u, w = links.u, links.w + total
    edges = torch.stack([torch.stack([u, w]), torch.stack([w, u])], dim=-1).view(2, -1)
    cut = torch.stack([links.there, links.back], dim=-1).view(-1)
    there = cut >= 0
    return edges[:, there], cut[there]


def mix_graphs(
    graphs: Sequence[Data],
    donors: Sequence[Data],
    keeps: Sequence[Tensor],
    donor_keeps: Sequence[Tensor],
    seed: int = 0,
    types: Tensor | None = None,
) -> list[Data]:
    """Mixes pairs of graphs whose explanations are known, whoever found them.

    Args:
        graphs: Graphs whose explanations move.
        donors: As many graphs whose explanations make room.
        keeps: Explanation of each graph, bool ``[N]``.
        donor_keeps: Explanation of each donor, bool ``[N]``.
        seed: Seed of the draws among equally good ends.
        types: Type of each node of all graphs, then of all donors, int64 ``[N]``; default: see
            `hpme.method.types.node_types`.

    Returns:
        For each pair a graph with `x`, `edge_index`, every other attribute that all graphs have,
        `node_origin` ``[N']`` (0 explanation, 1 donor's rest), `node_id` ``[N']`` (id in its own graph) and
        `edge_origin` ``[E']`` (0 explanation, 1 donor, 2 new link).

    Raises:
        ValueError: If the lists differ in length.

    Example:
        >>> from hpme import load_dataset
        >>> graph, donor = load_dataset("ba-2motifs").test[:2]
        >>> mixed = mix_graphs([graph], [donor], [graph.node_gt], [donor.node_gt])[0]  # motif for motif
        >>> mixed.node_origin.bincount().tolist(), mixed.edge_origin.bincount().tolist()
        ([5, 20], [12, 38, 2])
    """
    if not len(graphs) == len(donors) == len(keeps) == len(donor_keeps):
        lengths = [len(graphs), len(donors), len(keeps), len(donor_keeps)]
        raise ValueError(
            f"Expected four lists of one length (got {lengths}); give each graph one donor and masks"
        )
    if not graphs:
        return []
    both, half = pack([*graphs, *donors]), len(graphs)
    keep = always_kept(torch.cat([*keeps, *donor_keeps]), both)
    donor = torch.arange(2 * half, device=both.device).roll(half)
    exchange = Exchange(keep, keep, donor, traits_of(both, types))
    mixed = replace(both, exchange, local_generator(seed))
    node_id = mixed.node_id - both.node_ptr[both.batch[mixed.node_id]]
    origins = {"node_origin": mixed.node_origin, "node_id": node_id}
    whole = dataclasses.replace(
        mixed.graphs,
        node_attrs={**mixed.graphs.node_attrs, **origins},
        edge_attrs={**mixed.graphs.edge_attrs, "edge_origin": mixed.edge_origin},
    )
    return whole.take(torch.arange(half, device=both.device))[0].to_data_list()
