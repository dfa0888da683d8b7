"""A test of explanations that no explainer was fitted with, by which settings of all of them are chosen."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.forward.ask import graph_logits, same, tolerance
from hpme.forward.packed import Packed, at, grouped, pointers
from hpme.forward.pairs import undirected_pairs
from hpme.forward.question import ask
from hpme.method.pooling import always_kept, induced_subgraph
from hpme.seeding import generator


def kept_neutrally(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int, draws: int = 1
) -> Tensor:
    """Returns the share of `draws` neutral changes of each graph that keep its prediction, ``[G]``.

    Kept nodes take the place of a random piece of another graph (`displaced`). Around nodes, and where the
    model reads positions, a graph has no place in another: there it loses a random half of what is not kept
    (`halved`), as in the robust fidelity of Zheng et al. (2024), arXiv:2310.01820.

    Args:
        model: Model, or `hpme.forward.question.Question`.
        graphs: Graphs, which are each other's donors.
        keeps: Kept nodes of each, ``bool [N]``.
        seed: Seed of all draws. With one seed equally large explanations meet the same donors and pieces.
        draws: Number of changes of each graph.

    Raises:
        ValueError: If a graph has no other to be its donor.
    """
    question = ask(model)
    packed = question.pack(graphs)
    keep = torch.cat(list(keeps)).to(packed.device)
    original = graph_logits(question, packed)
    alone = question.task.of_nodes or question.removal_only(packed)
    total = torch.zeros(packed.size, device=packed.device)
    for draw in range(draws):
        source = generator(seed, draw)
        changed = halved(packed, keep, source) if alone else _mixed(packed, keep, source)
        total += same(graph_logits(question, changed), original, tolerance(original))
    return total / draws


def _mixed(graphs: Packed, keep: Tensor, draws: torch.Generator) -> Packed:
    if graphs.size < 2:
        raise ValueError(f"Expected at least two graphs (got {graphs.size}); add graphs that can be donors")
    ahead = torch.randint(1, graphs.size, (graphs.size,), generator=draws).to(graphs.device)
    donor = (torch.arange(graphs.size, device=graphs.device) + ahead) % graphs.size
    return displaced(graphs, keep, donor, draws)


def displaced(graphs: Packed, keep: Tensor, donor: Tensor, draws: torch.Generator) -> Packed:
    """Puts the kept nodes of each graph into the place of a random connected piece of its donor.

    The piece has as many nodes, or is all of a smaller donor. Each edge that the kept nodes lose gets a
    random new end among the nodes of the donor that have lost one, else among all that are left; types and
    degrees play no part. It keeps its attributes and directions. Where two edges meet, the first counts.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        keep: Kept nodes, bool ``[N]``; those that are always kept are added.
        donor: Donor of each graph ``[B]``.
        draws: Source of all draws.

    Returns:
        ``B`` graphs: kept nodes, then what is left of the donor, both in their order.
    """
    keep = always_kept(keep, graphs)
    ids = torch.stack([torch.arange(graphs.size, device=donor.device), donor], dim=1).view(-1)
    both, nodes = graphs.take(ids)  # each graph at an even place, its donor behind it
    own = both.batch % 2 == 0
    kept = torch.bincount(graphs.batch[keep], minlength=graphs.size)
    sizes = torch.stack([torch.zeros_like(kept), kept], dim=1).view(-1)
    stay = torch.where(own, keep[nodes], ~always_kept(grown(both, sizes, draws), both))
    inside = stay[both.edge_index].all(0).nonzero().squeeze(1)
    links, cut = _new_ends(both, stay, own, draws)
    mixed, order, _ = grouped(
        both.x,
        torch.cat([both.edge_index[:, inside], links], dim=1),
        both.batch // 2,
        graphs.size,
        node_attrs=both.node_attrs,
        graph_attrs=graphs.graph_attrs,
    )
    edges = torch.cat([inside, cut])
    edges = edges[(both.edge_batch[edges] // 2).argsort(stable=True)]
    return induced_subgraph(replace(mixed, edge_attrs=at(both.edge_attrs, edges)), stay[order])


def _new_ends(both: Packed, stay: Tensor, own: Tensor, draws: torch.Generator) -> tuple[Tensor, Tensor]:
    """The new edges ``[2, L]`` of the explanations, and the cut edge behind each ``[L]``."""
    (start, end), total = both.edge_index, len(stay)
    crossing = stay[start] ^ stay[end]
    losing = torch.zeros_like(stay)
    losing[torch.where(stay[start], start, end)[crossing & ~own[start]]] = True
    pairs = both.size // 2
    bare = torch.bincount(both.batch[losing] // 2, minlength=pairs) == 0
    ends = (losing | (stay & ~own & bare[both.batch // 2])).nonzero().squeeze(1)
    counts = torch.bincount(both.batch[ends] // 2, minlength=pairs)
    pair = undirected_pairs(both.edge_index, total)
    drawn = torch.rand(int(pair.max()) + 1 if len(pair) else 0, generator=draws, dtype=torch.float64)
    there = counts[both.edge_batch // 2] > 0
    cut = (crossing & own[start] & there).nonzero().squeeze(1)
    cut = cut[pair[cut].argsort(stable=True)]
    mix = both.edge_batch[cut] // 2
    place = (drawn.to(cut.device)[pair[cut]] * counts[mix]).long().clamp(max=counts[mix] - 1)
    new = ends[pointers(counts)[mix] + place]
    links = torch.stack([new.where(~stay[side[cut]], side[cut]) for side in (start, end)])
    key, first = torch.unique(links[0] * total + links[1], return_inverse=True)
    number = torch.arange(len(cut), device=cut.device)
    sole = number.new_full((len(key),), len(cut)).scatter_reduce(0, first, number, "amin")
    return links[:, sole], cut[sole]


def grown(graphs: Packed, sizes: Tensor, draws: torch.Generator) -> Tensor:
    """Returns a random connected piece of each graph, bool ``[N]``; of more parts where a part is too small.

    From a random node on, the neighbour that comes first in a random order is added, until the size is
    reached or the graph is used up.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        sizes: Nodes of each piece ``[B]``.
        draws: Source of the order.
    """
    total, (start, end) = len(graphs.x), graphs.edge_index
    order = torch.randperm(total, generator=draws).to(graphs.device)
    taken, near = (torch.zeros(total, dtype=torch.bool, device=graphs.device) for _ in range(2))
    for step in range(int(sizes.max()) if len(sizes) else 0):
        rank = (order + total * near).masked_fill(taken, -1)
        best = rank.new_full((graphs.size,), -1).scatter_reduce(0, graphs.batch, rank, "amax")
        picked = (rank == best[graphs.batch]) & ~taken & (sizes > step)[graphs.batch]
        taken |= picked
        near[end[picked[start]]] = True
        near[start[picked[end]]] = True
    return taken


def halved(graphs: Packed, keep: Tensor, draws: torch.Generator) -> Packed:
    """Returns the graphs with their kept nodes, bool ``[N]``, and each other one with a chance of 1/2."""
    half = torch.rand(len(keep), generator=draws).to(keep.device) < 0.5
    return induced_subgraph(graphs, always_kept(keep | half, graphs))
