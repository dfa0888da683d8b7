"""A graph around a node after edits of the whole graph: an edge can bring in what was out of reach."""

from collections.abc import Sequence

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
    whole = graphs.packed
    region = _region(graphs, node, history)
    part = _part(graphs, region, node)
    changed = apply_edits(part, history, kinds.rows, kinds.edge, fresh=len(whole.x))
    place = changed[CENTRE].nonzero().view(-1)
    (edited,) = around(pack([changed]), place, graphs.hops, graphs.most)[0].to_data_list()
    edited.graph_id, edited.node_number = node, edited.node_name
    before = torch.isin(region, graphs.reach([node]))
    edited.reached = torch.isin(edited.node_name, region[~before])
    beyond = _keys(part, region)[~before[part.edge_index].all(0)]
    edited.edge_reached = torch.isin(_keys(edited, edited.node_name), beyond)
    return edited


def _region(graphs: GraphsAround, node: int, history: Sequence[Edit]) -> Tensor:
    """All nodes that can be within reach of a node after edits: new edges bring in more, others do not."""
    total = len(graphs.packed.x)
    near = graphs.reach([node], total)
    joined = {end for edit in history if isinstance(edit, Join) for end in ends_of(edit)}
    far = {end for edit in history for end in ends_of(edit)} - {*near.tolist()}
    more = [end for end in joined | far if end < total]
    return graphs.reach([node, *more], total) if more else near


def _keys(graph: Data, names: Tensor) -> Tensor:
    """A number for each edge ``[E]``, which the names of its ends tell."""
    start, end = names[graph.edge_index]
    return (start << 31) + end


def _part(graphs: GraphsAround, nodes: Tensor, node: int) -> Data:
    """The part of the whole graph on some nodes."""
    whole = graphs.whole
    edges, attributes = subgraph(nodes, whole.edge_index, whole.edge_attr, True, num_nodes=len(whole.x))
    part = Data(x=whole.x[nodes], edge_index=edges, node_number=nodes, centre=nodes == node)
    if attributes is not None:
        part.edge_attr = attributes
    return part
