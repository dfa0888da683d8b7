import math

import pytest
import torch

from hpme.method import pooling
from hpme.seeding import generator


def test_removes_nodes_and_their_edges_and_renumbers_the_rest():
    x = torch.tensor([[10.0], [11.0], [12.0], [13.0]])
    edge_index = torch.tensor([[0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2]])  # 0 - 1 - 2 - 3
    keep = torch.tensor([True, False, True, True])
    pooled, edges, batch, ids = pooling.induced_subgraph(x, edge_index, torch.tensor([0, 0, 1, 1]), keep)
    assert pooled.flatten().tolist() == [10, 12, 13]
    assert edges.tolist() == [[1, 2], [2, 1]]  # only 2 - 3 has both ends left, now 1 - 2
    assert batch.tolist() == [0, 1, 1]
    assert ids.tolist() == [0, 2, 3]


def test_keeping_all_changes_nothing_and_keeping_none_leaves_nothing():
    x, edge_index, batch = torch.rand(3, 2), torch.tensor([[0, 1], [1, 0]]), torch.zeros(3, dtype=torch.long)
    whole = pooling.induced_subgraph(x, edge_index, batch, torch.ones(3, dtype=torch.bool))
    assert torch.equal(whole[0], x)
    assert torch.equal(whole[1], edge_index)
    empty = pooling.induced_subgraph(x, edge_index, batch, torch.zeros(3, dtype=torch.bool))
    assert [part.size(-1) for part in empty] == [2, 0, 0, 0]


def test_an_edge_scores_as_its_weaker_end():
    edges = torch.tensor([[0, 1], [1, 2]])
    assert pooling.edge_score(torch.tensor([0.9, 0.2, 0.5]), edges).tolist() == pytest.approx([0.2, 0.2])


def test_no_sampling_probability_leaves_the_floor():
    logits = torch.tensor([-1e9, 0.0, 1e9])
    assert pooling.keep_probability(logits).tolist() == pytest.approx([0.02, 0.5, 0.98])


def test_select_keeps_what_is_more_likely_in_than_out():
    assert pooling.select(torch.tensor([-0.1, 0.0, 0.1])).tolist() == [False, False, True]


def test_samples_follow_their_probabilities_and_their_seed():
    probability = torch.tensor([0.1, 0.8])
    draws = pooling.sample(probability, 4000, generator(3))
    # Four standard errors of a Bernoulli mean.
    for mean, p in zip(draws.float().mean(0).tolist(), (0.1, 0.8), strict=True):
        assert abs(mean - p) < 4 * math.sqrt(p * (1 - p) / 4000)
    assert torch.equal(draws, pooling.sample(probability, 4000, generator(3)))
    assert not torch.equal(draws, pooling.sample(probability, 4000, generator(4)))
