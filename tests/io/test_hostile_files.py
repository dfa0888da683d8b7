import io
import json
import re

import pytest
import torch
from safetensors.torch import save

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
    "not text": (b"\xff\xfe\x00", "Expected text"),
    "not JSON": (b"{", "Expected JSON"),
    "too deep": (b"[" * 100_000, "got too deep a nesting"),
    "deep and closed": (b"[" * 100_000 + b"]" * 100_000, "got too deep a nesting"),
    "NaN": (nodes(x=[float("nan")]), "got NaN"),
    "infinity": (nodes(x=[float("inf")]), "got Infinity"),
    "infinity by its exponent": (node_link().replace(b"2.0", b"1e999"), "'x' to be a finite number"),
    "more than 32 bits": (nodes(x=[1e300]), r"'x' to fit into 32 bits \(got 1e\+300\)"),
    "integer of 5,000 digits": (node_link().replace(b"2.0", b"1" * 5000), "Expected JSON"),
    "integer of 100 digits": (node_link().replace(b"2.0", b"1" * 100), "'x' to be a finite number"),
    "a number": (b"3", "Expected a JSON object"),
    "a list of numbers": (b"[3]", "Expected a JSON object"),
    "no nodes": (b'{"edges": []}', r"at 'nodes' \(got None\)"),
    "zero nodes": (node_link(nodes=[], edges=[]), "Expected 1 to 20,000 nodes"),
    "no edges": (json.dumps({"nodes": NODES}).encode(), r"at 'edges' \(got None\)"),
    "nodes that are no objects": (node_link(nodes=[1]), r"at 'nodes' \(got 1\)"),
    "edges that are no objects": (edges([0, 1]), r"at 'edges' \(got \[0, 1\]\)"),
    "graph that is no object": (node_link(graph=[1]), r"at 'graph' \(got \[1\]\)"),
    "unknown end": (edges({"source": 0, "target": 2}), r"between nodes \(got 2\)"),
    "end of another type": (edges({"source": 0, "target": "1"}), r"between nodes \(got '1'\)"),
    "no end": (edges({"source": 0}), r"'target' to be text or an integer \(got None\)"),
    "id that cannot be one": (nodes(id=[0]), r"'id' to be text or an integer"),
    "id that is a truth value": (nodes(id=True), r"'id' to be text or an integer"),
    "same id twice": (nodes(id=1), r"ids that differ \(got 1 twice\)"),
    "same edge twice, unlike": (edges(EDGE | {"edge_mask": 1.0}, EDGE), "each edge once"),
    "features of two lengths": (nodes(x=[1.0, 2.0]), r"a list 'x' .*\(got 2 values at one, 1 at node 1\)"),
    "features at one node only": (
        node_link(nodes=[NODES[0], {"id": 1}]),
        r"a list 'x' .*\(got 1 values at one, none at node 1\)",
    ),
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
    "empty": (" ", "got an empty one"),
    "cut off": (HEAD, "Expected GraphML"),
    "other XML": ("<svg/>", r"<graphml> or <gexf> at its root \(got 'svg'\)"),
    "unknown encoding": ('<?xml version="1.0" encoding="no"?><graphml/>', "Expected GraphML"),
    "entity bomb": (BOMB, "Expected GraphML"),
    "file of the server": (FILE, "Expected GraphML"),
    "document type": ("<!DOCTYPE graphml>" + graphml(NODE), "Expected GraphML"),
    "too deep": ("<graphml>" + "<a>" * 100_000, r"at most 32 levels \(got <a> below\)"),
    "no graph": (HEAD + "</graphml>", r"Expected 1 to 1,000 graphs in a file \(got 0\)"),
    "hyperedge": (
        graphml(NODE + '<hyperedge><endpoint node="a"/></hyperedge>'),
        r"edges of two nodes \(got a hyperedge of 1 node\)",
    ),
    "NaN": (graphml(NODE.replace("1", "NaN")), "a finite number"),
    "infinity": (graphml(NODE.replace("1", "1e999")), "a finite number"),
    "no number": (graphml(NODE.replace("1", "one")), r"'x0' of type 'double' \(got 'one'\)"),
    "no truth value": (
        graphml(NODE, HEAD.replace("double", "boolean")).replace("1", "2"),
        "'x0' of type 'boolean'",
    ),
    "no id": (graphml("<node/>"), r"an attribute 'id' at each node"),
    "no end": (graphml(NODE + '<edge source="a"/>'), r"an attribute 'target' at each edge"),
    "unknown end": (graphml(NODE + '<edge source="a" target="b"/>'), r"between nodes \(got 'b'\)"),
    "same id twice": (graphml(NODE * 2), r"ids that differ \(got 'a' twice\)"),
}


