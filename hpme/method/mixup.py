"""Structure-level replacement: one graph's explanation takes the place of another's."""

from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Batch, Data

from hpme.seeding import generator as local_generator

EXPLANATION, DONOR, LINK = 0, 1, 2
ROUNDS = 3
TYPE_WEIGHT, SHORT_WEIGHT, DEGREE_WEIGHT, TAKEN_WEIGHT = 2.0, 1.0, 1.0, 3.0  # beside a draw in [0, 1)


@dataclass(frozen=True)
class Mixed:
    """A batch of mixed graphs with full provenance."""

    x: Tensor  # [M, F]
    edge_index: Tensor  # [2, L]
    batch: Tensor  # [M]
    node_origin: Tensor  # [M]: EXPLANATION or DONOR
    node_id: Tensor  # [M]: node of the batch that was mixed
    edge_origin: Tensor  # [L]: EXPLANATION, DONOR or LINK


def node_types(x: Tensor) -> Tensor:
    """Type of each node ``[N]``: the hot column of one-hot rows; any other features are one single type."""
    return x.argmax(1) if _one_hot(x) else torch.zeros(len(x), dtype=torch.long)


def count_types(x: Tensor) -> int:
    """Number of node types that features ``[N, F]`` tell apart: ``F`` if they are one-hot, else one."""
    return x.size(1) if _one_hot(x) else 1


def _one_hot(x: Tensor) -> bool:
    return x.numel() > 0 and bool(((x == 0) | (x == 1)).all() and (x.sum(1) == 1).all())


def dilate(keep: Tensor, edge_index: Tensor, batch: Tensor, chosen: Tensor) -> Tensor:
    """Adds the neighbours of the kept nodes in the chosen graphs.

    Args:
        keep: Kept nodes, bool ``[N]``.
        edge_index: Edges ``[2, E]``.
        batch: Graph of each node ``[N]``.
        chosen: Graphs to dilate, bool ``[B]``.

    Returns:
        Bool ``[N]``.
    """
    spreading = keep[edge_index[0]] & chosen[batch[edge_index[0]]]
    grown = keep.clone()
    grown[edge_index[1][spreading]] = True
    return grown


