import torch

from hpme.forward.pairs import average_directions, undirected_pairs


def test_both_directions_of_an_edge_have_one_number():
    pair = undirected_pairs(torch.tensor([[0, 1, 2, 2], [1, 0, 1, 2]]), 3)
    assert pair.tolist() == [0, 0, 1, 2]


def test_both_directions_of_an_edge_get_their_mean():
    edge_index = torch.tensor([[0, 1, 2, 2, 0, 2], [1, 0, 1, 0, 2, 2]])  # 1 - 2 only one way, 2 - 2 a loop
    score = torch.tensor([1.0, 3.0, 7.0, 0.0, 1.0, 9.0])
    assert average_directions(edge_index, score, 3).tolist() == [2, 2, 7, 0.5, 0.5, 9]
