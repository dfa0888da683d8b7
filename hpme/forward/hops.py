"""The graphs around nodes: what a model of so many layers can see when it is asked about one of them."""

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.packed import Packed, at, pointers

CENTRE = "centre"  # the node attribute that marks the node that is asked about, bool [N]
MOST = 2_000  # nodes around one node


def around(
    graph: Packed, nodes: Tensor, hops: int, most: int = MOST, neighbours: "Neighbours | None" = None
) -> tuple[Packed, Tensor]:
    """Cuts the graph around each of some nodes: all within so many steps along edges, either way.

    A hop that would make a graph larger than `most` is taken in part: first the nodes that have most edges to
    what is in already, of equals those of lower number. Nothing is taken beyond it.

    Args:
        graph: One graph with ``N`` nodes, or several, of which none has attributes of its own.
        nodes: Nodes to cut around ``[B]``.
        hops: How many steps, such as the number of message-passing layers.
        most: The most nodes of one graph.
        neighbours: Those of the graph, where they are known already.

    Returns:
        ``B`` graphs with all attributes and `centre`, bool, which marks the node itself in each; and the
        number ``[M]`` that each node has in the whole graph. Nodes and edges keep their order.
    """
    total, device = len(graph.x), graph.device
    neighbours = neighbours or Neighbours(graph.edge_index, total)
    found = torch.arange(len(nodes), device=device) * total + nodes
    edge = found  # of what was found last
    for _ in range(hops):
        owner, reached = neighbours.of(edge)
        keys, links = (owner * total + reached).unique(return_counts=True)
        fresh = ~torch.isin(keys, found)
        edge = _fitting(keys[fresh], links[fresh], found // total, len(nodes), total, most)
        found = torch.cat([found, edge])
    found = found.sort().values
    owner, node = found // total, found % total
    start, place = neighbours.edges(found)
    other = graph.edge_index[1][place] + owner[start] * total
    end = torch.searchsorted(found, other).clamp(max=len(found) - 1)
    inside = found[end] == other
    start, end, place = start[inside], end[inside], place[inside]
    order = (owner[start] * graph.edge_index.size(1) + place).argsort()
    start, end, place = start[order], end[order], place[order]
    cut = Packed(
        graph.x[node],
        torch.stack([start, end]),
        pointers(owner.bincount(minlength=len(nodes))),
        pointers(owner[start].bincount(minlength=len(nodes))),
        {**at(graph.node_attrs, node), CENTRE: node == nodes[owner]},
        at(graph.edge_attrs, place),
        at(graph.graph_attrs, torch.zeros_like(nodes)),
    )
    return cut, node


def _fitting(keys: Tensor, links: Tensor, taken: Tensor, size: int, total: int, most: int) -> Tensor:
    """What of a hop fits into each graph."""
    owner = keys // total
    room = most - taken.bincount(minlength=size)
    if bool((owner.bincount(minlength=size) <= room).all()):
        return keys
    order = (-links).argsort(stable=True)
    order = order[owner[order].argsort(stable=True)]
    begin = pointers(owner.bincount(minlength=size))
    rank = torch.arange(len(keys), device=keys.device) - begin[owner[order]]
    return keys[order[rank < room[owner[order]]].sort().values]


class Neighbours:
    """The edges of one graph by the node that they start at; what was found counts ``owner * N + node``.

    Args:
        edge_index: Edges ``[2, E]``.
        total: Number of nodes, ``N``.
    """

    def __init__(self, edge_index: Tensor, total: int) -> None:
        self._total = total
        self._order = edge_index[0].argsort(stable=True)
        self._ptr = pointers(edge_index[0].bincount(minlength=total))
        both = torch.cat([edge_index, edge_index.flip(0)], dim=1)
        either = both[1][both[0].argsort(stable=True)]
        self._either, self._either_ptr = either, pointers(both[0].bincount(minlength=total))

    def of(self, found: Tensor) -> tuple[Tensor, Tensor]:
        """The owner and the neighbour of each edge at what was found, either way."""
        places, repeated = _places(self._either_ptr, found % self._total)
        return (found // self._total)[repeated], self._either[places]

    def edges(self, found: Tensor) -> tuple[Tensor, Tensor]:
        """The edges that start at what was found: which of these, and which edge."""
        places, repeated = _places(self._ptr, found % self._total)
        return repeated, self._order[places]


def _places(ptr: Tensor, nodes: Tensor) -> tuple[Tensor, Tensor]:
    """The places of the ranges of some nodes, and which of these each belongs to."""
    count = ptr[nodes + 1] - ptr[nodes]
    owner = torch.arange(len(nodes), device=nodes.device).repeat_interleave(count)
    begin = count.cumsum(0) - count
    return torch.arange(len(owner), device=nodes.device) - (begin - ptr[nodes])[owner], owner


def distances(graphs: Packed, hops: int) -> Tensor:
    """Returns how many steps each node is from the centre of its graph ``[N]``; at most ``hops + 1``."""
    reached = graphs.node_attrs[CENTRE].bool().view(-1)
    steps = torch.where(reached, 0, hops + 1)
    start, end = graphs.edge_index
    for step in range(1, hops + 1):
        grown = reached.clone()
        grown[end[reached[start]]] = True
        grown[start[reached[end]]] = True
        steps[grown & ~reached] = step
        reached = grown
    return steps


def has_centre(graph: Data) -> bool:
    """Tells whether a graph is one around a node: exactly one is marked."""
    centre = graph.get(CENTRE)
    return isinstance(centre, Tensor) and centre.numel() == graph.num_nodes and int(centre.bool().sum()) == 1


def centre_rows(rows: Tensor, graphs: Packed) -> Tensor:
    """Returns the row of each graph's centre ``[G, C]`` of those of all nodes ``[N, C]``; NaN without one."""
    marked = graphs.node_attrs[CENTRE].bool().view(-1).nonzero().view(-1)
    answers = rows.new_full((graphs.size, rows.size(1)), torch.nan)
    return answers.index_put((graphs.batch[marked],), rows[marked])
