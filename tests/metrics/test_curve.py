from math import exp, log2

import pytest
import torch
from torch import nn

from hpme.forward.question import Question
from hpme.metrics import size_curve
from hpme.metrics.curve import LIMIT


def high(total):
    """Probability of class 1 where the features add up to `total`."""
    return pytest.approx(1 / (1 + exp(2.5 - total)))


def test_each_size_adds_the_next_node_of_the_ranking(feature_sum, path):
    curve = size_curve(feature_sum, path, torch.tensor([0.1, 0.9, 0.2, 0.9]), target=1)
    assert curve.sizes == [0, 1, 2, 3, 4]
    # Ranked 1, 3 (a tie), 2, 0 with features 2, 1, 0, 3.
    assert curve.subgraph.tolist() == [high(total) for total in (0, 2, 3, 3, 6)]
    assert curve.rest.tolist() == [high(total) for total in (6, 4, 3, 3, 0)]
    assert curve.mix is None


def test_the_mix_is_the_mean_over_donors_without_their_own_explanation(feature_sum, path, make_graph):
    donors = [make_graph([5.0, 1.0], [(0, 1)]), make_graph([7.0, -2.0, 0.0], [(0, 1), (1, 2)])]
    cuts = [torch.tensor([True, False]), torch.tensor([True, False, False])]
    curve = size_curve(feature_sum, path, torch.tensor([4.0, 3, 2, 1]), 1, donors, cuts)
    # The donors leave 1 and -2; the path brings 0, 3, 5, 5, 6.
    pairs = [(total + 1, total - 2) for total in (0, 3, 5, 5, 6)]
    expected = [sum(1 / (1 + exp(2.5 - total)) for total in pair) / 2 for pair in pairs]
    assert curve.mix.tolist() == pytest.approx(expected)


def test_the_other_class_has_the_other_probability(feature_sum, path):
    score = torch.tensor([4.0, 3, 2, 1])
    both = [size_curve(feature_sum, path, score, target).subgraph for target in (0, 1)]
    assert (both[0] + both[1]).tolist() == pytest.approx([1] * 5)


def test_bits_count_the_graphs_of_at_most_so_many_nodes(feature_sum, path):
    bits = size_curve(feature_sum, path, torch.ones(4), 1).bits
    # 1, 1, 2, 8 and 64 graphs of 0 to 4 labelled nodes, each of which has one of the four types that occur.
    totals = (1, 1 + 4, 5 + 16 * 2, 37 + 64 * 8, 549 + 256 * 64)
    assert bits == pytest.approx([log2(total) for total in totals])


def test_bits_of_features_that_are_no_whole_numbers_speak_of_structure_alone(feature_sum, path):
    path.x = path.x + 0.5
    bits = size_curve(feature_sum, path, torch.ones(4), 1).bits
    assert bits == pytest.approx([log2(total) for total in (1, 2, 4, 12, 76)])


def test_a_regression_is_shown_as_it_is(path):
    class Total(nn.Module):
        def forward(self, x, edge_index, batch):
            return x.new_zeros(int(batch.max()) + 1, 1).index_add(0, batch, x)

    model = Question(Total(), model_config={"mode": "regression"})
    curve = size_curve(model, path, torch.tensor([4.0, 3, 2, 1]), target=0)
    assert curve.subgraph.tolist() == [0, 3, 5, 5, 6]


def test_a_large_graph_is_looked_at_in_steps_from_nothing_to_all(feature_sum, make_graph):
    graph = make_graph([0.1] * 500, [(i, i + 1) for i in range(499)])
    curve = size_curve(feature_sum, graph, torch.arange(500.0), 1)
    assert len(curve.sizes) == LIMIT
    assert (curve.sizes[0], curve.sizes[-1]) == (0, 500)
