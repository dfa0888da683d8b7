"""The nodes that new links can lead to, and the choice among them in linear time."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from hpme.forward.packed import Packed, pointers
from hpme.method.types import Traits

# What an end is: short of a neighbour, else not yet dealt, or dealt before; and, a second time, one that is
# short of an edge of some type.
SHORT, FREE, TAKEN, LACKING = range(4)
# Of each of them those of the wanted type that one more neighbour gives the wanted degree, those of the type,
# all of them, and those of the degree.
BOTH, TYPE, ANY, DEGREE = range(4)
# From the best level on: the one or two runs that make it up, where those above are empty.
LEVELS = (
    ((LACKING, BOTH),),
    ((SHORT, BOTH),),
    ((LACKING, TYPE),),
    ((SHORT, TYPE), (FREE, BOTH)),
    ((LACKING, DEGREE),),
    ((SHORT, DEGREE), (FREE, TYPE)),
    ((LACKING, ANY),),
    ((SHORT, ANY), (FREE, DEGREE)),
    ((FREE, ANY), (TAKEN, BOTH)),
    ((TAKEN, TYPE),),
    ((TAKEN, DEGREE),),
    ((TAKEN, ANY),),
)
TABLE = 64  # places in a table of where runs begin for each end and claim; a larger one is searched instead


@dataclass(frozen=True)
class Exchange:
    """The part of each graph that moves, and the graph that it moves into."""

    keep: Tensor  # explanation nodes, bool [N]
    cut: Tensor  # nodes that leave the donor, bool [N]; `keep`, or more of it
    donor: Tensor  # donor of each graph, a permutation of the graphs [B]
    traits: Traits  # of nodes and edges


class Claims(NamedTuple):
    """Cut edges that ask for a new end."""

    graph: Tensor  # donor, in whose rest the end lies [L]
    type: Tensor  # of the node that was lost [L]
    left: Tensor  # neighbours of an end that one more gives the lost node's degree [L]
    edge: Tensor | None  # type of the cut edge [L]

    def at(self, places: Tensor) -> "Claims":
        """The claims at these places."""
        graph, kind, left = (values.index_select(0, places) for values in self[:3])
        return Claims(graph, kind, left, None if self.edge is None else self.edge.index_select(0, places))


class Ends:
    """The nodes of the rests, where new links can lead to, and what each of them is short of.

    An end is the better the higher its level: that it is of the wanted type counts 4, that it is short of a
    neighbour 2, that one more gives it the wanted degree 2, that it is short of an edge of the wanted type 1,
    and that it was dealt before and is not short -6. All ends of a level are at most two runs of a list that
    is sorted by graph, state, type and degree, or without the type; so a claim looks up where its runs begin,
    and draws a place.
    """

    def __init__(self, graphs: Packed, exchange: Exchange) -> None:
        traits, rest, (start, end) = exchange.traits, ~exchange.cut, graphs.edge_index
        self.degree = _neighbours(graphs, traits)  # of all nodes [N]
        self.node = rest.nonzero().squeeze(1)  # [K]
        self.graph, self.type, self.full = (
            values.index_select(0, self.node) for values in (graphs.batch, traits.node, self.degree)
        )
        inside = (rest.index_select(0, start) & rest.index_select(0, end)).nonzero().squeeze(1)
        self.left = _neighbours(graphs, traits, inside).index_select(0, self.node)  # dealt ones included
        self.taken = torch.zeros_like(self.node, dtype=torch.bool)
        self.graphs, self.types, self.degrees = graphs.size, _span(traits.node), _span(self.degree)
        self.edge_types = 0 if traits.edge is None else _span(traits.edge)
        # Each end and type of edges of which it has lost some, as one number, and how many.
        self.lacking, self.missing = _lost(graphs, traits, rest, self.edge_types)
        levels = [level for level in LEVELS if level[0][0] != LACKING or self.edge_types]
        nothing = 4 * (4 if self.edge_types else 3)  # the row of a run that is always empty
        rows = [[4 * state + part for state, part in level] + [nothing] for level in levels]
        self.levels = torch.tensor([row[:2] for row in rows], device=rest.device).t()

    def choose(self, claims: Claims, draws: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Draws one of the best ends of each claim.

        Args:
            claims: ``L`` claims on graphs that have an end.
            draws: Source of the draws.

        Returns:
            The place among the ends, the level, 0 at best, and the number of ends to choose from, all
            ``[L]``.
        """
        member, first, count = self._runs(claims)
        one, two = self.levels
        total = count.index_select(0, one) + count.index_select(0, two)
        level = _first(total > 0)
        places = torch.arange(len(level), device=level.device)
        here, there = (rows.index_select(0, level) * len(level) + places for rows in (one, two))
        among, own = _take(total, level * len(level) + places), _take(count, here)
        draw = torch.rand(len(level), generator=draws, dtype=torch.float64).to(level.device)
        rank = torch.minimum((draw * among).long(), among - 1)
        place = torch.where(rank < own, _take(first, here), _take(first, there) - own) + rank
        return member.index_select(0, place), level, among

    def deal(self, ends: Tensor, edge: Tensor | None) -> None:
        """Notes that these ends ``[L]`` have got a neighbour, by edges of these types ``[L]``."""
        self.left += torch.bincount(ends, minlength=len(self.left))
        self.taken[ends] = True
        if edge is not None and len(self.lacking):
            key = ends * self.edge_types + edge
            place = torch.searchsorted(self.lacking, key).clamp(max=len(self.lacking) - 1)
            same = self.lacking[place] == key
            self.missing.index_add_(0, place[same], -torch.ones_like(place[same]))

    def _runs(self, claims: Claims) -> tuple[Tensor, Tensor, Tensor]:
        """The sorted list of ends, where each run of a claim begins in it, and its length ``[R, L]``.

        The last run is empty.
        """
        place, group = self._members()
        left = self.left.index_select(0, place).clamp(max=self.degrees - 1)
        types = self.type.index_select(0, place)
        keys = torch.cat([self._typed(group, types, left), self._untyped(group, left)])
        groups = [claims.graph * 3 + state for state in (SHORT, FREE, TAKEN)]
        if claims.edge is not None:
            groups.append(self._lacking_group(claims.graph, claims.edge))
        begin = self._begins(torch.stack(groups), claims)
        width = torch.tensor([1, self.degrees, self.types * self.degrees, 1], device=begin.device)
        bounds = torch.stack([begin, begin + width.repeat(len(groups))[:, None]])
        order, (first, behind) = _search(keys, bounds, self._begin_untyped + self._groups * self.degrees)
        nothing = first.new_zeros(1, first.size(1))
        return (
            place.repeat(2).index_select(0, order),
            torch.cat([first, nothing]),
            torch.cat([behind - first, nothing]),
        )

    def _members(self) -> tuple[Tensor, Tensor]:
        """Places of ends, and the group of each: those of its graph in its state, or that lack a type."""
        place, short = torch.arange(len(self.node), device=self.node.device), self.left < self.full
        group = self.graph * 3 + torch.where(short, SHORT, torch.where(self.taken, TAKEN, FREE))
        if not len(self.lacking):
            return place, group
        still = (self.missing > 0) & short.index_select(0, self.lacking // self.edge_types)
        lacking = self.lacking.index_select(0, still.nonzero().squeeze(1))
        owner, edge = lacking // self.edge_types, lacking % self.edge_types
        more = self._lacking_group(self.graph.index_select(0, owner), edge)
        return torch.cat([place, owner]), torch.cat([group, more])

    def _begins(self, groups: Tensor, claims: Claims) -> Tensor:
        """Least keys ``[4 S, L]`` of the runs of groups ``[S, L]``, in the order of `BOTH` to `DEGREE`."""
        typed = self._typed(groups, claims.type, 0)
        runs = (
            typed + claims.left,
            typed,
            self._typed(groups, 0, 0),
            self._untyped(groups, claims.left),
        )
        return torch.stack(runs, dim=1).flatten(0, 1)

    def _lacking_group(self, graph: Tensor, edge: Tensor) -> Tensor:
        return 3 * self.graphs + graph * self.edge_types + edge

    @property
    def _groups(self) -> int:
        return self.graphs * (3 + self.edge_types)

    @property
    def _begin_untyped(self) -> int:
        return self._groups * self.types * self.degrees

    def _typed(self, group: Tensor, types: Tensor | int, left: Tensor | int) -> Tensor:
        return (group * self.types + types) * self.degrees + left

    def _untyped(self, group: Tensor, left: Tensor) -> Tensor:
        return self._begin_untyped + group * self.degrees + left


def _first(there: Tensor) -> Tensor:
    """The first row of each column that is true ``[L]``, of a mask ``[R, L]``; the last where none is."""
    rows = len(there)
    behind = torch.arange(rows, 0, -1, device=there.device)[:, None]
    return rows - (there * behind).amax(0).clamp(min=1)


def _search(keys: Tensor, bounds: Tensor, span: int) -> tuple[Tensor, Tensor]:
    """Sorts keys ``[M]`` below `span`; also returns how many of them are below each bound."""
    if span <= TABLE * (len(keys) + bounds.size(-1)):
        return keys.argsort(), _take(pointers(torch.bincount(keys, minlength=span)), bounds)
    ordered, order = keys.sort()
    return order, torch.searchsorted(ordered, bounds)


def _take(values: Tensor, places: Tensor) -> Tensor:
    """The values at these places of the flat tensor, shaped as the places."""
    return values.reshape(-1).index_select(0, places.reshape(-1)).view(places.shape)


def _span(values: Tensor) -> int:
    return int(values.max()) + 1 if len(values) else 1


def _neighbours(graphs: Packed, traits: Traits, which: Tensor | None = None) -> Tensor:
    """The number of neighbours of each node by these edges ``[N]``; one-way edges count at both ends."""
    (start, end), one_way, size = graphs.edge_index, traits.one_way, len(traits.node)
    if which is not None:
        start, end = start.index_select(0, which), end.index_select(0, which)
        one_way = None if one_way is None else one_way.index_select(0, which)
    count = torch.bincount(start, minlength=size)
    return count if one_way is None else count + torch.bincount(end[one_way], minlength=size)


def _lost(graphs: Packed, traits: Traits, rest: Tensor, edge_types: int) -> tuple[Tensor, Tensor]:
    """What ends have lost: each end's place times `edge_types` plus the type of edges, and how many of it."""
    if traits.edge is None:
        return rest.new_empty(0, dtype=torch.long), rest.new_empty(0, dtype=torch.long)
    (start, end), place = graphs.edge_index, rest.cumsum(0) - 1
    starts, ends = rest.index_select(0, start), rest.index_select(0, end)
    leaving = (starts & ~ends).nonzero().squeeze(1)
    own = place.index_select(0, start.index_select(0, leaving))
    keys = own * edge_types + traits.edge.index_select(0, leaving)
    if traits.one_way is not None:
        entering = ends & ~starts & traits.one_way
        keys = torch.cat([keys, place[end[entering]] * edge_types + traits.edge[entering]])
    return torch.unique(keys, return_counts=True)
