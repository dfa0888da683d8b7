"""The graphs around nodes in the place of a list of graphs."""

import gc
import pickle

import pytest
import torch
from torch_geometric.data import Data

from hpme.forward import around as around_nodes
from hpme.forward.around import GraphsAround, ids_of, labels_of, taken, together


@pytest.fixture
def whole() -> Data:
    path = torch.tensor([[0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3]])
    return Data(
        x=torch.arange(5.0)[:, None],
        edge_index=path,
        y=torch.tensor([0, 1, 0, 1, 1]),
        motif=torch.tensor([-1, 3, 3, -1, -1]),
        edge_motif=torch.tensor([-1, -1, 3, 3, -1, -1, -1, -1]),
    )


def test_it_is_a_sequence_of_graphs_around_the_nodes(whole):
    graphs = GraphsAround(whole, torch.tensor([4, 0, 1]), 1)
    assert len(graphs) == 3
    assert [graph.graph_id for graph in graphs] == [4, 0, 1]
    assert [graph.node_number.tolist() for graph in graphs] == [[3, 4], [0, 1], [0, 1, 2]]
    assert [graph.y.tolist() for graph in graphs] == [[1], [0], [1]]
    assert graphs[-1].centre.tolist() == [False, True, False]
    assert [graph.graph_id for graph in graphs[1:]] == [0, 1]
    assert labels_of(graphs).tolist() == torch.cat([graph.y for graph in graphs]).tolist() == [1, 0, 1]
    with pytest.raises(IndexError):
        graphs[3]


def test_the_truth_is_the_motif_of_the_node_itself(whole):
    outside, inside = GraphsAround(whole, torch.tensor([0, 1]), 1)
    assert not outside.node_gt.any()
    assert not outside.edge_gt.any()
    assert inside.node_gt.tolist() == [False, True, True]
    assert inside.edge_index[:, inside.edge_gt].tolist() == [[1, 2], [2, 1]]


def test_a_graph_that_is_held_stays_the_same_object_in_every_part(whole):
    graphs = GraphsAround(whole, torch.tensor([4, 0, 1]), 1)
    first = graphs[0]
    assert graphs[:1][0] is first
    assert graphs.of(torch.tensor([2, 4]))[1] is first
    assert next(iter(graphs)) is first
    first.mark = 1
    del first
    gc.collect()
    assert "mark" not in graphs[0]


def test_parts_share_their_graphs_after_a_pickle_too(whole):
    graphs = GraphsAround(whole, torch.tensor([4, 0, 1]), 1)
    held = graphs[0]
    one, other = pickle.loads(pickle.dumps((graphs, graphs[:1])))
    assert one[0] is other[0]
    assert one[0] is not held
    assert one.whole is other.whole
    assert one[0].node_number.equal(held.node_number)


def test_lists_of_graphs_and_graphs_around_nodes_are_asked_alike(whole, monkeypatch):
    around = GraphsAround(whole, torch.tensor([4, 0, 1]), 1)
    listed = list(around)
    monkeypatch.setattr(GraphsAround, "_cut", None)  # none is cut
    for graphs in (around, listed):
        assert ids_of(graphs) == [4, 0, 1]
        assert ids_of(taken(graphs, [2, 0])) == [1, 4]
        assert ids_of(together(taken(graphs, [1]), graphs)) == [0, 4, 0, 1]
    assert labels_of(taken(around, [])).tolist() == []


def test_of_very_many_the_same_are_learnt_from_each_time(whole, monkeypatch):
    graphs = GraphsAround(whole, torch.arange(5), 1)
    assert graphs.sample() is graphs
    monkeypatch.setattr(around_nodes, "SAMPLE", 3)
    some = graphs.sample().nodes.tolist()
    assert len(some) == 3
    assert some == sorted(some) == graphs.sample().nodes.tolist()
    monkeypatch.setattr(around_nodes, "VALUES", 7 + 4)  # 3 nodes and 4 edges, and less than as much again
    assert len(graphs.sample()) in (1, 2)
    assert {*graphs.sample().nodes.tolist()} < {*some}
