"""GraphML, as Gephi, Cytoscape, yEd, igraph and networkx write it.

Features without names are columns ``x0``, ``x1``, ... of nodes and ``edge_attr0``, ... of edges.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement, tostring

from hpme.io.graphml_fields import Keys
from hpme.io.one_way import count, undirect
from hpme.io.record import Contents, Fields, Record
from hpme.io.source import Source
from hpme.io.text import shown
from hpme.io.xml_tree import attribute, children, parse_xml, tag
from hpme.limits import cap

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
WAYS = {"true": True, "false": False}


def read(source: Source) -> Contents:
    """Returns the graphs of the file; what is nested in a node stands beside it."""
    root = parse_xml(source.content, "GraphML")
    graphs = [*children(root, "graph")]
    cap("graphs", len(graphs), least=1)
    keys = Keys(root)
    fields, *_ = keys.fields([root])
    of_file = [*keys.take_lost(), *(f"{shown(name)} of the file" for name in fields)]
    return Contents([_record(graph, keys, of_file) for graph in graphs])


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


def _record(graph: Element, keys: Keys, of_file: list[str]) -> Record:
    parts = _Parts(graph, keys.lose)
    cap("nodes", len(parts.nodes))
    cap("edges", len(parts.edges))
    graph_fields, *_ = keys.fields([graph])
    names = [attribute(node, "id") for node in parts.nodes]
    ends = [(attribute(edge, "source"), attribute(edge, "target")) for edge in parts.edges]
    fields = keys.fields(parts.edges)
    edges, lost = undirect([(*pair, own) for pair, own in zip(ends, fields, strict=True)], parts.directed)
    if parts.nested:
        lost.append(f"the nesting of {count(parts.nested, 'graph')} (their nodes stand beside the others)")
    nodes = [*zip(names, keys.fields(parts.nodes), strict=True)]
    return Record(graph_fields, nodes, edges, left_out=[*lost, *keys.take_lost(), *of_file])


class _Parts:
    """The nodes and edges of a graph, with those of the graphs that are nested in it."""

    def __init__(self, graph: Element, lose: Callable[[str], None]) -> None:
        self.nodes: list[Element] = []
        self.edges: list[Element] = []
        self.directed: list[bool] = []
        self.nested = 0
        self._lose = lose
        self._take(graph)

    def _take(self, graph: Element) -> None:
        default = graph.get("edgedefault", "undirected").lower() == "directed"
        for part in graph:
            name = tag(part)
            if name == "node":
                self.nodes.append(part)
                self._look_into(part)
            elif name == "edge":
                self.edges.append(part)
                self.directed.append(WAYS.get(part.get("directed", "").lower(), default))
                self._look_into(part)
            elif name == "hyperedge":
                ends = sum(1 for _ in children(part, "endpoint"))
                raise ValueError(
                    f"Expected edges of two nodes (got a hyperedge of {count(ends, 'node')}); give it a node "
                    "of its own, with an edge to each of them"
                )
            elif name not in ("data", "key"):
                self._lose(f"<{name[:40]}> of the graph")

    def _look_into(self, part: Element) -> None:
        for inner in part:
            if tag(inner) == "graph":
                self.nested += 1
                if any(children(inner, "data")):
                    self._lose("data of nested graphs")
                self._take(inner)
            elif tag(inner) != "data":
                self._lose(f"<{tag(inner)[:40]}> at {tag(part)}s")
