"""GraphML, as Gephi, Cytoscape, yEd and networkx read it.

Features without names are columns ``x0``, ``x1``, ... of nodes and ``edge_attr0``, ... of edges.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import iterparse

from hpme import limits
from hpme.io.record import Fields, Record
from hpme.limits import cap

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
READERS: dict[str, Callable[[str], Any]] = {
    "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
}
Keys = dict[str, tuple[str, str]]  # name and type of each key


def read(content: bytes) -> list[Record]:
    """Returns the graphs of the file."""
    root = _parse(content)
    keys = {
        key.get("id", ""): (key.get("attr.name", ""), key.get("attr.type", "string"))
        for key in _children(root, "key")
    }
    return [_record(graph, keys) for graph in _children(root, "graph")]


def write(record: Record) -> bytes:
    """Returns the file's content."""
    keys: dict[str, Element] = {}
    graph = Element("graph", edgedefault="undirected")
    _write_fields(graph, record.graph, keys)
    for name, fields in record.nodes:
        _write_fields(SubElement(graph, "node", id=f"n{name}"), _spread(fields, "x"), keys)
    for u, v, fields in record.edges:
        ends = {"source": f"n{u}", "target": f"n{v}"}
        _write_fields(SubElement(graph, "edge", ends), _spread(fields, "edge_attr"), keys)
    root = Element("graphml", xmlns=NAMESPACE)
    root.extend([*keys.values(), graph])
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _spread(fields: Fields, name: str) -> Fields:
    """Returns the fields with a list as columns, of which each has its place after the list's name."""
    columns = {f"{name}{i}": value for i, value in enumerate(fields.get(name, ()))}
    return columns | {key: value for key, value in fields.items() if key != name}


def _write_fields(element: Element, fields: Fields, keys: dict[str, Element]) -> None:
    """Adds a data element for each field, and its key to `keys` where it is new."""
    for name, value in fields.items():
        key = f"{element.tag}_{name}"
        if key not in keys:
            meaning = {"for": str(element.tag), "attr.name": name, "attr.type": TYPES[type(value)]}
            keys[key] = Element("key", {"id": key, **meaning})
        text = str(value).lower() if isinstance(value, bool) else str(value)
        SubElement(element, "data", key=key).text = text


def _parse(content: bytes) -> Element:
    cap("tags", content.count(b"<"))
    depth, root = 0, Element("none")
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            depth, root = depth + (1 if event == "start" else -1), element
            if depth > limits.LIMITS.depth:
                break
    except (SyntaxError, ValueError, LookupError) as error:
        raise ValueError(f"Expected GraphML (got XML that is refused: {error}); save it again") from None
    if depth:
        raise ValueError(
            f"Expected GraphML of at most {limits.LIMITS.depth} levels (got a deeper <{_tag(root)[:40]}>); "
            "save the graph without what is nested in it"
        )
    if _tag(root) != "graphml":
        raise ValueError(f"Expected GraphML (got <{_tag(root)[:40]}> at the root); save it as GraphML")
    return root


def _record(graph: Element, keys: Keys) -> Record:
    nodes, edges = [*_children(graph, "node")], [*_children(graph, "edge")]
    kinds = [(edge, "directed", edge.get("directed", "false")) for edge in edges]
    for element, key, kind in [(graph, "edgedefault", graph.get("edgedefault", "undirected")), *kinds]:
        if kind not in {"false", "undirected"}:
            got = f"{key}={kind[:40]!r} in <{_tag(element)}>"
            raise ValueError(f"Expected an undirected graph (got {got}); make it undirected first")
    return Record(
        _fields(graph, keys),
        [(_end(node, "id"), _fields(node, keys)) for node in nodes],
        [(_end(edge, "source"), _end(edge, "target"), _fields(edge, keys)) for edge in edges],
    )


def _end(element: Element, key: str) -> str:
    name = element.get(key)
    if name is None:
        raise ValueError(f"Expected an attribute {key!r} at each {_tag(element)} (got none); add it")
    return name


def _fields(element: Element, keys: Keys) -> Fields:
    fields = {}
    for data in _children(element, "data"):
        name, type_name = keys.get(data.get("key", ""), ("", "string"))
        fields[name] = _value(name, type_name, (data.text or "").strip())
    return fields


def _value(name: str, type_name: str, text: str) -> Any:
    try:
        return READERS.get(type_name, str)(text)
    except (KeyError, ValueError):
        wanted = f"{name[:40]!r} of type {type_name[:40]}"
        raise ValueError(f"Expected {wanted} (got {text[:40]!r}); change it") from None


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) == tag)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
