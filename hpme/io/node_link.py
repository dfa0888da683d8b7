"""JSON with lists of nodes and of edges, as networkx, d3, vis.js, graphology and Cytoscape.js write it."""

import json
from collections.abc import Sequence
from typing import Any

from hpme.io import json_layouts
from hpme.io.json_layouts import NODE_LINK, JsonLayout, Name
from hpme.io.json_tensors import only_value
from hpme.io.of_each_node import spread
from hpme.io.one_way import lost_ways
from hpme.io.record import GRAPH_FIELDS, Fields, Record
from hpme.io.text import shown
from hpme.limits import cap

PARTS = {"nodes", "edges", "links", "graph", "directed", "multigraph"}
Items = list[dict[str, Any]]


def write(record: Record) -> bytes:
    """Returns the file's content, as networkx has it."""
    data = {
        "directed": False,
        "multigraph": False,
        "graph": record.graph,
        "nodes": [{"id": name, **fields} for name, fields in record.nodes],
        "edges": [{"source": u, "target": v, **fields} for u, v, fields in record.edges],
    }
    return json.dumps(data, allow_nan=False).encode()


def record(data: Any, layout: JsonLayout | None = None) -> Record:
    """Returns the record of a graph's JSON object.

    Args:
        data: An object with ``nodes``, and ``edges`` or ``links``.
        layout: Its layout; default: the one that its nodes and edges have.

    Raises:
        ValueError: If it is none.
    """
    if not isinstance(data, dict):
        raise ValueError(f"Expected a JSON object for a graph (got {shown(data)}); use node-link JSON")
    nodes = _items(data, "nodes")
    edges = _items(data, "links" if "links" in data and "edges" not in data else "edges")
    layout = layout or json_layouts.tell(nodes, edges)
    names, layout = _names(nodes, edges, layout)
    sources, targets = ([json_layouts.name(edge, key, layout) for edge in edges] for key in layout[2:4])
    ends = _by_place([*zip(sources, targets, strict=True)], names)
    lost = {"'links' beside 'edges'": None} if "edges" in data and data.get("links") else {}
    rows = [json_layouts.fields(node, layout, "nodes", lost) for node in nodes]
    graph = spread(_graph(spread(data, rows), lost), rows)
    links = [
        (u, v, json_layouts.fields(edge, layout, "edges", lost))
        for (u, v), edge in zip(ends, edges, strict=True)
    ]
    ways = lost_ways(ends, _directed(data, edges, layout))
    return Record(graph, [*zip(names, rows, strict=True)], links, left_out=[*ways, *lost])


def _items(data: dict[str, Any], key: str) -> Items:
    items = data.get(key)
    if isinstance(items, list):
        cap("nodes" if key == "nodes" else "edges", len(items))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        strange = items
        if isinstance(items, list):
            strange = next(item for item in items if not isinstance(item, dict))
        raise ValueError(f"Expected a list of objects at {key!r} (got {shown(strange)}); use node-link JSON")
    return items


def _names(nodes: Items, edges: Items, layout: JsonLayout) -> tuple[list[Name], JsonLayout]:
    """Returns the names of the nodes, and the layout with the key under which they stand.

    Nodes without any are named by what the ends of edges are: their place, or their own ``name``.
    """
    if layout in (NODE_LINK, json_layouts.D3) and nodes and not any("id" in node for node in nodes):
        layout = layout._replace(node="name", title="JSON for d3")
        if all(type(edge.get(key)) is int for edge in edges for key in (layout.source, layout.target)):
            return [*range(len(nodes))], layout._replace(node="")
    return [json_layouts.name(node, layout.node, layout) for node in nodes], layout


def _by_place(pairs: list[tuple[Name, Name]], names: Sequence[Name]) -> list[tuple[Name, Name]]:
    """Returns the ends by name; where no name is a number, but all ends are, they are places of nodes."""
    if names and pairs and all(isinstance(name, str) for name in names):
        numbers = [end for pair in pairs for end in pair]
        if all(isinstance(end, int) and 0 <= end < len(names) for end in numbers):
            return [(names[int(u)], names[int(v)]) for u, v in pairs]
    return pairs


def _graph(data: dict[str, Any], lost: dict[str, None]) -> Fields:
    """Returns the fields of the graph: those under ``graph``, and those beside the nodes."""
    graph = data.get("graph", {})
    if isinstance(graph, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in graph):
        graph = {str(key): value for key, value in graph}  # of old versions of networkx
    if not isinstance(graph, dict):
        raise ValueError(f"Expected an object at 'graph' (got {shown(graph)}); use node-link JSON")
    within = data.get("attributes", data.get("data", {}))
    own = {**within} if isinstance(within, dict) else {}
    beside = own | {
        key: value
        for key, value in data.items()
        if key not in PARTS and not (key in ("attributes", "data") and isinstance(value, dict))
    }
    beside, graph = ({key: only_value(value) for key, value in held.items()} for held in (beside, graph))
    for key in [key for key, value in beside.items() if not _fits(key, value) or key in graph]:
        if beside[key] != graph.get(key):
            lost[f"{shown(key)} beside the nodes"] = None
        del beside[key]
    return beside | graph


def _fits(key: str, value: Any) -> bool:
    """Returns whether a value beside the nodes can be a field of the graph."""
    if key not in GRAPH_FIELDS or key == "prediction":
        return True
    return isinstance(value, str) if GRAPH_FIELDS[key] is str else isinstance(value, int | float)


def _directed(data: dict[str, Any], edges: Items, layout: JsonLayout) -> list[bool]:
    """Returns whether each edge has a direction."""
    options = data.get("options")
    kind = options.get("type") if isinstance(options, dict) else None
    default = bool(data.get("directed", layout.one_way and kind != "undirected"))
    if layout is json_layouts.VIS:
        arrows = [edge.get("arrows") for edge in edges]
        return [
            bool(arrow) and ("to" in arrow) != ("from" in arrow) if isinstance(arrow, str | dict) else default
            for arrow in arrows
        ]
    if not layout.way:
        return [default] * len(edges)
    (way,) = layout.way
    return [
        bool(edge.get(way, default)) if way == "directed" else default and not edge.get(way) for edge in edges
    ]
