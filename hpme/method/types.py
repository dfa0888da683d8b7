"""What mixing asks of nodes and edges: their types, and where each edge's reverse stands."""

from dataclasses import dataclass

import torch
from torch import Tensor

from hpme.forward.packed import Packed

OWN = "types"  # the node attribute that says what types are, whatever the features


@dataclass(frozen=True)
class Traits:
    """What mixing asks of nodes and edges beside the graphs; read once, then cut as the graphs are."""

    node: Tensor  # type of each node, from 0 [N]
    edge: Tensor | None  # type of each edge, from 0 [E]; None if all are alike
    reverse: Tensor  # how far behind each edge its reverse stands [E]; 0: none, or a self loop
    one_way: Tensor | None  # edges without a reverse, bool [E]; None if there are none

    def take(self, nodes: Tensor, edges: Tensor) -> "Traits":
        """The traits of these nodes ``[M]`` and edges ``[L]``: whole graphs, as `Packed.take` orders them."""
        return Traits(
            self.node.index_select(0, nodes),
            None if self.edge is None else self.edge.index_select(0, edges),
            self.reverse.index_select(0, edges),
            None if self.one_way is None else self.one_way.index_select(0, edges),
        )

    def repeat(self, copies: int) -> "Traits":
        """The same `copies` times over."""
        return Traits(
            self.node.repeat(copies),
            None if self.edge is None else self.edge.repeat(copies),
            self.reverse.repeat(copies),
            None if self.one_way is None else self.one_way.repeat(copies),
        )


def traits_of(graphs: Packed, types: Tensor | None = None) -> Traits:
    """Reads what mixing asks of the nodes and edges of graphs, unless the nodes' types ``[N]`` are given."""
    own = node_types(graphs) if types is None else _codes(types.to(graphs.device)[:, None])
    reverse = reverse_offsets(graphs)
    one_way = _one_way(graphs, reverse)
    return Traits(own, edge_types(graphs), reverse, one_way if bool(one_way.any()) else None)


def node_types(graphs: Packed) -> Tensor:
    """Returns the type of each node, from 0 ``[N]``.

    It is the node attribute `types` where the graphs have it; else the hot column of one-hot features; else
    each distinct row of the columns that hold whole numbers only, of `x` or, without `x`, of `z`. Columns of
    other numbers, such as positional encodings, tell no types apart; without any whole ones all are alike.
    """
    rows = _node_rows(graphs)
    if rows is None:
        return torch.zeros(len(graphs.x), dtype=torch.long, device=graphs.device)
    return _codes(rows)


def count_types(graphs: Packed) -> int:
    """Returns the number of node types: ``F`` of one-hot features, else of types that occur, at least 1."""
    return _count(_node_rows(graphs))


def edge_types(graphs: Packed) -> Tensor | None:
    """Returns the type of each edge, from 0 ``[E]``; None if all are alike.

    Read from `edge_type` or else `edge_attr`, as node types are from features; `edge_weight` is no type.
    """
    rows = _edge_rows(graphs)
    codes = None if rows is None else _codes(rows)
    return None if codes is None or not bool((codes != codes[0]).any()) else codes


def count_edge_types(graphs: Packed) -> int:
    """Returns in how many ways two nodes can be joined: the number of edge types, at least 1.

    Of directed graphs with ``e`` types of edges that is ``(e + 1)^2 - 1``: either way or both, of any type.
    """
    count = _count(_edge_rows(graphs))
    return (count + 1) ** 2 - 1 if bool(_one_way(graphs, reverse_offsets(graphs)).any()) else count


def reverse_offsets(graphs: Packed) -> Tensor:
    """Returns how far behind each edge its reverse stands ``[E]``; 0 for self loops and one-way edges.

    Of several edges between the same two nodes each has a reverse of its own, in the order of the edges.
    """
    start, end = graphs.edge_index
    total = max(len(graphs.x), 1)
    there, edges = (start * total + end).sort(stable=True)
    back, others = (end * total + start).sort(stable=True)
    first, behind = torch.searchsorted(back, there), torch.searchsorted(back, there, right=True)
    rank = torch.arange(len(there), device=there.device) - torch.searchsorted(there, there)
    found = first + rank < behind
    offset = torch.zeros_like(start)
    offset[edges[found]] = others[(first + rank)[found]] - edges[found]
    return offset


def _one_way(graphs: Packed, reverse: Tensor) -> Tensor:
    """The edges without a reverse that are no self loops, bool ``[E]``."""
    return (reverse == 0) & (graphs.edge_index[0] != graphs.edge_index[1])


def _node_rows(graphs: Packed) -> Tensor | None:
    """What tells the types of nodes apart, whole numbers ``[N, K]``; None if nothing does."""
    if OWN in graphs.node_attrs:
        return _whole(graphs.node_attrs[OWN])
    if graphs.has_features:
        return _whole(graphs.x)
    return _whole(graphs.node_attrs["z"]) if "z" in graphs.node_attrs else None


def _edge_rows(graphs: Packed) -> Tensor | None:
    """What tells the types of edges apart, whole numbers ``[E, K]``; None if nothing does."""
    name = next((name for name in ("edge_type", "edge_attr") if name in graphs.edge_attrs), None)
    return None if name is None else _whole(graphs.edge_attrs[name])


def _whole(values: Tensor) -> Tensor | None:
    """The columns that hold whole numbers only, int64 ``[N, K]``; None if there are none."""
    rows = values.flatten(1) if values.dim() > 1 else values[:, None]
    if rows.is_floating_point():
        rows = rows[:, rows.frac().abs_().amax(0) == 0] if len(rows) else rows  # NaN of what is not finite
    return rows.long() if rows.numel() else None


def _one_hot(rows: Tensor) -> bool:
    return bool(((rows == 0) | (rows == 1)).all() and (rows.sum(1) == 1).all())


def _codes(rows: Tensor) -> Tensor:
    """A number from 0 for each distinct row ``[N]``, in the order of the rows."""
    if _one_hot(rows):
        return rows.argmax(1)
    code = torch.zeros_like(rows[:, 0])
    for column in rows.unbind(1):  # far faster than `torch.unique` of whole rows
        values, place = torch.unique(column, return_inverse=True)
        if len(values) > 1:
            code = torch.unique(code * len(values) + place, return_inverse=True)[1]
    return code


def _count(rows: Tensor | None) -> int:
    if rows is None:
        return 1
    return rows.size(1) if _one_hot(rows) else int(_codes(rows).max()) + 1
