"""GEXF, as Gephi and networkx write it."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from hpme.io.graphml_fields import value
from hpme.io.parts import Parts
from hpme.io.record import Contents, Fields, Record
from hpme.io.source import Source
from hpme.io.text import shown
from hpme.io.xml_tree import attribute, children, local, parse_xml, tag
from hpme.limits import cap

WAYS = {"directed": True, "undirected": False, "mutual": False}
PLURALS = {"node": "at nodes", "edge": "at edges"}
INNER = {"nodes", "edges", "attvalues"}  # of a node or an edge, and read
Titles = dict[tuple[str, str], tuple[str, str]]  # class and id of an attribute: title and type


def read(source: Source) -> Contents:
    """Returns the graphs of the file; nodes in nodes stand beside the others."""
    root = parse_xml(source.content, "GEXF")
    graphs = [*children(root, "graph")]
    cap("graphs", len(graphs), least=1)
    records, given = [], 0
    for graph in graphs:
        reader = _Reader(graph, given)
        records.append(reader.record())
        given = reader.given
    return Contents(records, _notes(root))


def _notes(root: Element) -> list[str]:
    """Returns words for what stands beside the graphs."""
    parts = [part for part in root if tag(part) != "graph"]
    told = [inner for part in parts for inner in (part, *part) if (inner.text or "").strip()]
    return [f"{shown(tag(part))} of the file" for part in told]


class _Reader:
    """A graph that is being read; `given` counts the values that defaults gave, in all graphs so far."""

    def __init__(self, graph: Element, given: int) -> None:
        self._graph = graph
        self._parts = Parts()
        self._titles: Titles = {}
        self.given = given
        self._defaults: dict[str, Fields] = {"node": {}, "edge": {}}
        self._directed = WAYS.get(graph.get("defaultedgetype", "undirected").lower(), False)
        for attributes in children(graph, "attributes"):
            for one in children(attributes, "attribute"):
                self._define(attributes.get("class", "node"), one)

    def _define(self, place: str, one: Element) -> None:
        key = attribute(one, "id")
        title, kind = one.get("title") or key, one.get("type", "string").lower()
        self._titles[place, key] = title, kind
        text = "".join(default.text or "" for default in children(one, "default"))
        if (default := value(title, kind, text)) is not None and place in self._defaults:
            self._defaults[place][title] = default

    def record(self) -> Record:
        """Returns the graph."""
        self._take(self._graph)
        for name in self._graph.attrib:
            if local(name) not in {"defaultedgetype", "mode", "id"}:
                self._parts.lose(f"{shown(local(name))} of the graph")
        return self._parts.record()

    def _take(self, element: Element) -> None:
        """Takes the nodes and edges in a graph or a node; those of all its nodes come before its edges."""
        for nodes in children(element, "nodes"):
            for node in children(nodes, "node"):
                self._add_node(node)
        for edges in children(element, "edges"):
            for edge in children(edges, "edge"):
                way = WAYS.get(edge.get("type", "").lower(), self._directed)
                ends = attribute(edge, "source"), attribute(edge, "target")
                self._parts.add_edge(*ends, self._fields(edge, {"id", "source", "target", "type"}), way)

    def _add_node(self, node: Element) -> None:
        name = attribute(node, "id")
        if name in self._parts.nodes:
            raise ValueError(f"Expected node ids that differ (got {shown(name)} twice); number the nodes")
        self._parts.add_node(name, self._fields(node, {"id"}))
        if any(True for _ in children(node, "nodes")):
            self._parts.lose("the nesting of nodes (inner nodes stand beside the others)")
            self._take(node)

    def _fields(self, element: Element, taken: set[str]) -> Fields:
        place = tag(element)
        fields = dict(self._defaults[place])
        self.given += len(fields)
        cap("values", self.given)
        for name, text in element.attrib.items():
            if name == "weight":
                fields[name] = value(name, "double", text)
            elif name == "label":
                fields[name] = text
            elif name not in taken:
                self._parts.lose(f"{shown(local(name))} {PLURALS[place]} (an attribute)")
        given: Fields = {}
        for title, held in self._values(element, place):
            if given.setdefault(title, held) != held:
                self._parts.lose(f"{shown(title)} {PLURALS[place]} (where it is given again, unlike)")
        for part in element:
            if tag(part) not in INNER:
                self._parts.lose(f"<{tag(part)[:40]}> {PLURALS[place]}")
        return {name: held for name, held in (fields | given).items() if held is not None}

    def _values(self, element: Element, place: str) -> Iterator[tuple[str, Any]]:
        for values in children(element, "attvalues"):
            for one in children(values, "attvalue"):
                key = one.get("for") or one.get("id") or ""
                title, kind = self._titles.get((place, key), (key, "string"))
                yield title, value(title, kind, one.get("value", ""))
