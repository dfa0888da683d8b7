"""Structure-level replacement: one graph's explanation takes the place of another's."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.packed import Packed, at, pack, pointers
from hpme.method.ends import Exchange
from hpme.method.pooling import always_kept
from hpme.method.reattach import Links, reattach
from hpme.method.types import node_types, traits_of
from hpme.seeding import generator as local_generator

EXPLANATION, DONOR, LINK = 0, 1, 2


@dataclass(frozen=True)
class Mixed:
    """A batch of mixed graphs with full provenance; explanation before rest in each of them."""

    graphs: Packed  # B graphs with M nodes and L edges
    nodes: Sequence[Tensor]  # places of those of explanations and of donors, M together
    node_id: Tensor  # [M]: node of the batch that was mixed
    edges: Sequence[Tensor]  # places of those of explanations, of donors and of links, L together
    edge_id: Tensor  # [L]: edge of the batch that was mixed; of a link the one that was cut

    @property
    def node_origin(self) -> Tensor:
        """Where each node comes from ``[M]``: EXPLANATION or DONOR."""
        return _origins(self.nodes)

    @property
    def edge_origin(self) -> Tensor:
        """Where each edge comes from ``[L]``: EXPLANATION, DONOR or LINK."""
        return _origins(self.edges)


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
    spreading = (keep & chosen.index_select(0, graphs.batch)).index_select(0, start)
    return keep.index_fill(0, end.index_select(0, spreading.nonzero().squeeze(1)), True)


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
    keep, rest, size, device = exchange.keep, ~exchange.cut, graphs.size, graphs.device
    own, others = (_edges_within(graphs, nodes) for nodes in (keep, rest))
    links = reattach(graphs, exchange, draws)
    stays, leaves = keep.nonzero().squeeze(1), rest.nonzero().squeeze(1)
    same, receiver = torch.arange(size, device=device), exchange.donor.argsort()
    moving = _Block(graphs.batch[stays], same), _Block(graphs.batch[leaves], receiver)
    node_ptr, places = _laid(moving, size)
    node_id = _filled(places, (stays, leaves))
    # Node v of a rest is v + total until it has its place.
    total = len(keep)
    place = stays.new_empty(2 * total)
    place[stays], place[leaves + total] = places
    new, cut = _directions(links, total)
    edges = torch.cat(
        [graphs.edge_index.index_select(1, own), graphs.edge_index.index_select(1, others) + total, new],
        dim=1,
    )
    edge_ids = own, others, cut
    blocks = (
        _Block(graphs.edge_batch.index_select(0, own), same),
        _Block(graphs.edge_batch.index_select(0, others), receiver),
        _Block(graphs.edge_batch.index_select(0, cut), same),
    )
    edge_ptr, edge_places = _laid(blocks, size)
    edge_id = _filled(edge_places, edge_ids)
    placed = place.index_select(0, edges.view(-1)).view(2, -1)
    edge_index = torch.empty_like(edges).index_copy(1, torch.cat(edge_places), placed)
    mixed = Packed(
        graphs.x.index_select(0, node_id),
        edge_index,
        node_ptr,
        edge_ptr,
        at(graphs.node_attrs, node_id),
        at(graphs.edge_attrs, edge_id),
        graphs.graph_attrs,
    )
    return Mixed(mixed, places, node_id, edge_places, edge_id)


def _edges_within(graphs: Packed, nodes: Tensor) -> Tensor:
    """The edges ``[L]`` whose ends are both among these nodes, bool ``[N]``."""
    start, end = graphs.edge_index
    return (nodes.index_select(0, start) & nodes.index_select(0, end)).nonzero().squeeze(1)


class _Block(NamedTuple):
    """Elements that go to other graphs, each graph's together."""

    source: Tensor  # graph that each comes from, ascending [n]
    target: Tensor  # graph that those of each graph go to, a permutation [B]


def _laid(blocks: Sequence[_Block], size: int) -> tuple[Tensor, list[Tensor]]:
    """Where each graph begins, and the place of each element: graph by graph, and there block by block."""
    counts = [torch.bincount(block.source, minlength=size) for block in blocks]
    landed = [torch.empty_like(n).index_copy(0, b.target, n) for b, n in zip(blocks, counts, strict=True)]
    ptr = pointers(torch.stack(landed).sum(0))
    begin, places = ptr[:-1], []
    for block, count, arrived in zip(blocks, counts, landed, strict=True):
        shift = begin[block.target] - (count.cumsum(0) - count)
        rank = torch.arange(len(block.source), device=ptr.device)
        places.append(rank + shift.index_select(0, block.source))
        begin = begin + arrived
    return ptr, places


def _filled(places: Sequence[Tensor], values: Sequence[Tensor]) -> Tensor:
    """One tensor that holds these values at these places, which are all of its places."""
    where = torch.cat([*places])
    return torch.empty_like(where).index_copy(0, where, torch.cat([*values]))


def _origins(places: Sequence[Tensor]) -> Tensor:
    """The number of the block whose element lies at each place."""
    return _filled(places, [torch.full_like(block, i) for i, block in enumerate(places)])


def _directions(links: Links, total: int) -> tuple[Tensor, Tensor]:
    """The edges of links ``[2, L]``, both directions side by side, and the cut edges behind them ``[L]``."""
    u, w = links.u, links.w + total
    edges = torch.stack([torch.stack([u, w]), torch.stack([w, u])], dim=-1).view(2, -1)
    cut = torch.stack([links.there, links.back], dim=-1).view(-1)
    there = (cut >= 0).nonzero().squeeze(1)
    return edges.index_select(1, there), cut.index_select(0, there)


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
    (both, nodes, held), half = _numbered([*graphs, *donors]), len(graphs)
    keep = always_kept(torch.cat([*keeps, *donor_keeps]), both)
    donor = torch.arange(2 * half, device=both.device).roll(half)
    exchange = Exchange(
        keep, keep, donor, traits_of(both, node_types(held)[nodes] if types is None else types)
    )
    mixed = replace(both, exchange, local_generator(seed))
    node_id = mixed.node_id - both.node_ptr[both.batch[mixed.node_id]]
    origins = {"node_origin": mixed.node_origin, "node_id": node_id}
    whole = dataclasses.replace(
        mixed.graphs,
        node_attrs={**mixed.graphs.node_attrs, **origins},
        edge_attrs={**mixed.graphs.edge_attrs, "edge_origin": mixed.edge_origin},
    )
    ours = whole.take(torch.arange(half, device=both.device))[0]
    return dataclasses.replace(ours, x=held.x.index_select(0, ours.x)).to_data_list()


def _numbered(graphs: Sequence[Data]) -> tuple[Packed, Tensor, Packed]:
    """Packs graphs with the numbers of nodes as `x`, as features may be wide, and one graph be there often.

    Returns:
        All graphs, the number ``[N]`` of each node, and each graph once, whose nodes have these numbers.
    """
    once = {id(graph): graph for graph in graphs}
    place = {key: number for number, key in enumerate(once)}
    held = pack([*once.values()])
    numbered = dataclasses.replace(held, x=torch.arange(len(held.x), device=held.device))
    ids = torch.tensor([place[id(graph)] for graph in graphs])
    return (*numbered.take(ids), held)