def reattach(
    edge_index: Tensor,
    batch: Tensor,
    size: int,
    keep: Tensor,
    cut: Tensor,
    donor: Tensor,
    types: Tensor,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Finds a new end in the donor's rest for each edge that the explanation lost.

    An edge from ``u`` in the explanation to ``v`` outside becomes an edge from ``u`` to a node ``w`` of the
    donor's rest: best of ``v``'s type, short of a neighbour itself and then of ``v``'s degree. So every
    explanation node keeps its degree and the kind of its neighbours. The ends are dealt in rounds, in each of
    which a ``w`` takes its best claim only: without that, several edges would meet in one ``w``. The
    arguments are those of `replace`.

    Returns:
        The ends ``u`` and ``w``, two tensors ``[L]``; edges whose donor has nothing left are dropped.
    """
    rest = ~cut
    u, v = edge_index[:, keep[edge_index[0]] & ~keep[edge_index[1]]]
    degree = torch.bincount(edge_index[0], minlength=len(batch))
    inside = edge_index[0][rest[edge_index[0]] & rest[edge_index[1]]]
    left = torch.bincount(
        inside, minlength=len(batch)
    )  # neighbours that a node still has, dealt ones included
    candidate, allowed = _candidates(batch, size, donor[batch[u]], rest)
    value = torch.rand(candidate.shape, generator=generator)
    value += TYPE_WEIGHT * (types[candidate] == types[v, None])
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
        top = torch.full((len(batch),), -torch.inf).scatter_reduce(0, claimed, best, "amax")
        won = (best == top[claimed]) | last
        w[open_edges[won]] = claimed[won]
        taken[claimed[won]] = True
        left += torch.bincount(claimed[won], minlength=len(batch))
        open_edges = open_edges[~won]
    return u[w >= 0], w[w >= 0]


def _candidates(batch: Tensor, size: int, graph: Tensor, rest: Tensor) -> tuple[Tensor, Tensor]:
    """The nodes of each listed graph ``[L, n]``, padded, and which of them belong to its rest."""
    count = torch.bincount(batch, minlength=size)
    start = F.pad(count.cumsum(0), (1, 0))[:-1]
    offset = torch.arange(int(count.max()))
    candidate = (start[graph, None] + offset).clamp(max=len(batch) - 1)
    return candidate, (offset < count[graph, None]) & rest[candidate]


def replace(
    x: Tensor,
    edge_index: Tensor,
    batch: Tensor,
    size: int,
    keep: Tensor,
    cut: Tensor,
    donor: Tensor,
    types: Tensor,
    generator: torch.Generator,
) -> Mixed:
    """Mixed graph ``i`` is the explanation of graph ``i`` within the rest of graph ``donor[i]``.

    `donor` is a permutation and `cut` covers `keep`, so each node goes to one mixed graph at most: with its
    explanation, or with the rest that its graph gives away. The batch never grows.

    Args:
        x: Node features ``[N, F]``.
        edge_index: Edges ``[2, E]``, both directions.
        batch: Graph of each node, ascending ``[N]``.
        size: Number of graphs, ``B``.
        keep: Explanation nodes, bool ``[N]``.
        cut: Nodes that leave the donor, bool ``[N]``; `keep`, or more of it.
        donor: Permutation of the graphs ``[B]``.
        types: Type of each node ``[N]``.
        generator: Source of the draws among equally good ends.

    Returns:
        The mixed graphs; graph ids as in `batch`.
    """
    rest = ~cut
    receiver = torch.empty_like(donor)
    receiver[donor] = torch.arange(size)
    inside = edge_index[:, keep[edge_index[0]] & keep[edge_index[1]]]
    outside = edge_index[:, rest[edge_index[0]] & rest[edge_index[1]]]
    u, w = reattach(edge_index, batch, size, keep, cut, donor, types, generator)
    total = len(batch)  # node v of a rest is v + total until the ids are made dense
    pairs = torch.unique(u * total + w)
    links = torch.stack([pairs // total, pairs % total + total])
    alive = torch.cat([keep, rest])
    new_id = alive.cumsum(0) - 1
    edges = torch.cat([inside, outside + total, links, links.flip(0)], dim=1)
    sizes = torch.tensor([inside.size(1), outside.size(1), 2 * links.size(1)])
    ids = torch.arange(total).repeat(2)[alive]
    return Mixed(
        x=x[ids],
        edge_index=new_id[edges],
        batch=torch.cat([batch, receiver[batch]])[alive],
        node_origin=torch.arange(2).repeat_interleave(total)[alive],
        node_id=ids,
        edge_origin=torch.tensor([EXPLANATION, DONOR, LINK]).repeat_interleave(sizes),
    )


def mix_graphs(
    graphs: list[Data], donors: list[Data], keeps: list[Tensor], donor_keeps: list[Tensor], seed: int = 0
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
    pairs = [Data(x=graph.x, edge_index=graph.edge_index) for graph in [*graphs, *donors]]
    both = Batch.from_data_list(pairs)
    half = len(graphs)
    keep = torch.cat([*keeps, *donor_keeps])
    mixed = replace(
        both.x,
        both.edge_index,
        both.batch,
        2 * half,
        keep,
        keep,
        torch.arange(2 * half).roll(half),
        node_types(both.x),
        local_generator(seed),
    )
    return split_mixed(mixed, both.ptr, half)


def split_mixed(mixed: Mixed, ptr: Tensor, count: int) -> list[Data]:
    """Takes the first `count` graphs out of a mixed batch.

    Args:
        mixed: Batch of mixed graphs.
        ptr: First node of each graph in the batch that was mixed ``[B + 1]``.
        count: How many graphs to take.

    Returns:
        Graphs as `mix_graphs` gives them; explanation nodes come first.
    """
    node_graph, nodes = mixed.batch.sort(stable=True)
    edge_graph, edges = mixed.batch[mixed.edge_index[0]].sort(stable=True)
    node_count, edge_count = (torch.bincount(ids, minlength=len(ptr) - 1) for ids in (node_graph, edge_graph))
    local = torch.empty_like(nodes)
    local[nodes] = torch.arange(len(nodes)) - (node_count.cumsum(0) - node_count)[node_graph]
    owner = torch.bucketize(mixed.node_id, ptr, right=True) - 1
    parts = zip(
        mixed.x[nodes].split(node_count.tolist()),
        local[mixed.edge_index[:, edges]].split(edge_count.tolist(), dim=1),
        mixed.node_origin[nodes].split(node_count.tolist()),
        (mixed.node_id - ptr[owner])[nodes].split(node_count.tolist()),
        mixed.edge_origin[edges].split(edge_count.tolist()),
        strict=True,
    )
    names = ("x", "edge_index", "node_origin", "node_id", "edge_origin")
    return [Data(**dict(zip(names, part, strict=True))) for part in islice(parts, count)]
