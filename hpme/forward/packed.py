"""Many graphs as flat tensors, from which a batch is cut without a loop over graphs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Protocol, TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Data

T = TypeVar("T")


class Graphs(Protocol):
    """Many graphs as one disjoint union, in any order of nodes and edges: what a model is asked about.

    A `Packed` is one, and so are mixed graphs, whose nodes do not lie graph by graph.
    """

    @property
    def x(self) -> Tensor:
        """Node features ``[N, F]``."""
        ...

    @property
    def edge_index(self) -> Tensor:
        """Edges ``[2, E]``."""
        ...

    @property
    def batch(self) -> Tensor:
        """Graph of each node ``[N]``."""
        ...

    @property
    def size(self) -> int:
        """Number of graphs; the last ones may have no nodes."""
        ...


Attributes = Mapping[str, Tensor]  # tensors by name
NODE, EDGE, GRAPH = range(3)  # what an attribute is of
EDGE_WORDS = ("edge", "bond", "link")  # in names of what is of edges
NODE_WORDS = ("node", "atom")
NUMBERS = "index"  # in names of what numbers nodes
GRAPH_NAMES = frozenset({"u", "global_attr", "graph_attr"})  # of graphs, however many nodes they have


@dataclass(frozen=True)
class Packed:
    """Graphs one after the other; ids in `edge_index` count through all of them.

    Beside features and edges it carries every other tensor of its graphs, under the names that they have
    there. Graphs without `x` have features of width zero.
    """

    x: Tensor  # [N, ...], most often [N, F]
    edge_index: Tensor  # [2, E]
    node_ptr: Tensor  # [G + 1]
    edge_ptr: Tensor  # [G + 1]
    node_attrs: Attributes = field(default_factory=dict)  # each [N, ...]
    edge_attrs: Attributes = field(default_factory=dict)  # each [E, ...]
    graph_attrs: Attributes = field(default_factory=dict)  # each [G, ...]: of each graph what it has itself

    @property
    def size(self) -> int:
        """Number of graphs."""
        return len(self.node_ptr) - 1

    @property
    def device(self) -> torch.device:
        """Where all of its tensors are."""
        return self.edge_index.device

    @cached_property
    def batch(self) -> Tensor:
        """Graph of each node ``[N]``."""
        return torch.arange(self.size, device=self.device).repeat_interleave(self.node_ptr.diff())

    @cached_property
    def edge_batch(self) -> Tensor:
        """Graph of each edge ``[E]``."""
        return torch.arange(self.size, device=self.device).repeat_interleave(self.edge_ptr.diff())

    def take(self, ids: Tensor) -> tuple["Packed", Tensor]:
        """The graphs `ids` ``[B]`` in that order, and the places of their nodes in this pack ``[M]``."""
        ids = ids.to(self.device)  # draws are made on the CPU
        nodes, node_ptr = _ranges(self.node_ptr, ids)
        edges, edge_ptr = _ranges(self.edge_ptr, ids)
        shift = (node_ptr[:-1] - self.node_ptr.index_select(0, ids)).repeat_interleave(edge_ptr.diff())
        taken = Packed(
            self.x.index_select(0, nodes),
            self.edge_index.index_select(1, edges) + shift,
            node_ptr,
            edge_ptr,
            at(self.node_attrs, nodes),
            at(self.edge_attrs, edges),
            at(self.graph_attrs, ids),
        )
        return taken, nodes

    def edges_of(self, ids: Tensor) -> Tensor:
        """Places of the edges of the graphs `ids` ``[B]`` in this pack ``[L]``, as `take` orders them."""
        return _ranges(self.edge_ptr, ids.to(self.device))[0]

    def repeat(self, copies: int) -> "Packed":
        """The same graphs `copies` times over."""
        nodes, edges = len(self.x), self.edge_index.size(1)
        copy = torch.arange(copies, device=self.device)
        node_counts, edge_counts = (ptr.diff().repeat(copies) for ptr in (self.node_ptr, self.edge_ptr))
        return Packed(
            _over(self.x, copies),
            self.edge_index.repeat(1, copies) + (nodes * copy).repeat_interleave(edges),
            pointers(node_counts),
            pointers(edge_counts),
            *({name: _over(value, copies) for name, value in held.items()} for held in self._attributes),
        )

    def with_edges(self, stay: Tensor) -> "Packed":
        """The same graphs with all of their nodes, but only the marked edges, bool ``[E]``."""
        return replace(
            self,
            edge_index=self.edge_index[:, stay],
            edge_attrs=at(self.edge_attrs, stay),
            edge_ptr=pointers(torch.bincount(self.edge_batch[stay], minlength=self.size)),
        )

    def split_nodes(self, values: Tensor) -> tuple[Tensor, ...]:
        """The values of nodes ``[N, ...]``, graph by graph."""
        return values.split(self.node_ptr.diff().tolist())

    def split_edges(self, values: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
        """The values of edges, of which `dim` has ``E``, graph by graph."""
        return values.split(self.edge_ptr.diff().tolist(), dim)

    def to(self, device: torch.device) -> "Packed":
        """The same graphs with all tensors on another device."""
        if self.device == device:
            return self
        moved = ({k: v.to(device) for k, v in named.items()} for named in self._attributes)
        return Packed(
            self.x.to(device),
            self.edge_index.to(device),
            self.node_ptr.to(device),
            self.edge_ptr.to(device),
            *moved,
        )

    @property
    def _attributes(self) -> tuple[Attributes, Attributes, Attributes]:
        return self.node_attrs, self.edge_attrs, self.graph_attrs

    @property
    def tensors(self) -> dict[str, Tensor]:
        """What a model can be given of it, by name."""
        named = {"x": self.x, "edge_index": self.edge_index}
        return {**named, **self.node_attrs, **self.edge_attrs, **self.graph_attrs}

    def to_data_list(self) -> list[Data]:
        """The graphs one by one, each with `x`, where it has features, `edge_index` and its attributes."""
        local = self.edge_index - self.node_ptr[self.edge_batch]
        columns = {"x": self.split_nodes(self.x)} if self.has_features else {}
        columns["edge_index"] = self.split_edges(local, dim=1)
        columns |= {name: self.split_nodes(value) for name, value in self.node_attrs.items()}
        columns |= {name: self.split_edges(value) for name, value in self.edge_attrs.items()}
        columns |= {name: value.unbind() for name, value in self.graph_attrs.items()}
        graphs = [Data(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
        for graph, count in zip(graphs, self.node_ptr.diff().tolist(), strict=True):
            if not self.has_features:
                graph.num_nodes = count
        return graphs

    @property
    def rows(self) -> Tensor:
        """Features as one row a node ``[N, F]``, whatever their shape."""
        return self.x[:, None] if self.x.dim() == 1 else self.x.flatten(1)

    @property
    def has_features(self) -> bool:
        """Tells whether the graphs have `x`."""
        return self.x.dim() == 1 or self.x.size(1) > 0


# Labels, masks and ids that belong to a dataset; no model is given them.
NOT_INPUTS = frozenset(
    {"x", "edge_index", "y", "node_gt", "edge_gt", "graph_id", "batch", "ptr", "num_nodes"}
    | {"train_mask", "val_mask", "test_mask"}
)


def pack(graphs: Sequence[Data], keys: Collection[str] | None = None) -> Packed:
    """Packs graphs with `edge_index`, and with every other tensor that all of them have.

    A tensor is an attribute of nodes or of edges if it has a row for each in every graph; where both would
    do, one with "edge", "bond" or "link" in its name is of edges. It is an attribute of graphs if it has one
    shape in all of them, or is a plain number; with a word for edges or nodes in its name only if it has one
    row, and with "index" never, as PyG's batches change such numbers of nodes, and so would mixed graphs.
    Others are left out, as are labels.

    Args:
        graphs: At least one graph.
        keys: Names of the attributes to carry; default: all.

    Raises:
        ValueError: If their features differ in width or type.
    """
    _check_alike(graphs)
    counts = torch.tensor([_num_nodes(graph) for graph in graphs])
    node_ptr = pointers(counts)
    edges = torch.tensor([graph.edge_index.size(1) for graph in graphs])
    device = graphs[0].edge_index.device
    node_ptr, edges = node_ptr.to(device), edges.to(device)
    shift = node_ptr[:-1].repeat_interleave(edges)
    edge_index = torch.cat([graph.edge_index for graph in graphs], dim=1) + shift
    if graphs[0].x is None:
        x = torch.zeros(int(counts.sum()), 0, device=device)
    else:
        x = torch.cat([graph.x for graph in graphs])
    return Packed(x, edge_index, node_ptr, pointers(edges), *_attributes(graphs, keys))


def _check_alike(graphs: Sequence[Data]) -> None:
    kinds = [None if graph.x is None else (graph.x.shape[1:], graph.x.dtype) for graph in graphs]
    other = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), None)
    if other is not None:
        first, odd = (
            "none"
            if graph.x is None
            else f"{str(graph.x.dtype).removeprefix('torch.')} {list(graph.x.shape)}"
            for graph in (graphs[0], graphs[other])
        )
        raise ValueError(
            f"Expected 'x' of one width and type in all graphs (got {first} in the first and {odd} in graph "
            f"{other}); give every node the same features"
        )


def _num_nodes(graph: Data) -> int:
    return len(graph.x) if graph.x is not None else int(graph.num_nodes or 0)


def _attributes(graphs: Sequence[Data], keys: Collection[str] | None) -> list[dict[str, Tensor]]:
    """The tensors of nodes, of edges and of graphs, of all graphs, by name."""
    found: list[dict[str, Tensor]] = [{}, {}, {}]
    for name in graphs[0].keys():  # noqa: SIM118 (a Data is no dict)
        if name in NOT_INPUTS or (keys is not None and name not in keys):
            continue
        values = [_as_tensor(graph.get(name)) for graph in graphs]
        level = attribute_level(name, values, graphs)
        if level is not None:
            join = torch.stack if level == GRAPH else torch.cat
            found[level][name] = join([torch.atleast_1d(value) for value in values])
    return found


def _as_tensor(value: object) -> object:
    """A plain number as a tensor, as PyG's `Batch` makes it; no sparse matrix; anything else as it is."""
    if isinstance(value, Tensor) and value.layout != torch.strided:
        return None
    return torch.tensor([value]) if isinstance(value, int | float) else value


