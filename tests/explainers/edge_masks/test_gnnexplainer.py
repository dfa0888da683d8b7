import pytest
import torch
from torch_geometric.explain import GNNExplainer

from hpme import load_classifier, load_dataset
from hpme.explainers import BatchedGNNExplainer, FromPyG, GNNExplainerConfig


def test_a_batch_gets_what_pyg_gives_its_graphs_one_by_one():
    model, graphs = load_classifier("ba-2motifs", "gin"), load_dataset("ba-2motifs").test[:3]
    ours = BatchedGNNExplainer(model, GNNExplainerConfig(seed=3, epochs=8)).explain_batch(graphs)
    theirs = FromPyG(GNNExplainer(epochs=8), model, 3).explain_batch(graphs)
    for mine, other in zip(ours, theirs, strict=True):
        assert torch.allclose(mine.edge_score, other.edge_score, atol=1e-5)
        assert mine.target.tolist() == other.target.tolist()


def test_an_edge_without_gradient_scores_nothing_and_the_other_class_turns_the_rest_round(
    neighbour_sum, make_graph
):
    star = make_graph([0.0, 4.0, -4.0], [(0, 1), (0, 2)])
    explainer = BatchedGNNExplainer(neighbour_sum, GNNExplainerConfig(epochs=50, learning_rate=0.5, size=0))
    towards, away = explainer.explain(star, target=1), explainer.explain(star, target=0)
    # Edges out of node 0 carry 0 and score 0; one that speaks for the class goes to 1: mean 1/2.
    assert towards.node_score.tolist() == pytest.approx([0.5, 0.5, 0], abs=0.05)
    assert away.node_score.tolist() == pytest.approx([0.5, 0, 0.5], abs=0.05)


def test_graphs_without_edges_score_nothing(neighbour_sum, make_graph):
    alone = make_graph([1.0, 2.0], [])
    assert BatchedGNNExplainer(neighbour_sum).explain(alone).node_score.tolist() == [0, 0]
    assert BatchedGNNExplainer(neighbour_sum).explain_batch([]) == []


def test_there_is_no_explanation_of_a_class_that_is_not_there(neighbour_sum, path):
    with pytest.raises(ValueError, match=r"target in \[0, 1\] \(got 2\)"):
        BatchedGNNExplainer(neighbour_sum).explain(path, target=2)


@pytest.mark.parametrize("setting", [{"epochs": 0}, {"learning_rate": 0}, {"size": -1}, {"entropy": -1}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        GNNExplainerConfig(**setting)
