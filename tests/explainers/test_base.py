import torch

from hpme.explainers.base import average_directions, edge_to_node_scores, explained_class


def test_a_node_scores_as_its_best_edge_also_below_zero_and_nothing_when_isolated(path):
    edge_index = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    score = torch.tensor([-5.0, -5.0, -3.0, -3.0])
    assert edge_to_node_scores(edge_index, score, 4).tolist() == [-5, -3, -3, 0]


def test_both_directions_of_an_edge_get_their_mean():
    edge_index = torch.tensor([[0, 1, 2, 2, 0, 2], [1, 0, 1, 0, 2, 2]])  # 1 - 2 only one way, 2 - 2 a loop
    score = torch.tensor([1.0, 3.0, 7.0, 0.0, 1.0, 9.0])
    assert average_directions(edge_index, score, 3).tolist() == [2, 2, 7, 0.5, 0.5, 9]


def test_the_explained_class_is_the_predicted_one_unless_named(feature_sum, path):
    assert explained_class(feature_sum, path).tolist() == [1]
    assert explained_class(feature_sum, path, 0).tolist() == [0]
