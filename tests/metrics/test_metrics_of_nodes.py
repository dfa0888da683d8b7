"""The metrics by hand on one graph around a node, which is of class 1 as a neighbour is marked."""

from math import exp

import pytest
import torch
from torch import Tensor, nn
from torch_geometric.explain import Explanation
from torch_geometric.nn import SimpleConv

from hpme import load_dataset
from hpme.metrics import (
    centre_kept,
    cos_subgraph,
    fid_minus,
    fid_plus,
    has_ground_truth,
    kept_on_mix,
    kept_on_subgraph,
    l2_subgraph,
    necessity,
    robust_fid_minus,
    robust_fid_plus,
    size_curve,
    with_ground_truth,
)
from hpme.metrics.forward import draw_donor_ids


class HasMarkedNeighbour(nn.Module):
    """Logits ``(1, 2 m)`` of a node with `m` marked neighbours; its embedding is `m` and its degree."""

    model_config = {"mode": "multiclass_classification", "task_level": "node"}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.conv = SimpleConv(aggr="sum")

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return self.conv(torch.cat([x, torch.ones_like(x)], dim=1), edge_index)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        met = self.embed(x, edge_index)[:, :1]
        return torch.cat([torch.ones_like(met), 2 * met], dim=1)


@pytest.fixture
def model():
    return HasMarkedNeighbour().eval()


@pytest.fixture
def graph(make_graph):
    """The node 1 between the marked node 0 and the node 2, at which node 3 hangs."""
    return make_graph([1.0, 0.0, 0.0, 0.0], [(0, 1), (1, 2), (2, 3)], centre=torch.arange(4) == 1)


def keep(*nodes: int) -> Tensor:
    return torch.zeros(4, dtype=torch.bool).index_fill(0, torch.tensor(nodes, dtype=torch.long), True)


def test_the_node_answers_for_what_is_kept_and_for_the_rest(model, graph):
    assert kept_on_subgraph(model, [graph] * 3, [keep(0, 1), keep(1, 2), keep()]).tolist() == [1, 0, 0]
    assert fid_minus(model, [graph] * 2, [keep(0, 1), keep(1, 2)]).tolist() == [0, 1]
    # Without node 0 it is lost, whether or not the node itself is said to go, and without node 2 it is not.
    assert fid_plus(model, [graph] * 3, [keep(0), keep(0, 1), keep(1, 2)]).tolist() == [1, 1, 0]


def test_edges_go_at_random_but_the_node_is_asked_about_all_the_same(model, graph):
    lost = exp(2) / (exp(1) + exp(2)) - 1 / (exp(1) + 1)  # of the probability without the edge to node 0
    draws = robust_fid_plus(model, [graph], [keep(0, 1)], draws=2000)
    assert float(draws) == pytest.approx(0.1 * lost, rel=0.2)
    assert robust_fid_minus(model, [graph], [keep(0, 1)], draws=200).tolist() == pytest.approx([0], abs=1e-6)
    assert robust_fid_plus(model, [graph], [keep(2, 3)], draws=200).tolist() == pytest.approx([0], abs=1e-6)


def test_the_shift_is_that_of_the_nodes_own_embedding(model, graph):
    # (1, 2) with both neighbours, (1, 1) with the marked one alone.
    assert float(cos_subgraph(model, [graph], [keep(0, 1)])) == pytest.approx(3 / (5 * 2) ** 0.5)
    assert float(l2_subgraph(model, [graph], [keep(0, 1)])) == pytest.approx(1)


def test_in_a_mix_our_node_stands_in_the_place_of_the_donors(model, graph, make_graph):
    donor = make_graph([0.0, 0.0, 0.0, 0.0], [(0, 1), (1, 2), (2, 3)], centre=torch.arange(4) == 2)
    other = [keep(2), keep(2)]
    assert kept_on_mix(model, [graph], [keep(0, 1)], 0, 8, ([donor, donor], other)).tolist() == [1]
    assert kept_on_mix(model, [graph], [keep(1, 2)], 0, 8, ([donor, donor], other)).tolist() == [0]


def test_what_our_node_needs_is_what_its_rest_lacks_in_the_place_of_the_donors(model, graph, make_graph):
    donor = make_graph([0.0, 0.0, 0.0, 0.0], [(0, 1), (1, 2), (2, 3)], centre=torch.arange(4) == 2)
    pool = [donor, donor], [keep(2), keep(2)]
    assert necessity(model, [graph], [keep(0, 1)], 0, 8, pool).tolist() == [1]
    assert necessity(model, [graph], [keep(1, 2)], 0, 8, pool).tolist() == [0]  # the rest has the mark


def test_the_node_counts_as_kept_where_the_ranking_has_it_among_so_many():
    out = Explanation(node_score=torch.tensor([0.9, 0.5, 0.7, 0.1]), centre=torch.arange(4) == 1)
    assert centre_kept(out, keep(0, 1, 2)) is True
    assert centre_kept(out, keep(0, 1)) is False  # it is kept, but two others rank before it
    assert centre_kept(Explanation(node_score=torch.ones(4)), keep(0)) is None


def test_the_size_curve_begins_with_the_node_itself(model, graph):
    curve = size_curve(model, graph, torch.tensor([0.5, 0.0, 0.9, 0.1]), target=1)
    asked, alone = (
        float(torch.tensor([1.0, 2.0]).softmax(0)[1]),
        float(torch.tensor([1.0, 0.0]).softmax(0)[1]),
    )
    # Of no node and of the node itself, then with node 2, then with the marked node 0, then of all.
    assert curve.subgraph.tolist() == pytest.approx([alone, alone, alone, asked, asked])
    assert curve.rest.tolist() == pytest.approx([asked, asked, asked, alone, alone])


def test_nodes_of_motifs_are_known_without_a_cut_and_none_is_its_own_donor():
    graphs = load_dataset("tree-cycles").test
    marked = with_ground_truth(graphs)
    assert [graph.graph_id for graph in marked] == [g.graph_id for g in graphs if has_ground_truth(g)]
    first, pool = [*marked[:5]], [*marked[:2]]  # those that are held are the same objects
    for seed in range(20):
        ids = draw_donor_ids(first, pool, torch.Generator().manual_seed(seed))
        assert ids[:2] == [1, 0]
