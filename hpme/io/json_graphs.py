"""JSON in any of the layouts in which graphs are written; one place tells which it is."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from hpme.io import json_edges, matrix, node_link
from hpme.io.columns import find_ends
from hpme.io.json_edges import is_pair
from hpme.io.json_layouts import CYTOSCAPE, JGF
from hpme.io.json_tensors import of_tensors
from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.text import quote, reason, shown
from hpme.io.values import is_number
from hpme.limits import cap

PARTS = {"edge_index", "edges", "links", "nodes", "adjacency"}  # keys of one graph, not names of several


def parse(text: str) -> Any:
    """Returns the values in JSON that holds no NaN or infinity, and no key of two values.

    Raises:
        ValueError: If it is no such JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_named_once)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Expected JSON (got {reason(error)}); save the graph as node-link JSON") from None


def read(source: Source) -> Contents:
    """Returns the file's graphs."""
    return Contents(records(parse(source.text)))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):  # a parser would take the last value, and nobody would know
        twice = next((key for key, value in pairs if named[key] != value), None)
        if twice is not None:
            raise ValueError(f"two values of {quote(twice, 30)} in one object")
    return named


def records(data: Any) -> list[Record]:
    """Returns the graphs in the values of a file of JSON.

    Raises:
        ValueError: If they have none of the layouts, or break the rules of theirs.
    """
    if isinstance(data, list):
        if one := _of_list(data):
            return [one]
        cap("graphs", len(data), least=1)
        return [record(item) for item in data]
    if isinstance(data, dict) and isinstance(data.get("graphs"), list):
        cap("graphs", len(data["graphs"]), least=1)
        beside = [
            f"{shown(key)} beside the graphs" for key, value in data.items() if key != "graphs" and value
        ]
        found = [record({"graph": graph}) for graph in data["graphs"]]
        return [_noted(one, beside) for one in found]
    named = isinstance(data, dict) and data and not PARTS & data.keys()
    plain = [one for value in data.values() if (one := _of_lists(value))] if named else []
    if plain and len(plain) == len(data):
        cap("graphs", len(data))
        return [replace(one, graph={"name": name}) for name, one in zip(data, plain, strict=True)]
    return [record(data)]


def record(data: Any) -> Record:
    """Returns the graph of an object.

    Raises:
        ValueError: As `records` does.
    """
    if not isinstance(data, dict):
        raise ValueError(f"Expected a JSON object for a graph (got {shown(data)}); use node-link JSON")
    for fits, reader in LAYOUTS:
        if fits(data):
            return reader(data)
    if not data or {"nodes", "edges", "links"} & data.keys():
        return node_link.record(data)
    keys = ", ".join(map(shown, [*data][:5]))[:80]
    raise ValueError(
        "Expected a graph as JSON: 'nodes' and 'edges', 'elements', 'adjacency', 'edge_index' or neighbours "
        f"by name (got an object with {keys}); use node-link JSON"
    )


def _of_list(data: list[Any]) -> Record | None:
    """Returns the graph of a list of edges or of elements; None where it is a list of graphs."""
    if one := _of_lists(data):
        return one
    objects = all(isinstance(item, dict) for item in data)
    if data and objects and all(isinstance(item.get("data"), dict) for item in data):
        return node_link.record(_elements(data), CYTOSCAPE)
    return _of_rows(data) if data and objects else None


def _of_lists(data: Any) -> Record | None:
    """Returns the graph of a list of edges or of the rows of a matrix; None where it is neither."""
    if not data or not isinstance(data, list):
        return None
    if _is_matrix(data):
        cap("nodes", len(data))
        return matrix.of_values(data, range(len(data)))
    return json_edges.of_pairs(data) if _are_pairs(data) else None


def _is_matrix(rows: list[Any]) -> bool:
    """Returns whether lists are a square matrix; one of three rows, which may be edges, is symmetric."""
    size = len(rows)
    square = size > 2 and all(isinstance(row, list) and len(row) == size for row in rows)
    if not square or not all(is_number(value) for row in rows for value in row):
        return False
    return size > 3 or rows == [*map(list, zip(*rows, strict=True))]


def _of_rows(rows: Sequence[dict[str, Any]]) -> Record | None:
    """Returns the graph of edges as objects that are alike; None where no two keys are called like ends."""
    keys = [*rows[0]]
    ends = [keys[place] for place in find_ends(keys).values()]
    if not ends or not all(end in row for row in rows for end in ends):
        return None
    return json_edges.of_links(rows, *ends)


def _columns(data: dict[str, Any]) -> Record:
    """Returns the graph of the columns of a table of edges: each a list, or as pandas has it an object."""
    cells = [column.values() if isinstance(column, dict) else column for column in data.values()]
    rows = [dict(zip(data, row, strict=True)) for row in zip(*cells, strict=True)]
    return _of_rows(rows) or Record({}, [], [])


