import pytest
import torch
from torch import nn
from torch_geometric.nn import global_add_pool

from hpme import load_classifier, load_dataset
from hpme.explainers import LeaveOneOut
from hpme.explainers.node_scores import leave_one_out
from hpme.explainers.node_scores.leave_one_out import effects
from hpme.forward.hops import CENTRE
from hpme.forward.node_graphs import node_graphs
from hpme.forward.packed import pack


class Weights(nn.Module):
    """A number: 7, and the first feature of each node beside it."""

    model_config = {"mode": "regression", "task_level": "graph", "return_type": "raw"}  # noqa: RUF012

    def forward(self, x, edge_index, batch, batch_size=None):
        return 7 + global_add_pool(x[:, :1], batch, batch_size)


@pytest.fixture
def weights():
    return Weights().eval()


def test_the_contributions_to_a_sum_are_its_terms_with_their_signs(weights, make_graph):
    graph = make_graph([3.0, -2.0, 0.0, 1.5], [(0, 1), (1, 2), (2, 3)])
    out = LeaveOneOut(weights).explain(graph)
    assert out.contribution.tolist() == [3.0, -2.0, 0.0, 1.5]
    assert out.node_score.tolist() == pytest.approx([1, 2 / 3, 0, 1 / 2])
    assert out.node_mask.tolist() == out.node_score[:, None].tolist()
    assert out.target.tolist() == [0]
    assert out.validate_masks()


def test_of_a_class_it_is_the_log_odds_that_fall(feature_sum, make_graph):
    graph = make_graph([3.0, -2.0], [(0, 1)])  # logits (2.5, 1): class 0 leads by 1.5
    explainer = LeaveOneOut(feature_sum)
    assert explainer.explain(graph).contribution.tolist() == [-3.0, 2.0]
    assert explainer.explain(graph, target=1).contribution.tolist() == [3.0, -2.0]
    with pytest.raises(ValueError, match=r"target in \[0, 1\]"):
        explainer.explain(graph, target=2)


def test_a_node_takes_its_edges_with_it(neighbour_sum, path):
    # Each edge adds its source's feature, 3 + 4 + 0 + 1 in all: the ends' edges go with a node.
    assert LeaveOneOut(neighbour_sum).explain(path).contribution.tolist() == [5.0, 7.0, 3.0, 1.0]


@pytest.mark.parametrize("rows", [1, 70, 100_000])
def test_effects_are_the_same_in_however_many_passes(monkeypatch, rows):
    model, graphs = load_classifier("crippen-logp"), load_dataset("crippen-logp").test[:6]
    alone = [LeaveOneOut(model).explain(graph).contribution for graph in graphs]
    monkeypatch.setattr(leave_one_out, "_ROWS", rows)
    for out, expected in zip(LeaveOneOut(model).explain_batch(graphs), alone, strict=True):
        torch.testing.assert_close(out.contribution, expected, atol=1e-4, rtol=1e-4)


def test_parts_can_be_of_any_size_and_share_nodes(weights, make_graph):
    graphs = pack([make_graph([1.0, 2.0], [(0, 1)]), make_graph([4.0, 8.0, 16.0], [(0, 1), (1, 2)])])
    owner, dropped = torch.tensor([1, 0, 1]), torch.tensor([[0, 0, 1, 2, 2], [2, 4, 1, 3, 4]])
    assert effects(weights, graphs, torch.zeros(2).long(), owner, dropped).tolist() == [20, 2, 24]


def test_the_node_that_is_explained_stays_and_ranks_first():
    data, model = load_dataset("tree-cycles"), load_classifier("tree-cycles")
    graph = node_graphs(model, data.graph, [600])[0]
    out = LeaveOneOut(model).explain(graph)
    centre = graph[CENTRE].bool().view(-1)
    assert out.contribution[centre].tolist() == [0.0]
    assert out.node_score[centre].tolist() == [1.0]
    assert out.contribution[~centre].abs().max() > 0
