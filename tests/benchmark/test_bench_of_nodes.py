"""Rows of datasets whose nodes are predicted."""

from dataclasses import replace

import pytest

from hpme import HPME, load_classifier, load_dataset
from hpme.benchmark import BenchConfig, held_out, run
from hpme.benchmark import measure as measuring
from hpme.benchmark.oracle import GROUND_TRUTH, best_on_path
from hpme.explainers import EXPLAINERS, RandomExplainer
from hpme.metrics import node_iou, with_ground_truth


class Learner(RandomExplainer):
    """Remembers what it was fitted on."""

    fitted: tuple[int, ...] = ()

    def fit(self, graphs, progress=None):
        Learner.fitted = tuple(graph.graph_id for graph in graphs)
        return self


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """The ground truth gives the sizes; an explainer that learns tells on what."""
    ours = replace(EXPLAINERS["hpme"], build=lambda model, seed: GROUND_TRUTH.build(model, seed))
    monkeypatch.setitem(EXPLAINERS, "hpme", ours)
    learner = replace(EXPLAINERS["pgexplainer"], build=Learner)
    monkeypatch.setitem(EXPLAINERS, "pgexplainer", learner)
    monkeypatch.setattr(measuring, "available_explainers", lambda *place: ())


def rows(*explainers: str, split="held-out"):
    config = BenchConfig(("tree-cycles",), ("gcn",), explainers, graphs=6, split=split)
    return {row["explainer"]: row for row in run(config)["rows"]}


def test_rows_are_of_nodes_in_motifs_and_say_whether_the_node_is_kept():
    row = rows("degree", "ground-truth")
    assert {line["graphs"] for line in row.values()} == {6}
    assert row["ground-truth"]["edge_auc"] == row["ground-truth"]["node_iou"] == 1
    assert row["degree"]["centre_kept"] == row["ground-truth"]["centre_kept"] == 1
    assert row["degree"]["kept_share"] == row["ground-truth"]["kept_share"]
    assert all(line["path_iou"] is None for line in row.values())


def test_an_explainer_of_whole_graphs_has_an_empty_row():
    row = rows("proxyexplainer")["proxyexplainer"]
    assert row["graphs"] == 6
    assert row["edge_auc"] is row["kept_on_mix"] is None


def test_a_fit_is_on_the_training_nodes_or_transductively_on_those_in_motifs():
    dataset = load_dataset("tree-cycles")
    assert rows("pgexplainer")["pgexplainer"]["split"] == "held-out"
    assert Learner.fitted == tuple(dataset.train.nodes.tolist())
    rows("pgexplainer", split="transductive")
    assert Learner.fitted == tuple((dataset.graph.motif >= 0).nonzero().view(-1).tolist())


def test_graphs_that_are_scored_are_the_donors_own_objects():
    dataset = load_dataset("tree-cycles")
    scored = held_out(dataset, 10)
    donors = measuring.draw_graphs(dataset.test, 99)
    assert all(any(graph is donor for donor in donors) for graph in scored)


def test_the_best_point_of_the_path_is_at_least_as_good_as_any():
    graphs = [*with_ground_truth(load_dataset("tree-cycles").test)[:8]]
    explainer = HPME.load("tree-cycles", "gcn")
    best = best_on_path(explainer, graphs)
    for point in (0, len(explainer.path) // 2):
        ious = [
            node_iou(graph, out.node_mask.view(-1) > 0.5)
            for graph, out in zip(graphs, explainer.explain_batch(graphs, point), strict=True)
        ]
        assert sum(ious) / 8 <= best <= 1
    assert best_on_path(RandomExplainer(load_classifier("tree-cycles", "gcn")), graphs) is None
