import pytest
import torch

from hpme.explainers.hpme.steps import from_steps, to_steps


@pytest.fixture
def walk():
    """Weights ``[20, 3, 8]`` that change by little from point to point; the last row does not."""
    torch.manual_seed(0)
    steps = 0.01 * torch.randn(20, 3, 8)
    steps[:, 2] = 0
    return 0.5 * torch.randn(1, 3, 8) + steps.cumsum(0)


def test_a_weight_is_off_by_half_a_scale_at_most_and_the_error_does_not_grow(walk):
    first, steps, scales = to_steps(walk)
    error = (from_steps(first, steps, scales) - walk).abs()
    assert (error[1:] <= scales.float() / 2 + 1e-7).all()
    assert scales.max() < 1.01 * 0.04 / 127 + 2e-4
    assert error[0].max() == error[:, 2].max() == 0


def test_the_first_weights_are_in_full_and_each_step_takes_a_byte(walk):
    first, steps, scales = to_steps(walk)
    assert torch.equal(first, walk[:1])
    assert (steps.dtype, scales.dtype) == (torch.int8, torch.float16)
    assert (tuple(steps.shape), tuple(scales.shape)) == ((19, 3, 8), (19, 3, 1))
    assert steps.abs().amax(-1)[:, :2].unique().tolist() == [127]  # the whole range is used
    assert from_steps(first, steps, scales).dtype == torch.float32


def test_steps_by_hand():
    weights = torch.tensor([[0.0, 1.0], [127 / 1024, 1.0], [0.0, 1.0]])
    first, steps, scales = to_steps(weights)
    assert steps.tolist() == [[127, 0], [-127, 0]]
    assert scales[0].item() == pytest.approx(1 / 1024, rel=2e-3)
    assert from_steps(first, steps, scales)[2].tolist() == pytest.approx([0.0, 1.0], abs=1e-3)


def test_a_path_of_one_point_has_no_steps():
    weights = torch.ones(1, 2)
    first, steps, scales = to_steps(weights)
    assert len(steps) == len(scales) == 0
    assert torch.equal(from_steps(first, steps, scales), weights)
