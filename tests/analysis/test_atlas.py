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


def test_what_the_classifier_is_shown_is_embedded_by_name(feature_sum, path, make_graph):
    # An embedding is (maximum, mean) of the features.
    donor = make_graph([9.0, 1.0], [(0, 1)])
    soft = {"soft": [torch.ones(6), torch.zeros(2)]}
    explanations = [explanation_of(path, [0, 1]), explanation_of(donor, [0])]
    outcome = explainer_inputs(feature_sum, [path, donor], explanations, soft)
    assert {name: point.tolist() for name, point in outcome.items()} == {
        "original": [[3, 1.5]],
        "bare subgraph": [[3, 2.5]],
        "HPME's mix": [[3, 2]],  # 3 and 2 beside the donor's 1
        "soft": [[9, pytest.approx(16 / 6)]],  # all nodes of both
    }
