"""Node-link JSON, as networkx writes it: keys ``nodes`` and ``edges`` (``links`` in older files)."""

import json
from typing import Any, NoReturn

from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.text import shown
from hpme.limits import cap


def read(source: Source) -> Contents:
    """Returns the file's graph, or its graphs where it is a list of them."""
    data = parse(source.text)
    items = data if isinstance(data, list) else [data]
    cap("graphs", len(items), least=1)
    return Contents([record(item) for item in items])


def parse(text: str) -> Any:
    """Returns the values in JSON that holds no NaN or infinity.

    Raises:
        ValueError: If it is no such JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        reason = "too deep a nesting" if isinstance(error, RecursionError) else str(error)
        raise ValueError(f"Expected JSON (got {reason}); save the graph as node-link JSON") from None


def write(record: Record) -> bytes:
    """Returns the file's content."""
    data = {
        "directed": False,
        "multigraph": False,
        "graph": record.graph,
        "nodes": [{"id": name, **fields} for name, fields in record.nodes],
        "edges": [{"source": u, "target": v, **fields} for u, v, fields in record.edges],
    }
    return json.dumps(data, allow_nan=False).encode()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def record(data: Any) -> Record:
    """Returns the record of a graph's JSON object.

    Raises:
        ValueError: If it is none.
    """
    if not isinstance(data, dict):
        raise ValueError(f"Expected a JSON object for a graph (got {shown(data)}); use node-link JSON")
    if data.get("directed"):
        raise ValueError("Expected an undirected graph (got 'directed': true); make it undirected first")
    if not isinstance(data.get("graph", {}), dict):
        got = shown(data["graph"])
        raise ValueError(f"Expected an object at 'graph' (got {got}); use node-link JSON")
    nodes = _items(data, "nodes")
    edges = _items(data, "links" if "links" in data and "edges" not in data else "edges")
    return Record(
        data.get("graph", {}),
        [(_name(node, "id"), _fields(node, {"id"})) for node in nodes],
        [
            (_name(edge, "source"), _name(edge, "target"), _fields(edge, {"source", "target"}))
            for edge in edges
        ],
    )


def _items(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = data.get(key)
    if isinstance(items, list):
        cap("nodes" if key == "nodes" else "edges", len(items))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        strange = items
        if isinstance(items, list):
            strange = next(item for item in items if not isinstance(item, dict))
        raise ValueError(f"Expected a list of objects at {key!r} (got {shown(strange)}); use node-link JSON")
    return items


def _name(item: dict[str, Any], key: str) -> str | int:
    name = item.get(key)
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ValueError(f"Expected {key!r} to be text or an integer (got {shown(name)}); change it")
    return name


def _fields(item: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in names}