def _are_columns(data: dict[str, Any]) -> bool:
    columns = all(isinstance(column, list | dict) for column in data.values())
    return columns and bool(find_ends([*data])) and len({*map(len, data.values())}) == 1


def _elements(elements: Any) -> dict[str, Any]:
    """Returns the nodes and the edges of Cytoscape's elements, which may stand in one list."""
    if isinstance(elements, dict):
        return {"nodes": elements.get("nodes", []), "edges": elements.get("edges", [])}
    if not isinstance(elements, list) or not all(isinstance(item, dict) for item in elements):
        raise ValueError(f"Expected a list of objects at 'elements' (got {shown(elements)}); export it again")
    parts: dict[str, Any] = {"nodes": [], "edges": []}
    for item in elements:
        own = item.get("data")
        edge = item.get("group") == "edges" or (isinstance(own, dict) and "source" in own)
        parts["edges" if edge else "nodes"].append(item)
    return parts


def _json_graph(data: dict[str, Any]) -> Record:
    """Returns a graph in JSON Graph Format; nodes are a list, or an object by their names."""
    graph = data["graph"]
    nodes = graph["nodes"]
    if isinstance(nodes, dict):
        nodes = [{**node, "id": name} if isinstance(node, dict) else node for name, node in nodes.items()]
    if isinstance(graph.get("hyperedges"), list) and graph["hyperedges"]:
        raise ValueError("Expected edges of two nodes (got 'hyperedges'); give each a node of its own")
    within = graph.get("metadata")
    own = {**within} if isinstance(within, dict) else {}
    own |= {key: value for key, value in graph.items() if key not in ("nodes", "metadata", "id", "label")}
    name = {"name": graph["label"]} if isinstance(graph.get("label"), str) and graph["label"] else {}
    beside = [f"{shown(key)} beside the graph" for key, value in data.items() if key != "graph" and value]
    return _noted(
        node_link.record({**name, **own, "nodes": nodes, "edges": graph.get("edges", [])}, JGF), beside
    )


def _adjacency(data: dict[str, Any]) -> Record:
    nodes, edges = json_edges.of_adjacency(data)
    return node_link.record(nodes | {"edges": edges})


def _cytoscape(data: dict[str, Any]) -> Record:
    beside = {key: value for key, value in data.items() if key != "elements"}
    return node_link.record(beside | _elements(data["elements"]), CYTOSCAPE)


def _is_json_graph(data: dict[str, Any]) -> bool:
    return "nodes" not in data and isinstance(data.get("graph"), dict) and "nodes" in data["graph"]


def _plain(data: dict[str, Any]) -> Record:
    """Returns the graph of pairs of names under ``edges``, and perhaps names under ``nodes``."""
    rest = {key: value for key, value in data.items() if key not in ("nodes", "edges", "links")}
    deep = [key for key, value in rest.items() if isinstance(value, list | dict)]
    graph = {key: value for key, value in rest.items() if key not in deep}
    pairs = data["edges" if "edges" in data else "links"]
    one = json_edges.of_pairs(pairs, graph, data.get("nodes", ()))
    return _noted(one, [f"{shown(key)} beside the edges" for key in deep if rest[key]])


def _is_plain(data: dict[str, Any]) -> bool:
    pairs = data.get("edges", data.get("links"))
    return bool(pairs) and _are_pairs(pairs) and _are_names(data.get("nodes", []))


def _are_neighbours(data: dict[str, Any]) -> bool:
    """Returns whether the values of an object are neighbours: names, some of which are keys of it, too."""
    if not data or {"nodes", "edges", "links"} & data.keys():
        return False
    if not all(isinstance(item, dict) or _are_names(item) for item in data.values()):
        return False
    return any(str(name) in data for item in data.values() for name in item) or not any(data.values())


def _noted(one: Record, lost: Sequence[str]) -> Record:
    return Record(one.graph, one.nodes, one.edges, one.edge_names, [*one.left_out, *lost])


def _are_pairs(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_pair, value))


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(v, str | int) and not isinstance(v, bool) for v in value
    )


LAYOUTS: tuple[tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], Record]], ...] = (
    (lambda data: "edge_index" in data, of_tensors),
    (lambda data: "adjacency" in data, _adjacency),
    (lambda data: "elements" in data, _cytoscape),
    (_is_json_graph, _json_graph),
    (lambda data: isinstance(data.get("children"), list), json_edges.of_tree),
    (_is_plain, _plain),
    (_are_columns, _columns),
    (_are_neighbours, json_edges.of_neighbours),
)
