"""GML: lists of keys and values in brackets, as networkx, igraph, Gephi and yEd write them."""

import html
import re
from collections.abc import Iterator
from typing import Any

from hpme import limits
from hpme.io.parts import Parts
from hpme.io.record import Contents, Fields, Record
from hpme.io.source import Source
from hpme.io.text import quote, shown
from hpme.io.values import to_value
from hpme.limits import cap

TOKEN = re.compile(r'(?m:^[ \t]*#.*$)|"(?P<text>[^"]*)"|(?P<word>[^\s"\[\]]+)|(?P<sign>[\[\]])|\s+')
ENDS = {"id", "source", "target"}
DIGITS = 15  # of an integer that every float of its size tells from the next
Pairs = list[tuple[str, Any]]


def read(source: Source) -> Contents:
    """Returns the graphs of the file; values that are lists themselves are left out and named."""
    top = _parse(source.text)
    graphs = [value for key, value in top if key.lower() == "graph" and isinstance(value, list)]
    cap("graphs", len(graphs), least=1)
    of_file = [
        f"{shown(key)} of the file" for key in dict.fromkeys(k for k, _ in top if k.lower() != "graph")
    ]
    return Contents([_record(graph) for graph in graphs], of_file)


def _record(graph: Pairs) -> Record:
    parts = Parts()
    values = _fields(parts, [pair for pair in graph if pair[0] not in {"node", "edge"}], "of the graph")
    directed = bool(values.pop("directed", 0))
    for name in [name for name in ("label", "name") if isinstance(values.get(name), str)]:
        parts.name = parts.name or values.pop(name)
    parts.lose_names(values, "of the graph")
    for number, node in enumerate((value for key, value in graph if key == "node"), start=1):
        fields = _fields(parts, _listed(node, "node"), "at nodes")
        name = fields.pop("id", None)
        if name is None:
            parts.lose("the lack of an id at nodes (they are numbered)")
            name = f"unnamed {number}"
        if _name(name) in parts.nodes:
            raise ValueError(f"Expected node ids that differ (got {shown(name)} twice); number the nodes")
        parts.add_node(_name(name), fields)
    for edge in (value for key, value in graph if key == "edge"):
        fields = _fields(parts, _listed(edge, "edge"), "at edges")
        ends = [fields.pop(end, None) for end in ("source", "target")]
        if None in ends:
            raise ValueError(f"Expected source and target at each edge (got {shown(ends)}); add them")
        parts.add_edge(_name(ends[0]), _name(ends[1]), fields, directed)
    return parts.record()


def _name(value: Any) -> str | int:
    return value if isinstance(value, int) else str(value)


def _listed(value: Any, what: str) -> Pairs:
    if not isinstance(value, list):
        raise ValueError(f"Expected {what} [ … ] (got {what} {shown(value)}); put it into brackets")
    return value


def _fields(parts: Parts, pairs: Pairs, where: str) -> Fields:
    """Returns the values that are no lists, the first of each key; the others are noted."""
    fields: Fields = {}
    for key, value in pairs:
        if isinstance(value, list):
            parts.lose(f"{shown(key)} {where} (a list)")
        elif fields.setdefault(key, value) != value:
            parts.lose(f"{shown(key)} {where} (where it is given again)")
    return {key: value for key, value in fields.items() if value is not None}


def _parse(text: str) -> Pairs:
    """Returns the keys and values of a file."""
    top: Pairs = []
    levels, key = [top], ""
    for line, token, value in _tokens(text):
        if token == "]" and not key and len(levels) > 1:
            levels.pop()
        elif not key and token == "word":
            key = str(value)
        elif key and token == "[":
            if len(levels) >= limits.LIMITS.depth:
                raise ValueError(
                    f"Expected at most {limits.LIMITS.depth} levels of brackets (got more); flatten it"
                )
            inner: Pairs = []
            levels[-1].append((key, inner))
            levels.append(inner)
            key = ""
        elif key and token in {"word", "text"}:
            whole = key in ENDS and len(value) > DIGITS  # which as a float would be the name of many nodes
            plain = token == "word" and not whole
            levels[-1].append((key, to_value(value) if plain else html.unescape(value)))
            key = ""
        else:
            wanted, got = "a value" if key else "a key", f"{quote(value, 20)} in line {line:,}"
            raise ValueError(f"Expected {wanted} of GML (got {got}); fix that line")
    if key or len(levels) > 1:
        raise ValueError("Expected GML whose brackets are closed (got its end before); save it again")
    return top


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """Yields line, kind and text of each word, quoted text and bracket."""
    place, line, many = 0, 1, 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"Expected quotes that are closed (got one from line {line:,} on); close it")
        kind = found.lastgroup
        if kind:
            many += 1
            if many > limits.held().values:
                cap("values", many)
            yield line, found[kind] if kind == "sign" else kind, found[kind]
        line += found[0].count("\n")
        place = found.end()
