import pytest
import torch
from torch import nn
from torch_geometric.nn import global_max_pool

from benchmarks.shortcuts import ASKED, SHORTCUTS, Planted, follows, found, node_auc, plant
from hpme.explainers import LeaveOneOut


@pytest.fixture(scope="module", params=SHORTCUTS)
def planted(request) -> Planted:
    return plant(request.param, seed=0, count=200)


class Marked(nn.Module):
    """Class 1 where a node has the mark: the first feature of a tree's, or bromine, the eighth."""

    def __init__(self, column: int):
        super().__init__()
        self.column = column

    def forward(self, x, edge_index, batch, batch_size=None):
        most = global_max_pool(x[:, self.column : self.column + 1], batch, batch_size)
        return torch.cat([torch.full_like(most, 2.0), 4 * most], dim=1)


@pytest.fixture
def marked(planted):
    return Marked(7 if planted.dataset.spec.molecular else 0).eval()


def test_the_mark_tells_the_label_always_and_the_old_truth_most_of_the_time(planted):
    graphs = planted.dataset.graphs
    assert len(graphs) == 200
    assert [bool(graph.mark.any()) for graph in graphs] == [bool(graph.y) for graph in graphs]
    house = [graph.graph_id % 2 == 1 for graph in graphs]
    against = sum(old != bool(graph.y) for old, graph in zip(house, graphs, strict=True))
    assert 30 < against < 70


def test_fresh_graphs_have_both_or_one_of_the_two(planted):
    for graphs, mark in ((planted.both, 1), (planted.only_mark, 1), (planted.only_truth, 0)):
        assert len(graphs) == ASKED
        assert all(int(graph.mark.sum()) == mark for graph in graphs)
    assert all(graph.node_gt.any() for graph in [*planted.both, *planted.only_truth])
    assert not any((graph.node_gt & graph.mark).any() for graph in planted.both)


def test_a_classifier_of_the_mark_follows_it_and_not_the_old_truth(planted, marked):
    assert follows(marked, planted) == {"both": 1.0, "only_mark": 1.0, "only_truth": 0.0}


def test_what_leave_one_out_finds_in_it_is_the_mark(planted, marked):
    graphs = planted.both[:10]
    scores = found(graphs, LeaveOneOut(marked).explain_batch(graphs), [1] * 10)
    assert (scores["kept_shortcut"], scores["kept_truth"]) == (1.0, 0.0)
    assert (scores["auc_shortcut"], scores["auc_truth"]) == (1.0, 0.5)


def test_an_auc_counts_pairs_and_ties_half():
    score, wanted = torch.tensor([3.0, 1.0, 2.0, 1.0]), torch.tensor([False, False, True, True])
    assert node_auc(score, wanted) == (0 + 1 + 0 + 0.5) / 4
    assert node_auc(score, torch.zeros(4, dtype=torch.bool)) is None
