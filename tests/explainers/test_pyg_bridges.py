import copy

import pytest
import torch
from torch_geometric.explain import Explainer, GNNExplainer, PGExplainer

from hpme.explainers import (
    EXPLAINERS,
    AsPyG,
    FromPyG,
    NotFittedError,
    RandomExplainer,
)

GRAPH_CLASSIFIER = {"mode": "multiclass_classification", "task_level": "graph", "return_type": "raw"}


@pytest.fixture
def star(make_graph):
    """Node 0 in the middle; the edges to 1 and 2 speak for class 1, those to 3 and 4 against; 5 is alone."""
    return make_graph([0.0, 4.0, 4.0, -1.0, -1.0, 9.0], [(0, 1), (0, 2), (0, 3), (0, 4)], graph_id=0)


def gnn_explainer(model, seed: int = 0) -> FromPyG:
    """Without penalties, and with steps so large that a gradient's sign decides a mask."""
    free = {"edge_size": 0.0, "edge_ent": 0.0, "node_feat_size": 0.0, "node_feat_ent": 0.0}
    return FromPyG(GNNExplainer(epochs=50, lr=0.5, **free), model, seed)


def pg_explainer(model, seed: int = 0, epochs: int = 3) -> FromPyG:
    coefficients = {"edge_size": 0.05, "edge_ent": 1.0, "temp": [5.0, 2.0], "bias": 0.01}
    return FromPyG(PGExplainer(epochs=epochs, lr=0.01, **coefficients), model, seed)


def test_gnnexplainer_ranks_the_edges_that_speak_for_the_class_first(neighbour_sum, star):
    out = gnn_explainer(neighbour_sum).explain(star)
    score = dict(zip(map(tuple, star.edge_index.t().tolist()), out.edge_score.tolist(), strict=True))
    # From 0 to v an edge carries 0: no gradient, mask 0. From v to 0 it goes to 1 if x > 0, to 0 if x < 0.
    assert out.target.tolist() == [1]
    assert [score[0, v] for v in (1, 2, 3, 4)] == pytest.approx([0.5, 0.5, 0, 0], abs=0.05)
    assert [score[v, 0] for v in (1, 2, 3, 4)] == [score[0, v] for v in (1, 2, 3, 4)]


def test_a_node_scores_as_its_best_edge_and_an_isolated_node_nothing(neighbour_sum, star):
    out = gnn_explainer(neighbour_sum).explain(star)
    best = [out.edge_score[(star.edge_index == v).any(0)].max() for v in range(5)]
    assert out.node_score.tolist() == [*best, 0]
    assert out.node_mask.tolist() == out.node_score[:, None].tolist()


def test_asking_for_the_other_class_turns_the_ranking_round(neighbour_sum, star):
    out = gnn_explainer(neighbour_sum).explain(star, target=0)
    assert out.target.tolist() == [0]
    assert out.node_score[3:5].min() > out.node_score[1:3].max()


def test_a_graph_without_edges_scores_nothing(neighbour_sum, make_graph):
    out = gnn_explainer(neighbour_sum).explain(make_graph([1.0, 2.0], []))
    assert out.node_score.tolist() == [0, 0]
    assert out.edge_score.tolist() == []


def snapshot(model) -> dict:
    return {name: copy.copy(vars(module)) for name, module in model.named_modules()}


@pytest.mark.parametrize("make", [gnn_explainer, pg_explainer])
def test_the_classifier_is_unchanged_after_explaining(neighbour_sum, star, make):
    before = snapshot(neighbour_sum)
    make(neighbour_sum).fit([star]).explain(star)
    assert snapshot(neighbour_sum) == before


def test_the_classifier_is_unchanged_after_a_failing_explain(neighbour_sum, star, monkeypatch):
    before = snapshot(neighbour_sum)
    monkeypatch.setattr(GNNExplainer, "_loss", None)  # PyG finds out with its mask on the model
    with pytest.raises(TypeError):
        gnn_explainer(neighbour_sum).explain(star)
    assert snapshot(neighbour_sum) == before


def test_there_is_no_class_seven(neighbour_sum, star):
    with pytest.raises(ValueError, match=r"^Expected target in \[0, 1\] \(got 7\)"):
        gnn_explainer(neighbour_sum).explain(star, target=7)


def test_the_classifier_is_unchanged_after_a_failing_fit(neighbour_sum, star, monkeypatch):
    before = snapshot(neighbour_sum)
    monkeypatch.delattr(PGExplainer, "_loss")
    with pytest.raises(AttributeError):
        pg_explainer(neighbour_sum).fit([star])
    assert snapshot(neighbour_sum) == before


def test_pgexplainer_wants_to_be_fitted_first(neighbour_sum, star):
    with pytest.raises(NotFittedError, match=r"^This PGExplainer is not fitted; call fit\(graphs\) first$"):
        pg_explainer(neighbour_sum).explain(star)


