"""The graphs around the nodes of one graph, cut when they are asked for."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload
from weakref import WeakValueDictionary

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.hops import MOST, Neighbours, around
from hpme.forward.packed import Packed, pack
from hpme.seeding import generator

CHUNK = 256  # graphs that are cut at one time
SAMPLE, VALUES = 2_000, 50_000_000  # graphs that are learnt from, and what they hold together
REACHED = 256  # nodes whose surroundings are known by number
MASKS = ("train_mask", "val_mask", "test_mask")  # of a whole graph: the nodes of each part
MOTIF, EDGE_MOTIF = "motif", "edge_motif"  # of a whole graph: the motif of each node and edge, -1 for none
NAMES = "node_name"  # of a whole graph: a text for each node


class _Shared:
    """What all parts of a whole graph share: the graphs that somebody still holds, and what cutting needs.

    A pickle has none of it.
    """

    def __init__(self, whole: Data) -> None:
        self.whole = whole
        self.held: WeakValueDictionary[int, Data] = WeakValueDictionary()  # by their nodes' numbers
        self.reached: dict[
            tuple[int, int, int], Tensor
        ] = {}  # nodes around one, by it, the hops and the most

    def __reduce__(self) -> tuple[type["_Shared"], tuple[Data]]:
        return _Shared, (self.whole,)

    @cached_property
    def packed(self) -> Packed:
        return pack([self.whole])

    @cached_property
    def neighbours(self) -> Neighbours:
        return Neighbours(self.packed.edge_index, len(self.packed.x))


class GraphsAround(Sequence[Data]):
    """The graphs around some nodes of one graph, in the place of a list of graphs.

    Each has every attribute of the whole graph's nodes and edges, `centre` bool ``[n]``, which marks the node
    itself, `node_number` ``[n]``, the numbers of its nodes in the whole graph, `graph_id`, the number of the
    node itself, `y` ``[1]``, its label, where each node has one and its own is not -1, and `name`, its name,
    where the whole graph has `node_name`, a list. Where the whole graph has motifs, `node_gt` ``[n]`` and
    `edge_gt` mark that of the node itself. A graph that somebody still holds is not cut again: it is the same
    object.

    Args:
        whole: Graph with ``N`` nodes, and where it has motifs, `motif` ``[N]`` and `edge_motif` ``[E]``.
        nodes: Numbers of nodes ``[B]``.
        hops: How far the graphs reach; see `hpme.forward.hops.around`.
        most: The most nodes of one graph.
    """

    def __init__(
        self, whole: Data, nodes: Tensor, hops: int, most: int = MOST, shared: _Shared | None = None
    ) -> None:
        self.whole, self.nodes, self.hops, self.most = whole, nodes, hops, most
        self._shared = shared or _Shared(whole)

    def __reduce__(self) -> tuple[type["GraphsAround"], tuple[Data, Tensor, int, int, _Shared]]:
        return GraphsAround, (self.whole, self.nodes, self.hops, self.most, self._shared)

    def __len__(self) -> int:
        return len(self.nodes)

    @overload
    def __getitem__(self, place: int) -> Data: ...

    @overload
    def __getitem__(self, place: slice) -> "GraphsAround": ...

    def __getitem__(self, place: int | slice) -> "Data | GraphsAround":
        """Returns the graph at a place, or the graphs of a part."""
        if isinstance(place, slice):
            return self.of(self.nodes[place])
        return self._cut(self.nodes[place].view(1))[0]

    def __iter__(self) -> Iterator[Data]:
        """Yields the graphs in order."""
        for some in self.nodes.split(CHUNK):
            yield from self._cut(some)

    def of(self, nodes: Tensor) -> "GraphsAround":
        """Returns the graphs around other nodes ``[B]`` of the same graph, which are the same objects."""
        return GraphsAround(self.whole, nodes, self.hops, self.most, self._shared)

    def sample(self) -> "GraphsAround":
        """Returns the graphs to learn from, always the same: all, or of too many those that are drawn first.

        They are at most `SAMPLE`, and have at most `VALUES` features and edges together.
        """
        order = torch.randperm(len(self), generator=generator(0))[:SAMPLE]
        total, count = 0, 0
        for some in order.split(CHUNK):
            cut, _ = self._around(self.nodes[some])
            held = cut.node_ptr.diff() * cut.rows.size(1) + cut.edge_ptr.diff()
            fits = total + held.cumsum(0) <= VALUES
            total, count = total + int(held.sum()), count + int(fits.sum())
            if not fits.all():
                break
        return self if count == len(self) else self.of(self.nodes[order[:count].sort().values])

    @property
    def labels(self) -> Tensor:
        """The label of each node ``[B]``."""
        return self.whole.y[self.nodes]

    @property
    def packed(self) -> Packed:
        """The whole graph as a pack of one."""
        return self._shared.packed

    def reach(self, nodes: Sequence[int], most: int | None = None) -> Tensor:
        """Returns the numbers of all nodes in the graphs around some nodes, rising ``[M]``.

        Args:
            nodes: Their numbers; what is around those asked for last is known.
            most: The most nodes around one of them; default: as many as the graphs here have.
        """
        return torch.cat([self._reached(node, most or self.most) for node in nodes]).unique()

    def _reached(self, node: int, most: int) -> Tensor:
        known, key = self._shared.reached, (node, self.hops, most)
        if key not in known:
            one = torch.tensor([node], device=self.packed.device)
            if len(known) >= REACHED:
                known.pop(next(iter(known)), None)
            known[key] = around(self.packed, one, self.hops, most, self._shared.neighbours)[1]
        return known[key]

    @property
    def _labelled(self) -> bool:
        label = self.whole.get("y")
        return isinstance(label, Tensor) and label.dim() > 0 and len(label) == self.whole.num_nodes

    def _unknown(self, node: int) -> bool:
        label = self.whole.y[node]
        return not label.is_floating_point() and bool((label < 0).all())

    def _cut(self, nodes: Tensor) -> list[Data]:
        held = {node: self._shared.held.get(node) for node in nodes.tolist()}
        missing = torch.tensor([node for node, graph in held.items() if graph is None], dtype=torch.long)
        if len(missing):
            held |= {int(graph.graph_id): graph for graph in self._fresh(missing)}
            self._shared.held.update(held)
        return [held[node] for node in nodes.tolist()]

    def _around(self, nodes: Tensor) -> tuple[Packed, Tensor]:
        nodes = nodes.to(self.packed.device)
        return around(self.packed, nodes, self.hops, self.most, self._shared.neighbours)

    def _fresh(self, nodes: Tensor) -> Iterator[Data]:
        cut, numbers = self._around(nodes)
        parts = zip(nodes.tolist(), cut.to_data_list(), cut.split_nodes(numbers), strict=True)
        for node, graph, own in parts:
            graph.node_number, graph.graph_id = own, node
            if self._labelled and not self._unknown(node):
                graph.y = self.whole.y[node : node + 1]
            if NAMES in self.whole:
                graph.name = self.whole[NAMES][node]
            if MOTIF in graph:
                motif = int(self.whole[MOTIF][node])
                graph.node_gt = (graph[MOTIF] == motif) & (motif >= 0)
                graph.edge_gt = (graph[EDGE_MOTIF] == motif) & (motif >= 0)
                del graph[MOTIF], graph[EDGE_MOTIF]
            yield graph


def ids_of(graphs: Sequence[Data]) -> list[int]:
    """Returns the `graph_id` of each graph; of graphs around nodes without cutting them."""
    if isinstance(graphs, GraphsAround):
        return graphs.nodes.tolist()
    return [int(graph.graph_id) for graph in graphs]


def taken(graphs: Sequence[Data], places: Sequence[int]) -> Sequence[Data]:
    """Returns the graphs at these places, in this order; of graphs around nodes none is cut."""
    if isinstance(graphs, GraphsAround):
        return graphs.of(graphs.nodes[torch.tensor(places, dtype=torch.long)])
    return [graphs[place] for place in places]


def together(first: Sequence[Data], second: Sequence[Data]) -> Sequence[Data]:
    """Returns the graphs of both; of graphs around nodes of one graph none is cut."""
    if isinstance(first, GraphsAround) and isinstance(second, GraphsAround):
        return first.of(torch.cat([first.nodes, second.nodes]))
    return [*first, *second]


def labels_of(graphs: Sequence[Data]) -> Tensor:
    """Returns the label of each graph ``[B]``; of graphs around nodes without cutting them."""
    return graphs.labels if isinstance(graphs, GraphsAround) else torch.cat([graph.y for graph in graphs])
