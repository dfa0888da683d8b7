import math

import pytest
import torch

from hpme.forward.packed import pack
from hpme.method import objective


def test_every_class_that_occurs_weighs_the_same():
    weight = objective.class_weights(torch.tensor([0, 0, 0, 2]), num_classes=3)
    assert weight.tolist() == pytest.approx([4 / 6, 4 / 6, 4 / 6, 4 / 2])
    assert float(weight.mean()) == pytest.approx(1)


def test_log_odds_set_one_class_against_all_others():
    logits = torch.log(torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]))
    odds = objective.log_odds(logits, torch.tensor([0, 2]))
    assert odds.tolist() == pytest.approx([math.log(0.5 / 0.5), math.log(0.8 / 0.2)], abs=1e-6)


def test_log_odds_of_many_samples_have_their_shape():
    assert objective.log_odds(torch.zeros(5, 3, 2), torch.tensor([0, 1, 1])).shape == (5, 3)


def test_the_scale_is_the_way_from_a_sure_class_to_another():
    scale = objective.output_scale(torch.tensor([3.0, 5.0, 1.0]), torch.tensor([0, 0, 1]), num_classes=3)
    assert scale.tolist() == [8, 2, 1]


def test_the_loss_is_zero_where_the_output_stays_and_one_where_it_flips():
    original, scale = torch.tensor([4.0, 4.0, 4.0, 4.0]), torch.full((4,), 8.0)
    mixed = torch.tensor([[4.0, 0.0, -4.0, -100.0]])
    assert objective.prediction_loss(mixed, original, scale).tolist() == [[0, 0.25, 1, 1]]


def test_a_number_is_its_own_output_on_the_scale_of_its_spread():
    outputs = objective.log_odds(torch.tensor([[1.0], [3.0], [5.0]]), torch.zeros(3, dtype=torch.long))
    assert outputs.tolist() == [1, 3, 5]
    scale = objective.output_scale(outputs, torch.zeros(3, dtype=torch.long), num_classes=1)
    assert scale.tolist() == [2]
    mixed = torch.tensor([[1.0, 4.0, 50.0]])
    assert objective.prediction_loss(mixed, outputs, scale).tolist() == [[0, 0.25, 1]]


def test_a_sample_is_compared_with_the_mean_of_the_others():
    loss = torch.tensor([[1.0], [2.0], [6.0]])
    # 1 - (2 + 6) / 2, 2 - (1 + 6) / 2, 6 - (1 + 2) / 2
    assert objective.leave_one_out(loss).flatten().tolist() == pytest.approx([-3, -1.5, 4.5])


def test_the_likelihood_of_a_mask_is_the_product_over_its_nodes(make_graph):
    graphs = pack([make_graph([0.0, 0.0], []), make_graph([0.0], [])])
    keep = torch.tensor([[True, False, True]])
    likelihood = objective.log_likelihood(graphs, keep, torch.tensor([0.5, 0.2, 0.9]))
    assert likelihood.exp().flatten().tolist() == pytest.approx([0.5 * 0.8, 0.9])


def test_the_share_is_a_mean_over_graphs_not_over_nodes(make_graph):
    graphs = pack([make_graph([0.0] * 4, []), make_graph([0.0], [])])
    share = objective.mean_share(graphs, torch.tensor([1e9, -1e9, -1e9, -1e9, 0.0]))
    assert float(share) == pytest.approx((1 / 4 + 1 / 2) / 2)


def test_the_gradient_is_unbiased(make_graph):
    # One node, kept with p = sigmoid(s); loss 3 if kept, 1 if not: d E[loss] / ds = (3 - 1) p (1 - p).
    logit = torch.tensor([0.4], requires_grad=True)
    p = logit.sigmoid()
    node, draws = pack([make_graph([0.0], [])]), torch.Generator().manual_seed(0)
    samples = 40_000
    keep = torch.rand(2, samples, generator=draws) < p
    loss = torch.where(keep, 3.0, 1.0)
    likelihood = torch.stack([objective.log_likelihood(node, row[:, None], p).squeeze(1) for row in keep])
    zero = torch.tensor(0.0)
    objective.surrogate(objective.leave_one_out(loss), likelihood, zero, 0.0, zero).backward()
    expected = float((2 * p * (1 - p)).detach())
    assert float(logit.grad) == pytest.approx(expected, abs=0.02)  # four standard errors
