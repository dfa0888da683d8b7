"""New ends for the edges that an explanation loses when it moves into another graph."""

from typing import NamedTuple

import torch
from torch import Tensor

from hpme.forward.packed import Packed
from hpme.method.ends import Claims, Ends, Exchange

ROUNDS = 3  # in which new ends are dealt


class Links(NamedTuple):
    """New links between a node `u` of an explanation and one `w` of its donor's rest."""

    u: Tensor  # [L]
    w: Tensor  # [L]
    there: Tensor  # the cut edge that became the edge from u to w [L]; -1 if there is none in this direction
    back: Tensor  # the one that became the edge from w to u [L]; -1 likewise

    def at(self, places: Tensor) -> "Links":
        """The links at these places."""
        return Links(*(values.index_select(0, places) for values in self))


def reattach(graphs: Packed, exchange: Exchange, draws: torch.Generator) -> Links:
    """Finds a new end in the donor's rest for each edge that the explanation lost.

    An edge between ``u`` in the explanation and ``v`` outside becomes one between ``u`` and a node ``w`` of
    the donor's rest: best of ``v``'s type, short of a neighbour itself, then of ``v``'s degree, and then
    short of an edge of the same type. So every explanation node keeps its degree and the kind of its
    neighbours. The ends are dealt in rounds, in each of which a ``w`` takes its best claim only: without
    that, several edges would meet in one ``w``. Equally good ends and claims are drawn from.

    Time and memory are linear, but for sorting, in nodes and edges: what counts are a few whole levels, and
    the ends of a level lie side by side in a sorted list; see `hpme.method.ends`.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        exchange: Which part of each graph moves, and where to.
        draws: Source of the draws.

    Returns:
        One link for each pair of nodes, of several cut edges the first; edges whose donor has nothing left
        are dropped.
    """
    ends = Ends(graphs, exchange)
    links, claims = _cut_edges(graphs, exchange, ends.degree)
    has_ends = torch.bincount(ends.graph, minlength=graphs.size) > 0
    still = has_ends.index_select(0, claims.graph).nonzero().squeeze(1)
    for last in [False] * (ROUNDS - 1) + [True]:
        if not len(still):
            break
        asking = claims.at(still)
        end, level, among = ends.choose(asking, draws)
        # The best level wins, and in it the largest of as many draws as there were ends to choose from.
        draw = torch.rand(len(still), generator=draws, dtype=torch.float64).to(graphs.device)
        best = draw.pow(1 / among) - level
        top = best.new_full((len(ends.node),), -torch.inf).scatter_reduce(0, end, best, "amax")
        won = (best == top.index_select(0, end)) | last
        winners = won.nonzero().squeeze(1)
        dealt = end.index_select(0, winners)
        links.w[still.index_select(0, winners)] = ends.node.index_select(0, dealt)
        ends.deal(dealt, None if asking.edge is None else asking.edge.index_select(0, winners))
        still = still.index_select(0, (~won).nonzero().squeeze(1))
    found = links.at((links.w >= 0).nonzero().squeeze(1))
    return _distinct(found, len(exchange.keep), exchange.traits.one_way is not None)


def _cut_edges(graphs: Packed, exchange: Exchange, degree: Tensor) -> tuple[Links, Claims]:
    """The edges that the explanations lose, with ends `w` still to be found, and what those should be."""
    keep, traits, (start, end) = exchange.keep, exchange.traits, graphs.edge_index
    starts, ends = keep.index_select(0, start), keep.index_select(0, end)
    leaving = (starts & ~ends).nonzero().squeeze(1)
    reverse = traits.reverse.index_select(0, leaving)
    there, back = leaving, torch.where(reverse != 0, leaving + reverse, -1)
    u, v, edges = start.index_select(0, leaving), end.index_select(0, leaving), leaving
    if traits.one_way is not None:
        entering = (ends & ~starts & traits.one_way).nonzero().squeeze(1)
        none = torch.full_like(entering, -1)
        there, back = torch.cat([there, none]), torch.cat([back, entering])
        u, v = torch.cat([u, end[entering]]), torch.cat([v, start[entering]])
        edges = torch.cat([edges, entering])
    edge_types = None if traits.edge is None else traits.edge.index_select(0, edges)
    donor = exchange.donor.index_select(0, graphs.batch.index_select(0, u))
    claims = Claims(donor, traits.node.index_select(0, v), degree.index_select(0, v) - 1, edge_types)
    return Links(u, torch.full_like(u, -1), there, back), claims


def _distinct(links: Links, total: int, directed: bool) -> Links:
    """One link for each pair of nodes; each of its directions is that of the first which has it."""
    pair, order = (links.u * total + links.w).sort(stable=True)
    first = torch.ones_like(pair, dtype=torch.bool)
    first[1:] = pair[1:] != pair[:-1]
    sole = links.at(order.index_select(0, first.nonzero().squeeze(1)))
    if not directed:
        return sole
    group, place = first.cumsum(0) - 1, torch.arange(len(pair), device=pair.device)
    sides = []
    for edges in (links.there[order], links.back[order]):
        has = edges >= 0
        chosen = place.new_full((len(sole.u),), len(pair)).scatter_reduce(0, group[has], place[has], "amin")
        sides.append(torch.cat([edges, edges.new_full((1,), -1)])[chosen])
    return Links(sole.u, sole.w, *sides)
