import torch

from hpme.explainers.base import edge_to_node_scores, explained_class


def test_a_node_scores_as_its_best_edge_also_below_zero_and_nothing_when_isolated(path):
    edge_index = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    score = torch.tensor([-5.0, -5.0, -3.0, -3.0])
    assert edge_to_node_scores(edge_index, score, 4).tolist() == [-5, -3, -3, 0]


def test_the_explained_class_is_the_predicted_one_unless_named(feature_sum, path):
    assert explained_class(feature_sum, path).tolist() == [1]
    assert explained_class(feature_sum, path, 0).tolist() == [0]