@pytest.mark.parametrize("name", EXPLAINERS)
def test_the_global_generator_is_left_alone(neighbour_sum, star, name):
    state = torch.get_rng_state()
    explainer = EXPLAINERS[name].build(neighbour_sum, 0)
    if not EXPLAINERS[name].learns:  # the others have their own, quicker tests
        explainer.fit([star]).explain(star)
    assert torch.equal(torch.get_rng_state(), state)


def test_each_graph_has_its_own_draws(neighbour_sum, star):
    twin = star.clone()
    twin.graph_id = 1
    first, second = gnn_explainer(neighbour_sum).explain_batch([star, twin])
    assert first.edge_score.tolist() != second.edge_score.tolist()


@pytest.mark.parametrize("make", [gnn_explainer, pg_explainer])
def test_seeds_repeat(neighbour_sum, star, make):
    explainer = make(neighbour_sum, seed=4)
    first = explainer.fit([star]).explain(star).edge_score.tolist()
    assert explainer.fit([star]).explain(star).edge_score.tolist() == first
    assert make(neighbour_sum, seed=4).fit([star]).explain(star).edge_score.tolist() == first
    assert make(neighbour_sum, seed=5).fit([star]).explain(star).edge_score.tolist() != first


def test_pgexplainer_is_not_fitted_on_nothing(neighbour_sum, make_graph):
    with pytest.raises(ValueError, match=r"^Expected training graphs with edges \(got none in 1\)"):
        pg_explainer(neighbour_sum).fit([make_graph([1.0], [])])


def test_pgexplainer_tells_of_each_epoch(neighbour_sum, star):
    epochs = []
    pg_explainer(neighbour_sum, epochs=3).fit([star], lambda *epoch: epochs.append(epoch))
    assert [epoch[:2] for epoch in epochs] == [(1, 3), (2, 3), (3, 3)]
    assert all(info.keys() == {"loss"} for _, _, info in epochs)


def test_fitting_leaves_the_given_algorithm_untrained(neighbour_sum, star):
    algorithm = PGExplainer(epochs=2)
    FromPyG(algorithm, neighbour_sum).fit([star])
    assert algorithm._curr_epoch == -1


def test_coefficients_are_safe_from_the_next_pgexplainer(neighbour_sum, monkeypatch):
    monkeypatch.setattr(PGExplainer, "coeffs", dict(PGExplainer.coeffs))
    explainer = pg_explainer(neighbour_sum)
    PGExplainer(epochs=1, edge_size=9.0)
    assert explainer.algorithm.coeffs["edge_size"] == 0.05


def test_the_settings_of_the_algorithm_are_kept(neighbour_sum):
    config = gnn_explainer(neighbour_sum, 3).config
    assert (config.algorithm, config.seed, config.settings["epochs"]) == ("GNNExplainer", 3, 50)


def as_pyg(model, **masks) -> Explainer:
    algorithm = AsPyG(RandomExplainer(model))
    return Explainer(model, algorithm, "model", GRAPH_CLASSIFIER, **masks)


def test_ours_work_inside_pygs_explainer(neighbour_sum, star):
    batch = torch.zeros(6, dtype=torch.long)
    explainer = as_pyg(neighbour_sum, node_mask_type="object", edge_mask_type="object")
    out = explainer(star.x, star.edge_index, batch=batch)
    ours = RandomExplainer(neighbour_sum).explain(star)
    for key in ("node_mask", "edge_mask", "node_score", "edge_score", "target"):
        assert torch.equal(out[key], ours[key])


def test_only_the_masks_that_were_asked_for_come_back(neighbour_sum, star):
    batch = torch.zeros(6, dtype=torch.long)
    out = as_pyg(neighbour_sum, edge_mask_type="object")(star.x, star.edge_index, batch=batch)
    assert out.available_explanations == ["edge_mask"]
    out = as_pyg(neighbour_sum, node_mask_type="object")(star.x, star.edge_index, batch=batch)
    assert out.available_explanations == ["node_mask"]


def test_two_graphs_in_one_call_are_refused(neighbour_sum, path):
    batch = torch.tensor([0, 0, 1, 1])
    with pytest.raises(ValueError, match=r"^Expected one graph per call \(got 2\)"):
        as_pyg(neighbour_sum, edge_mask_type="object")(path.x, path.edge_index, batch=batch)


def test_feature_masks_and_tasks_of_edges_are_refused(neighbour_sum):
    with pytest.raises(ValueError, match="does not support"):
        as_pyg(neighbour_sum, node_mask_type="attributes")
    with pytest.raises(ValueError, match="does not support"):
        Explainer(
            neighbour_sum,
            AsPyG(RandomExplainer(neighbour_sum)),
            "model",
            GRAPH_CLASSIFIER | {"task_level": "edge"},
            edge_mask_type="object",
        )
