"""A graph as plain values, between the files and `Data`; the one place where a file's content is checked."""

import reprlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Data

NODE_FIELDS = {
    "node_gt": torch.bool,
    "node_mask": torch.float32,
    "node_score": torch.float32,
    "node_origin": torch.int64,
    "node_id": torch.int64,
}
EDGE_FIELDS = {
    "edge_gt": torch.bool,
    "edge_mask": torch.float32,
    "edge_score": torch.float32,
    "edge_origin": torch.int64,
}
GRAPH_FIELDS: dict[str, type] = {
    "y": Tensor,
    "target": Tensor,
    "graph_id": int,
    "smiles": str,
    "capacity_bits": float,
}
KINDS = {torch.bool: "true or false", torch.int64: "an integer", torch.float32: "a finite number"}

Fields = dict[str, Any]  # bool, int, float or str; `x` is a list of numbers


@dataclass(frozen=True)
class Record:
    """A graph as a file tells it."""

    graph: Fields
    nodes: list[tuple[str | int, Fields]]  # name and fields
    edges: list[tuple[str | int, str | int, Fields]]  # two names and fields; each edge once


def to_graph(record: Record) -> Data:
    """Checks a record and returns its graph."""
    place = {name: i for i, (name, _) in enumerate(record.nodes)}
    if len(place) < len(record.nodes):
        raise ValueError("Expected node ids that differ (got the same one twice); number the nodes")
    graph = Data(x=_features([fields.get("x") for _, fields in record.nodes]))
    for name, values in _columns(NODE_FIELDS, [fields for _, fields in record.nodes]).items():
        graph[name] = values[:, None] if name == "node_mask" else values
    edges = _edges(record, place)
    ends = torch.tensor([*edges], dtype=torch.long).reshape(-1, 2).t()
    loops = ends[0] == ends[1]
    both = torch.cat([ends, ends.flip(0)[:, ~loops]], dim=1)
    order = (both[0] * len(place) + both[1]).argsort()
    graph.edge_index = both[:, order]
    for name, values in _columns(EDGE_FIELDS, [*edges.values()]).items():
        graph[name] = torch.cat([values, values[~loops]])[order]
    for name in (name for name in GRAPH_FIELDS if name in record.graph):
        graph[name] = _graph_field(name, record.graph[name])
    return graph


def from_graph(graph: Data, explanation: Data | None = None) -> Record:
    """Returns the record of an undirected graph, with each edge once, from its lower node id."""
    source = graph.to_dict() | ({} if explanation is None else explanation.to_dict())
    order, reverse = _directions(graph)
    once = order[graph.edge_index[0][order] <= graph.edge_index[1][order]]
    node_columns = {"x": _finite("x", graph.x).tolist()}
    for name in (name for name in NODE_FIELDS if name in source):
        node_columns[name] = _sized(name, source[name], graph.num_nodes).tolist()
    edge_columns = {}
    for name in (name for name in EDGE_FIELDS if name in source):
        values = _sized(name, source[name], graph.num_edges)
        if not torch.equal(values[order], values[reverse]):
            raise ValueError(f"Expected one {name!r} for both directions of an edge (got two); average them")
        edge_columns[name] = values[once].tolist()
    ends = graph.edge_index[:, once].t().tolist()
    return Record(
        {name: _plain(name, source[name]) for name in GRAPH_FIELDS if source.get(name) is not None},
        [*enumerate(_rows(node_columns, graph.num_nodes))],
        [(u, v, fields) for (u, v), fields in zip(ends, _rows(edge_columns, len(ends)), strict=True)],
    )


def _rows(columns: dict[str, list[Any]], count: int) -> list[Fields]:
    return [{name: values[i] for name, values in columns.items()} for i in range(count)]


def _features(rows: Sequence[Any]) -> Tensor:
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    if not width or not all(isinstance(row, list) and len(row) == width for row in rows):
        raise ValueError("Expected a list 'x' of the same length at each node (got others); add the features")
    return _column("x", [value for row in rows for value in row], torch.float32).view(len(rows), width)


def _columns(fields: dict[str, torch.dtype], rows: Sequence[Fields]) -> dict[str, Tensor]:
    """The fields that the rows have: all of them, or none has one."""
    columns = {}
    for name, dtype in fields.items():
        values = [row[name] for row in rows if name in row]
        if values and len(values) < len(rows):
            got = f"{len(values)} of {len(rows)}"
            raise ValueError(f"Expected {name!r} everywhere or nowhere (got {got}); fill the gaps")
        if values:
            columns[name] = _column(name, values, dtype)
    return columns


def _column(name: str, values: Sequence[Any], dtype: torch.dtype) -> Tensor:
    for value in values:
        if not _fits(value, dtype):
            raise ValueError(f"Expected {name!r} to be {KINDS[dtype]} (got {reprlib.repr(value)}); change it")
    return _finite(name, torch.tensor(values, dtype=dtype))


def _fits(value: Any, dtype: torch.dtype) -> bool:
    if dtype == torch.bool:
        return value in (0, 1)
    number = isinstance(value, int if dtype == torch.int64 else int | float) and not isinstance(value, bool)
    return number and -(2**63) <= value < 2**63


def _finite(name: str, values: Tensor) -> Tensor:
    if not values.isfinite().all():
        raise ValueError(f"Expected {name!r} to be finite (got NaN or infinity); change it")
    return values


def _edges(record: Record, place: dict[str | int, int]) -> dict[tuple[int, int], Fields]:
    """Fields of each edge, once, from its lower place to its higher."""
    edges: dict[tuple[int, int], Fields] = {}
    for source, target, fields in record.edges:
        for name in (source, target):
            if name not in place:
                raise ValueError(f"Expected edges between nodes (got {reprlib.repr(name)}); add that node")
        pair = (min(place[source], place[target]), max(place[source], place[target]))
        if edges.setdefault(pair, fields) != fields:
            ends = f"{reprlib.repr(source)} to {reprlib.repr(target)}"
            raise ValueError(f"Expected each edge once (got {ends} twice, unlike); remove one of them")
    return edges


def _directions(graph: Data) -> tuple[Tensor, Tensor]:
    """Positions of the edges, sorted, and the position of each one's reverse."""
    low, high = graph.edge_index
    forward, backward = low * graph.num_nodes + high, high * graph.num_nodes + low
    order, reverse = forward.argsort(), backward.argsort()
    if not torch.equal(forward[order], backward[reverse]) or (forward[order].diff() == 0).any():
        raise ValueError("Expected both directions of each edge, once (got others); use to_undirected first")
    return order, reverse


def _sized(name: str, values: Tensor, size: int) -> Tensor:
    if values.numel() != size:
        raise ValueError(f"Expected {size} values of {name!r} (got {values.numel()}); explain this graph")
    return _finite(name, values.reshape(-1))


def _graph_field(name: str, value: Any) -> Any:
    kind = GRAPH_FIELDS[name]
    if kind is str:
        if not isinstance(value, str):
            raise ValueError(f"Expected {name!r} to be text (got {reprlib.repr(value)}); change it")
        return value
    integer = kind is int or (kind is Tensor and isinstance(value, int))
    values = _column(name, [value], torch.int64 if integer else torch.float32)
    return values if kind is Tensor else kind(value)


def _plain(name: str, value: Any) -> Any:
    return _sized(name, value, 1).item() if isinstance(value, Tensor) else value
