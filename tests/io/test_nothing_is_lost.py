"""Whatever fields nodes and edges of a file have, each is in the graph or named in what was left out."""

import csv
import io
import json
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpme.io import read_files
from hpme.io.record import NODE_FIELDS

NAMES = ("mass", "colour", "kind", "note", "size2", "flag", "label", "score", "alpha", "x")
VALUES = st.one_of(
    st.integers(-9, 9), st.floats(-9, 9), st.booleans(), st.sampled_from(["red", "blue", "a word or two"])
)
TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}


@st.composite
def fields(draw: st.DrawFn, count: int) -> list[dict[str, object]]:
    """Rows that have some of the names, not all of them everywhere, each with values of its own kinds."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    return [{name: draw(VALUES) for name in names if draw(st.integers(0, 5))} for _ in range(count)]


def as_json(nodes: list[dict], edges: list[dict]) -> dict[str, bytes]:
    """Node-link JSON."""
    data = {
        "nodes": [{"id": i} | row for i, row in enumerate(nodes)],
        "edges": [{"source": i, "target": i + 1} | row for i, row in enumerate(edges)],
    }
    return {"a.json": json.dumps(data).encode()}


def as_graphml(nodes: list[dict], edges: list[dict]) -> dict[str, bytes]:
    """GraphML, in which each value says its type."""
    keys, parts = {}, []

    def data(row: dict, of: str) -> str:
        text = ""
        for name, value in row.items():
            key = f"{of}{name}{TYPES[type(value)]}"
            head = (
                f'<key id="{key}" for="{of}" attr.name={quoteattr(name)} attr.type="{TYPES[type(value)]}"/>'
            )
            keys[key] = head
            text += f'<data key="{key}">{str(value).lower()}</data>'
        return text

    parts += [f'<node id="{i}">{data(row, "node")}</node>' for i, row in enumerate(nodes)]
    parts += [
        f'<edge source="{i}" target="{i + 1}">{data(row, "edge")}</edge>' for i, row in enumerate(edges)
    ]
    graph = f'<graph edgedefault="undirected">{"".join(parts)}</graph>'
    return {"a.graphml": f"<graphml>{''.join(keys.values())}{graph}</graphml>".encode()}


def as_tables(nodes: list[dict], edges: list[dict]) -> dict[str, bytes]:
    """A table of nodes and one of edges."""
    rows = {
        "nodes.csv": [{"id": i} | row for i, row in enumerate(nodes)],
        "edges.csv": [{"source": i, "target": i + 1} | row for i, row in enumerate(edges)],
    }
    files = {}
    for name, table in rows.items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, [*dict.fromkeys(key for row in table for key in row)])
        writer.writeheader()
        writer.writerows(table)
        files[name] = text.getvalue().encode()
    return files


@pytest.mark.parametrize("write", [as_json, as_graphml, as_tables])
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(nodes=fields(4), edges=fields(3))
def test_each_field_is_in_the_graph_or_named(write, nodes, edges):
    (graph,) = read_files(write(nodes, edges))
    words = graph.get("left_out", [])
    taken = {*graph.get("feature_names", ()), *NODE_FIELDS} | ({"x"} if graph.x is not None else set())
    of_edges = {name.partition("=")[0] for name in graph.get("edge_feature_names", ())}
    for name in {name for row in nodes for name in row}:
        assert name in taken or any(f"'{name}'" in said for said in words), (name, words)
    for name in {name for row in edges for name in row}:
        assert name in of_edges or any(f"'{name}'" in said for said in words), (name, words)
