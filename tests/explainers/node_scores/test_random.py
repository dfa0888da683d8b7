import pytest
import torch

from hpme.explainers.node_scores.random import RandomExplainer


@pytest.fixture
def graphs(make_graph):
    return [make_graph([0.0] * 4, [(0, 1), (1, 2), (2, 3)], graph_id=i) for i in (5, 6)]


def test_a_graph_has_its_own_scores_whatever_comes_before_it(feature_sum, graphs):
    explainer = RandomExplainer(feature_sum, seed=1).fit([])
    first, second = (out.node_score.tolist() for out in explainer.explain_batch(graphs))
    assert first != second
    assert explainer.explain(graphs[1]).node_score.tolist() == second
    assert RandomExplainer(feature_sum, seed=2).explain(graphs[1]).node_score.tolist() != second


def test_an_edge_scores_as_its_lower_end_and_the_masks_are_the_scores(feature_sum, graphs):
    out = RandomExplainer(feature_sum).explain(graphs[0])
    pairs = graphs[0].edge_index.t().tolist()
    assert out.edge_score.tolist() == [min(out.node_score[u], out.node_score[v]) for u, v in pairs]
    assert out.node_mask.tolist() == out.node_score[:, None].tolist()
    assert out.edge_mask.tolist() == out.edge_score.tolist()
    assert out.target.tolist() == [0]
    assert out.validate_masks()


def test_the_global_generator_is_left_alone(feature_sum, graphs):
    state = torch.get_rng_state()
    RandomExplainer(feature_sum).explain_batch(graphs)
    assert torch.equal(torch.get_rng_state(), state)