def attribute_level(name: str, values: Sequence[object], graphs: Sequence[Data]) -> int | None:
    """Returns whether the values of an attribute are of nodes, of edges or of the graphs; None if of neither.

    Args:
        name: Name of the attribute.
        values: Its value in each graph.
        graphs: The graphs.
    """
    tensors = [value for value in values if isinstance(value, Tensor)]
    if len(tensors) < len(graphs) or any(tensor.shape[1:] != tensors[0].shape[1:] for tensor in tensors):
        return None
    rows = [len(tensor) if tensor.dim() else 1 for tensor in tensors]
    of_edges = any(word in name for word in EDGE_WORDS)
    of_graphs = not of_edges and not any(word in name for word in NODE_WORDS)
    counts = {
        NODE: [_num_nodes(graph) for graph in graphs],
        EDGE: [graph.edge_index.size(1) for graph in graphs],
        GRAPH: [] if NUMBERS in name else [rows[0] if of_graphs else 1] * len(graphs),
    }
    order = [EDGE, NODE, GRAPH] if of_edges else [NODE, EDGE, GRAPH]
    if name in GRAPH_NAMES:
        order = [GRAPH]
    return next((level for level in order if rows == counts[level]), None)


def grouped(
    x: Tensor, edge_index: Tensor, batch: Tensor, size: int, **attributes: Attributes
) -> tuple[Packed, Tensor, Tensor]:
    """Packs graphs whose nodes and edges lie in any order; within a graph their order stays.

    Args:
        x: Node features ``[N, ...]``.
        edge_index: Edges ``[2, E]``.
        batch: Graph of each node ``[N]``.
        size: Number of graphs, ``B``.
        **attributes: `node_attrs`, `edge_attrs` and `graph_attrs`.

    Returns:
        The graphs, and the places that their nodes ``[N]`` and their edges ``[E]`` had.
    """
    node_graph, nodes = batch.sort(stable=True)
    edge_graph, edges = batch[edge_index[0]].sort(stable=True)
    new_id = torch.empty_like(nodes)
    new_id[nodes] = torch.arange(len(nodes), device=nodes.device)
    packed = Packed(
        x[nodes],
        new_id[edge_index[:, edges]],
        pointers(node_graph.bincount(minlength=size)),
        pointers(edge_graph.bincount(minlength=size)),
        at(attributes.get("node_attrs", {}), nodes),
        at(attributes.get("edge_attrs", {}), edges),
        attributes.get("graph_attrs", {}),
    )
    return packed, nodes, edges


def at(attributes: Attributes, places: Tensor) -> Attributes:
    """Returns the attributes at these places, ids or a mask."""
    if not attributes:
        return attributes
    ids = places.nonzero().squeeze(1) if places.dtype == torch.bool else places
    return {name: value.index_select(0, ids) for name, value in attributes.items()}


def _over(values: Tensor, copies: int) -> Tensor:
    return values.repeat(copies, *[1] * (values.dim() - 1))


def chunks(graphs: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yields the graphs in lists of at most `size`, in order; takes no graph before it is asked for."""
    rest = iter(graphs)
    while chunk := list(islice(rest, size)):
        yield chunk


def pointers(counts: Tensor) -> Tensor:
    """Returns where consecutive ranges of these lengths ``[G]`` begin, and their end, ``[G + 1]``."""
    return F.pad(counts.cumsum(0), (1, 0))


def _ranges(ptr: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """Concatenated ranges ``ptr[i] .. ptr[i + 1]`` of `ids`, and where each begins in the result."""
    start = ptr.index_select(0, ids)
    count = ptr.index_select(0, ids + 1) - start
    new = pointers(count)
    return torch.arange(int(new[-1]), device=ptr.device) + (start - new[:-1]).repeat_interleave(count), new
