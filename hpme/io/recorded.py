"""The record of a graph and its explanation, as the formats write it."""

from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.io.record import EDGE_FIELDS, FIXED, GRAPH_FIELDS, NODE_FIELDS, Fields, Record
from hpme.io.values import check_finite


def from_graph(graph: Data, explanation: Data | None = None) -> Record:
    """Returns the record of an undirected graph, with each edge once, from its lower node id."""
    source = graph.to_dict() | ({} if explanation is None else explanation.to_dict())
    order, reverse = _directions(graph)
    once = order[graph.edge_index[0][order] <= graph.edge_index[1][order]]
    node_columns = _feature_columns(source)
    for name in (name for name in NODE_FIELDS if name in source):
        node_columns[name] = _sized(name, source[name], graph.num_nodes).tolist()
    edge_columns = {}
    if source.get("edge_attr") is not None and graph.num_edges:
        values = check_finite("edge_attr", _rows_of_edges(source["edge_attr"], graph.num_edges))
        for column in values.t():
            _check_alike(graph, "edge_attr", column, order, reverse)
        names = source.get("edge_feature_names")
        usable = names and len({*names} - FIXED) == values.size(1)
        columns = values[once].t().tolist() if usable else [values[once].tolist()]
        edge_columns = dict(zip(names if usable else ["edge_attr"], columns, strict=True))
    for name in (name for name in EDGE_FIELDS if name in source):
        values = _sized(name, source[name], graph.num_edges)
        _check_alike(graph, name, values, order, reverse)
        edge_columns[name] = values[once].tolist()
    ends = graph.edge_index[:, once].t().tolist()
    return Record(
        {name: _plain(name, source[name]) for name in GRAPH_FIELDS if source.get(name) is not None},
        [*enumerate(_rows(node_columns, graph.num_nodes))],
        [(u, v, fields) for (u, v), fields in zip(ends, _rows(edge_columns, len(ends)), strict=True)],
    )


def _feature_columns(source: Fields) -> dict[str, list[Any]]:
    """Returns the columns that `_features` reads, by name."""
    columns: dict[str, list[Any]] = {}
    if source.get("x") is not None:
        values, names = check_finite("x", source["x"]), source.get("feature_names")
        columns = dict(zip(names, values.t().tolist(), strict=True)) if names else {"x": values.tolist()}
    if "element" in source:
        columns["element"] = source["element"]
    return columns


def _rows_of_edges(values: Tensor, count: int) -> Tensor:
    """Returns the features of edges, or one number for each, as ``[E, D]``."""
    if values.dim() > 2 or len(values) != count:
        got = list(values.shape)
        raise ValueError(
            f"Expected 'edge_attr' of shape [{count}, num_edge_features] (got {got}); give each edge a row"
        )
    return values.reshape(count, -1)


def _sized(name: str, values: Tensor, size: int) -> Tensor:
    if values.numel() != size:
        raise ValueError(f"Expected {size} values of {name!r} (got {values.numel()}); explain this graph")
    return check_finite(name, values.reshape(-1))


def _check_alike(graph: Data, name: str, values: Tensor, order: Tensor, reverse: Tensor) -> None:
    """Raises `ValueError` unless both directions of each edge have the same value."""
    unlike = (values[order] != values[reverse]).nonzero().flatten()
    if len(unlike):
        one, other = (float(values[direction[unlike[0]]]) for direction in (order, reverse))
        got = f"{one:g} and {other:g} at {_ends(graph, order[unlike[0]])}"
        raise ValueError(f"Expected one {name!r} for both directions of an edge (got {got}); average them")


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


def _rows(columns: dict[str, list[Any]], count: int) -> list[Fields]:
    return [{name: values[i] for name, values in columns.items()} for i in range(count)]


def _plain(name: str, value: Any) -> Any:
    return _sized(name, value, 1).item() if isinstance(value, Tensor) else value
