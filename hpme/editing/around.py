"""A graph around a node after edits of the whole graph: an edge can bring in what was out of reach."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import subgraph

from hpme.editing.edits import Edit, Join, apply_edits, ends_of
from hpme.editing.kinds import Kinds
from hpme.forward.around import GraphsAround
from hpme.forward.hops import CENTRE, around
from hpme.forward.packed import pack


def edited_around(graphs: GraphsAround, node: int, history: Sequence[Edit], kinds: Kinds) -> Data:
    """Returns the graph around a node after edits of the whole graph, which stays as it is.

    Args:
        graphs: Graphs around nodes of the whole graph.
        node: Number of the node.
        history: The edits, in order; nodes go by their numbers in the whole graph, the k-th added one is
            ``N + k``.
        kinds: The types of nodes that edits name by their position.

    Returns:
        As `hpme.editing.edits.apply_edits`, with `centre`, with `node_number`, which is `node_name`, and with
        `reached` bool ``[n]`` and `edge_reached` bool ``[e]``: nodes and edges of the whole graph that edits
        have brought within reach.

    Raises:
        ValueError: If an edit cannot be made; the sentence says why.
    """
    here = EditedNode(graphs, node, kinds)
    return here.cut([here.changed(history)])[0]


class _Region(NamedTuple):
    """A part of the whole graph, and what of it is out of reach without edits."""

    part: Data
    nodes: Tensor  # their numbers
    edges: Tensor  # see `_keys`


class EditedNode:
    """A node whose surroundings are edited again and again; see `edited_around`.

    Args:
        graphs: Graphs around nodes of the whole graph.
        node: Number of the node.
        kinds: The types of nodes that edits name by their position.
    """

    def __init__(self, graphs: GraphsAround, node: int, kinds: Kinds) -> None:
        self._graphs, self._node, self._kinds = graphs, node, kinds
        self._total = len(graphs.packed.x)

    def changed(self, history: Sequence[Edit]) -> Data:
        """Returns all that can be within reach of the node after edits, with the edits made.

        Raises:
            ValueError: If an edit cannot be made; the sentence says why.
        """
        region = self._region(history)
        changed = apply_edits(region.part, history, self._kinds.rows, self._kinds.edge, fresh=self._total)
        changed.reached = torch.isin(changed.node_name, region.nodes)
        changed.edge_reached = torch.isin(_keys(changed, changed.node_name), region.edges)
        return changed

    def cut(self, changed: Sequence[Data]) -> list[Data]:
        """Returns the graph around the node of each of these; what it holds are views of tensors for all."""
        packed = pack(changed)
        centres = packed.node_attrs[CENTRE].nonzero().view(-1)
        edited = around(packed, centres, self._graphs.hops, self._graphs.most)[0].to_data_list()
        for graph in edited:
            graph.graph_id, graph.node_number = self._node, graph.node_name
        return edited

    def reach(self, nodes: Tensor) -> int:
        """Returns how many nodes are around some nodes, given by their numbers."""
        return len(self._graphs.reach(nodes.tolist(), self._total))

    @cached_property
    def _near(self) -> Tensor:
        return self._graphs.reach([self._node], self._total)

    @cached_property
    def _here(self) -> _Region:
        return self._cut_out(self._near)

    def _region(self, history: Sequence[Edit]) -> _Region:
        """All that can be within reach after edits: new edges bring in more, others do not."""
        joined = {end for edit in history if isinstance(edit, Join) for end in ends_of(edit)}
        far = {end for edit in history for end in ends_of(edit)} - {*self._near.tolist()}
        more = [end for end in joined | far if end < self._total]
        return self._cut_out(self._graphs.reach([self._node, *more], self._total)) if more else self._here

    def _cut_out(self, nodes: Tensor) -> _Region:
        whole = self._graphs.whole
        edges, attributes = subgraph(nodes, whole.edge_index, whole.edge_attr, True, num_nodes=self._total)
        part = Data(x=whole.x[nodes], edge_index=edges, node_number=nodes, centre=nodes == self._node)
        if attributes is not None:
            part.edge_attr = attributes
        before = torch.isin(nodes, self._graphs.reach([self._node]))
        return _Region(part, nodes[~before], _keys(part, nodes)[~before[edges].all(0)])


def _keys(graph: Data, names: Tensor) -> Tensor:
    """A number for each edge ``[E]``, which the names of its ends tell."""
    start, end = names[graph.edge_index]
    return (start << 31) + end
