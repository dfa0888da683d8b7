import json

import pytest

from hpme.own_data import read_dataset
from hpme.own_data.graph_items import is_one_graph

GRAPH = {"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}], "graph": {"y": 0}}


def test_one_graph_without_labels_of_nodes_is_no_dataset():
    with pytest.raises(ValueError, match="a class at each node, such as 'y'"):
        read_dataset(json.dumps(GRAPH, indent=2).encode(), "graph.json")


def test_one_object_is_one_graph_however_it_is_written_and_objects_a_line_are_many():
    one, line = json.dumps(GRAPH), json.dumps(GRAPH).encode()
    assert is_one_graph(line)
    assert is_one_graph(json.dumps(GRAPH, indent=2).encode())
    assert is_one_graph(one.replace("[", "[\n").replace("]", "\n]").encode())
    assert not is_one_graph(line + b"\n" + line)
    assert not is_one_graph(b'{"nodes": [\n' + line + b"\n" + line)
    assert not is_one_graph(b"[" + line + b"]")
    with pytest.raises(ValueError, match=r"Expected JSON \(got Expecting value: line 2"):
        read_dataset(b'{\n "nodes": [}', "graph.json")


def test_a_broken_first_line_is_left_out():
    lines = ['{"nodes": [', *(json.dumps(GRAPH | {"graph": {"y": i % 2}}) for i in range(20))]
    assert len(read_dataset("\n".join(lines).encode(), "graphs.jsonl").graphs) == 20
