from benchmarks.change_latency import measured, nearest
from hpme.datasets import load_built_in


def test_graphs_near_the_asked_size_are_timed():
    data = load_built_in("benzene")
    assert {graph.num_nodes for graph in nearest(data, 3, 12)} == {12}
    row = measured(data, 2, 8)
    assert row["nodes, median"] == 8
    assert 0 < row["processor ms, median"] <= row["processor ms, worst"]
    assert row["changes, median"] > 20
