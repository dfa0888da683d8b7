import pytest
import torch

from hpme.explainers.base import (
    Explainer,
    edge_to_node_scores,
    explain_nodes,
    explained_class,
    only_predicted,
)


class First(Explainer):
    """Always the first node."""

    def explain(self, graph, target=None):
        return explain_nodes(graph, torch.eye(graph.num_nodes)[0], torch.tensor([1]))


def test_an_explainer_that_inherits_needs_explain_only(path):
    explainer = First()
    assert explainer.fit([path]) is explainer
    assert [out.node_score.tolist() for out in explainer.explain_batch([path, path])] == [[1, 0, 0, 0]] * 2
    assert explainer.mix_embeddings([path], [path]) is None
    with pytest.raises(TypeError, match="abstract"):
        Explainer.__new__(type("Nothing", (Explainer,), {}))


def test_another_class_than_the_predicted_one_is_refused_with_the_reason(path):
    out = First().explain(path)
    assert only_predicted(out, None, "…") is only_predicted(out, 1, "…") is out
    with pytest.raises(ValueError, match=r"^Expected the predicted class 1 as target \(got 0\); because$"):
        only_predicted(out, 0, "because")


def test_a_node_scores_as_its_best_edge_also_below_zero_and_nothing_when_isolated(path):
    edge_index = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    score = torch.tensor([-5.0, -5.0, -3.0, -3.0])
    assert edge_to_node_scores(edge_index, score, 4).tolist() == [-5, -3, -3, 0]


def test_the_explained_class_is_the_predicted_one_unless_named(feature_sum, path):
    assert explained_class(feature_sum, path).tolist() == [1]
    assert explained_class(feature_sum, path, 0).tolist() == [0]
