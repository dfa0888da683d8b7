import json

import pytest

from hpme.own_data import read_dataset

GRAPH = {"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}], "graph": {"y": 0}}


def test_one_graph_without_labels_of_nodes_is_no_dataset():
    with pytest.raises(ValueError, match="a class at each node, such as 'y'"):
        read_dataset(json.dumps(GRAPH, indent=2).encode(), "graph.json")


def test_a_broken_object_over_many_lines_is_no_dataset():
    with pytest.raises(
        ValueError, match=r"got one object over lines, '{' first\); put the graphs into a list"
    ):
        read_dataset(b'{\n "nodes": [}', "graph.json")


def test_a_broken_first_line_is_left_out():
    lines = ['{"nodes": [', *(json.dumps(GRAPH | {"graph": {"y": i % 2}}) for i in range(20))]
    assert len(read_dataset("\n".join(lines).encode(), "graphs.jsonl").graphs) == 20
