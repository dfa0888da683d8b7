import pytest
import torch

from hpme.metrics import mean_mask, saturated


def test_the_mean_is_over_edges_and_the_share_over_graphs_that_have_an_edge():
    masks = [torch.tensor([1.0, 0.96]), torch.tensor([0.5, 0.4, 0.5, 0.4]), torch.zeros(0)]
    assert mean_mask(masks) == pytest.approx((1.96 + 1.8) / 6)
    assert saturated(masks) == 1 / 2  # spans of .04 and .1


def test_graphs_without_edges_have_neither():
    assert mean_mask([torch.zeros(0)]) is saturated([torch.zeros(0)]) is None
