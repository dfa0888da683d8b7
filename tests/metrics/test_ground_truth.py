import pytest
import torch
from sklearn.metrics import roc_auc_score

from hpme.metrics import edge_ap, edge_auc, edge_auc_pooled, exact, node_iou


def keep(*flags: int) -> torch.Tensor:
    return torch.tensor(flags, dtype=torch.bool)


def scores(graph, **by_edge: float) -> torch.Tensor:
    """One score an undirected edge, named as in e01, for both directions."""
    return torch.tensor([by_edge[f"e{min(u, v)}{max(u, v)}"] for u, v in graph.edge_index.t().tolist()])


def test_edge_auc_is_the_share_of_other_edges_ranked_below_the_true_one(path):
    assert edge_auc(path, scores(path, e01=0.5, e12=0.9, e23=0.1)) == 0.5
    assert edge_auc(path, scores(path, e01=0.9, e12=0.5, e23=0.1)) == 1.0
    assert edge_auc(path, scores(path, e01=0.1, e12=0.1, e23=0.1)) == 0.5


@pytest.mark.parametrize("levels", [3, 10_000])
def test_edge_auc_is_scikit_learns_with_and_without_ties(make_graph, levels):
    draw = torch.Generator().manual_seed(levels)
    truth, score = (
        torch.rand(500, generator=draw) < 0.3,
        torch.randint(levels, (500,), generator=draw) / levels,
    )
    graph = make_graph([0.0, 0.0], [(0, 1)] * 250, node_gt=keep(1, 1), edge_gt=truth)
    assert edge_auc(graph, score) == pytest.approx(roc_auc_score(truth, score), abs=1e-12)


def test_edge_ap_is_the_precision_at_the_true_edge(path):
    assert edge_ap(path, scores(path, e01=0.1, e12=0.5, e23=0.9)) == pytest.approx(1 / 3)
    assert edge_ap(path, scores(path, e01=0.9, e12=0.5, e23=0.1)) == 1.0


def test_renumbering_the_nodes_changes_no_ranking_metric(path, make_graph):
    score = scores(path, e01=0.5, e12=0.9, e23=0.1)
    back = path.clone()
    back.edge_index = 3 - path.edge_index
    assert edge_auc(back, score) == edge_auc(path, score)
    assert edge_ap(back, score) == edge_ap(path, score)


def test_pooled_auc_compares_edges_of_different_graphs(path):
    high = scores(path, e01=0.9, e12=0.8, e23=0.8)
    low = scores(path, e01=0.2, e12=0.1, e23=0.1)
    # Each graph alone ranks perfectly; together .2 stays below .8: 3 of 4 comparisons are right.
    assert edge_auc(path, high) == edge_auc(path, low) == 1.0
    assert edge_auc_pooled([path, path], [high, low]) == 0.75


def test_pooled_auc_counts_all_true_graphs_and_passes_over_graphs_without_ground_truth(path, make_graph):
    full = make_graph([0.0, 0.0], [(0, 1)], node_gt=keep(1, 1), edge_gt=keep(1, 1))
    none = make_graph([0.0, 0.0], [(0, 1)], node_gt=keep(0, 0), edge_gt=keep(0, 0))
    bare = make_graph([0.0, 0.0], [(0, 1)])
    graphs = [path, full, none, bare]
    values = [scores(path, e01=0.9, e12=0.5, e23=0.1), *([torch.tensor([x, x]) for x in (0.3, 1.0, 1.0)])]
    # True .9 beats both others, true .3 beats one of two.
    assert edge_auc_pooled(graphs, values) == 0.75


def test_no_ranking_metric_where_all_edges_are_true_or_none(make_graph):
    full = make_graph([0.0, 0.0], [(0, 1)], node_gt=keep(1, 1), edge_gt=keep(1, 1))
    bare = make_graph([0.0, 0.0], [(0, 1)])
    for graph in (full, bare):
        assert edge_auc(graph, torch.ones(2)) is None
        assert edge_ap(graph, torch.ones(2)) is None
        assert edge_auc_pooled([graph], [torch.ones(2)]) is None


def test_node_iou_is_common_nodes_over_all_marked_nodes(path):
    assert node_iou(path, keep(0, 1, 1, 0)) == pytest.approx(1 / 3)
    assert node_iou(path, keep(1, 1, 0, 0)) == 1.0
    assert node_iou(path, keep(0, 0, 0, 0)) == 0.0


def test_exact_means_the_true_nodes_and_no_other(path):
    assert exact(path, keep(1, 1, 0, 0)) is True
    assert exact(path, keep(1, 1, 1, 0)) is False
    assert exact(path, keep(1, 0, 0, 0)) is False


def test_a_graph_without_ground_truth_has_no_iou(path):
    path.node_gt = keep(0, 0, 0, 0)
    assert node_iou(path, keep(1, 0, 0, 0)) is None
    assert exact(path, keep(0, 0, 0, 0)) is None
