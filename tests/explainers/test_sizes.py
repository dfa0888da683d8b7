from math import log2

import pytest
import torch
from torch_geometric.explain import Explanation

from hpme.explainers.base import explain_nodes
from hpme.explainers.sizes import at_size, hard_mask, matched, top_nodes


def test_top_nodes_marks_the_largest_and_of_equals_the_lowest_ids():
    scores = torch.tensor([1.0, 3.0, 1.0, 3.0, 1.0])
    assert top_nodes(scores, 1).tolist() == [0, 1, 0, 0, 0]
    assert top_nodes(scores, 3).tolist() == [1, 1, 0, 1, 0]
    assert top_nodes(torch.zeros(1000), 500).nonzero().view(-1).tolist() == list(range(500))


@pytest.mark.parametrize(("k", "kept"), [(-1, 0), (0, 0), (2, 2), (5, 2)])
def test_top_nodes_keeps_none_or_all_at_the_ends(k, kept):
    assert top_nodes(torch.zeros(2), k).sum() == kept


def test_hard_mask_is_the_mask_above_one_half_or_the_k_best():
    soft = Explanation(
        node_mask=torch.tensor([[0.5], [0.6], [1.0]]), node_score=torch.tensor([0.7, 0.6, 1.0])
    )
    assert hard_mask(soft).tolist() == [False, True, True]
    assert hard_mask(soft, k=2).tolist() == [True, False, True]


def test_the_node_that_a_graph_is_around_is_kept_at_every_size():
    soft = Explanation(
        node_mask=torch.zeros(3, 1), node_score=torch.tensor([0.7, 0.6, 1.0]), centre=torch.arange(3) == 1
    )
    assert hard_mask(soft, k=0).tolist() == hard_mask(soft, k=1).tolist() == [False, True, False]
    assert hard_mask(soft, k=2).tolist() == [False, True, True]


def test_at_size_keeps_the_best_nodes_and_the_edges_between_them(path):
    soft = explain_nodes(path, torch.tensor([0.1, 0.9, 0.8, 0.7]), torch.tensor([1]))
    soft.capacity_bits = 64.0
    hard = at_size(soft, 2)
    assert hard.node_mask.flatten().tolist() == [0, 1, 1, 0]
    ends = path.edge_index[:, hard.edge_mask.bool()]
    assert sorted(ends.t().tolist()) == [[1, 2], [2, 1]]
    # Four types: 1, 4 and 16 * 2 graphs of 0, 1 and 2 nodes.
    assert hard.capacity_bits == pytest.approx(log2(1 + 4 + 32))
    assert soft.capacity_bits == 64.0
    assert torch.equal(hard.node_score, soft.node_score)


def test_matched_keeps_as_many_of_a_graphs_best_nodes_as_the_reference(path):
    def reference(graphs):
        return [Explanation(node_mask=torch.tensor([[0.0], [0.0], [0.0], [1.0]])) for _ in graphs]

    def soft(graphs):
        return [
            explain_nodes(graph, torch.tensor([0.1, 0.9, 0.8, 0.7]), torch.tensor([1])) for graph in graphs
        ]

    (out,) = matched(reference, soft)([path])
    assert out.node_mask.flatten().tolist() == [0, 1, 0, 0]  # one node, but its own best
