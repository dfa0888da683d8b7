"""A graph as plain values, between the files and `Data`; the one place where a file's content is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.chemistry.elements import SYMBOLS
from hpme.io import edge_features
from hpme.io.text import shown
from hpme.io.values import is_number, to_column, to_key, to_line, to_numbers
from hpme.limits import Limits, cap

NODE_FIELDS = {
    "node_gt": torch.bool,
    "node_mask": torch.float32,
    "node_score": torch.float32,
    "contribution": torch.float32,  # to the answer, with its sign, see `hpme.analysis.breakdown`
    "piece_id": torch.int64,
    "piece_contribution": torch.float32,
    "node_origin": torch.int64,
    "node_id": torch.int64,
    "node_number": torch.int64,  # in the whole graph, see `hpme.forward.around`
    "centre": torch.bool,  # the node that is explained, where it is one
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
PLACE = {symbol: number for number, symbol in enumerate(SYMBOLS)}
FEATURES = {"prediction", "probability"}  # fields of a graph that can be features of nodes, too
NAMING = ("id", "key", "SUID", "source", "target", "edge_feature_names")  # where they stand at an edge
FIXED = {*NAMING, *EDGE_FIELDS}  # never a feature of an edge
OF_GRAPH = {"edge_attr", "edge_feature_names", *EDGE_FIELDS, *GRAPH_FIELDS} - FEATURES
POSITION = ("x", "y")  # of nodes, where they are numbers side by side
KNOWN = {"id", "SUID", "x", "element", *NODE_FIELDS, *OF_GRAPH}  # never a feature of a node

Fields = dict[str, Any]  # bool, int, float or str; a node's `x` is a list of numbers, its `element` a symbol


@dataclass(frozen=True)
class Record:
    """A graph as it stands in a file."""

    graph: Fields
    nodes: Sequence[tuple[str | int, Fields]]  # name and fields
    edges: Sequence[tuple[str | int, str | int, Fields]]  # two names and fields; each edge once
    edge_names: Sequence[str] = ()  # the columns of numbers that edges would have, where there are none
    left_out: Sequence[str] = ()  # words for each thing in the file that is none of these


@dataclass(frozen=True)
class Contents:
    """What a file holds."""

    records: Sequence[Record]
    notes: Sequence[str] = ()  # words for what of the file is in none of them, such as "line 7 (…)"


def complete_graphs(graphs: Sequence[Data], most: Limits | None = None) -> None:
    """Gives the drafts of a file what depends on all of them: the features of edges, and whole numbers.

    Args:
        graphs: What `draft_graph` returns.
        most: The most of each; default: those of an upload.

    Raises:
        ValueError: If there are more features or values than allowed.
    """
    if any(graph.x is not None and graph.x.is_floating_point() for graph in graphs):
        for graph in (graph for graph in graphs if graph.x is not None):
            graph.x = graph.x.float()
    edge_features.encode_edges(graphs, most)


def draft_graph(record: Record) -> Data:
    """Checks a record and returns its graph, to be completed by `complete_graphs`."""
    cap("nodes", len(record.nodes), least=1)
    place = {to_key(name): i for i, (name, _) in enumerate(record.nodes)}
    if len(place) < len(record.nodes):
        twice = next(name for i, (name, _) in enumerate(record.nodes) if place[to_key(name)] != i)
        raise ValueError(f"Expected node ids that differ (got {shown(twice)} twice); number the nodes")
    graph = _features(record.nodes)
    for name, values in _columns(NODE_FIELDS, [fields for _, fields in record.nodes]).items():
        graph[name] = values[:, None] if name == "node_mask" else values
    edges, unlike = _edges(record, place)
    ends = torch.tensor([*edges], dtype=torch.long).reshape(-1, 2).t()
    loops = ends[0] == ends[1]
    both = torch.cat([ends, ends.flip(0)[:, ~loops]], dim=1)
    order = (both[0] * len(place) + both[1]).argsort()
    graph.edge_index = both[:, order]
    once = torch.arange(len(edges))
    once = torch.cat([once, once[~loops]])[order]  # the edge whose direction each is
    for name, values in _columns(EDGE_FIELDS, [*edges.values()]).items():
        graph[name] = values[once]
    columns, left_out = _edge_columns(record, edges)
    graph.edge_columns = edge_features.take_columns(columns, once)
    for name in (name for name in GRAPH_FIELDS if name in record.graph):
        graph[name] = _graph_field(name, record.graph[name])
    strange = [name for name in _filled([record.graph]) if name not in GRAPH_FIELDS]
    left_out = [*record.left_out, *unlike, *_left_out(record.nodes), *left_out]
    left_out += [f"{shown(name)} of the graph" for name in strange]
    if left_out:
        graph.left_out = left_out
    return graph


def _edge_columns(
    record: Record, edges: dict[tuple[int, int], Fields]
) -> tuple[edge_features.Columns, list[str]]:
    """Returns the features of the edges, and words for what is left out."""
    names, pairs = [name for name, _ in record.nodes], [*edges]
    rows = [{k: v for k, v in fields.items() if k not in FIXED} for fields in edges.values()]
    named = [{k: fields[k] for k in NAMING if k in fields} for fields in edges.values()]

    def where(place: int) -> str:
        return f"the edge {' to '.join(shown(names[end]) for end in pairs[place])}"

    columns, left_out = edge_features.read_columns(rows, where, record.edge_names)
    return columns, left_out + [f"{shown(name)} at edges (a name)" for name in _filled(named)]


def _left_out(nodes: Sequence[tuple[str | int, Fields]]) -> list[str]:
    """Returns words for each field of nodes that holds something, but is no feature."""
    rows = [fields for _, fields in nodes]
    taken = {"element", *NODE_FIELDS, *_names(rows)}
    beside = {"x0"} & taken
    if any(isinstance(row.get("x"), list) for row in rows):
        taken, beside = {"x", "element", *NODE_FIELDS}, {"x"}
    phrases, filled = [], _filled(rows)
    for name, values in filled.items():
        if name in taken:
            continue
        if beside:
            reason = f"beside {shown(min(beside))}"
        elif name in POSITION and filled.keys() >= {*POSITION}:
            reason = "a position"
        else:
            reason = _reason(name, values, len(rows))
        phrases.append(f"{shown(name)} at nodes ({reason})")
    return phrases


def _reason(name: str, values: Sequence[Any], count: int) -> str:
    """Returns why values at nodes are no feature."""
    if not all(is_number(value) for value in values):
        return "no number everywhere"
    if len(values) < count:
        return f"missing at {count - len(values):,} of {count:,}"
    return "a name" if name in NAMING else "a field of graphs"


def _filled(rows: Sequence[Fields]) -> dict[str, list[Any]]:
    """Returns what stands in the rows by name, in one pass, as each row may have names of its own."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            if name and not (value is None or (isinstance(value, str | list | dict) and not value)):
                found.setdefault(name, []).append(value)
    return found


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
        graph.x = to_numbers("x", flat).view(len(rows), width)
    else:
        graph.num_nodes = len(rows)
    if names and names[0] != "x0":
        graph.feature_names = [to_line("the name of a feature", name) for name in names]
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
    first = rows[0]
    if "x0" in first:
        return [name for i in range(len(first)) if (name := f"x{i}") in first]
    names = [name for name in first if name not in KNOWN or (name == "x" and not is_number(first.get("y")))]
    return [name for name in names if name and all(is_number(row.get(name)) for row in rows)]


