"""Edits of the whole graph, seen from one of its nodes."""

import pytest
import torch
from torch_geometric.data import Data

from hpme import load_classifier, load_dataset
from hpme.editing.around import EditedNode, edited_around
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from hpme.editing.kinds import Kinds, kinds_of
from hpme.forward.around import GraphsAround
from hpme.metrics.forward import logits

KINDS = Kinds(torch.tensor([[7.0], [8.0]]), ("seven", "eight"))


@pytest.fixture
def graphs():
    """Two steps around the nodes of a path 0 - 1 - … - 7, whose features are their numbers."""
    ends = torch.tensor([(u, u + 1) for u in range(7)])
    whole = Data(x=torch.arange(8.0)[:, None], edge_index=torch.cat([ends, ends.flip(1)]).t())
    return GraphsAround(whole, torch.arange(8), 2)


def edges(graph):
    names = graph.node_name
    return {(u, v) for u, v in names[graph.edge_index].t().tolist() if u < v}


def test_without_edits_it_is_the_graph_around_the_node(graphs):
    same = edited_around(graphs, 3, (), KINDS)
    assert same.node_name.tolist() == same.node_number.tolist() == [1, 2, 3, 4, 5]
    assert same.centre.tolist() == graphs[3].centre.tolist() == [False, False, True, False, False]
    assert same.edge_index.unique(dim=1).equal(graphs[3].edge_index.unique(dim=1))
    assert same.graph_id == 3
    assert not same.reached.any()
    assert not same.edge_reached.any()


def test_an_edit_that_cuts_a_neighbour_takes_what_is_behind_it_out_of_reach(graphs):
    cut = edited_around(graphs, 3, (Cut(2, 3),), KINDS)
    assert cut.node_name.tolist() == [3, 4, 5]
    assert edges(cut) == {(3, 4), (4, 5)}
    alone = edited_around(graphs, 3, (Cut(2, 3), Delete(4)), KINDS)
    assert alone.node_name.tolist() == [3]
    assert alone.edge_index.shape == (2, 0)


def test_a_new_edge_brings_in_what_was_out_of_reach(graphs):
    joined = edited_around(graphs, 1, (Join(1, 6),), KINDS)
    assert joined.node_name.tolist() == [0, 1, 2, 3, 5, 6, 7]
    assert joined.node_name[joined.reached].tolist() == [5, 6, 7]
    assert edges(joined) == {(0, 1), (1, 2), (2, 3), (1, 6), (5, 6), (6, 7)}
    assert joined.node_name[joined.edge_index[:, joined.edge_reached]].unique().tolist() == [5, 6, 7]


def test_many_edits_are_cut_at_once_as_they_are_one_by_one(graphs):
    histories = [
        (),
        (Cut(2, 3), Delete(4)),
        (Join(3, 7),),
        (Add(3, 1), Change(2, 0)),
        (Delete(1), Join(3, 0)),
    ]
    node = EditedNode(graphs, 3, KINDS)
    several = node.cut([node.changed(history) for history in histories])
    for history, graph in zip(histories, several, strict=True):
        alone = edited_around(graphs, 3, history, KINDS)
        assert graph.keys() == alone.keys()
        assert all(torch.equal(graph[key], alone[key]) for key in graph.keys() if key != "graph_id")  # noqa: SIM118


def test_added_nodes_count_on_from_the_whole_graph(graphs):
    added = edited_around(graphs, 1, (Add(1, 1), Add(8, 0), Change(0, 1)), KINDS)
    assert added.node_name.tolist() == [0, 1, 2, 3, 8, 9]
    assert added.x.view(-1).tolist() == [8.0, 1.0, 2.0, 3.0, 8.0, 7.0]
    assert not added.reached.any()


def test_the_node_itself_stays(graphs):
    words = r"another node to delete than the one whose prediction is explained \(got 3\)"
    with pytest.raises(ValueError, match=words):
        edited_around(graphs, 3, (Delete(3),), KINDS)
    with pytest.raises(ValueError, match="got 99, which is not there"):
        edited_around(graphs, 3, (Delete(99),), KINDS)
    assert edited_around(graphs, 3, (Delete(2),), KINDS).node_name.tolist() == [3, 4, 5]


def test_the_answer_is_that_of_the_whole_graph_after_the_same_edits():
    dataset, model = load_dataset("tree-cycles"), load_classifier("tree-cycles", "gin")
    whole = dataset.graph
    history = (Join(600, 3), Cut(*whole.edge_index[:, whole.edge_index[0] == 600][:, 0].tolist()))
    edited = edited_around(dataset.train, 600, history, kinds_of(dataset))
    gone = (whole.edge_index == history[1].one).any(0)
    gone &= (whole.edge_index == history[1].other).any(0)
    changed = whole.clone()
    changed.edge_index = torch.cat([whole.edge_index[:, ~gone], torch.tensor([[600, 3], [3, 600]])], dim=1)
    expected = logits(model, GraphsAround(changed, torch.tensor([600]), 3))
    assert logits(model, [edited]) == pytest.approx(expected, abs=1e-4)
    assert logits(model, dataset.graphs[600:601]) != pytest.approx(expected, abs=1e-2)


def test_edits_beyond_the_reach_of_a_node_are_made_though_it_does_not_see_them(graphs):
    same = edited_around(graphs, 0, (Delete(7), Cut(4, 5), Change(5, 0)), KINDS)
    assert same.node_name.tolist() == [0, 1, 2]
    joined = edited_around(graphs, 0, (Change(6, 1), Join(0, 6)), KINDS)
    assert joined.x[joined.node_name == 6].item() == 8.0
