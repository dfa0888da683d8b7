import json

import pytest
from torch_geometric.data import Batch

from benchmarks import growth


def test_parts_add_up_and_graphs_are_the_same_one_by_one():
    assert [*growth.in_parts(2_500)] == [(0, 1_000), (1, 1_000), (2, 500)]
    graphs = growth.graphs_for_model(5, 3)
    joined = Batch.from_data_list(growth.as_data(graphs))
    assert joined.x.equal(graphs.x)
    assert joined.edge_index.equal(graphs.edge_index)
    assert joined.edge_attr.equal(graphs.edge_attrs["edge_attr"])


@pytest.mark.parametrize("name", [name for name in growth.WORK if name != "batch, rows"])
def test_each_piece_of_work_says_its_seconds_and_memory(name, capsys):
    growth.one(name, 20)
    found = json.loads(capsys.readouterr().out)
    assert found["seconds"] > 0
    assert found["MB"] > 1


def test_slopes_are_those_of_the_size_before(monkeypatch):
    monkeypatch.setattr(growth, "run_in", lambda *given: {"seconds": float(given[-1]) ** 2, "MB": 1})
    first, second = growth.rows_of("mix, nodes", [10, 100])
    assert first["slope"] is None
    assert second["slope"] == pytest.approx(2)