@pytest.mark.parametrize(("content", "reason"), XML_REFUSED.values(), ids=XML_REFUSED)
def test_a_graphml_file_that_is_no_graph_is_refused_in_one_sentence(content, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        read_graphs(content.encode(), "graph.graphml")
    sentence = str(caught.value)
    assert sentence.startswith("Expected ")
    assert len(sentence) < 200
    assert "\n" not in sentence


EDGES = torch.tensor([[0, 1], [1, 0]])


def packed(**values: torch.Tensor) -> bytes:
    return save({"edge_index": EDGES} | values)


def pickled(value: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


QUOTED = {
    "atomic number 300": ("a.safetensors", packed(z=torch.tensor([6, 300])), "(got 300 at node 1)"),
    "a complex mask": (
        "a.safetensors",
        packed(node_mask=torch.zeros(2, dtype=torch.complex64)),
        "in 'node_mask' (got torch.complex64, torch.strided)",
    ),
    "no edges": ("a.safetensors", save({"x": torch.zeros(2, 1)}), "'edge_index' of shape [2, E] (got None)"),
    "edges of floats": ("a.safetensors", packed(edge_index=torch.zeros(2, 3)), "(got torch.float32[2, 3])"),
    "a number for features": ("a.safetensors", packed(x=torch.tensor(1.5)), "(got 1.5)"),
    "half a node": (
        "a.safetensors",
        packed(num_nodes=torch.tensor(2.5)),
        "'num_nodes' to be an integer (got 2.5)",
    ),
    "metadata that is a list": (
        "a.safetensors",
        save({"edge_index": EDGES}, {"graph": "[1]"}),
        "under 'graph' in the metadata (got [1])",
    ),
    "a text for a mask": ("a.pt", pickled({"edge_index": EDGES, "node_mask": "all"}), "(got 'all')"),
    "a tensor": ("a.pt", pickled(EDGES), "a plain dict of tensors (got Tensor)"),
    "a key that is a number": ("a.pt", pickled({1: EDGES}), "a plain dict of tensors (got the key 1)"),
    "SMILES of other bytes": ("a.smi", b"CC\xff", "a molecule as SMILES (got 'CCÿ')"),
    "a molfile of other bytes": (
        "a.mol",
        b"\xfe\x00\x01",
        "Expected text (got the character 0x00 at position 1)",
    ),
    "an empty molecule": (
        "a.sdf",
        b"ethanol\n\n\nno counts\nM  END\n",
        "the numbers of atoms and bonds above them (got 'no counts')",
    ),
    "a row of three": (
        "a.csv",
        b"a,b\n1,2,3\nb,c\nc,d\n",
        "2 cells in each row (got 3 in line 2: '1, 2, 3')",
    ),
}


@pytest.mark.parametrize(("name", "content", "reason"), QUOTED.values(), ids=QUOTED)
def test_a_refusal_quotes_what_is_wrong(name, content, reason):
    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        read_graphs(content, name)
    assert str(caught.value).startswith("Expected ")
    assert "\n" not in str(caught.value)
