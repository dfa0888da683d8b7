from dataclasses import replace

import pytest
import torch
from torch.nn.utils import parameters_to_vector

from hpme.explainers.hpme import HPMEConfig, fitting
from hpme.explainers.hpme.scorer import NodeScorer
from hpme.method.capacity import Checkpoint

CONFIG = HPMEConfig(price_low=1.0, price_high=32.0)


def points(*shares: float) -> list[Checkpoint]:
    """Checkpoints at the prices 1, 2, 4, ..."""
    return [Checkpoint(price=2.0**i, share=share, bits=0, kept=1) for i, share in enumerate(shares)]


def test_a_path_with_more_than_a_third_of_points_that_keep_all_or_nothing_is_walked_again():
    assert fitting.second_walk(CONFIG, points(1, 0.8, 0.5, 0.3, 0.2, 0)) is None
    narrow = fitting.second_walk(CONFIG, points(1, 1, 0.8, 0.3, 0.2, 0))  # keeps something at 4, 8 and 16
    assert narrow == replace(CONFIG, price_low=4.0, price_high=32.0)


def test_the_price_of_a_second_walk_rises_at_least_threefold():
    narrow = fitting.second_walk(CONFIG, points(1, 1, 1, 0.5, 0, 0))  # from the price 8 to 16
    assert narrow == replace(CONFIG, price_low=8.0, price_high=24.0)


def test_a_fixed_price_is_walked_once():
    assert fitting.second_walk(HPMEConfig(price_low=1.0, price_high=1.0), points(1, 1, 1)) is None


@pytest.mark.parametrize(("norm", "step"), [(10.0, 2.0), (1.5, 1.5)])
def test_a_gradient_is_cut_to_a_norm_of_two(norm, step):
    scorer = NodeScorer(2, 3)
    weights = parameters_to_vector(scorer.parameters())
    descent = norm * weights.sum() / len(weights) ** 0.5  # its gradient has this norm
    fitting._descend(descent, scorer, torch.optim.SGD(scorer.parameters(), lr=1.0))
    moved = parameters_to_vector(scorer.parameters()) - weights
    assert float(moved.detach().norm()) == pytest.approx(step, rel=1e-5)
