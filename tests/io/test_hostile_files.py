import json

import pytest

from hpme.io import read_graphs

NODES = [{"id": 0, "x": [1.0]}, {"id": 1, "x": [2.0]}]
EDGE = {"source": 0, "target": 1}


def node_link(**changes: object) -> bytes:
    return json.dumps({"nodes": NODES, "edges": [EDGE]} | changes).encode()


def nodes(**changes: object) -> bytes:
    """The first of two nodes changed."""
    return node_link(nodes=[NODES[0] | changes, NODES[1]])


def edges(*given: object) -> bytes:
    return node_link(edges=list(given))


JSON_REFUSED = {
    "not text": (b"\xff\xfe\x00", "Expected JSON"),
    "not JSON": (b"{", "Expected JSON"),
    "too deep": (b"[" * 100_000, "got too deep a nesting"),
    "deep and closed": (b"[" * 100_000 + b"]" * 100_000, "got too deep a nesting"),
    "NaN": (nodes(x=[float("nan")]), "got NaN"),
    "infinity": (nodes(x=[float("inf")]), "got Infinity"),
    "infinity by its exponent": (node_link().replace(b"2.0", b"1e999"), "'x' to be a finite number"),
    "integer of 5,000 digits": (node_link().replace(b"2.0", b"1" * 5000), "Expected JSON"),
    "integer of 100 digits": (node_link().replace(b"2.0", b"1" * 100), "'x' to be a finite number"),
    "a number": (b"3", "Expected a JSON object"),
    "a list of numbers": (b"[3]", "Expected a JSON object"),
    "no nodes": (b'{"edges": []}', "at 'nodes'"),
    "zero nodes": (node_link(nodes=[], edges=[]), "Expected 1 to 20,000 nodes"),
    "no edges": (json.dumps({"nodes": NODES}).encode(), "at 'edges'"),
    "nodes that are no objects": (node_link(nodes=[1]), "at 'nodes'"),
    "edges that are no objects": (edges([0, 1]), "at 'edges'"),
    "graph that is no object": (node_link(graph=[1]), "at 'graph'"),
    "directed": (node_link(directed=True), "undirected"),
    "unknown end": (edges({"source": 0, "target": 2}), r"between nodes \(got 2\)"),
    "end of another type": (edges({"source": 0, "target": "1"}), r"between nodes \(got '1'\)"),
    "no end": (edges({"source": 0}), r"'target' to be text or an integer \(got None\)"),
    "id that cannot be one": (nodes(id=[0]), r"'id' to be text or an integer"),
    "id that is a truth value": (nodes(id=True), r"'id' to be text or an integer"),
    "same id twice": (nodes(id=1), "ids that differ"),
    "same edge twice, unlike": (edges(EDGE | {"edge_mask": 1.0}, EDGE), "each edge once"),
    "features of two lengths": (nodes(x=[1.0, 2.0]), "a list 'x'"),
    "features at one node only": (node_link(nodes=[NODES[0], {"id": 1}]), "a list 'x'"),
    "a feature that is text": (nodes(x=["1"]), r"'x' to be a finite number \(got '1'\)"),
    "a feature that is a truth value": (nodes(x=[True]), r"'x' to be a finite number \(got True\)"),
    "a feature that is a list": (nodes(x=[[1]]), r"'x' to be a finite number"),
    "a mask at one node only": (nodes(node_mask=1.0), r"everywhere or nowhere \(got 1 of 2\)"),
    "a truth that is a number": (node_link(nodes=[node | {"node_gt": 2} for node in NODES]), "true or false"),
    "an origin that is none": (
        node_link(nodes=[node | {"node_origin": 0.5} for node in NODES]),
        "an integer",
    ),
    "a class that is text": (node_link(graph={"y": "1"}), "'y' to be a finite number"),
    "a molecule that is none": (
        node_link(graph={"smiles": 3}),
        r"'smiles' to be text of one printable line \(got 3\)",
    ),
}


@pytest.mark.parametrize(("content", "reason"), JSON_REFUSED.values(), ids=JSON_REFUSED)
def test_a_json_file_that_is_no_graph_is_refused_in_one_sentence(content, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        read_graphs(content, "graph.json")
    sentence = str(caught.value)
    assert sentence.startswith("Expected ")
    assert len(sentence) < 200
    assert "\n" not in sentence


HEAD = '<graphml><key id="x" for="node" attr.name="x0" attr.type="double"/>'
NODE = '<node id="a"><data key="x">1</data></node>'
BOMB = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;">]>' + HEAD + "<graph>&c;</graph></graphml>"
FILE = '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HEAD + "<graph>&a;</graph></graphml>"


def graphml(content: str, head: str = HEAD) -> str:
    return f"{head}<graph>{content}</graph></graphml>"


XML_REFUSED = {
    "not XML": ("hello", "Expected GraphML"),
    "empty": (" ", "Expected GraphML"),
    "cut off": (HEAD, "Expected GraphML"),
    "other XML": ("<svg/>", "got another root"),
    "unknown encoding": ('<?xml version="1.0" encoding="no"?><graphml/>', "Expected GraphML"),
    "entity bomb": (BOMB, "Expected GraphML"),
    "file of the server": (FILE, "Expected GraphML"),
    "document type": ("<!DOCTYPE graphml>" + graphml(NODE), "Expected GraphML"),
    "too deep": ("<graphml>" + "<a>" * 100_000, "too deep a nesting"),
    "no graph": (HEAD + "</graphml>", r"Expected 1 to 1,000 graphs in a file \(got 0\)"),
    "directed": (f'{HEAD}<graph edgedefault="directed">{NODE}</graph></graphml>', "undirected"),
    "one directed edge": (graphml(NODE + '<edge source="a" target="a" directed="true"/>'), "undirected"),
    "NaN": (graphml(NODE.replace("1", "NaN")), "a finite number"),
    "infinity": (graphml(NODE.replace("1", "1e999")), "a finite number"),
    "no number": (graphml(NODE.replace("1", "one")), r"'x0' of type double \(got 'one'\)"),
    "no truth value": (
        graphml(NODE, HEAD.replace("double", "boolean")).replace("1", "2"),
        "'x0' of type boolean",
    ),
    "no id": (graphml("<node/>"), r"an attribute 'id' at each node"),
    "no end": (graphml(NODE + '<edge source="a"/>'), r"an attribute 'target' at each edge"),
    "unknown end": (graphml(NODE + '<edge source="a" target="b"/>'), r"between nodes \(got 'b'\)"),
    "same id twice": (graphml(NODE * 2), "ids that differ"),
}


@pytest.mark.parametrize(("content", "reason"), XML_REFUSED.values(), ids=XML_REFUSED)
def test_a_graphml_file_that_is_no_graph_is_refused_in_one_sentence(content, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        read_graphs(content.encode(), "graph.graphml")
    sentence = str(caught.value)
    assert sentence.startswith("Expected ")
    assert len(sentence) < 200
    assert "\n" not in sentence
