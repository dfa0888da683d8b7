from dataclasses import replace

import pytest
import torch
from torch import nn

from hpme.forward.ask import graph_embedding, graph_logits, node_embedding, same, tolerance
from hpme.forward.packed import pack


def test_a_model_without_embed_gives_its_last_message_passing_output(neighbour_sum, path):
    z = node_embedding(neighbour_sum, pack([path]))
    assert z.flatten().tolist() == [2, 3, 3, 0]  # neighbours' sums on the path 3 - 2 - 0 - 1


def test_the_hook_is_gone_also_after_an_error(neighbour_sum, path):
    with pytest.raises(ValueError, match="Expected an answer from"):
        node_embedding(neighbour_sum, replace(pack([path]), x=path.x.new_zeros(4)))
    assert not neighbour_sum.conv._forward_hooks


def test_of_a_model_with_neither_the_features_and_those_of_the_neighbours_are_known(path):
    z = node_embedding(nn.Linear(1, 2), pack([path]))
    assert z.tolist() == [[3, 1, 2, 1], [2, 1, 3, 2], [0, 1, 3, 2], [1, 1, 0, 1]]  # 1: counts the degree


@pytest.mark.parametrize("returned", [torch.ones(5), torch.ones(5, 2), (torch.ones(3, 2),), None])
def test_a_model_that_does_not_return_a_row_for_each_graph_is_refused(returned, path):
    class Always(nn.Module):
        def forward(self, x, edge_index, batch):
            return returned

    with pytest.raises(ValueError, match=r"Expected logits \[1, C\] of 1 graphs from Always "):
        graph_logits(Always(), pack([path]))


def test_a_graph_is_the_maximum_and_the_mean_of_its_nodes(feature_sum, path):
    graphs = replace(pack([path]), node_ptr=torch.tensor([0, 3, 3, 4]))
    z = graph_embedding(feature_sum, graphs)
    assert z.tolist() == [[3, pytest.approx(5 / 3)], [0, 0], [1, 1]]  # graph 1 has no nodes


def test_graphs_without_nodes_get_the_logits_of_an_empty_readout(feature_sum, path):
    logits = graph_logits(feature_sum, replace(pack([path]), node_ptr=torch.tensor([0, 0, 4, 4])))
    assert logits.tolist() == [[2.5, 0], [2.5, 6], [2.5, 0]]


def test_classes_are_the_same_whatever_their_logits_and_numbers_where_they_are_near():
    originals = torch.tensor([[2.0, 1.0], [2.0, 1.0]])
    assert same(torch.tensor([[0.2, 0.1], [1.0, 9.0]]), originals).tolist() == [True, False]
    numbers = torch.tensor([[[1.0], [3.0]], [[1.5], [2.5]]])
    assert same(numbers, torch.tensor([[1.5], [1.5]]), 0.5).tolist() == [[True, False], [True, False]]


def test_the_tolerance_is_half_the_spread_of_numbers_and_nothing_for_classes():
    assert tolerance(torch.tensor([[1.0], [2.0], [3.0]])) == 0.5  # standard deviation 1
    assert tolerance(torch.rand(5, 2)) == 0
    assert tolerance(torch.tensor([[7.0]])) == 0
