"""Structure-level replacement: one graph's explanation takes the place of another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.packed import Packed, grouped, pack
from hpme.seeding import generator as local_generator

EXPLANATION, DONOR, LINK = 0, 1, 2
ROUNDS = 3  # in which new ends are dealt
# What counts when a new end is chosen, beside a draw in [0, 1); see `reattach`.
TYPE_WEIGHT, SHORT_WEIGHT, DEGREE_WEIGHT, TAKEN_WEIGHT = 2.0, 1.0, 1.0, 3.0


@dataclass(frozen=True)
class Exchange:
    """The part of each graph that moves, and the graph that it moves into."""

    keep: Tensor  # explanation nodes, bool [N]
    cut: Tensor  # nodes that leave the donor, bool [N]; `keep`, or more of it
    donor: Tensor  # donor of each graph, a permutation of the graphs [B]
    types: Tensor  # type of each node [N]


@dataclass(frozen=True)
class Mixed:
    """A batch of mixed graphs with full provenance; explanation before rest in each of them."""

    graphs: Packed  # B graphs with M nodes and L edges
    node_origin: Tensor  # [M]: EXPLANATION or DONOR
    node_id: Tensor  # [M]: node of the batch that was mixed
    edge_origin: Tensor  # [L]: EXPLANATION, DONOR or LINK


def node_types(x: Tensor) -> Tensor:
    """Returns the type of each node ``[N]``: the hot column of one-hot rows, else the same for all."""
    return x.argmax(1) if _one_hot(x) else torch.zeros(len(x), dtype=torch.long)


def count_types(x: Tensor) -> int:
    """Returns the number of node types that features ``[N, F]`` tell apart: ``F`` if one-hot, else one."""
    return x.size(1) if _one_hot(x) else 1


def _one_hot(x: Tensor) -> bool:
    return x.numel() > 0 and bool(((x == 0) | (x == 1)).all() and (x.sum(1) == 1).all())


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


def reattach(graphs: Packed, exchange: Exchange, draws: torch.Generator) -> tuple[Tensor, Tensor]:
    """Finds a new end in the donor's rest for each edge that the explanation lost.

    An edge from ``u`` in the explanation to ``v`` outside becomes an edge from ``u`` to a node ``w`` of the
    donor's rest: best of ``v``'s type, short of a neighbour itself and then of ``v``'s degree. So every
    explanation node keeps its degree and the kind of its neighbours. The ends are dealt in rounds, in each of
    which a ``w`` takes its best claim only: without that, several edges would meet in one ``w``. The
    arguments are those of `replace`.

    Returns:
        The ends ``u`` and ``w``, two tensors ``[L]``; edges whose donor has nothing left are dropped.
    """
    edge_index, keep, rest = graphs.edge_index, exchange.keep, ~exchange.cut
    total = len(keep)
    u, v = edge_index[:, keep[edge_index[0]] & ~keep[edge_index[1]]]
    degree = torch.bincount(edge_index[0], minlength=total)
    inside = edge_index[0][rest[edge_index[0]] & rest[edge_index[1]]]
    left = torch.bincount(inside, minlength=total)  # neighbours that a node still has, dealt ones included
    candidate, allowed = _candidates(graphs, exchange.donor[graphs.batch[u]], rest)
    value = torch.rand(candidate.shape, generator=draws)
    value += TYPE_WEIGHT * (exchange.types[candidate] == exchange.types[v, None])
    value.masked_fill_(~allowed, -torch.inf)
    w = torch.full_like(u, -1)
    taken = torch.zeros_like(keep)
    open_edges = allowed.any(dim=1).nonzero().squeeze(1)
    for last in [False] * (ROUNDS - 1) + [True]:
        rows, wanted = candidate[open_edges], degree[v[open_edges], None]
        short = left < degree
        bonus = SHORT_WEIGHT * short - TAKEN_WEIGHT * (taken & ~short)
        score = value[open_edges] + bonus[rows] + DEGREE_WEIGHT * (left[rows] + 1 == wanted)
        best, place = score.max(dim=1)
        claimed = rows.gather(1, place[:, None]).squeeze(1)
        top = torch.full((total,), -torch.inf).scatter_reduce(0, claimed, best, "amax")
        won = (best == top[claimed]) | last
        w[open_edges[won]] = claimed[won]
        taken[claimed[won]] = True
        left += torch.bincount(claimed[won], minlength=total)
        open_edges = open_edges[~won]
    return u[w >= 0], w[w >= 0]


def _candidates(graphs: Packed, wanted: Tensor, rest: Tensor) -> tuple[Tensor, Tensor]:
    """The nodes of each wanted graph ``[L, n]``, padded, and which of them belong to its rest."""
    start, count = graphs.node_ptr[:-1], graphs.node_ptr.diff()
    offset = torch.arange(int(count.max()))
    candidate = (start[wanted, None] + offset).clamp(max=len(rest) - 1)
    return candidate, (offset < count[wanted, None]) & rest[candidate]


def replace(graphs: Packed, exchange: Exchange, draws: torch.Generator) -> Mixed:
    """Puts the explanation of each graph ``i`` into the rest of graph ``donor[i]``: mixed graph ``i``.

    `donor` is a permutation and `cut` covers `keep`, so each node goes to one mixed graph at most: with its
    explanation, or with the rest that its graph gives away. The batch never grows.

    Args:
        graphs: ``B`` graphs with ``N`` nodes and edges in both directions.
        exchange: Which part of each graph moves, and where to.
        draws: Source of the draws among equally good ends.

    Returns:
        The mixed graphs, numbered as `graphs`.
    """
    edge_index, keep, rest = graphs.edge_index, exchange.keep, ~exchange.cut
    receiver = exchange.donor.argsort()
    inside = edge_index[:, keep[edge_index[0]] & keep[edge_index[1]]]
    outside = edge_index[:, rest[edge_index[0]] & rest[edge_index[1]]]
    u, w = reattach(graphs, exchange, draws)
    total = len(keep)  # node v of a rest is v + total until the ids are made dense
    pairs = torch.unique(u * total + w)
    links = torch.stack([pairs // total, pairs % total + total])
    alive = torch.cat([keep, rest])
    new_id = alive.cumsum(0) - 1
    edges = torch.cat([inside, outside + total, links, links.flip(0)], dim=1)
    sizes = torch.tensor([inside.size(1), outside.size(1), 2 * links.size(1)])
    ids = torch.arange(total).repeat(2)[alive]
    batch = torch.cat([graphs.batch, receiver[graphs.batch]])[alive]
    packed, nodes, order = grouped(graphs.x[ids], new_id[edges], batch, graphs.size)
    return Mixed(
        graphs=packed,
        node_origin=torch.arange(2).repeat_interleave(total)[alive][nodes],
        node_id=ids[nodes],
        edge_origin=torch.tensor([EXPLANATION, DONOR, LINK]).repeat_interleave(sizes)[order],
    )


def mix_graphs(
    graphs: Sequence[Data],
    donors: Sequence[Data],
    keeps: Sequence[Tensor],
    donor_keeps: Sequence[Tensor],
    seed: int = 0,
) -> list[Data]:
    """Mixes pairs of graphs whose explanations are known, whoever found them.

    Args:
        graphs: Graphs whose explanations move.
        donors: As many graphs whose explanations make room.
        keeps: Explanation of each graph, bool ``[N]``.
        donor_keeps: Explanation of each donor, bool ``[N]``.
        seed: Seed of the draws among equally good ends.

    Returns:
        For each pair a graph with `x`, `edge_index`, `node_origin` ``[N']`` (0 explanation, 1 donor's rest),
        `node_id` ``[N']`` (id in its own graph) and `edge_origin` ``[E']`` (0 explanation, 1 donor, 2 new
        link).

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
    keep = torch.cat([*keeps, *donor_keeps])
    exchange = Exchange(keep, keep, torch.arange(2 * half).roll(half), node_types(both.x))
    return _split(replace(both, exchange, local_generator(seed)), both, half)


def _split(mixed: Mixed, graphs: Packed, count: int) -> list[Data]:
    """Returns the first mixed graphs one by one, as `mix_graphs` does; explanation nodes come first.

    Args:
        mixed: Mixed graphs.
        graphs: The graphs that were mixed.
        count: How many to return.
    """
    node_id = mixed.node_id - graphs.node_ptr[graphs.batch[mixed.node_id]]
    ours = mixed.graphs
    local = ours.edge_index - ours.node_ptr[ours.edge_batch]
    parts = zip(
        ours.split_nodes(ours.x),
        ours.split_edges(local, dim=1),
        ours.split_nodes(mixed.node_origin),
        ours.split_nodes(node_id),
        ours.split_edges(mixed.edge_origin),
        strict=True,
    )
    names = ("x", "edge_index", "node_origin", "node_id", "edge_origin")
    return [Data(**dict(zip(names, part, strict=True))) for part in islice(parts, count)]
