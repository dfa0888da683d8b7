import pytest
import torch

from hpme.analysis.atlas import explainer_inputs, pca_projection, tsne_projection
from tests.figures.scenes import explanation_of


def test_pca_maps_a_line_onto_a_line_and_other_points_by_the_same_rule():
    outcome = pca_projection(torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    assert sorted(abs(outcome.places[:, 0]).tolist()) == pytest.approx([0, 5, 5], abs=1e-5)
    assert outcome.axes[0] == "component 1: 100% of variance"
    assert outcome.project(torch.tensor([[3.0, 4.0]]))[0].tolist() == pytest.approx([0, 0], abs=1e-5)


def test_on_a_tsne_map_a_known_graph_stands_where_it_is():
    data = torch.rand(12, 4, generator=torch.Generator().manual_seed(0))
    outcome = tsne_projection(data)
    assert outcome.project(data[:3]) == pytest.approx(outcome.places[:3], abs=1e-2)


@pytest.fixture
def shown(path, make_graph):
    """Two graphs, their explanations and their soft masks, which leave every weight at 1."""
    donor = make_graph([9.0, 1.0], [(0, 1)])
    soft = {"soft": [torch.ones(6), torch.zeros(2)]}
    return [path, donor], [explanation_of(path, [0, 1]), explanation_of(donor, [0])], soft


def test_what_the_classifier_is_shown_is_embedded_by_name(neighbour_sum, shown):
    # An embedding is (maximum, mean) of the sums of neighbours' features.
    outcome = explainer_inputs(neighbour_sum, *shown)
    assert {name: point.tolist() for name, point in outcome.items()} == {
        "original": [[3, 2]],  # 2, 3, 3, 0
        "bare subgraph": [[3, 2.5]],
        "HPME's mix": [[4, pytest.approx(8 / 3)]],  # 2, 3 + 1 and 2: the donor's 1 beside the 2
        "soft": [[18, pytest.approx(33 / 6)]],  # all nodes of both, and six links from the donor's 1
    }


def test_a_model_whose_edges_no_weights_can_reach_has_no_soft_mixes(feature_sum, shown):
    # An embedding is (maximum, mean) of the features.
    outcome = explainer_inputs(feature_sum, *shown)
    assert {name: point.tolist() for name, point in outcome.items()} == {
        "original": [[3, 1.5]],
        "bare subgraph": [[3, 2.5]],
        "HPME's mix": [[3, 2]],  # 3 and 2 beside the donor's 1
    }


def test_whatever_else_is_wrong_with_a_soft_mix_is_not_taken_for_that(neighbour_sum, shown, monkeypatch):
    def refuse(*_):
        raise ValueError("Expected something else")

    monkeypatch.setattr("hpme.analysis.atlas.weighted_graphs", refuse)
    with pytest.raises(ValueError, match="Expected something else"):
        explainer_inputs(neighbour_sum, *shown)
