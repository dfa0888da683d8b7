import json

import pytest

from hpme.own_data import read_dataset

GRAPH = {"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}], "graph": {"y": 0}}


@pytest.mark.parametrize("text", [json.dumps(GRAPH, indent=2), "{\n}\n", '\n{\n\t"nodes": []}'])
def test_one_graph_over_many_lines_is_no_dataset(text):
    with pytest.raises(
        ValueError, match=r"got one object over lines, '{' first\); put the graphs into a list"
    ):
        read_dataset(text.encode(), "graph.json")


def test_a_broken_first_line_is_left_out():
    lines = ['{"nodes": [', *(json.dumps(GRAPH | {"graph": {"y": i % 2}}) for i in range(20))]
    assert len(read_dataset("\n".join(lines).encode(), "graphs.jsonl").graphs) == 20
