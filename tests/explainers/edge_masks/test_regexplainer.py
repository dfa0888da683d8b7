from math import exp, log

import pytest
import torch

from hpme.explainers import RegObjective
from hpme.explainers.edge_masks.regexplainer import cosines, info_nce, near_and_far


def test_the_contrast_is_the_cross_entropy_of_the_near_graph_among_the_far_ones():
    original = torch.eye(3)
    near, far = torch.tensor([1, 2, 0]), torch.tensor([2, 0, 1])
    like = torch.tensor([[1, 0.9, 0.1], [0.1, 1, 0.9], [0.9, 0.1, 1]])
    # Mixed graphs lie on their near ones: cosine 1 with those, and 1 with the far graph of the graph before,
    # which is as near as their own and does not count; two far graphs have cosine 0.
    loss = info_nce(original[near], original, near, far, like, 0.5)
    assert float(loss) == pytest.approx(log(1 + 1 * exp(-2)), abs=1e-6)


def test_a_single_pair_has_a_contrast_too():
    original, like = torch.eye(2), torch.tensor([[1.0, 0.5], [0.5, 1.0]])
    one = torch.tensor([0])
    assert float(info_nce(original[:1], original, one, one + 1, like[:1], 1.0)) == pytest.approx(
        log(1 + exp(-1))
    )


def test_the_near_graph_is_at_least_as_close_as_the_far_one_and_neither_is_the_graph_itself():
    like = cosines(*[torch.rand(20, 4, generator=torch.Generator().manual_seed(1))] * 2)
    near, far = near_and_far(like, torch.Generator().manual_seed(0))
    ids = torch.arange(20)
    assert (like[ids, near] >= like[ids, far]).all()
    assert (near != ids).all()
    assert (far != ids).all()


@pytest.mark.parametrize("setting", [{"temperature": 0}, {"contrast": -1}, {"eta": -1}, {"dropout": 2}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        RegObjective(**setting)