def _elements(symbols: Sequence[Any], count: int) -> list[str]:
    for symbol in symbols:
        if not isinstance(symbol, str) or symbol not in PLACE:
            got = shown(symbol)
            raise ValueError(f"Expected 'element' to be a symbol such as C or Cl (got {got}); change it")
    if len(symbols) < count:
        got = f"{len(symbols)} of {count}"
        raise ValueError(f"Expected 'element' everywhere or nowhere (got {got}); fill the gaps")
    return [*symbols]


def _columns(fields: dict[str, torch.dtype], rows: Sequence[Fields]) -> dict[str, Tensor]:
    """Returns the fields that the rows have as columns; either all rows have a field, or none has it."""
    columns = {}
    for name, dtype in fields.items():
        values = [row[name] for row in rows if name in row]
        if values and len(values) < len(rows):
            got = f"{len(values)} of {len(rows)}"
            raise ValueError(f"Expected {name!r} everywhere or nowhere (got {got}); fill the gaps")
        if values:
            columns[name] = to_column(name, values, dtype)
    return columns


def _edges(record: Record, place: dict[str, int]) -> tuple[dict[tuple[int, int], Fields], list[str]]:
    """Returns the fields of each edge, once, by its two places, the lower first; and words for the others.

    Where an edge stands there again, its first fields are taken, but never one of two explanations or truths.
    """
    edges: dict[tuple[int, int], Fields] = {}
    seen: set[tuple[int, int]] = set()
    unlike, again = [], []
    for source, target, fields in record.edges:
        keys = to_key(source), to_key(target)
        for key, name in zip(keys, (source, target), strict=True):
            if key not in place:
                raise ValueError(f"Expected edges between nodes (got {shown(name)}); add that node")
        ends = place[keys[0]], place[keys[1]]
        first = edges.setdefault((min(ends), max(ends)), fields)
        if first != fields:
            unlike.append(f"{shown(source)} to {shown(target)}")
            if any(first.get(name) != fields.get(name) for name in EDGE_FIELDS):
                got = f"{unlike[-1]} twice, unlike"
                raise ValueError(f"Expected each edge once (got {got}); remove one of them")
        elif ends in seen and source != target:
            again.append(f"{shown(source)} to {shown(target)}")
        seen.add(ends)
    words = (("the second fields of edges that stand there twice", unlike), ("repeated edges", again))
    return edges, [f"{what} ({len(such):,}, such as {such[0]})" for what, such in words if such]


def _graph_field(name: str, value: Any) -> Any:
    kind = GRAPH_FIELDS[name]
    if kind is object:
        kind = str if isinstance(value, str) else float
    if kind is str:
        return to_line(repr(name), value)
    integer = kind is int or (kind is Tensor and isinstance(value, int))
    values = to_column(name, [value], torch.int64 if integer else torch.float32)
    return values if kind is Tensor else kind(value)
