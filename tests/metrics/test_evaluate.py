import pytest
import torch
from torch_geometric.explain import Explanation

from hpme.metrics import METRICS, cos_mix, evaluate, kept_on_mix, l2_mix
from hpme.metrics.evaluate import BY_GRAPH, mean


def keep(*flags: int) -> torch.Tensor:
    return torch.tensor(flags, dtype=torch.bool)


@pytest.fixture
def pair(path, make_graph):
    """The path, class 1, explained by node 0; and a class 0 graph without ground truth, by nothing."""
    small = make_graph([0.0, 0.0, 1.0], [(0, 1), (1, 2)])
    scores = [torch.tensor([0.5, 0.5, 0.9, 0.9, 0.1, 0.1]), torch.zeros(4)]
    explanations = [Explanation(edge_score=scores[0], capacity_bits=3.0), Explanation(edge_score=scores[1])]
    return [path, small], explanations, [keep(1, 0, 0, 0), keep(0, 0, 0)]


def test_values_are_means_over_the_graphs_that_have_one(feature_sum, pair):
    row = evaluate(feature_sum, *pair, seed=0)
    by_hand = {
        "edge_auc": 1 / 2,
        "edge_auc_pooled": 1 / 2,
        "edge_ap": 1 / 2,
        "node_iou": 1 / 2,
        "exact_rate": 0,
        "kept_share": 1 / 8,
        "kept_on_mix": 1 / 2,
        "kept_on_subgraph": 1,
        "fid_plus": 0,
        "fid_minus": 0,
        "capacity_bits": 3,
    }
    assert {name: row[name] for name in by_hand} == pytest.approx(by_hand)


def test_means_are_those_of_the_single_metrics(feature_sum, pair):
    row = evaluate(feature_sum, *pair, seed=5)
    graphs, _, keeps = pair
    for metric in (kept_on_mix, cos_mix, l2_mix):
        assert row[metric.__name__] == pytest.approx(metric(feature_sum, graphs, keeps, seed=5).mean().item())


def test_a_row_has_every_registered_metric_within_its_range(feature_sum, pair):
    row = evaluate(feature_sum, *pair, tuned=feature_sum)
    more = {"cos_own_mix", "seed_iou", "path_iou"}  # they ask for more than one row's masks
    of_fitted_masks = {"mean_mask", "saturated"}
    assert METRICS.keys() - row.keys() == more | of_fitted_masks
    assert row.pop("by_graph").keys() == set(BY_GRAPH)
    assert row.pop("centre_kept") is None  # these graphs are around no node
    assert all(METRICS[name].low <= value <= METRICS[name].high for name, value in row.items())


def test_a_row_is_the_mean_of_the_values_of_single_graphs(feature_sum, pair):
    row = evaluate(feature_sum, *pair, seed=5)
    for name, values in row["by_graph"].items():
        assert len(values) == 2
        assert mean(values) == pytest.approx(row[name], abs=1e-4)
    assert row["by_graph"]["edge_auc"] == [0.5, None]  # the second has no ground truth
    assert row["by_graph"] == evaluate(feature_sum, *pair, seed=5)["by_graph"]


def test_neutral_mixes_are_with_the_donors_but_no_graph_is_its_own(feature_sum, path, make_graph):
    # The path, 6, is of class 1: its nodes 0 and 1 are 5 wherever they go, its last two 1 among zeros.
    plain, outs = (
        make_graph([0.0] * 6, [(i, i + 1) for i in range(5)]),
        [Explanation(edge_score=torch.ones(6))],
    )
    donors = [path, plain], [keep(1, 1, 0, 0), torch.zeros(6, dtype=torch.bool)]
    for kept, expected in ((keep(1, 1, 0, 0), 1), (keep(0, 0, 1, 1), 0)):
        row = evaluate(feature_sum, [path], outs, [kept], donors=donors)
        assert row["kept_on_neutral_mix"] == expected


def test_what_does_not_apply_is_none(feature_sum, pair):
    row = evaluate(feature_sum, *(part[1:] for part in pair))  # one graph, no ground truth, no capacity
    assert row["by_graph"]["kept_on_mix"] == row["by_graph"]["node_iou"] == [None]
    missing = {name for name, value in row.items() if value is None}
    agreement = {"edge_auc", "edge_auc_pooled", "edge_ap", "node_iou", "exact_rate"}
    assert missing == agreement | {
        "kept_on_mix",
        "cos_mix",
        "l2_mix",
        "mmd_mix",
        "size_mix",
        "necessity",
        "kept_on_neutral_mix",
        "f_fid_plus",
        "f_fid_minus",
        "capacity_bits",
        "centre_kept",
    }


def test_unpaired_lists_are_refused(feature_sum, pair):
    graphs, explanations, keeps = pair
    with pytest.raises(ValueError, match=r"got \(2, 2, 1\)"):
        evaluate(feature_sum, graphs, explanations, keeps[:1])


def test_every_metric_is_described_in_one_sentence():
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.low < metric.high
        assert metric.help.endswith(".")
        assert metric.help.count(". ") == 0
        assert metric.source
