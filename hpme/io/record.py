"""A graph as plain values, between the files and `Data`; the one place where a file's content is checked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from rdkit import Chem
from torch import Tensor
from torch_geometric.data import Data

from hpme.io.text import shown
from hpme.limits import cap

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
    "name": str,
    "capacity_bits": float,
    "prediction": object,  # a class's name, or a number
    "probability": float,  # of that class
    "provenance": str,  # JSON, see `hpme.analysis.provenance`
}
KINDS = {torch.bool: "true or false", torch.int64: "an integer", torch.float32: "a finite number"}
SYMBOLS = ("*", *map(Chem.GetPeriodicTable().GetElementSymbol, range(1, 119)))  # by atomic number
PLACE = {symbol: number for number, symbol in enumerate(SYMBOLS)}
FEATURES = {"prediction", "probability"}  # fields of a graph that can be features of nodes, too
KNOWN = {"id", "x", "element", *NODE_FIELDS, *EDGE_FIELDS, *GRAPH_FIELDS} - FEATURES  # never a feature's name

Fields = dict[str, Any]  # bool, int, float or str; a node's `x` is a list of numbers, its `element` a symbol


@dataclass(frozen=True)
class Record:
    """A graph as it stands in a file."""

    graph: Fields
    nodes: Sequence[tuple[str | int, Fields]]  # name and fields
    edges: Sequence[tuple[str | int, str | int, Fields]]  # two names and fields; each edge once


def record_graph(record: Record) -> Data:
    """Checks a record and returns its graph."""
    cap("nodes", len(record.nodes), least=1)
    place = {name: i for i, (name, _) in enumerate(record.nodes)}
    if len(place) < len(record.nodes):
        twice = next(name for i, (name, _) in enumerate(record.nodes) if place[name] != i)
        raise ValueError(f"Expected node ids that differ (got {shown(twice)} twice); number the nodes")
    graph = _features(record.nodes)
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
    node_columns = _feature_columns(source)
    for name in (name for name in NODE_FIELDS if name in source):
        node_columns[name] = _sized(name, source[name], graph.num_nodes).tolist()
    edge_columns = {}
    for name in (name for name in EDGE_FIELDS if name in source):
        values = _sized(name, source[name], graph.num_edges)
        unlike = (values[order] != values[reverse]).nonzero().flatten()
        if len(unlike):
            one, other = (float(values[direction[unlike[0]]]) for direction in (order, reverse))
            got = f"{one:g} and {other:g} at {_ends(graph, order[unlike[0]])}"
            raise ValueError(
                f"Expected one {name!r} for both directions of an edge (got {got}); average them"
            )
        edge_columns[name] = values[once].tolist()
    ends = graph.edge_index[:, once].t().tolist()
    return Record(
        {name: _plain(name, source[name]) for name in GRAPH_FIELDS if source.get(name) is not None},
        [*enumerate(_rows(node_columns, graph.num_nodes))],
        [(u, v, fields) for (u, v), fields in zip(ends, _rows(edge_columns, len(ends)), strict=True)],
    )


def _rows(columns: dict[str, list[Any]], count: int) -> list[Fields]:
    return [{name: values[i] for name, values in columns.items()} for i in range(count)]


def _features(nodes: Sequence[tuple[str | int, Fields]]) -> Data:
    """Returns a graph with the features that the nodes have, and their elements, if any.

    Features are the list `x`, else the columns `x0`, `x1`, ..., else all numbers with a name of their own.
    """
    graph, rows = Data(), [fields for _, fields in nodes]
    lists = [row["x"] for row in rows if isinstance(row.get("x"), list)]
    names = [] if lists else _names(rows)
    if lists:
        _check_lengths(nodes, len(lists[0]))
    lists = lists or [[row.get(name) for name in names] for row in rows]
    width = len(lists[0])
    cap("features", width)
    cap("values", width * len(rows))
    if width:
        flat = [value for values in lists for value in values]
        graph.x = _column("x", flat, torch.float32).view(len(rows), width)
    else:
        graph.num_nodes = len(rows)
    if names and names[0] != "x0":
        graph.feature_names = [_text("the name of a feature", name) for name in names]
    elements = [row["element"] for row in rows if "element" in row]
    if elements:
        graph.element = _elements(elements, len(rows))
    return graph


def _check_lengths(nodes: Sequence[tuple[str | int, Fields]], width: int) -> None:
    for name, fields in nodes:
        values = fields.get("x")
        if not isinstance(values, list) or len(values) != width:
            got = f"{len(values) if isinstance(values, list) else 'none'} at node {shown(name)}"
            raise ValueError(
                f"Expected a list 'x' of the same length at each node (got {width} values at one, {got}); "
                "give each node all features"
            )


def _names(rows: Sequence[Fields]) -> list[str]:
    """Returns the names of the columns of features."""
    if "x0" in rows[0]:
        return [name for i in range(len(rows[0])) if (name := f"x{i}") in rows[0]]
    names = [name for name in rows[0] if name not in KNOWN]
    return [name for name in names if all(_is_number(row.get(name)) for row in rows)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _elements(symbols: Sequence[Any], count: int) -> list[str]:
    for symbol in symbols:
        if not isinstance(symbol, str) or symbol not in PLACE:
            got = shown(symbol)
            raise ValueError(f"Expected 'element' to be a symbol such as C or Cl (got {got}); change it")
    if len(symbols) < count:
        got = f"{len(symbols)} of {count}"
        raise ValueError(f"Expected 'element' everywhere or nowhere (got {got}); fill the gaps")
    return [*symbols]


def _feature_columns(source: Fields) -> dict[str, list[Any]]:
    """Returns the columns that `_features` reads, by name."""
    columns: dict[str, list[Any]] = {}
    if source.get("x") is not None:
        values, names = _finite("x", source["x"]), source.get("feature_names")
        columns = dict(zip(names, values.t().tolist(), strict=True)) if names else {"x": values.tolist()}
    if "element" in source:
        columns["element"] = source["element"]
    return columns


def _columns(fields: dict[str, torch.dtype], rows: Sequence[Fields]) -> dict[str, Tensor]:
    """Returns the fields that the rows have as columns; either all rows have a field, or none has it."""
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
            raise ValueError(f"Expected {name!r} to be {KINDS[dtype]} (got {shown(value)}); change it")
    column = torch.tensor(values, dtype=dtype)
    if not column.isfinite().all():
        large = values[int((~column.isfinite()).nonzero()[0])]
        raise ValueError(f"Expected {name!r} to fit into 32 bits (got {large!r}); scale it down")
    return column


def _fits(value: Any, dtype: torch.dtype) -> bool:
    if dtype == torch.bool:
        return value in (0, 1)
    number = _is_number(value) and (dtype != torch.int64 or isinstance(value, int))
    if isinstance(value, float):
        return number and math.isfinite(value)
    return number and -(2**63) <= value < 2**63


def _finite(name: str, values: Tensor) -> Tensor:
    strange = (~values.isfinite()).nonzero()
    if len(strange):
        got = f"{float(values[tuple(strange[0])])} in row {int(strange[0][0])}"
        raise ValueError(f"Expected {name!r} to be finite (got {got}); change it")
    return values


def _edges(record: Record, place: dict[str | int, int]) -> dict[tuple[int, int], Fields]:
    """Returns the fields of each edge, once, by its two places, the lower first."""
    edges: dict[tuple[int, int], Fields] = {}
    for source, target, fields in record.edges:
        for name in (source, target):
            if name not in place:
                raise ValueError(f"Expected edges between nodes (got {shown(name)}); add that node")
        pair = (min(place[source], place[target]), max(place[source], place[target]))
        if edges.setdefault(pair, fields) != fields:
            ends = f"{shown(source)} to {shown(target)}"
            raise ValueError(f"Expected each edge once (got {ends} twice, unlike); remove one of them")
    return edges


def _directions(graph: Data) -> tuple[Tensor, Tensor]:
    """Returns the positions of the edges, sorted, and the position of each one's reverse."""
    low, high = graph.edge_index
    forward, backward = low * graph.num_nodes + high, high * graph.num_nodes + low
    order, reverse = forward.argsort(), backward.argsort()
    if not torch.equal(forward[order], backward[reverse]) or (forward[order].diff() == 0).any():
        alone = (~torch.isin(forward, backward)).nonzero().flatten()
        twice = order[1:][forward[order].diff() == 0]
        got = f"one of {_ends(graph, alone[0])}" if len(alone) else f"{_ends(graph, twice[0])} twice"
        raise ValueError(f"Expected both directions of each edge, once (got {got}); use to_undirected first")
    return order, reverse


def _ends(graph: Data, edge: Tensor) -> str:
    source, target = graph.edge_index[:, edge].tolist()
    return f"{source} to {target}"


def _sized(name: str, values: Tensor, size: int) -> Tensor:
    if values.numel() != size:
        raise ValueError(f"Expected {size} values of {name!r} (got {values.numel()}); explain this graph")
    return _finite(name, values.reshape(-1))


def _graph_field(name: str, value: Any) -> Any:
    kind = GRAPH_FIELDS[name]
    if kind is object:
        kind = str if isinstance(value, str) else float
    if kind is str:
        return _text(repr(name), value)
    integer = kind is int or (kind is Tensor and isinstance(value, int))
    values = _column(name, [value], torch.int64 if integer else torch.float32)
    return values if kind is Tensor else kind(value)


def _text(what: str, value: Any) -> str:
    """Returns the value if it is one line without control characters."""
    if not isinstance(value, str) or not value.isprintable():
        got = shown(value)
        raise ValueError(f"Expected {what} to be text of one printable line (got {got}); change it")
    cap("characters", len(value))
    return value


def _plain(name: str, value: Any) -> Any:
    return _sized(name, value, 1).item() if isinstance(value, Tensor) else value
