import pytest
import torch
from packs import write_pack
from torch_geometric.explain import Explanation

from hpme import benchmark
from hpme.benchmark import KEYS, BenchConfig, compare, held_out, run, settings
from hpme.datasets import load_dataset
from hpme.explainers import EXPLAINERS, ExplainerSpec, RandomExplainer


class GroundTruth:
    """Keeps exactly the nodes of the ground truth."""

    def fit(self, graphs):
        return self

    def explain(self, graph):
        return self.explain_batch([graph])[0]

    def explain_batch(self, graphs):
        return [
            Explanation(
                x=graph.x,
                edge_index=graph.edge_index,
                node_mask=graph.node_gt.float()[:, None],
                edge_mask=graph.edge_gt.float(),
                node_score=graph.node_gt.float(),
                edge_score=graph.edge_gt.float(),
                target=graph.y,
                capacity_bits=3.0,
            )
            for graph in graphs
        ]


@pytest.fixture
def pack(tmp_path):
    return write_pack(tmp_path / "triangles.npz")


@pytest.fixture(autouse=True)
def _perfect_hpme(monkeypatch):
    spec = ExplainerSpec("hpme", "HPME", True, lambda model, seed: GroundTruth(), "test")
    monkeypatch.setitem(EXPLAINERS, "hpme", spec)


@pytest.fixture
def results(pack):
    return run(BenchConfig(datasets=(str(pack),), explainers=("random", "hpme"), seeds=2))


def test_every_combination_has_one_row_with_all_keys(results):
    assert all(tuple(row) == KEYS for row in results["rows"])
    found = [(row["dataset"], row["model"], row["explainer"], row["seed"]) for row in results["rows"]]
    assert found == [("triangles", "gin", name, seed) for seed in (0, 1) for name in ("hpme", "random")]
    assert BenchConfig(datasets=("a",), explainers=("random", "hpme"), seeds=2).num_rows == len(found)


def test_the_ground_truth_itself_scores_perfectly(results):
    row = results["rows"][0]
    assert [row[key] for key in ("edge_auc", "edge_auc_pooled", "edge_ap", "node_iou", "exact_rate")] == [
        1
    ] * 5
    assert row["kept_share"] == pytest.approx(3 / 5)
    assert row["capacity_bits"] == 3
    assert row["graphs"] == 2  # the tenth of 20 triangles
    assert row["mmd_mix"] is None


def test_a_soft_explainer_keeps_as_many_nodes_as_hpme_in_each_graph(results):
    ours, random = results["rows"][:2]
    assert random["kept_share"] == ours["kept_share"]
    assert random["capacity_bits"] is None


def test_hpme_gives_the_size_also_where_its_row_is_not_asked_for(pack, feature_sum):
    data = load_dataset(pack)
    (row,) = compare(feature_sum, data.train, held_out(data, 9), data.test, ("random",), seed=0)
    assert row["explainer"] == "random"
    assert row["kept_share"] == pytest.approx(3 / 5)


def test_times_are_those_of_fitting_and_of_explaining_one_graph(pack, feature_sum, monkeypatch):
    clock = iter([0, 2, 10, 13])  # two seconds of fitting, three for two graphs
    monkeypatch.setattr(benchmark, "perf_counter", lambda: next(clock))
    data = load_dataset(pack)
    (row,) = compare(feature_sum, data.train, held_out(data, 9), data.test, ("hpme",), seed=0)
    assert row["fit_seconds"] == 2
    assert row["explain_ms"] == 1500


def test_meta_tells_how_to_repeat_the_comparison(results):
    meta = results["meta"]
    assert meta["config"]["seeds"] == 2
    assert meta["versions"]["torch"].startswith(torch.__version__.split("+")[0])
    assert list(meta["classifiers"]) == ["triangles-gin"]
    assert meta["machine"]["cores"] >= 1
    assert meta["command"].startswith("python -m hpme")


def test_held_out_graphs_are_test_graphs_with_a_ground_truth(pack):
    data = load_dataset(pack)
    graphs = held_out(data, 9)
    assert {graph.graph_id for graph in graphs} == {g.graph_id for g in data.test if g.graph_id % 2}
    assert [graph.graph_id for graph in held_out(data, 1)] == [graph.graph_id for graph in held_out(data, 1)]
    assert len(held_out(data, 1)) == 1


def test_a_dataset_whose_ground_truth_is_empty_is_refused(pack):
    data = load_dataset(pack)
    for graph in data.test:
        graph.node_gt[:] = False
    with pytest.raises(
        ValueError, match=r"Expected test graphs with a ground truth in 'triangles' \(got none\)"
    ):
        held_out(data, 9)


def test_settings_are_the_config_as_plain_values(feature_sum):
    gnn = EXPLAINERS["gnnexplainer"].build(feature_sum, 7)
    assert settings(gnn)["seed"] == 7
    assert settings(gnn)["settings"]["epochs"] == 100
    assert settings(RandomExplainer(feature_sum)) == {}


@pytest.mark.parametrize(
    ("setting", "error", "sentence"),
    [
        ({"models": ("gat",)}, KeyError, "Expected a known model: gcn, gin"),
        ({"explainers": ("magic",)}, KeyError, "Expected a known explainer: degree, gnnexplainer, gradcam"),
        ({"seeds": 0}, ValueError, r"Expected seeds in \[1, 1000\]"),
        ({"graphs": 0}, ValueError, r"Expected graphs in \[1, 1000000\]"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(setting, error, sentence):
    with pytest.raises(error, match=sentence):
        BenchConfig(**setting)
