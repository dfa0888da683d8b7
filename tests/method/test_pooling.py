import math

import pytest
import torch

from hpme.forward.packed import pack
from hpme.method import pooling
from hpme.seeding import generator


def test_removes_nodes_and_their_edges_and_renumbers_the_rest(make_graph):
    graphs = pack([make_graph([10.0, 11.0], [(0, 1)]), make_graph([12.0, 13.0, 14.0], [(0, 1), (1, 2)])])
    pooled = pooling.induced_subgraph(graphs, torch.tensor([True, False, True, True, False]))
    assert pooled.x.flatten().tolist() == [10, 12, 13]
    assert pooled.edge_index.tolist() == [[1, 2], [2, 1]]  # only 12 - 13 has both ends left
    assert pooled.batch.tolist() == [0, 1, 1]
    assert pooled.edge_batch.tolist() == [1, 1]


def test_keeping_all_changes_nothing_and_keeping_none_leaves_nothing(make_graph):
    graphs = pack([make_graph([1.0, 2.0, 3.0], [(0, 1)]), make_graph([4.0], [])])
    same = pooling.induced_subgraph(graphs, torch.ones(4, dtype=torch.bool))
    for name in ("x", "edge_index", "node_ptr", "edge_ptr"):
        assert torch.equal(getattr(same, name), getattr(graphs, name))
    empty = pooling.induced_subgraph(graphs, torch.zeros(4, dtype=torch.bool))
    assert empty.x.shape == (0, 1)
    assert empty.edge_index.shape == (2, 0)
    assert empty.node_ptr.tolist() == empty.edge_ptr.tolist() == [0, 0, 0]  # still two graphs


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


def test_nodes_that_are_fixed_are_kept_in_every_mask_and_have_the_highest_score(make_graph):
    graph = make_graph([1.0, 2.0, 3.0], [(0, 1)])
    graph.fixed = torch.tensor([False, True, False])
    masks = torch.tensor([[False, False, True], [True, False, False]])
    assert pooling.always_kept(masks, pack([graph])).tolist() == [[False, True, True], [True, True, False]]
    score = pooling.always_kept(torch.tensor([0.25, 0.5, 0.75]), pack([graph]))
    assert score.tolist() == [0.25, 1, 0.75]
    assert pooling.always_kept(masks, pack([graph], keys=())) is masks
